"""The checks of workflows on the worked example of the design and on its mutations."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions import Finding, lint
from engine.kernel.messages import translate
from tests.factories.documents import Documents, changed, with_value, worked_example

WORKFLOW = "workflow/quotation_approval"
ROUTE = ("states", "route", "cases")


def found(documents: Documents) -> dict[str, Finding]:
    return {finding.code.removeprefix("definition."): finding for finding in lint(documents)}


def route(*cases: tuple[str, str], otherwise: str | None = None, **more: Any) -> Documents:
    state: dict[str, Any] = {"type": "choice", "cases": [{"when": when, "to": to} for when, to in cases], **more}
    if otherwise:
        state["otherwise"] = {"to": otherwise}
    return with_value(worked_example(), WORKFLOW, "states", "route", value=state)


def three_ways(first: str, second: str, third: str) -> Documents:
    return route((first, "approved"), (second, "manager"), (third, "manager_big"))


def test_the_worked_example_has_no_findings() -> None:
    assert lint(worked_example()) == ()


def test_a_bound_one_cent_off_leaves_a_gap_with_a_witness() -> None:
    documents = three_ways("amount <= 50000", "amount >= 50001 and amount <= 500000", "amount > 500000")

    finding = found(documents)["guard_gap"]

    assert finding.severity == "error"
    assert finding.path == ("states", "route", "cases")
    assert finding.values["witness"] == {"amount": "50000.01"}
    assert "amount = 50000.01" in translate(finding.code, finding.values, "en")


def test_a_bound_in_two_cases_is_an_overlap_with_a_witness() -> None:
    documents = three_ways("amount <= 50000", "amount >= 50000 and amount <= 500000", "amount > 500000")

    finding = found(documents)["guard_overlap"]

    assert finding.values["witness"] == {"amount": "50000.00"}
    assert (finding.values["case"], finding.values["other"]) == ("1", "2")


def test_the_scale_of_the_field_decides_what_lies_between() -> None:
    documents = three_ways("amount <= 50000", "amount >= 50000.01 and amount <= 500000", "amount > 500000")

    assert found(documents) == {}

    finer = with_value(documents, "entity/quotation", "fields", "amount", "options", value={"scale": 3})

    assert found(finer)["guard_gap"].values["witness"] == {"amount": "50000.001"}


def test_a_field_that_may_be_empty_leaves_a_gap_at_null() -> None:
    required = [WORKFLOW, "states", "draft", "transitions", 0, "form", "require"]
    documents = with_value(worked_example(), *required, value=["customer", "lead_engineer"])

    assert found(documents)["guard_gap"].values["witness"] == {"amount": None}


def test_a_required_field_is_never_null_at_a_guard() -> None:
    required = [WORKFLOW, "states", "draft", "transitions", 0, "form", "require"]
    documents = with_value(worked_example(), *required, value=["customer", "lead_engineer"])
    documents = with_value(documents, "entity/quotation", "fields", "amount", "required", value=True)

    assert "guard_gap" not in found(documents)


def test_a_field_that_a_later_step_may_empty_is_null_again() -> None:
    back = {"approved": {"to": "route"}, "rejected": {"to": "rejected"}}
    documents = with_value(worked_example(), WORKFLOW, "states", "manager", "outcomes", value=back)
    assert "guard_gap" not in found(documents)

    editable = with_value(documents, WORKFLOW, "states", "manager", "form", "edit", value=["amount"])

    assert found(editable)["guard_gap"].values["witness"] == {"amount": None}


def test_an_unrequired_step_field_may_be_missing_at_the_next_guard() -> None:
    documents = with_value(worked_example(), WORKFLOW, "record", "open_fields", value=["amount"])

    assert found(documents)["guard_gap"].values["witness"] == {"amount": None}


def test_otherwise_closes_every_gap() -> None:
    assert found(route(("amount > 50000", "manager"), ("amount > 500000", "manager_big"), otherwise="approved", hit="first"))[
        "shadowed_case"
    ].path == ("states", "route", "cases", 1)
    assert "guard_gap" not in found(route(("amount > 500000", "manager_big"), otherwise="manager"))


def test_choices_are_finite() -> None:
    documents = route(
        ('payment_terms = "prepaid"', "approved"), ('payment_terms = "net30" and amount > 9', "manager"), otherwise="manager_big"
    )
    assert "guard_gap" not in found(documents)

    without = route(('payment_terms = "prepaid"', "approved"), ('payment_terms = "net30"', "manager"))
    assert "guard_gap" not in found(without)

    one = route(('payment_terms in ("prepaid")', "approved"))
    assert found(one)["guard_gap"].values["witness"] == {"payment_terms": "net30"}


def test_conditions_on_several_names_are_combined() -> None:
    documents = route(
        ('amount > 10 and payment_terms = "net30"', "manager"),
        ('amount <= 10', "approved"),
        ('payment_terms = "prepaid" and amount > 11', "manager_big"),
    )

    witness = found(documents)["guard_gap"].values["witness"]

    assert witness == {"amount": "10.01", "payment_terms": "prepaid"}


def test_roles_and_values_of_referred_records_count_as_names_of_their_own() -> None:
    documents = route(
        ('has_role("sales_director")', "approved"),
        ('not has_role("sales_director") and customer.level = "gold"', "manager"),
        ('not has_role("sales_director") and customer.level = "silver"', "manager_big"),
    )

    witness = found(documents)["guard_gap"].values["witness"]

    assert witness == {"actor.roles has sales_director": False, "customer.level": None}


def test_dates_are_cut_at_days() -> None:
    documents = worked_example()
    quotation = next(item for item in documents if item["key"] == "quotation" and item["kind"] == "entity")
    quotation["fields"].append(
        {"key": "due", "uid": "11111111-1111-4111-8111-000000000099", "type": "date", "label": "x", "required": True}
    )
    state = {
        "type": "choice",
        "cases": [
            {"when": 'due < "2026-07-01"', "to": "approved"},
            {"when": 'due > "2026-07-02"', "to": "manager"},
            {"when": 'due = "2026-07-01"', "to": "manager_big"},
        ],
    }

    finding = found(with_value(documents, WORKFLOW, "states", "route", value=state))["guard_gap"]

    assert finding.values["witness"] == {"due": "2026-07-02"}
    assert finding.values["example"] == 'due = "2026-07-02"'


def test_an_unsatisfiable_case_is_dead() -> None:
    documents = three_ways("amount <= 50000", "amount > 50000", "amount > 500000 and amount < 400000")

    finding = found(documents)["dead_case"]

    assert (finding.severity, finding.values["case"]) == ("warning", "3")


@pytest.mark.parametrize("guard", ["amount > lines_total", "amount * 1.13 > 50000", "approved_at < now()", 'internal_note > "a"'])
def test_a_guard_outside_of_the_fragment_is_said_not_to_be_analysed(guard: str) -> None:
    documents = route(("amount <= 50000", "approved"), (guard, "manager"))

    codes = found(documents)

    assert codes["guard_not_analysed"].values["case"] == "2"
    assert codes["guard_not_analysed"].severity == "warning"
    assert "guard_gap" not in codes


def test_overlaps_among_analysed_guards_are_found_beside_others() -> None:
    documents = route(("amount <= 50000", "approved"), ("amount > lines_total", "manager"), ("amount > 49999.99", "manager_big"))

    assert found(documents)["guard_overlap"].values["witness"] == {"amount": "50000.00"}


def test_a_grid_beyond_all_size_is_not_analysed() -> None:
    documents = worked_example()
    quotation = next(item for item in documents if item["key"] == "quotation" and item["kind"] == "entity")
    names = [f"n{index}" for index in range(14)]
    quotation["fields"] += [
        {"key": name, "uid": f"11111111-1111-4111-8111-1111111111{index:02d}", "type": "decimal", "label": "x"}
        for index, name in enumerate(names)
    ]
    guard = " and ".join(f"({name} > 1 or {name} < 0)" for name in names)
    state = {"type": "choice", "cases": [{"when": guard, "to": "approved"}], "otherwise": {"to": "manager"}}

    codes = found(with_value(documents, WORKFLOW, "states", "route", value=state))

    assert "guard_not_analysed" in codes


def test_an_added_state_is_unreachable() -> None:
    state = {"type": "final", "outcome": "expired", "status": "cancelled"}
    documents = with_value(worked_example(), WORKFLOW, "states", "forgotten", value=state)

    assert found(documents)["unreachable_state"].path == ("states", "forgotten")


def test_a_second_choice_that_comes_back_is_an_automatic_loop() -> None:
    documents = changed(
        worked_example(),
        [
            {"document": WORKFLOW, "path": [*ROUTE, 0, "to"], "value": "r2"},
            {
                "document": WORKFLOW,
                "path": ["states", "r2"],
                "value": {"type": "choice", "cases": [{"when": "amount <= 50000", "to": "route"}], "otherwise": {"to": "approved"}},
            },
        ],
    )

    finding = found(documents)["automatic_loop"]

    assert finding.values["states"] == ["route", "r2"]
    assert finding.values["witness"]["amount"].startswith(("0", "-", "4", "5"))


def test_a_circle_that_every_record_leaves_is_no_loop() -> None:
    documents = changed(
        worked_example(),
        [
            {"document": WORKFLOW, "path": [*ROUTE, 0, "to"], "value": "r2"},
            {
                "document": WORKFLOW,
                "path": ["states", "r2"],
                "value": {"type": "choice", "cases": [{"when": "amount > 50000", "to": "route"}], "otherwise": {"to": "approved"}},
            },
        ],
    )

    assert not {"automatic_loop", "possible_loop"} & found(documents).keys()


def test_a_circle_whose_actions_change_the_record_is_only_warned_of() -> None:
    documents = changed(
        worked_example(),
        [
            {"document": WORKFLOW, "path": [*ROUTE, 0, "to"], "value": "r2"},
            {
                "document": WORKFLOW,
                "path": ["states", "r2"],
                "value": {
                    "type": "choice",
                    "enter": [{"set": {"amount": "amount + 1"}}],
                    "cases": [{"when": "amount > 50000", "to": "route"}],
                    "otherwise": {"to": "route"},
                },
            },
        ],
    )

    assert found(documents)["possible_loop"].severity == "warning"


def test_finance_without_its_field_can_not_fill_what_is_required() -> None:
    form = {"edit": [], "require": ["cost_check"]}
    documents = with_value(worked_example(), WORKFLOW, "states", "countersign", "participants", 0, "form", value=form)

    finding = found(documents)["required_not_editable"]

    assert finding.path == ("states", "countersign", "participants", 0, "form", "require", 0)
    assert finding.values["field"] == "cost_check"


def test_what_is_filled_already_may_be_required_without_being_editable() -> None:
    form = {"require": ["amount"]}
    documents = with_value(worked_example(), WORKFLOW, "states", "gm", "form", value=form)

    assert "required_not_editable" not in found(documents)


def test_a_return_past_another_branch_may_go_where_nobody_has_been() -> None:
    documents = with_value(worked_example(), WORKFLOW, "states", "gm", "return", "to", value=["initiator", "manager"])

    finding = found(documents)["return_unvisited"]

    assert (finding.severity, finding.values["target"]) == ("warning", "manager")


def test_sentences_show_the_labels_of_states() -> None:
    documents = with_value(worked_example(), WORKFLOW, "states", "gm", "return", "to", value=["manager"])

    finding = found(documents)["return_unvisited"]

    assert "“总经理审批”可退回到“销售经理审批”" in translate(finding.code, finding.values, "zh-CN")
    assert "“General manager” may return to “Sales manager”" in translate(finding.code, finding.values, "en")


def test_a_return_to_the_previous_step_without_limit_is_endless() -> None:
    documents = with_value(worked_example(), WORKFLOW, "states", "gm", "return", value={"to": ["previous"]})

    assert found(documents)["endless_loop"].values["states"] == ["gm", "countersign"]


@pytest.mark.parametrize("is_turned", [False, True])
def test_whether_a_loop_is_endless_is_no_matter_of_the_order_of_states(is_turned: bool) -> None:
    """A refusal that leads back to where somebody works on it is their own business; two approvals between themselves are not."""
    documents = with_value(worked_example(), WORKFLOW, "states", "gm", "outcomes", "rejected", "to", value="countersign")
    flow = next(document for document in documents if document["kind"] == "workflow")
    if is_turned:
        flow["states"] = dict(reversed(flow["states"].items()))
    assert found(documents)["endless_loop"].path == ("states", "gm", "outcomes", "rejected")

    flow["states"]["rework"] = {"type": "input", "status": "draft", "label": "Rework", "transitions": [{"on": "again", "label": "Again", "to": "countersign", "by": ["any"]}]}
    flow["states"]["gm"]["outcomes"]["rejected"] = {"to": "rework"}
    assert "endless_loop" not in found(documents)


def test_a_loop_of_input_states_is_peoples_own_business() -> None:
    documents = changed(
        worked_example(),
        [
            {
                "document": WORKFLOW,
                "path": ["states", "parked"],
                "value": {"type": "input", "status": "draft", "label": "Parked", "transitions": [{"on": "wake", "to": "draft", "by": ["any"]}]},
            },
            {
                "document": WORKFLOW,
                "path": ["states", "draft", "transitions", "-"],
                "value": {"on": "park", "label": "Park", "to": "parked", "by": ["initiator"]},
            },
        ],
    )

    assert found(documents) == {}


def test_a_sum_and_formulas_over_it_are_never_null() -> None:
    documents = with_value(
        worked_example(), "entity/quotation", "fields", "amount_with_tax", "formula",
        value="round(lines_total * (1 - if_blank(amount, 0) / 100), 2)",
    )
    state = {
        "type": "choice",
        "cases": [{"when": "amount_with_tax <= 5", "to": "approved"}, {"when": "amount_with_tax > 5", "to": "manager"}],
        "label": "x",
    }
    documents = with_value(documents, WORKFLOW, "states", "route", value=state)

    assert "guard_gap" not in found(documents)

    divided = with_value(
        documents, "entity/quotation", "fields", "amount_with_tax", "formula", value="lines_total / if_blank(amount, 0)"
    )
    assert found(divided)["guard_gap"].values["witness"] == {"amount_with_tax": None}


def test_an_action_on_entering_fills_the_field_before_guards_are_read() -> None:
    documents = changed(
        worked_example(),
        [
            {"document": WORKFLOW, "path": ["states", "draft", "transitions", 0, "form", "require"], "value": ["customer", "lead_engineer"]},
            {"document": WORKFLOW, "path": ["states", "route", "enter"], "value": [{"set": {"amount": "lines_total"}}]},
        ],
    )
    assert "guard_gap" not in found(documents)

    emptied = with_value(documents, WORKFLOW, "states", "route", "enter", 0, "set", "amount", value="null")

    assert found(emptied)["guard_gap"].values["witness"] == {"amount": None}


def everything() -> Documents:
    """The worked example with every part of the language that it doesn't use by itself."""
    step = {
        "type": "approval",
        "label": "Chain",
        "status": "pending_manager",
        "exit": [{"email": {"to": ["rule:boss"], "template": "quotation_rejected"}}],
        "participants": [{"rule": "chain"}, {"rule": "picked"}, {"rule": "computed"}],
        "decide": {"mode": "sequential", "wait_for_all": True},
        "policy": {"on_empty": {"fallback": "boss"}},
        "outcomes": {"approved": {"to": "waiting", "do": [{"cc": ["owner"]}]}, "rejected": {"to": "rejected"}, "expired": {"to": "rejected"}},
        "timers": [
            {"id": "hand_on", "after": "PT1H", "do": {"transfer": "boss"}},
            {"id": "by_date", "after": {"field": "approved_at", "minus": "P1D"}, "do": {"remind": ["rule:boss"]}},
        ],
    }
    waiting = {
        "type": "input",
        "label": "Waiting",
        "status": "draft",
        "owner": ["user:li.wei"],
        "timers": [{"id": "late", "after": "P9D", "do": {"to": "cancelled"}}],
        "transitions": [
            {
                "on": "go_on",
                "label": "Go on",
                "to": "cancelled",
                "by": ["rule:boss", "any"],
                "when": "amount > 0",
                "do": [
                    {"create": "account", "values": {"name": "number", "owner": "actor.id"}},
                    {"webhook": "erp_quote_release", "body": {"total": "lines_total"}},
                ],
            }
        ],
    }
    rules = {
        "chain": {"kind": "manager_chain", "until": 'person.title = "Director"', "of": "lead_engineer"},
        "picked": {"kind": "initiator_choice"},
        "computed": {"kind": "expr", "value": "customer.owner.manager"},
        "boss": {"kind": "user", "value": "boss"},
    }
    changes: list[dict[str, Any]] = [
        {"document": WORKFLOW, "path": ["states", "manager", "outcomes", "approved", "to"], "value": "chain"},
        {"document": WORKFLOW, "path": ["states", "chain"], "value": step},
        {"document": WORKFLOW, "path": ["states", "waiting"], "value": waiting},
        {"document": WORKFLOW, "path": ["start", "when"], "value": "amount >= 0"},
        {"document": WORKFLOW, "path": ["record", "editors"], "value": ["role:order_desk"]},
        {"document": WORKFLOW, "path": ["record", "on_change", 0, "when"], "value": "amount > old.amount * 1.02"},
        {"document": WORKFLOW, "path": ["global", 0, "when"], "value": 'not has_role("order_desk")'},
        {"document": WORKFLOW, "path": ["global", 0, "do"], "value": [{"set": {"approved_at": "null"}}]},
    ]
    changes += [{"document": WORKFLOW, "path": ["rules", name], "value": rule} for name, rule in rules.items()]
    return changed(worked_example(), changes)


def test_every_part_of_the_language_passes_where_it_is_right() -> None:
    assert {code: finding.path for code, finding in found(everything()).items()} == {}


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("record", "on_change", 0, "when"), "amount > old.nothing", "expression.unknown_name"),
        (("record", "on_change", 0, "fields"), ["nothing"], "unknown_field"),
        (("rules", "chain", "until"), "amount", "expression.expects"),
        (("rules", "chain", "of"), "customer", "person_field"),
        (("rules", "computed", "value"), "amount", "expression.expects"),
        (("start", "when"), "amount", "expression.expects"),
        (("start", "by"), ["role:nobody"], "unknown_role"),
        (("record", "editors"), ["rule:nobody"], "unknown_person_rule"),
        (("global", 0, "when"), "1 = 2", "dead_transition"),
        (("global", 0, "do"), [{"set": {"nothing": "1"}}], "unknown_field"),
        (("states", "chain", "exit", 0, "email", "template"), "nothing", "unknown_template"),
        (("states", "chain", "policy", "on_empty"), {"fallback": "nobody"}, "unknown_person_rule"),
        (("states", "chain", "timers", 0, "do"), {"transfer": "nobody"}, "unknown_person_rule"),
        (("states", "chain", "timers", 1, "do"), {"remind": ["role:nobody"]}, "unknown_role"),
        (("states", "chain", "timers", 1, "after"), {"field": "nothing"}, "unknown_field"),
        (("states", "waiting", "timers", 0, "do"), {"to": "nowhere"}, "unknown_state"),
        (("states", "waiting", "timers", 0, "repeat"), {"every": "PT0M", "max": 2}, "timer_at_once"),
        (("states", "waiting", "owner"), ["role:nobody"], "unknown_role"),
        (("states", "waiting", "transitions", 0, "do", 0, "create"), "nothing", "unknown_entity"),
        (("states", "waiting", "transitions", 0, "do", 1, "body", "total"), "nothing", "expression.unknown_name"),
        (("states", "gm", "return", "rerun_if_changed"), ["nothing"], "unknown_field"),
        (("states", "gm", "form", "hide"), ["nothing"], "unknown_field"),
        (("examples", 0, "visits"), ["nowhere"], "unknown_state"),
        (("timezone",), "Mars/Base", "unknown_timezone"),
    ],
)
def test_every_part_of_the_language_is_looked_at(path: tuple[str | int, ...], value: object, code: str) -> None:
    assert code in found(with_value(everything(), WORKFLOW, *path, value=value))
