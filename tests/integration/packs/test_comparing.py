"""Two apps, releases and packs side by side; what is ticked goes over, and nothing else."""

from __future__ import annotations

import pytest

from engine import Forbidden, Invalid, system_actor
from engine.kernel.actor import Actor
from engine.packs import copy_app, install_pack
from engine.packs.comparing import carry_over, compare, documents_of
from engine.publishing import get_document, publish, put_document
from tests.factories.small_pack import field_of, make_pack, new_field

SYSTEM = system_actor("test")


def grown(documents):
    field_of(documents, "account", "phone")["label"] = {"en": "Cell", "zh-CN": "手机"}
    documents["entity/account"]["fields"].append(new_field("account", "industry"))
    documents["entity/visit"] = {**documents["entity/account"], "key": "visit", "uid": "0f0f0f0f-0000-4000-8000-000000000001", "title": "topic",
                                 "fields": [new_field("visit", "topic")], "label": {"en": "Visit", "zh-CN": "拜访"}}
    for key in ("owner", "rules"):
        documents["entity/visit"].pop(key, None)
    documents["workflow/approval"]["states"]["waiting"]["label"] = {"en": "With the boss", "zh-CN": "主管处"}
    documents.pop("form/quote")


def test_ticked_differences_go_over_to_another_app_and_the_rest_stays(packs_engine):
    with packs_engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(bare=True), language="en")
        copy_app(work, "crm", key="copy", label="Copy", language="en")
        install_pack(work, make_pack(change=grown, bare=True), language="en", key="third")
        left, right = documents_of(work, app="copy"), documents_of(work, app="third")

        found = {item.id: item for item in compare(left, right, "en")}
        assert {id_: item.status for id_, item in found.items()} == {
            "app/copy#label": "changed", "app/copy#default_language": "changed", "entity/account#fields.phone.label": "changed",
            "entity/account#fields.industry": "added", "entity/visit": "added", "form/quote": "removed", "workflow/approval#states.waiting.label": "changed",
        }
        assert found["workflow/approval#states.waiting.label"].place == "state “Waiting” › the label"
        assert found["workflow/approval#states.waiting.label"].right == {"en": "With the boss", "zh-CN": "主管处"}
        assert found["form/quote"].absent == ("right",)
        assert compare(left, left, "en") == ()

        with pytest.raises(Invalid) as refused:
            carry_over(work, "copy", ["entity/nothing"], right)
        assert refused.value.problems[0].code == "pack.compare_unknown"
        assert carry_over(work, "copy", ["entity/account#fields.industry", "entity/visit", "workflow/approval#states.waiting.label"], right) == 3
        publish(work, "copy")

        rest = {item.id for item in compare(documents_of(work, app="copy"), right, "en")}
        assert rest == {"app/copy#label", "app/copy#default_language", "entity/account#fields.phone.label", "form/quote"}
        industry = (work.model(key).entities["account"].fields["industry"].uid for key in ("copy", "third"))
        assert len(set(industry)) == 2
        assert work.model("copy").entities["visit"].uid != work.model("third").entities["visit"].uid


def test_releases_drafts_and_packs_can_be_compared_by_administrators(packs_engine):
    with packs_engine.work(SYSTEM, writes=True) as work:
        pack = make_pack(bare=True)
        install_pack(work, pack, language="en")
        document = dict(get_document(work, "crm", "view", "quotes").document)
        put_document(work, "crm", {**document, "page_size": 20})

        def ids(left, right):
            return [item.id for item in compare(left, right, "zh-CN")]

        draft = documents_of(work, app="crm", release="draft")
        assert ids(documents_of(work, app="crm"), draft) == ["view/quotes#page_size"]
        assert ids(documents_of(work, pack=pack), documents_of(work, app="crm", release=1)) == []
        with pytest.raises(Invalid):
            documents_of(work)
        work.actor = Actor(user_id=None, name="Somebody")
        with pytest.raises(Forbidden):
            documents_of(work, app="crm")
        with pytest.raises(Forbidden):
            carry_over(work, "crm", [], draft)
