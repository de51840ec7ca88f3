"""Which fields: what roles say, added up, with what values are computed from in mind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.definitions import Model, build_model
from engine.expressions import compile  # noqa: A004
from engine.permissions import Rights, rights_of
from tests.factories.small_app import a_field, a_role, an_entity
from tests.integration.permissions.policy_world import DOCUMENTS, grant

WORKFLOW = {
    "kind": "workflow", "key": "flow", "uid": "0d5c1f43-8f20-5b8e-9a54-0000000000aa", "schema": 1,
    "dsl": "formwork.workflow/1", "label": "Flow", "entity": "quotation", "status_field": "status", "initial": "draft",
    "states": {
        "draft": {"type": "input", "label": "Draft", "status": "draft",
                  "transitions": [{"on": "send", "label": "Send", "to": "sent", "by": ["owner"]}]},
        "sent": {"type": "final", "label": "Sent", "outcome": "approved", "status": "sent"},
    },
}  # fmt: skip


def model_with(*documents: Mapping[str, Any]) -> Model:
    return build_model([*DOCUMENTS, *documents])


def rights(*roles: Mapping[str, Any], held: tuple[str, ...] | None = None, more: tuple[Mapping[str, Any], ...] = ()) -> Rights:
    """The rights of somebody who holds all of the roles (or those named)."""
    keys = [role["key"] for role in roles] if held is None else held
    return Rights(model_with(*roles, *more), frozenset(keys))


def seller(**grants: Any) -> Mapping[str, Any]:
    return a_role("seller", grants)


def other(**grants: Any) -> Mapping[str, Any]:
    return a_role("other", grants)


def test_without_a_word_fields_can_be_written_where_records_can() -> None:
    found = rights(seller(quotation=grant("all", "own")))

    assert found.field_right("quotation", "title") == "write"
    assert found.field_right("quotation", "created_on") == "read"
    assert found.field_right("quotation", "nonsense") == "hidden"
    assert found.field_right("nonsense", "title") == "hidden"


def test_who_may_not_change_any_record_writes_no_field() -> None:
    found = rights(seller(quotation=grant("all", fields={"title": "write"})))

    assert found.field_right("quotation", "title") == "read"


def test_named_fields_and_the_others() -> None:
    found = rights(seller(quotation=grant("all", "all", fields={"cost": "hidden", "amount": "read"}, otherwise="write")))
    closed = rights(seller(quotation=grant("all", "all", fields={"title": "write"}, otherwise="hidden")))

    assert [found.field_right("quotation", key) for key in ("cost", "amount", "title")] == ["hidden", "read", "write"]
    assert [closed.field_right("quotation", key) for key in ("title", "cost", "created_on")] == ["write", "hidden", "hidden"]


def test_what_any_role_shows_is_shown() -> None:
    found = rights(
        seller(quotation=grant("all", "all", fields={"cost": "hidden", "amount": "read"})),
        other(quotation=grant("own", fields={"amount": "hidden"})),
    )

    assert found.field_right("quotation", "cost") == "read"
    assert found.field_right("quotation", "amount") == "read"
    assert found.field_right("quotation", "title") == "write"


def test_a_role_that_may_only_create_uncovers_nothing_for_those_who_read() -> None:
    creator = other(quotation=grant(create=True))
    reader = seller(quotation=grant("all", fields={"cost": "hidden"}))

    assert rights(creator).field_right("quotation", "cost") == "write"
    assert rights(creator, reader).field_right("quotation", "cost") == "hidden"
    assert rights(creator, reader).field_right("quotation", "title") == "read"


def test_nobody_writes_what_is_computed_or_moved_by_a_workflow() -> None:
    everything = dict.fromkeys(("margin", "total_cost", "credit", "status", "created_by"), "write")
    found = rights(seller(quotation=grant("all", "all", fields=everything), account=grant("all")), more=(WORKFLOW,))

    assert {key: found.field_right("quotation", key) for key in everything} == dict.fromkeys(everything, "read")
    free = Rights(model_with(WORKFLOW), None)
    assert free.field_right("quotation", "status") == "read"
    assert free.field_right("quotation", "margin") == "read"
    assert free.field_right("quotation", "cost") == "write"


def test_a_formula_is_as_hidden_as_what_it_is_made_of() -> None:
    found = rights(seller(quotation=grant("all", "all", fields={"cost": "hidden"})))

    assert found.field_right("quotation", "margin") == "hidden"
    assert found.field_right("quotation", "double_margin") == "hidden"
    assert found.field_right("quotation", "age") == "read"


def test_a_role_may_name_a_formula_over_hidden_fields() -> None:
    found = rights(seller(quotation=grant("all", fields={"cost": "hidden", "margin": "read"})))

    assert found.field_right("quotation", "margin") == "read"
    assert found.field_right("quotation", "double_margin") == "read"  # of a value that is shown
    hidden = rights(seller(quotation=grant("all", fields={"margin": "hidden"})))
    assert hidden.field_right("quotation", "margin") == "hidden"


def test_two_roles_that_show_a_part_each_show_the_formula() -> None:
    found = rights(
        seller(quotation=grant("all", fields={"cost": "hidden"})),
        other(quotation=grant("all", fields={"amount": "hidden"})),
    )

    assert found.field_right("quotation", "margin") == "read"


def test_a_rollup_is_as_hidden_as_the_rows_values() -> None:
    found = rights(seller(quotation=grant("all"), line=grant(fields={"unit_cost": "hidden"})))

    assert found.field_right("quotation", "total_cost") == "hidden"
    assert found.field_right("quotation", "line_count") == "read"
    rows_hidden = rights(seller(quotation=grant("all", fields={"lines": "hidden"})))
    assert rows_hidden.field_right("quotation", "line_count") == "hidden"
    named = rights(seller(quotation=grant("all", fields={"lines": "hidden", "line_count": "read"})))
    assert named.field_right("quotation", "line_count") == "read"


def test_a_mirror_is_never_more_open_than_what_it_shows() -> None:
    mirrors = {"credit": "write", "level": "read"}
    no_account = rights(seller(quotation=grant("all", fields=mirrors)))
    no_credit = rights(seller(quotation=grant("all", fields=mirrors), account=grant("own", fields={"credit": "hidden"})))
    no_via = rights(seller(quotation=grant("all", fields={"account": "hidden"}), account=grant("own")))
    hidden = rights(seller(quotation=grant("all", fields={"level": "hidden"}), account=grant("own")))

    assert [no_account.field_right("quotation", key) for key in mirrors] == ["hidden", "hidden"]
    assert [no_credit.field_right("quotation", key) for key in mirrors] == ["hidden", "read"]
    assert [no_via.field_right("quotation", key) for key in mirrors] == ["read", "read"]
    assert hidden.field_right("quotation", "level") == "hidden"


def test_rows_are_as_open_as_the_field_that_holds_them() -> None:
    def line(**fields: str) -> Rights:
        return rights(seller(quotation=grant("all", "all", fields=fields), line=grant(fields={"unit_cost": "read"})))

    assert [line().field_right("line", key) for key in ("product", "unit_cost")] == ["write", "read"]
    assert [line(lines="read").field_right("line", key) for key in ("product", "unit_cost")] == ["read", "read"]
    assert [line(lines="hidden").field_right(entity, key) for entity, key in (("line", "product"), ("part", "material"))] == ["hidden"] * 2
    assert line().field_right("part", "material") == "write"


def test_grants_for_rows_say_nothing_about_verbs() -> None:
    found = rights(seller(line=grant("all", "all", "all", create=True)))

    assert not any(found.may(verb, "line") for verb in ("read", "create", "change", "remove"))


def test_who_sees_single_records_through_a_task_sees_what_no_role_hides() -> None:
    found = rights(
        seller(quotation=grant("all", "all", fields={"cost": "hidden", "amount": "read"})),
        other(quotation=grant("own", fields={"seller": "hidden"}), note=grant("none", fields={"text": "hidden"})),
        held=(),
    )

    shown = {key: found.field_right("quotation", key) for key in ("title", "amount", "cost", "seller", "margin", "level")}
    assert shown == {
        "title": "read", "amount": "read", "cost": "hidden", "seller": "hidden", "margin": "hidden", "level": "hidden",
    }
    assert found.field_right("note", "text") == "read"
    assert not found.may("read", "quotation")


def test_a_role_that_no_longer_exists_grants_nothing() -> None:
    assert not Rights(model_with(), frozenset({"was_once"})).may("read", "quotation")


def test_everything_is_free_for_some() -> None:
    found = Rights(model_with(), None)

    assert found.is_free
    assert found.may("remove", "note")
    assert not found.may("remove", "nonsense")


def test_rights_are_worked_out_once_per_release_and_roles() -> None:
    model, same = model_with(seller()), model_with(seller())
    first = rights_of(model, frozenset({"seller"}))

    assert rights_of(model, frozenset({"seller"})) is first
    assert rights_of(model, frozenset()) is not first
    assert rights_of(same, frozenset({"seller"})) is not first
    for number in range(300):
        rights_of(model, frozenset({str(number)}))
    assert rights_of(model, frozenset({"seller"})) is not first


def test_a_release_that_is_gone_is_not_mistaken_for_another() -> None:
    gc.collect()
    gc.freeze()  # whatever else a run of all tests has in memory need not be looked through each time
    try:
        for _ in range(5):
            model = model_with(seller(quotation=grant("all")))
            assert rights_of(model, frozenset({"seller"})).may("read", "quotation")
            del model
            gc.collect()
            model = model_with(seller())
            assert not rights_of(model, frozenset({"seller"})).may("read", "quotation")
    finally:
        gc.unfreeze()


def test_threads_that_ask_at_once_get_the_same_answer() -> None:
    found = rights(seller(quotation=grant("all", fields={"cost": "read"})))
    answers: list[str] = []
    begin = threading.Barrier(4)

    def ask() -> None:
        begin.wait()
        answers.append(found.field_right("quotation", "double_margin"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["read"] * 4


def test_formulas_in_a_circle_are_hidden_and_end() -> None:
    """Publishing refuses them; whatever gets past it must not hang or show."""
    model = model_with(seller(quotation=grant("all")))
    quotation = model.entities["quotation"]
    fields = dict(quotation.fields)
    for key, text in (("margin", "double_margin"), ("double_margin", "margin")):
        fields[key] = replace(fields[key], formula=compile(text, {text: "number"}))
    circle = replace(model, entities={**model.entities, "quotation": replace(quotation, fields=fields)})

    found = Rights(circle, frozenset({"seller"}))

    assert [found.field_right("quotation", key) for key in ("margin", "double_margin", "amount")] == ["hidden", "hidden", "read"]


@pytest.mark.parametrize("depth", [1, 5])
def test_chains_of_formulas_are_followed_to_the_end(depth: int) -> None:
    fields = [a_field("f0", "money")]
    fields += [
        a_field(f"f{at}", "formula", formula=f"f{at - 1} + 1", options={"result": "number"}) for at in range(1, depth + 1)
    ]
    chain = an_entity("chain", *fields)
    hidden = rights(seller(chain=grant("all", fields={"f0": "hidden"})), more=(chain,))

    assert hidden.field_right("chain", f"f{depth}") == "hidden"
