"""Which names an expression may use where."""

from __future__ import annotations

import pytest

from engine.definitions import Names, build_model
from engine.definitions.names import Scope
from engine.expressions import compile as compile_expression
from engine.kernel.errors import Invalid
from tests.factories.documents import worked_example

ENTITIES = build_model(worked_example()).entities


def names(scope: Scope, entity: str = "quotation", own: str | None = None) -> Names:
    return Names(ENTITIES, entity, scope, own)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("amount", "number"),
        ("id", "reference"),
        ("lines", "rows"),
        ("attachments", "file"),
        ("payment_terms", "text"),
        ("customer", "reference"),
        ("customer.level", "text"),
        ("customer_level", "text"),
        ("lines_total", "number"),
        ("customer.owner", "reference"),
        ("customer.owner.name", "text"),
        ("customer.owner.manager.email", "text"),
        ("customer.department.head", "reference"),
        ("created_on", "datetime"),
        ("created_by.department", "reference"),
        ("approved_at", "datetime"),
        ("amount_with_tax", "number"),
        ("customer.owner.manager.manager.name", None),
        ("customer.nothing", None),
        ("amount.level", None),
        ("nothing", None),
        ("", None),
        (".", None),
        ("customer.", None),
        ("lines.quantity", None),
    ],
)
def test_fields_and_steps_through_references(name: str, kind: str | None) -> None:
    assert names("formula").get(name) == kind


@pytest.mark.parametrize(
    ("scope", "offered"),
    [
        ("formula", set()),
        ("default", {"actor.id"}),
        ("rule", {"actor.id", "old.amount", "is_new()"}),
        ("form", {"actor.id", "old.amount", "is_new()"}),
        ("list", {"actor.id"}),
        ("choose", {"actor.id", "record.amount", "record.customer.level"}),
        ("sum", set()),
        ("workflow", {"actor.id", "initiator.manager"}),
        ("change", {"actor.id", "initiator.manager", "old.amount", "is_new()"}),
        ("person", {"actor.id", "initiator.manager", "person.title"}),
        ("template", {"actor.id", "initiator.manager", "link"}),
    ],
)
def test_roots_are_offered_where_they_mean_something(scope: Scope, offered: set[str]) -> None:
    every = {
        "actor.id", "old.amount", "record.amount", "record.customer.level", "initiator.manager", "person.title",
        "link", "is_new()",
    }  # fmt: skip

    assert {name for name in every if name in names(scope)} == offered


def test_a_filter_sees_the_others_fields_bare_and_its_own_behind_record() -> None:
    found = names("choose", "account", own="quotation")

    assert found["level"] == "text"
    assert found["record.amount"] == "number"
    assert "record.level" not in found
    assert found.entity_path("record.customer.level") == ("quotation", "customer.level")
    assert found.entity_path("actor.id") is None


def test_proposals_are_all_known() -> None:
    found = names("choose", "account", own="quotation")

    assert {"name", "record.amount", "actor.id"} <= set(found)
    assert len(found) == len(list(found))
    assert all(name in found for name in found)


def test_a_slip_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(Invalid) as caught:
        compile_expression("amout > 5", names("formula"))

    assert caught.value.problems[0].values["near"] == "amount"
