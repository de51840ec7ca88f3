"""A simulation takes the way that the real run takes, and leaves nothing behind."""

from __future__ import annotations

import random
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.kernel.errors import Invalid, NotFound
from engine.publishing import put_document, simulate_json, simulate_many_json, simulation_start_json
from engine.publishing.draft_model import draft_model
from engine.workflow.simulation import Script, Turn, simulate
from tests.factories.quotations import APP, Quotations, the_workflow

FLOW = "quotation_approval"


def counts(world: Quotations) -> dict[str, int]:
    """Rows of every table."""

    def ask(work: Any) -> dict[str, int]:
        names = [name for name in sa.inspect(work.connection).get_table_names() if not name.startswith(("he_", "se_"))]  # indexes of words
        return {name: work.connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in names}

    return world.query(ask)


def simulated(world: Quotations, record_id: UUID | None, *turns: Turn, person: str = "sales", **values: Any) -> Any:
    with world.work("root", writes=False) as work:
        return simulate(work, draft_model(work, APP), Script(FLOW, record_id, values, world.ids[person], turns))


def real_path(world: Quotations, record_id: UUID) -> list[str]:
    """States of every visit of the newest run."""

    def ask(work: Any) -> list[str]:
        from engine.storage.system_tables import wf_instance, wf_visit

        found = sa.select(wf_visit.c.state).join(wf_instance, wf_instance.c.id == wf_visit.c.instance_id).where(
            wf_instance.c.record_id == record_id).order_by(wf_visit.c.number)
        return list(work.connection.scalars(found))

    return world.query(ask)


def asked(world: Quotations, found: Any) -> list[str]:
    """Logins of those who have to act."""
    logins = {id_: login for login, id_ in world.ids.items()}
    return sorted(logins[slot.user_id] for slot in found.run.open_slots)


SUBMIT = Turn("fire", "submit")


def test_a_large_quotation_is_told_step_by_step(quotations: Quotations) -> None:
    before = counts(quotations)
    record_id = quotations.draft("620000.00")
    turns = [SUBMIT, Turn("decide", "approve", 0)]
    found = simulated(quotations, record_id, *turns)

    assert [visit.state for visit in found.run.visits] == ["draft", "route", "manager_big", "countersign"]
    assert found.refused is None
    with quotations.work("root", writes=False) as work:
        told = simulate_json(work, APP, {
            "workflow": FLOW, "record": str(record_id), "person": str(quotations.ids["sales"]),
            "turns": [{"do": "fire", "name": "submit"}, {"do": "decide", "name": "approve", "seat": 0}],
        })
    route = told["visits"][1]
    assert [case["result"] for case in route["cases"] if case["words"] != "Otherwise"] == [False, False, True]
    assert next(case for case in route["cases"] if case["taken"])["to"]["key"] == "manager_big"
    assert route["cases"][2]["reads"] == [{"label": "Amount", "value": "620,000.00"}]
    assert told["here"]["state"]["key"] == "countersign"
    assert {seat["name"] for seat in told["here"]["seats"]} == {"Fin1", "Fin2", "Engineer"}
    assert told["taken"]["states"] == ["draft", "route", "manager_big", "countersign"]
    assert [edge["by"] for edge in told["taken"]["edges"]] == ["", "cases/2", ""]
    after = counts(quotations)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]}.keys() <= {
        name for name in after if name.startswith("e_") or name in ("record_history", "sequence")
    }  # the draft itself, and nothing since


@pytest.mark.parametrize("seed", range(4))
def test_generated_quotations_take_the_same_way_in_a_simulation_and_in_earnest(quotations: Quotations, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        amount = f"{chance.choice((49_999, 50_000, 50_001, 200_000, 500_000, 500_001, 900_000))}.{chance.randint(0, 1) * 99:02d}"
        record_id = quotations.draft(amount)
        turns: list[Turn] = [SUBMIT]
        found = simulated(quotations, record_id, *turns)
        quotations.fire("sales", record_id, "submit")
        for _ in range(8):
            assert [visit.state for visit in found.run.visits] == real_path(quotations, record_id)
            assert found.run.is_ended == quotations.standing(record_id).is_final
            if found.run.is_ended or found.machine.state.type != "approval":
                break
            seats = [place for place, slot in enumerate(found.run.seats) if slot.status == "open"]
            assert asked(quotations, found) == quotations.waiting(record_id)
            place = chance.choice(seats)
            decision = chance.choice(("approve", "approve", "approve", "reject", "return"))
            login = next(login for login, id_ in quotations.ids.items() if id_ == found.run.seats[place].user_id)
            fields = dict.fromkeys(found.machine.state.form_for(found.run.seats[place].groups).require, "fine")
            # Both may refuse a return that is not open: then it is a yes.
            if decision == "return" and "return" not in found.machine.state.policy.allow:
                decision = "approve"
            turns.append(Turn("decide", decision, place, values=fields))
            found = simulated(quotations, record_id, *turns)
            quotations.decide(login, record_id, decision, comment="…", values=fields)
            assert found.refused is None


def test_a_simulation_writes_nothing_at_all(quotations: Quotations) -> None:
    record_id = quotations.draft("620000.00")
    before = counts(quotations)

    found = simulated(quotations, record_id, SUBMIT, Turn("decide", "reject", 0))

    assert found.run.outcome == "rejected"
    assert counts(quotations) == before
    assert quotations.state(record_id) == "draft"


def test_typed_values_need_no_record_and_required_fields_are_taken_for_filled_in(quotations: Quotations) -> None:
    found = simulated(quotations, None, SUBMIT, amount="620000")

    assert found.run.state == "manager_big"
    assert "customer" in found.around.filled
    assert asked(quotations, found) == ["manager"]


def test_without_taking_them_for_filled_in_the_missing_fields_are_told(quotations: Quotations) -> None:
    with quotations.work("root", writes=False) as work:
        told = simulate_json(work, APP, {
            "workflow": FLOW, "values": {"amount": "10"}, "person": str(quotations.ids["sales"]), "fills": False,
            "turns": [{"do": "fire", "name": "submit"}],
        })

    assert told["refused"]["turn"] == 0
    assert {problem["path"][0] for problem in told["refused"]["problems"]} >= {"customer", "payment_terms"}
    assert told["here"]["state"]["key"] == "draft"


def test_a_deadline_that_passes_asks_whom_it_names(quotations: Quotations) -> None:
    found = simulated(quotations, None, SUBMIT, Turn("timer", "escalate_4h"), amount="620000")

    assert asked(quotations, found) == ["director", "manager"]


def test_the_draft_counts_and_not_the_release(quotations: Quotations) -> None:
    document = the_workflow()
    states = document["states"]
    cases = [{**case, "when": case["when"].replace("500000", "700000")} for case in states["route"]["cases"]]
    with quotations.work("root") as work:
        put_document(work, APP, {**document, "states": {**states, "route": {**states["route"], "cases": cases}}})

    assert simulated(quotations, None, SUBMIT, amount="620000").run.state == "manager"


def test_values_that_fields_refuse_are_told_at_their_place(quotations: Quotations) -> None:
    with pytest.raises(Invalid) as caught, quotations.work("root", writes=False) as work:
        simulate_json(work, APP, {"workflow": FLOW, "values": {"amount": "many", "nothing": 1}})
    assert [problem.path for problem in caught.value.problems] == [("values", "amount"), ("values", "nothing")]
    with pytest.raises(NotFound), quotations.work("root", writes=False) as work:
        simulate_json(work, APP, {"workflow": "nothing"})
    with pytest.raises(Invalid), quotations.work("root", writes=False) as work:
        simulate_json(work, APP, {"workflow": FLOW, "turns": [{"do": "dance"}]})


def test_the_fields_to_type_are_those_that_decide_something(quotations: Quotations) -> None:
    with quotations.work("root", writes=False) as work:
        start = simulation_start_json(work, APP, FLOW)

    assert [field["key"] for field in start["fields"]][:1] == ["amount"]
    assert {"customer", "lead_engineer", "payment_terms"} <= {field["key"] for field in start["fields"]}


def test_the_runs_of_the_last_month_are_compared_with_the_way_they_took(quotations: Quotations) -> None:
    small, middle = quotations.submitted("1000.00"), quotations.submitted("100000.00")
    quotations.decide("manager", middle)
    document = the_workflow()
    states = document["states"]
    cases = [{**case, "when": case["when"].replace("50000", "500")} if case["when"] == "amount <= 50000" else
             {**case, "when": case["when"].replace("amount > 50000 ", "amount > 500 ")} for case in states["route"]["cases"]]
    with quotations.work("root") as work:
        put_document(work, APP, {**document, "states": {**states, "route": {**states["route"], "cases": cases}}})
    before = counts(quotations)

    with quotations.work("root", writes=False) as work:
        found = simulate_many_json(work, APP, FLOW, 0)

    assert (found["total"], found["done"]) == (2, 2)
    by_id = {item["id"]: item for item in found["items"]}
    assert by_id[str(small)]["path"] == ["draft", "manager", "approved"]
    assert by_id[str(small)]["real"] == ["draft", "approved"]
    assert by_id[str(small)]["differs"]
    assert not by_id[str(middle)]["differs"]
    assert counts(quotations) == before


def test_a_reader_simulates_only_what_they_may_see(quotations: Quotations) -> None:
    record_id = quotations.draft("620000.00")
    with pytest.raises(NotFound), quotations.work("stranger", writes=False) as work:
        simulate_json(work, APP, {"workflow": FLOW, "record": str(record_id)})
