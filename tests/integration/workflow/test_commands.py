"""Commands: repeated, late, stale, refused; locks and what stays open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine import records, workflow
from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from engine.kernel.messages import translate
from tests.factories.quotations import APP, SYSTEM, Quotations, the_workflow


def test_a_repeated_command_gets_the_stored_answer_and_has_no_second_effect(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    task = quotations.task("manager", record_id)
    answers = []
    for _ in range(2):
        with quotations.work("manager") as work:
            answers.append(workflow.decide(work, task, "approve", comment="ok", key="k1"))

    assert answers[0] == answers[1]
    assert quotations.events(record_id).count("decided") == 1
    assert len(quotations.jobs("webhook.send")) == 1


def test_a_key_with_other_content_is_a_conflict_and_other_people_have_keys_of_their_own(quotations: Quotations) -> None:
    first, second = quotations.submitted("300000.00"), quotations.submitted("310000.00")
    quotations.decide("manager", first, "approve", key="k")

    with pytest.raises(Conflict) as refused:
        quotations.decide("manager", second, "approve", key="k")

    assert refused.value.problems[0].code == "workflow.key_reused"
    quotations.fire("sales", second, "withdraw", key="k")


def test_keys_are_forgotten_after_a_week(quotations: Quotations) -> None:
    record_id = quotations.draft("300000.00")
    quotations.fire("sales", record_id, "submit", key="k")
    quotations.pass_time(days=6)
    quotations.run_jobs()
    assert quotations.fire("sales", record_id, "submit", key="k").state == "manager"

    quotations.pass_time(days=2)
    quotations.run_jobs()
    with pytest.raises(Conflict):
        quotations.fire("sales", record_id, "submit", key="k")


def test_a_late_answer_says_who_decided_what_and_when(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    late = quotations.task("fin2", record_id)
    quotations.decide("fin1", record_id, "reject", comment="No")

    with quotations.work("fin2") as work, pytest.raises(Conflict) as refused:
        workflow.decide(work, late, "approve", values={"cost_check": "fine"})

    problem = refused.value.problems[0]
    assert problem.code == "workflow.task_closed"
    assert problem.values["name"] == "Fin1"
    assert "rejected, Fin1, 2026-11-24 01:30" in translate(problem.code, problem.values, "en")
    assert "Fin1 于 2026-11-24 01:30 驳回" in translate(problem.code, problem.values, "zh-CN")
    assert refused.value.current["state"] == "rejected"


def test_a_second_click_says_that_one_has_answered(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    task = quotations.task("manager", record_id)
    quotations.decide("manager", record_id)

    with quotations.work("manager") as work, pytest.raises(Conflict) as refused:
        workflow.decide(work, task, "reject", comment="oops")

    assert refused.value.problems[0].code == "workflow.you_decided"


def test_a_refused_command_leaves_nothing_even_when_the_work_goes_on(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    task = quotations.task("fin1", record_id)
    before = quotations.events(record_id)

    with quotations.work("fin1") as work:
        with pytest.raises(Invalid):
            workflow.decide(work, task, "approve", values={"cost_check": "x", "amount": "1.00"})
        with pytest.raises(Invalid):
            workflow.decide(work, task, "transfer", values={"cost_check": "x"}, to="nobody")

    assert quotations.events(record_id) == before
    assert quotations.values(record_id)["cost_check"] is None


def test_unknown_tasks_and_decisions_are_refused(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    task = quotations.task("manager", record_id)

    with quotations.work("manager") as work:
        for wrong in ("x", "00000000-0000-7000-8000-000000000000"):
            with pytest.raises(NotFound):
                workflow.decide(work, wrong, "approve")
        with pytest.raises(Invalid):
            workflow.decide(work, task, "abstain")
        with pytest.raises(NotFound):
            workflow.fire_transition(work, APP, "account", quotations.customer or "", "submit")


def loose(**record: Any) -> Mapping[str, Any]:
    """The workflow without a lock on the record."""
    document = the_workflow(record={"lock": "none", **record})
    document["states"]["route"]["otherwise"] = {"to": "rejected"}  # the amount may be emptied now
    return document


def test_a_decision_on_an_outdated_record_is_refused_with_what_changed(quotations: Quotations) -> None:
    quotations.publish(loose())
    record_id = quotations.submitted("300000.00")
    with quotations.work("manager", writes=False) as work:
        seen = records.get_record(work, APP, "quotation", record_id).rev
    quotations.change("sales", record_id, payment_terms="prepaid")

    with pytest.raises(Conflict) as refused:
        quotations.decide("manager", record_id, "approve", record_rev=seen)

    assert refused.value.problems[0].code == "workflow.record_changed"
    assert refused.value.current["values"] == {"payment_terms": "prepaid"}
    quotations.decide("manager", record_id, "approve", record_rev=refused.value.current["rev"])


def test_on_its_way_the_record_is_locked_but_for_its_open_fields(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    standing = quotations.standing(record_id, "sales")
    assert standing.locked
    assert standing.editable_fields == {"internal_note", "attachments"}

    with pytest.raises(Conflict):
        quotations.change("sales", record_id, amount="1.00")
    quotations.change("sales", record_id, internal_note="call me")
    assert quotations.state(record_id) == "manager"

    quotations.decide("manager", record_id)
    assert not quotations.standing(record_id).locked
    quotations.change("sales", record_id, internal_note="done")


def test_the_holder_of_a_task_may_fill_in_fields_without_deciding(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)

    with quotations.work("fin1") as work:
        workflow.edit(work, APP, "quotation", record_id, {"cost_check": "so far so good"})
    with quotations.work("sales") as work, pytest.raises(Forbidden):
        workflow.edit(work, APP, "quotation", record_id, {"cost_check": "all right"})
    with quotations.work("fin1") as work, pytest.raises(Invalid):
        workflow.edit(work, APP, "quotation", record_id, {"approval_status": "approved"})

    assert quotations.values(record_id)["cost_check"] == "so far so good"
    quotations.decide("fin1", record_id)


def test_nobody_writes_the_status_by_hand(quotations: Quotations) -> None:
    record_id = quotations.draft("30000.00")

    with pytest.raises(Invalid):
        quotations.change("sales", record_id, approval_status="approved")
    with pytest.raises(Invalid):
        quotations.fire("sales", record_id, "submit", values={"approval_status": "approved"})


def test_editors_named_by_the_workflow_may_change_what_is_locked(quotations: Quotations) -> None:
    document = the_workflow()
    document["record"] = {**document["record"], "editors": ["role:general_manager"]}
    quotations.publish(document)
    record_id = quotations.submitted("300000.00")

    with quotations.work("boss") as work:
        workflow.edit(work, APP, "quotation", record_id, {"amount": "700000.00"})

    assert quotations.state(record_id) == "manager_big"
    assert "changed" in quotations.events(record_id)


def test_a_change_of_the_approver_that_crosses_a_band_reroutes(quotations: Quotations) -> None:
    document = the_workflow()
    document["states"]["manager"]["form"] = {"edit": ["amount"]}
    quotations.publish(document)
    record_id = quotations.submitted("300000.00")

    quotations.decide("manager", record_id, "approve", values={"amount": "600000.00"})

    assert quotations.state(record_id) == "manager_big"
    assert quotations.waiting(record_id) == ["manager"]


@pytest.mark.parametrize(("rule", "state", "status"), [
    ("note", "manager", "pending_manager"), ("void_approvals", "manager", "pending_manager"),
    ("reroute", "manager_big", "pending_manager"), ("restart", "draft", "draft"),
])
def test_a_change_while_pending_does_what_the_workflow_says(
    quotations: Quotations, rule: str, state: str, status: str
) -> None:
    quotations.publish(loose(on_change=[{"fields": ["amount"], "do": rule, "when": "amount > old.amount"}]))
    record_id = quotations.submitted("300000.00")
    task = quotations.task("manager", record_id)
    quotations.change("sales", record_id, amount="200000.00")
    assert quotations.task("manager", record_id) == task

    quotations.change("sales", record_id, amount="600000.00")

    assert quotations.state(record_id) == state
    assert quotations.values(record_id)["approval_status"] == status
    assert "changed" in quotations.events(record_id)


def test_removing_a_record_on_its_way_is_forbidden_or_cancels(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    with pytest.raises(Conflict) as refused, quotations.work("boss") as work:
        records.remove_record(work, APP, "quotation", record_id)
    assert refused.value.problems[0].code == "record.locked"
    assert quotations.state(record_id) == "manager"
    quotations.publish(loose())
    unlocked = quotations.submitted("320000.00")
    with pytest.raises(Conflict) as refused, quotations.work("boss") as work:
        records.remove_record(work, APP, "quotation", unlocked)
    assert refused.value.problems[0].code == "workflow.record_in_progress"
    quotations.fire("sales", unlocked, "withdraw")

    quotations.publish(the_workflow(record={"lock": "all", "on_delete": "cancel"}))
    other = quotations.submitted("330000.00")
    with quotations.work("boss") as work:
        records.remove_record(work, APP, "quotation", other)
    with quotations.work("manager", writes=False) as work:
        assert [item.record_id for item in workflow.inbox(work)] == [record_id]
    assert quotations.query(lambda work: workflow.broken_links(work, quotations.standing(record_id).instance_id)) == []


def test_a_restored_record_stands_at_its_start_and_is_not_locked(quotations: Quotations) -> None:
    quotations.publish(the_workflow(record={"lock": "all", "on_delete": "cancel"}))
    record_id = quotations.submitted("300000.00")
    with quotations.work("boss") as work:
        records.remove_record(work, APP, "quotation", record_id)
    with quotations.work("boss") as work:
        records.restore_record(work, APP, "quotation", record_id)

    assert quotations.values(record_id)["approval_status"] == "draft"
    assert not quotations.standing(record_id).locked
    quotations.fire("sales", record_id, "submit")
    assert quotations.state(record_id) == "manager"


def test_who_submitted_hears_of_a_return(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")

    quotations.decide("manager", record_id, "return", comment="Which terms?")

    with quotations.work("sales", writes=False) as work:
        assert [item.code for item in workflow.list_notifications(work)] == ["workflow.returned_to_you"]


def test_a_draft_that_came_back_may_be_removed(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    quotations.fire("sales", record_id, "withdraw")

    with quotations.work("boss") as work:
        records.remove_record(work, APP, "quotation", record_id)
    with quotations.work("boss", writes=False) as work, pytest.raises(NotFound):
        records.get_record(work, APP, "quotation", record_id)


def test_creating_and_submitting_in_one_work_counts_as_one_submission(quotations: Quotations) -> None:
    with quotations.work("sales") as work:
        record = records.create_record(work, APP, "quotation", {
            "customer": quotations.customer, "amount": "300000.00", "payment_terms": "net30",
            "lead_engineer": quotations.ids["engineer"],
        })
        records.change_record(work, APP, "quotation", record.id, {"amount": "310000.00"})
        workflow.fire_transition(work, APP, "quotation", record.id, "submit")

    assert quotations.state(record.id) == "manager"
    assert "changed" not in quotations.events(record.id)


def test_the_timeline_is_chained_and_a_changed_entry_is_found(quotations: Quotations) -> None:
    import sqlalchemy as sa

    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)
    instance_id = quotations.standing(record_id).instance_id
    assert quotations.query(lambda work: workflow.broken_links(work, instance_id)) == []

    with quotations.database.work(SYSTEM) as work:
        work.connection.execute(sa.text("UPDATE wf_event SET actor_name = 'Somebody' WHERE kind = 'decided'"))

    assert len(quotations.query(lambda work: workflow.broken_links(work, instance_id))) == 1
