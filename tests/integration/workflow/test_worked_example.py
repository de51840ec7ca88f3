"""The worked example, end to end: 30,000, 300,000 and 620,000, rejected, returned, withdrawn."""

from __future__ import annotations

import pytest

from engine import records, workflow
from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories.quotations import APP, Quotations


def test_up_to_50_000_is_approved_by_itself(quotations: Quotations) -> None:
    record_id = quotations.submitted("30000.00")

    values = quotations.values(record_id)
    assert values["approval_status"] == "approved"
    assert values["approved_at"] == quotations.clock.now()
    standing = quotations.standing(record_id)
    assert (standing.state, standing.is_final, standing.outcome) == ("approved", True, "approved")
    assert [step["is"] for step in standing.path] == ["done", "good"]
    assert not standing.locked
    assert [job["data"]["amount"] for job in quotations.jobs("webhook.send")] == ["30000.00"]
    with quotations.work("desk", writes=False) as work:
        assert [item.record_id for item in workflow.copies(work)] == [record_id]
    with quotations.work("sales", writes=False) as work:
        texts = [item.text("zh-CN") for item in workflow.list_notifications(work)]
    assert any("已批准" in text for text in texts)


def test_up_to_500_000_the_manager_decides(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    assert quotations.values(record_id)["approval_status"] == "pending_manager"
    assert quotations.waiting(record_id) == ["manager"]

    answer = quotations.decide("manager", record_id, "approve", comment="Good")

    assert (answer.state, answer.is_final) == ("approved", True)
    assert quotations.values(record_id)["approval_status"] == "approved"
    with quotations.work("manager", writes=False) as work:
        assert workflow.inbox(work) == []
        assert [item.status for item in workflow.decided(work)] == ["approved"]


def test_above_500_000_goes_the_long_way(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    standing = quotations.standing(record_id, "sales")
    assert [(step["key"], step["is"]) for step in standing.path] == [
        ("draft", "done"), ("manager_big", "current"), ("countersign", "ahead"), ("gm", "ahead"), ("approved", "ahead"),
    ]
    assert standing.can_withdraw

    quotations.decide("manager", record_id)
    assert quotations.waiting(record_id) == ["engineer", "fin1", "fin2"]
    with pytest.raises(Invalid):
        quotations.decide("fin1", record_id)
    quotations.decide("fin1", record_id, values={"cost_check": "12 % margin"})
    assert quotations.waiting(record_id) == ["engineer"]
    quotations.decide("engineer", record_id, values={"feasibility_note": "Can be built"})
    assert quotations.waiting(record_id) == ["boss"]
    answer = quotations.decide("boss", record_id)

    assert answer.state == "approved"
    values = quotations.values(record_id)
    assert (values["cost_check"], values["feasibility_note"]) == ("12 % margin", "Can be built")
    kinds = quotations.events(record_id)
    assert kinds[0] == "started"
    assert kinds.count("decided") == 4
    assert kinds[-1] == "ended"


def test_a_task_lets_its_holder_read_the_record_and_fill_in_only_its_own_fields(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    with quotations.work("engineer", writes=False) as work, pytest.raises(NotFound):
        records.get_record(work, APP, "quotation", record_id)
    quotations.decide("manager", record_id)

    with quotations.work("engineer", writes=False) as work:
        assert records.get_record(work, APP, "quotation", record_id).id == record_id
    with pytest.raises(Invalid) as refused:
        quotations.decide("engineer", record_id, values={"cost_check": "x", "feasibility_note": "y"})
    assert refused.value.problems[0].path == ("cost_check",)


def test_a_rejection_asks_for_a_reason_and_ends(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")

    with pytest.raises(Invalid):
        quotations.decide("manager", record_id, "reject")
    quotations.decide("manager", record_id, "reject", comment="Too cheap")

    assert quotations.values(record_id)["approval_status"] == "rejected"
    with pytest.raises(Conflict):
        quotations.fire("sales", record_id, "submit")
    with quotations.work("sales", writes=False) as work:
        event = next(item for item in workflow.timeline(work, APP, "quotation", record_id) if item.kind == "decided")
    assert (event.comment, event.actor, event.text("en")) == ("Too cheap", "Manager", "Rejected “Sales manager”")


def test_finance_returns_to_the_manager_who_sends_it_straight_back(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    quotations.decide("fin1", record_id, "return", to="manager_big", comment="Which margin?")
    assert quotations.waiting(record_id) == ["manager"]

    quotations.decide("manager", record_id, values={"internal_note": "12 %"})

    assert quotations.state(record_id) == "countersign"
    assert quotations.waiting(record_id) == ["engineer", "fin1", "fin2"]


def test_returned_to_the_initiator_and_resubmitted_it_comes_straight_back(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    quotations.decide("fin1", record_id, "return", to="initiator", comment="Typo")
    assert quotations.state(record_id) == "draft"
    quotations.change("sales", record_id, internal_note="mended")

    quotations.fire("sales", record_id, "submit")

    assert quotations.state(record_id) == "countersign"
    assert quotations.standing(record_id).round == 2


def test_with_another_amount_the_way_is_gone_again(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    quotations.decide("fin1", record_id, "return", to="initiator", comment="Typo")
    quotations.change("sales", record_id, amount="610000.00")

    quotations.fire("sales", record_id, "submit")

    assert quotations.state(record_id) == "manager_big"


def test_the_initiator_withdraws_until_somebody_has_decided(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.fire("sales", record_id, "withdraw", comment="Wrong customer")
    assert quotations.values(record_id)["approval_status"] == "draft"
    with quotations.work("manager", writes=False) as work:
        assert workflow.inbox(work) == []
    quotations.change("sales", record_id, amount="700000.00")

    quotations.fire("sales", record_id, "submit")
    quotations.decide("manager", record_id)
    with pytest.raises(Conflict):
        quotations.fire("sales", record_id, "withdraw")
    with pytest.raises(Forbidden):
        quotations.fire("sales", record_id, "recall")
    quotations.fire("root", record_id, "recall")
    assert quotations.state(record_id) == "draft"


def test_a_required_field_is_named_before_anything_happens(quotations: Quotations) -> None:
    record_id = quotations.draft("30000.00", payment_terms=None)

    with pytest.raises(Invalid) as refused:
        quotations.fire("sales", record_id, "submit")

    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("workflow.field_required", ("payment_terms",))
    ]
    assert quotations.events(record_id) == []


def test_values_can_be_given_with_the_submission(quotations: Quotations) -> None:
    record_id = quotations.draft("30000.00", payment_terms=None)

    quotations.fire("sales", record_id, "submit", values={"payment_terms": "prepaid", "amount": "90000.00"})

    assert quotations.state(record_id) == "manager"


def test_only_whom_the_start_names_can_submit(quotations: Quotations) -> None:
    record_id = quotations.draft("30000.00", login="root")

    with pytest.raises(Forbidden):
        quotations.fire("root", record_id, "submit")


def test_a_record_nobody_may_see_is_not_found(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")

    for ask in (workflow.describe, workflow.timeline, workflow.remind):
        with quotations.work("stranger") as work, pytest.raises(NotFound):
            ask(work, APP, "quotation", record_id)
    with pytest.raises(NotFound):
        quotations.fire("stranger", record_id, "withdraw")
    task = quotations.task("manager", record_id)
    with quotations.work("stranger") as work, pytest.raises(NotFound):
        workflow.decide(work, task, "approve")
    with quotations.work("director") as work, pytest.raises((Forbidden, NotFound)):
        workflow.decide(work, task, "approve")
