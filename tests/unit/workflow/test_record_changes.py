"""Catalogue G3–G4: a record that changes while somebody has to approve it; and the path ahead."""

from __future__ import annotations

from engine.workflow.changes import apply_effect, effect_of
from engine.workflow.decisions import approve
from engine.workflow.moves import fire
from engine.workflow.preview import look_ahead
from tests.factories.workflow_world import Case, World, a_case, a_flow, a_step

ROUTE = {"type": "choice", "cases": [{"when": "amount <= 10", "to": "one"}, {"when": "amount > 10", "to": "two"}]}


def submitted(*rules: dict[str, object], **more: object) -> Case:
    steps = {
        "route": ROUTE,
        "one": a_step("a", "b", mode="all", **{"return": {"to": ["initiator"]}}),
        "two": a_step("a", outcomes={"approved": {"to": "one"}}),
    }
    case = a_case(a_flow(steps, record={"on_change": list(rules)}, **more), World({"amount": 5, "note": ""}))
    fire(case.machine("i"), "submit")
    return case


def change(case: Case, **values: object) -> str | None:
    case.world.old = {key: case.world.values.get(key) for key in values}
    case.world.values.update(values)
    machine = case.machine("i")
    effect = effect_of(machine, values)
    if effect:
        apply_effect(machine, effect, values)
    return effect


def test_a_change_that_no_rule_names_does_nothing() -> None:
    case = submitted({"fields": ["amount"], "do": "reroute"})

    assert change(case, note="x") is None
    assert case.run.state == "one"


def test_the_strongest_rule_wins_and_a_condition_compares_old_with_new() -> None:
    case = submitted(
        {"fields": ["amount", "note"], "do": "note"},
        {"fields": ["amount"], "do": "reroute", "when": "amount > old.amount * 2"},
    )

    assert change(case, amount=6) == "note"
    assert case.run.state == "one"
    assert change(case, amount=13) == "reroute"
    assert case.run.state == "two"


def test_void_starts_the_current_visit_anew() -> None:
    case = submitted({"fields": ["amount"], "do": "void_approvals"})
    approve(case.machine("a"), case.slot("a").id)

    change(case, amount=7)

    assert case.run.state == "one"
    assert case.statuses() == {"a": "open", "b": "open"}
    assert case.visited() == ["draft", "route", "one", "one"]


def test_reroute_goes_back_to_the_choice_in_the_same_round() -> None:
    case = submitted({"fields": ["amount"], "do": "reroute"})
    approve(case.machine("a"), case.slot("a").id)

    change(case, amount=20)

    assert case.visited() == ["draft", "route", "one", "route", "two"]
    assert case.run.round == 1
    assert case.statuses() == {"a": "open"}


def test_after_a_reroute_only_approvals_on_the_new_values_count() -> None:
    case = submitted({"fields": ["amount"], "do": "reroute"}, defaults={"dedupe": "round"})
    approve(case.machine("a"), case.slot("a").id)
    change(case, amount=20)
    assert case.statuses() == {"a": "open"}

    again = submitted({"fields": ["amount"], "do": "reroute"}, defaults={"dedupe": "round"})
    again.world.values["amount"] = 20
    approve(again.machine("a"), again.slot("a").id, goes_on=False)
    apply_effect(again.machine("a"), "reroute", {"amount"})
    assert again.visited()[-2:] == ["two", "one"]
    assert again.statuses() == {"a": "auto_approved", "b": "open"}


def test_without_a_choice_on_the_path_a_reroute_asks_from_the_first_step_on() -> None:
    steps = {
        "one": a_step("a", outcomes={"approved": {"to": "two"}}),
        "two": a_step("b", outcomes={"approved": {"to": "route"}}),
        "route": {"type": "choice", "cases": [{"when": "True", "to": "yes"}]},
    }
    rules = {"record": {"on_change": [{"fields": ["amount"], "do": "reroute"}]}}
    case = a_case(a_flow(steps, **rules), World({"amount": 5}))
    fire(case.machine("i"), "submit")
    approve(case.machine("a"), case.slot("a").id)

    change(case, amount=6)

    assert case.visited() == ["draft", "one", "two", "one"]


def test_restart_is_a_return_to_the_initiator() -> None:
    case = submitted({"fields": ["amount"], "do": "restart"})

    change(case, amount=7)

    assert case.run.state == "draft"
    fire(case.machine("i"), "submit")
    assert case.run.round == 2


def test_nothing_is_upset_where_nobody_has_been_asked() -> None:
    case = a_case(a_flow({"one": a_step("a")}, record={"on_change": [{"fields": ["amount"], "do": "restart"}]}))

    assert change(case, amount=7) is None


def test_the_path_ahead_shows_states_and_people_and_changes_nothing() -> None:
    case = submitted()
    before = len(case.run.visits)

    ahead = look_ahead(case.definition, case.run, case.world)

    assert [step.state.key for step in ahead] == ["yes"]
    assert len(case.run.visits) == before

    draft = a_case(a_flow({"route": ROUTE, "one": a_step("a", "b"), "two": a_step("a", outcomes={"approved": {"to": "one"}})}), World({"amount": 11}))
    ahead = look_ahead(draft.definition, draft.run, draft.world)
    assert [step.state.key for step in ahead] == ["two", "one", "yes"]
    assert len(ahead[1].people) == 2


def test_the_path_ahead_ends_where_the_way_cannot_be_told() -> None:
    draft = a_case(a_flow({"route": {"type": "choice", "cases": [{"when": "amount > 10", "to": "yes"}]}}), World({"amount": 1}))

    assert look_ahead(draft.definition, draft.run, draft.world) == []
