"""From raw input to drafts, without a database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.definitions import build_model
from engine.kernel.errors import Invalid
from engine.kernel.ids import new_id
from engine.records.memory import Memory
from engine.records.plan import Plans, build_plans, plans_of
from engine.records.search_text import fold, search_text
from engine.records.values import (
    MAX_ROWS,
    Allowed,
    Draft,
    check_required,
    read_rows,
    read_values,
    settle,
)
from tests.factories.shop import shop_documents

FREE = Allowed(None, None)


@pytest.fixture(scope="module")
def plans() -> Plans:
    return build_plans(build_model(shop_documents()))


def draft_of(plans: Plans, entity: str, raw: object, allowed: Allowed = FREE) -> Draft:
    plan = plans.entities[entity]
    draft = Draft(plan, new_id(), dict.fromkeys(plan.stored))
    read_rows(plans, draft, read_values(draft, raw, allowed), lambda _: allowed, lambda child, owner: {})
    return draft


def codes(draft: Draft) -> set[tuple[str, tuple[Any, ...]]]:
    return {(problem.code, problem.path) for each in draft.family() for problem in each.problems}


def test_empty_text_and_null_mean_the_same(plans: Plans) -> None:
    draft = draft_of(plans, "account", {"name": "", "level": None})

    assert (draft.values["name"], draft.values["level"]) == (None, None)
    assert draft.given == {"name", "level"}


def test_what_may_not_be_written_says_why_and_what_may_not_be_known_does_not(plans: Plans) -> None:
    allowed = Allowed(frozenset({"name"}), frozenset({"name", "level", "turnover"}))

    assert codes(draft_of(plans, "account", {"name": "x", "level": "a", "turnover": 1, "secret": 1, "bonus": 1, "zzz": 1, 5: 1}, allowed)) == {
        ("field.read_only", ("level",)), ("field.computed", ("turnover",)), ("field.unknown", ("secret",)), ("field.unknown", ("bonus",)),
        ("field.unknown", ("zzz",)), ("field.unknown", (5,)),
    }


def test_a_required_field_is_missed_once_and_not_where_it_was_wrong_already(plans: Plans) -> None:
    draft = draft_of(plans, "sale", {"subject": "\x00", "lines": [{}, {"quantity": "many"}]})
    check_required(draft.family())

    assert codes(draft) == {
        ("field.forbidden_character", ("subject",)), ("field.required", ("lines", 0, "quantity")), ("field.integer.unreadable", ("lines", 1, "quantity")),
    }


@pytest.mark.parametrize("raw", [5, "text", {"a": 1}, b"x", True])
def test_rows_come_as_a_list(plans: Plans, raw: object) -> None:
    assert codes(draft_of(plans, "sale", {"subject": "x", "lines": raw})) == {("rows.not_list", ("lines",))}


def test_rows_have_a_limit(plans: Plans) -> None:
    assert codes(draft_of(plans, "sale", {"subject": "x", "lines": [{"quantity": 1}] * (MAX_ROWS + 1)})) == {("rows.too_many", ("lines",))}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [("weight", Decimal("1.23456"), Decimal("1.235")), ("rank", Decimal("2.5"), 3), ("subject", "  ", None), ("subject", " x ", "x"), ("rank", None, None)],
)
def test_a_computed_value_is_made_to_fit_its_field(plans: Plans, field: str, value: Any, expected: Any) -> None:
    assert settle(plans.entities["sale"].slots[field], value) == expected


def test_a_computed_number_that_does_not_fit_is_refused(plans: Plans) -> None:
    with pytest.raises(Invalid):
        settle(plans.entities["sale"].slots["weight"], Decimal(10) ** 20)


def test_search_text_holds_what_people_would_type(plans: Plans) -> None:
    plan = plans.entities["account"]

    assert search_text(plan, {"name": "ＡＢＣ 上海", "code": "É-1", "secret": Decimal("5.50")}) == "abc 上海\né-1\n5.50"
    assert search_text(plan, {"name": None}) is None
    assert fold("Ｘ９ STRASSE") == "x9 strasse"


def test_plans_live_as_long_as_their_model() -> None:
    model = build_model(shop_documents())

    assert plans_of(model) is plans_of(model)
    assert plans_of(build_model(shop_documents())) is not plans_of(model)


def test_a_memory_keeps_what_was_used_last() -> None:
    memory, built = Memory(2), []

    def get(key: str) -> str:
        return memory.get(key, lambda: built.append(key) or key)

    for key in "abacab":
        assert get(key) == key
    assert built == ["a", "b", "c", "b"]
    assert len(memory) == 2
