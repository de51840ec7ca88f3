"""Random local edits and random new versions: merged without loss, and taken back without a trace."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine import Engine, Invalid, system_actor
from engine.definitions.likeness import same
from engine.kernel.json import canonical
from engine.packs import install_pack
from engine.packs.upgrade import apply_upgrade, plan_upgrade, return_upgrade
from engine.packs.upgrade.merge_app import merge_app
from engine.packs.upgrade.renames import Sides
from engine.publishing import list_releases, publish
from engine.publishing.drafts import replace_draft
from tests.factories.small_pack import Documents, documents, make_pack
from tests.property.packs.random_edits import applied, edits

SYSTEM = system_actor("test")
BASE = documents()


def merged_of(mine: Documents, theirs: Documents, choices: dict[str, str] | None = None) -> Any:
    return merge_app(Sides(*(tuple(side.values()) for side in (BASE, mine, theirs))), choices or {}, "en")


def sorted_parts(value: Any) -> Any:
    """The same without the order of lists: whose move goes first is told apart elsewhere."""
    if isinstance(value, dict):
        return {key: sorted_parts(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((sorted_parts(item) for item in value), key=canonical)
    return value


def alike(some: Any, other: Documents) -> bool:
    left = {document["uid"]: sorted_parts(document) for document in some}
    return same(left, {document["uid"]: sorted_parts(document) for document in other.values()})


def leaves(value: Any) -> Counter[str]:
    if isinstance(value, dict):
        return sum((leaves(each) for key, each in value.items() if key not in ("uid", "key", "schema")), Counter())
    if isinstance(value, list):
        return sum((leaves(each) for each in value), Counter())
    return Counter([repr(value)])


@settings(max_examples=40)
@given(edits("m"), edits("t"))
def test_a_merge_without_conflict_is_what_both_did_one_after_the_other(mine, theirs):
    merged = merged_of(applied(BASE, mine), applied(BASE, theirs))

    if all(item.choice is not None for item in merged.items):
        assert alike(merged.documents, applied(applied(BASE, mine), theirs)) or alike(merged.documents, applied(applied(BASE, theirs), mine))


@settings(max_examples=40)
@given(edits("m"), edits("t"))
def test_nothing_of_either_side_disappears_unseen_and_each_side_can_be_had_whole(mine, theirs):
    own, other = applied(BASE, mine), applied(BASE, theirs)
    merged = merged_of(own, other)

    seen = leaves(list(merged.documents))
    for item in merged.items:
        seen += leaves([item.base, item.mine, item.theirs])
    for side in (own, other):
        missing = (leaves(list(side.values())) - leaves(list(BASE.values()))) - seen
        assert not {text for text in missing if "<> null" not in text}, "expressions may say a new key"
    assert all(item.place or item.id == item.document for item in merged.items)
    assert len({item.id for item in merged.items}) == len(merged.items)
    for choice, wanted in (("mine", own), ("theirs", other)):
        chosen = merged_of(own, other, {item.id: choice for item in merged.items})
        assert alike(chosen.documents, wanted), choice
        assert {item.id for item in chosen.items} == {item.id for item in merged.items}


@settings(max_examples=5, phases=[Phase.generate])  # a database each: too dear to make a failure smaller
@given(edits("m"), edits("t"), st.sampled_from(["mine", "theirs"]))
def test_an_upgrade_that_is_taken_back_leaves_the_release_as_it_was(tmp_path_factory, mine, theirs, side):
    engine = Engine(f"sqlite:///{tmp_path_factory.mktemp('upgrade') / 'formwork.db'}", data=tmp_path_factory.mktemp("data"))
    engine.database.migrate()
    own, new = applied(BASE, mine), applied(BASE, theirs)
    pack = make_pack("1.1.0", lambda found: (found.clear(), found.update(new)), bare=True)
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(bare=True), language="en")
    with suppress(Invalid), engine.work(SYSTEM, writes=True) as work:  # not everything that can be edited can be published
        if not same(own, BASE):
            replace_draft(work, "crm", {(document["kind"], document["key"]): document for document in own.values()})
            publish(work, "crm")
    with engine.work(SYSTEM, writes=True) as work:
        before = dict(work.model("crm").documents)
        choices = {item.id: side for item in plan_upgrade(work, "crm", pack).conflicts}
        if plan_upgrade(work, "crm", pack, choices).can_apply:
            apply_upgrade(work, "crm", pack, choices=choices)
            return_upgrade(work, "crm")
        assert same(dict(work.model("crm").documents), before)
        assert all(release.number <= 4 for release in list_releases(work, "crm"))
    engine.close()
