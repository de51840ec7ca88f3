"""Which nodes a form has, what they hold, and what the browser is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import orjson
import pytest

from engine.definitions import Model
from engine.kernel.errors import Problem
from engine.rendering import Addresses, Locale, form_tree, reading_in
from engine.rendering.form_nodes import FieldNode, FormTree, RowsNode, SectionNode
from tests.unit.rendering import shop

SOME_ID = UUID("0192f0c1-2233-7abc-8def-001122334455")
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@cache
def model() -> Model:
    return shop.model()


@pytest.fixture(autouse=True)
def _english() -> Any:
    with reading_in(Locale("en", "Asia/Shanghai", now=NOW)):
        yield


def tree(**more: Any) -> FormTree:
    policy = more.pop("policy", shop.policy())
    return form_tree(model(), policy, model().forms["order"], **more)


def nodes(found: FormTree) -> dict[str, Any]:
    return {
        node.key: node
        for tab in found.tabs
        for section in tab.sections
        for node in section.nodes
        if hasattr(node, "key")
    }


def section(found: FormTree, key: str) -> SectionNode:
    return next(each for tab in found.tabs for each in tab.sections if each.key == key)


def test_a_hidden_field_is_nowhere_in_the_tree() -> None:
    found = tree(policy=shop.policy(order__subject="hidden"), values={"subject": "Top secret"})

    assert "subject" not in nodes(found)
    assert "Top secret" not in repr(found)


def test_a_field_with_the_right_to_read_has_no_input() -> None:
    node = nodes(tree(policy=shop.policy(order__subject="read"), values={"subject": "Pumps"}))[
        "subject"
    ]

    assert node.is_read_only
    assert node.shown.text == "Pumps"


def test_the_status_of_a_workflow_is_never_an_input() -> None:
    assert nodes(tree(values={"status": "draft"}))["status"].is_read_only


def test_a_state_closes_the_fields_it_does_not_leave_open() -> None:
    found = nodes(tree(may_edit=lambda key: key == "due"))

    assert found["subject"].is_read_only
    assert not found["due"].is_read_only
    assert found["lines"].is_read_only


def test_a_new_record_shows_its_defaults() -> None:
    """In Shanghai it is already the 25th."""
    assert nodes(tree(is_new=True))["due"].raw == "2026-12-02"
    assert nodes(tree(is_new=True, values={"due": date(2027, 1, 1)}))["due"].raw == "2027-01-01"


def test_an_auto_number_says_when_it_will_come() -> None:
    assert nodes(tree(is_new=True))["number"].shown.text == "Given when it is saved"


@pytest.mark.parametrize(("result", "is_visible"), [("lost", True), ("won", False), (None, False)])
def test_a_condition_is_answered_on_the_server_and_sent_along(
    result: str | None, is_visible: bool
) -> None:
    node = nodes(tree(values={"result": result}))["reason"]

    assert node.is_visible is is_visible
    assert node.is_required is is_visible
    assert orjson.loads(node.rules["show"]) == ["=", ["f", "result", "text"], "lost"]
    assert "require" in node.rules


def test_a_condition_answers_for_what_was_typed_and_refused() -> None:
    assert nodes(tree(values={"result": "lost"}))["reason"].is_visible


def test_a_section_for_later_is_not_shown_while_the_record_is_new() -> None:
    assert section(tree(), "later").is_visible

    fresh = tree(is_new=True)
    assert not section(fresh, "later").is_visible
    assert orjson.loads(fresh.scope)["is_new()"] is True, "the browser gives the same answer"


def test_a_rule_that_looks_through_a_reference_gets_what_it_needs_as_scope() -> None:
    found = tree(extra={"account.level": "b"}, values={"result": "lost"})

    assert orjson.loads(found.scope)["account.level"] == "b"
    assert nodes(found)["reason"].is_locked
    assert "result" not in orjson.loads(found.scope), "an input of the form answers this"


def test_a_rule_about_something_hidden_stays_on_the_server() -> None:
    policy = shop.policy(account__secret="hidden")
    found = tree(policy=policy, extra={"account.secret": "x", "account.level": "a"})

    vip = section(found, "vip")
    assert vip.is_visible
    assert vip.rules == {}
    assert "account.secret" not in found.scope

    closed = tree(policy=policy, extra={"account.secret": "y"})
    assert "vip" not in [each.key for tab in closed.tabs for each in tab.sections]


def test_formulas_and_roll_ups_are_sent_also_where_the_form_does_not_show_them() -> None:
    found = tree()
    formulas = orjson.loads(found.formulas)
    lines = nodes(found)["lines"]

    assert formulas["total"]["rollup"] == {"rows": "lines", "function": "sum", "field": "subtotal"}
    assert formulas["margin"]["compute"][0] == "-"
    assert "cost" in formulas
    assert set(orjson.loads(lines.formulas)) == {"subtotal", "cost_subtotal"}
    assert nodes(found)["margin"].is_live


def test_what_builds_on_a_hidden_cost_is_not_worked_out_in_the_browser() -> None:
    found = tree(
        policy=shop.policy(line__cost="hidden"),
        values={"cost": Decimal("70.00"), "margin": Decimal("30.00")},
    )
    formulas = orjson.loads(found.formulas)

    assert "total" in formulas
    assert "cost" not in formulas
    assert "cost_subtotal" not in nodes(found)["lines"].formulas


def test_a_row_brings_the_values_its_formulas_need_and_its_inputs_lack() -> None:
    rows = [{"id": "r1", "quantity": 2, "price": Decimal("10.00"), "cost": Decimal("7.50")}]
    lines = nodes(tree(values={"lines": rows}))["lines"]

    assert orjson.loads(lines.rows[0].scope) == {"cost": "7.50"}
    assert lines.rows[0].record_id == "r1"
    assert [each.name for each in lines.rows[0].fields][:2] == [
        "lines-0-product",
        "lines-0-quantity",
    ]


def test_the_row_to_copy_holds_defaults_and_a_placeholder_for_its_number() -> None:
    lines = nodes(tree())["lines"]

    quantity = next(each for each in lines.blank.fields if each.key == "quantity")
    assert quantity.name == "lines-__index__-quantity"
    assert quantity.raw == "1"
    assert orjson.loads(lines.defaults) == {"price": ["f", "product.price", "number"]}


def test_a_column_knows_the_roll_up_that_sums_it() -> None:
    lines = nodes(tree(values={"total": Decimal("1200.00")}))["lines"]

    totals = {column.key: column.total.shown.text for column in lines.columns if column.total}
    assert totals == {"subtotal": "1,200.00"}


def test_problems_stand_at_their_fields_on_their_tab_and_in_the_summary() -> None:
    problems = [
        Problem("field.date.unreadable", {"value": "x"}, ("due",)),
        Problem("field.integer.unreadable", {"value": "y"}, ("lines", 1, "quantity")),
        Problem("field.text.unreadable", {"value": "z"}, ("tags",)),
        Problem("form.required", {}, ()),
    ]
    found = tree(values={"lines": [{"quantity": "1"}, {"quantity": "y"}]}, problems=problems)

    assert nodes(found)["due"].problems
    assert nodes(found)["lines"].rows[1].fields[1].problems
    assert [tab.problem_count for tab in found.tabs] == [2, 1]
    assert [(line.label, line.href) for line in found.problems] == [
        ("Due", "#f-due"), ("Lines, row 2, Quantity", "#f-lines-1-quantity"), ("Tags", "#f-tags"), ("", ""),
    ]  # fmt: skip
    assert section(found, "rest").is_open, "a folded section with a problem opens"
    assert not section(tree(), "rest").is_open


def test_a_problem_of_a_hidden_field_does_not_name_it() -> None:
    found = tree(
        policy=shop.policy(order__due="hidden"), problems=[Problem("form.required", {}, ("due",))]
    )

    assert found.problems[0].label == ""


def test_what_was_typed_is_shown_again_as_it_was() -> None:
    found = nodes(
        tree(
            values={"due": "31.02.2026", "lines": [{"quantity": "ten"}], "account": str(SOME_ID)},
            titles={"account": "Heng"},
        )
    )

    assert found["due"].raw == "31.02.2026"
    assert found["lines"].rows[0].fields[1].raw == "ten"
    assert found["account"].extras["title"] == "Heng"


def test_a_lookup_says_what_it_depends_on_and_where_to_ask() -> None:
    form = {**shop.FORM, "key": "second", "uid": shop.uid("second"), "tabs": [
        {"key": "t", "label": "T", "sections": [{"key": "s", "columns": 1, "items": [{"field": "contact"}]}]}]}  # fmt: skip
    from engine.definitions import build_model

    built = build_model([*shop.documents(), form])
    found = form_tree(
        built,
        shop.policy(),
        built.forms["second"],
        addresses=Addresses(lookup=lambda entity, key: f"/{entity}/{key}"),
    )

    node = next(found.fields())
    assert (node.extras["lookup"], node.extras["depends"]) == ("/order/contact", "subject")


def test_labels_help_and_texts_are_in_the_readers_language() -> None:
    with reading_in(Locale("zh-CN", "Asia/Shanghai", now=NOW)):
        found = tree(values={"result": "won"})

    subject = nodes(found)["subject"]
    assert (found.label, subject.label, subject.help) == ("订单", "中文subject", "简短")
    assert [choice.label for choice in nodes(found)["result"].choices] == [
        "选项open",
        "选项won",
        "选项lost",
    ]


def test_read_mode_has_no_inputs_and_sends_no_rules() -> None:
    found = tree(mode="read", values={"result": "lost", "reason": "Price"})

    assert all(node.is_read_only for node in nodes(found).values())
    assert not any(
        node.rules for node in nodes(found).values() if isinstance(node, (FieldNode, RowsNode))
    )
    assert (found.formulas, found.defaults) == ("{}", "{}")
