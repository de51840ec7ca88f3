"""Timers through the worker, reminders, copies, people who leave, pinned releases."""

from __future__ import annotations

import json

import pytest

from engine import records, workflow
from engine.accounts import change_user, set_roles
from engine.kernel.actor import system_actor
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.workflow.store import lists
from tests.factories.quotations import APP, SYSTEM, Quotations, documents, the_workflow


def test_reminder_escalation_and_giving_up_happen_on_time_and_once(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    quotations.pass_time(hours=1, minutes=59)
    quotations.run_jobs()
    assert "reminded" not in quotations.events(record_id)

    quotations.pass_time(minutes=1)
    quotations.run_jobs()
    quotations.run_jobs()
    assert quotations.events(record_id).count("reminded") == 1

    quotations.pass_time(hours=2)
    quotations.run_jobs()
    assert quotations.waiting(record_id) == ["director", "manager"]
    quotations.pass_time(days=3)
    quotations.run_jobs()

    assert quotations.values(record_id)["approval_status"] == "rejected"
    with quotations.work("sales", writes=False) as work:
        events = workflow.timeline(work, APP, "quotation", record_id)
    timed = next(event for event in events if event.kind == "timed")
    assert (timed.actor, timed.via) == ("Deadline", "sla")


def test_the_alternates_answer_fills_the_seat(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    quotations.pass_time(hours=4)
    quotations.run_jobs()

    quotations.decide("director", record_id)

    assert quotations.values(record_id)["approval_status"] == "approved"
    with quotations.work("manager", writes=False) as work:
        assert workflow.inbox(work) == []


def test_a_timer_that_lost_against_a_person_does_nothing(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    quotations.pass_time(days=4)
    due = quotations.query(lambda work: lists.due_timers(work.connection, work.now, 10))
    assert len(due) == 3
    quotations.decide("manager", record_id)

    for timer in due:
        with quotations.database.work(system_actor("sla"), clock=quotations.clock) as work:
            assert not workflow.fire_timer(work, timer)

    assert quotations.values(record_id)["approval_status"] == "approved"


def test_a_timer_that_can_never_fire_is_put_aside_and_the_administrators_know(quotations: Quotations) -> None:
    document = the_workflow()
    document["states"]["manager"]["timers"] = [{"id": "late", "after": "PT1H", "do": {"to": "gm"}}]
    document["states"]["gm"]["policy"] = {"on_empty": "refuse"}
    quotations.publish(document)
    record_id = quotations.submitted("300000.00")
    with quotations.work("root") as work:
        set_roles(work, quotations.ids["boss"], APP, [])
    quotations.pass_time(hours=1)

    for _ in range(2):
        quotations.run_jobs()
        quotations.pass_time(minutes=1)

    assert quotations.state(record_id) == "manager"
    assert quotations.events(record_id).count("timer_failed") == 1
    with quotations.work("root", writes=False) as work:
        assert [item.code for item in workflow.list_notifications(work)] == ["workflow.timer_failed"]
    quotations.decide("manager", record_id)


def test_reminding_by_hand_is_for_the_initiator_and_not_too_often(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    quotations.decide("manager", record_id)

    with quotations.work("fin1") as work, pytest.raises(Forbidden):
        workflow.remind(work, APP, "quotation", record_id)
    with quotations.work("sales") as work:
        asked = workflow.remind(work, APP, "quotation", record_id)
    assert set(asked) == {quotations.ids[name] for name in ("fin1", "fin2", "engineer")}
    with quotations.work("sales") as work, pytest.raises(Conflict) as refused:
        workflow.remind(work, APP, "quotation", record_id)
    assert refused.value.problems[0].values == {"at": "2026-11-24 03:30"}

    quotations.pass_time(hours=2)
    with quotations.work("sales") as work:
        workflow.remind(work, APP, "quotation", record_id)
    with quotations.work("fin1", writes=False) as work:
        codes = [item.code for item in workflow.list_notifications(work)]
    assert codes == ["workflow.reminder", "workflow.reminder", "workflow.task_waiting"]
    assert len(quotations.jobs("mail.send")) == 1 + 3 + 6


def test_notifications_are_read_one_by_one_or_all_at_once(quotations: Quotations) -> None:
    for amount in ("300000.00", "310000.00", "320000.00"):
        quotations.submitted(amount)
    with quotations.work("manager") as work:
        assert workflow.counts(work) == {"tasks": 3, "notifications": 3}
        newest = workflow.list_notifications(work)[0]
        assert newest.text("zh-CN").endswith("待您处理：销售经理审批")
        workflow.mark_read(work, [newest.id])
        assert workflow.count_unread(work) == 2
    with quotations.work("fin1") as work:
        workflow.mark_read(work)
    with quotations.work("manager") as work:
        assert workflow.count_unread(work) == 2
        workflow.mark_read(work)
        assert [item.is_new for item in workflow.list_notifications(work)] == [False, False, False]


def test_copies_by_hand_give_the_right_to_read_and_a_read_mark(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    stranger = quotations.ids["stranger"]
    with quotations.work("manager") as work:
        assert workflow.send_copy(work, APP, "quotation", record_id, [stranger]) == [stranger]
        assert workflow.send_copy(work, APP, "quotation", record_id, [stranger]) == []

    with quotations.work("stranger") as work:
        assert records.get_record(work, APP, "quotation", record_id).id == record_id
        assert [item.is_read for item in workflow.copies(work)] == [False]
        workflow.mark_copy_read(work, record_id)
        assert [item.is_read for item in workflow.copies(work)] == [True]
    with quotations.work("stranger") as work, pytest.raises(Forbidden):
        workflow.remind(work, APP, "quotation", record_id)
    with quotations.work("fin1") as work, pytest.raises(Forbidden):
        workflow.send_copy(work, APP, "quotation", record_id, [quotations.ids["fin2"]])


def test_a_transfer_by_hand(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")

    with pytest.raises(Invalid):
        quotations.decide("manager", record_id, "transfer", to=quotations.ids["sales"])
    quotations.decide("manager", record_id, "transfer", to=str(quotations.ids["director"]), comment="on leave")

    assert quotations.waiting(record_id) == ["director"]
    with quotations.work("manager", writes=False) as work:
        assert [item.status for item in workflow.decided(work)] == ["transferred"]
        assert records.get_record(work, APP, "quotation", record_id).id == record_id
    quotations.decide("director", record_id)
    assert quotations.state(record_id) == "approved"


def test_tasks_of_somebody_who_leaves_go_to_the_manager(quotations: Quotations) -> None:
    record_id = quotations.submitted("300000.00")
    with quotations.work("root") as work:
        change_user(work, quotations.ids["manager"], is_active=False)

    quotations.run_jobs()

    assert quotations.waiting(record_id) == ["director"]
    again = quotations.submitted("310000.00")
    assert quotations.waiting(again) == ["director"]


def test_without_anybody_the_administrators_get_the_task(quotations: Quotations) -> None:
    with quotations.work("root") as work:
        change_user(work, quotations.ids["sales"], manager=None)
    record_id = quotations.submitted("300000.00")

    with quotations.work("root", writes=False) as work:
        assert [(item.record_id, item.is_vacant) for item in workflow.inbox(work)] == [(record_id, True)]
    assert quotations.waiting(record_id) == ["administrators"]
    quotations.decide("root", record_id, "transfer", to=quotations.ids["director"])
    quotations.decide("director", record_id)
    assert quotations.state(record_id) == "approved"


def test_an_instance_keeps_its_release_and_new_ones_take_the_new_one(quotations: Quotations) -> None:
    old = quotations.submitted("300000.00")
    document = the_workflow()
    document["states"]["route"]["cases"] = [
        {"when": "amount <= 400000", "to": "approved"}, {"when": "amount > 400000", "to": "manager_big"},
    ]
    document["states"]["approved"]["status"] = "approved"
    del document["states"]["manager"]
    document["global"] = [{**move, "from": [one for one in move["from"] if one != "manager"]} for move in document["global"]]
    document["examples"] = []
    quotations.publish(document)

    new = quotations.submitted("290000.00")

    assert (quotations.state(old), quotations.state(new)) == ("manager", "approved")
    quotations.decide("manager", old)
    assert quotations.state(old) == "approved"


def test_a_field_renamed_meanwhile_is_still_found(quotations: Quotations) -> None:
    record_id = quotations.submitted("620000.00")
    text = json.dumps([item for item in documents() if item["kind"] in ("entity", "form", "view", "workflow", "role", "app")])
    renamed = json.loads(text.replace("cost_check", "costing"))
    quotations.publish(*[item for item in renamed if item["kind"] != "app"])
    quotations.decide("manager", record_id)

    with pytest.raises(Invalid) as missing:
        quotations.decide("fin1", record_id)
    assert missing.value.problems[0].code == "workflow.field_required"
    quotations.decide("fin1", record_id, values={"cost_check": "by its old name"})

    assert quotations.values(record_id)["costing"] == "by its old name"
    quotations.decide("engineer", record_id, values={"feasibility_note": "x"})
    assert quotations.state(record_id) == "gm"


def test_nothing_is_ever_stuck(quotations: Quotations) -> None:
    for amount in ("30000.00", "300000.00", "620000.00"):
        quotations.submitted(amount)

    assert quotations.query(lambda work: lists.stuck(work.connection)) == []


def test_an_imported_record_is_taken_to_have_come_the_usual_way(quotations: Quotations) -> None:
    record_id = quotations.draft("30000.00")
    with quotations.database.work(SYSTEM, clock=quotations.clock) as work:
        records.write_system(work, APP, "quotation", record_id, {"approval_status": "approved"}, cause="import")

    standing = quotations.standing(record_id)

    assert (standing.state, standing.is_final, standing.instance_id) == ("approved", True, None)
    assert [(step["key"], step["is"]) for step in standing.path] == [("draft", "done"), ("approved", "good")]


def test_the_standing_tells_a_page_what_to_offer(quotations: Quotations) -> None:
    draft = quotations.draft("620000.00")
    standing = quotations.standing(draft, "sales")
    assert [(move.name, move.confirm) for move in standing.transitions] == [("submit", False), ("discard", True)]
    assert standing.transitions[0].require == ("customer", "amount", "payment_terms", "lead_engineer")
    assert [step["key"] for step in standing.path] == ["draft", "manager_big", "countersign", "gm", "approved"]
    assert standing.path[2]["note"].count(",") == 2
    assert standing.my_task is None

    quotations.fire("sales", draft, "submit")
    quotations.decide("manager", draft)
    standing = quotations.standing(draft, "fin1")
    assert standing.task_fields == {"cost_check"}
    assert set(standing.decisions) == {"approve", "reject", "return", "transfer", "comment"}
    assert standing.asks(standing.my_task, "approve").require == ("cost_check",)
    assert standing.asks(standing.my_task, "reject").comment_required
    assert [target["key"] for target in standing.asks(standing.my_task, "return").return_to] == ["initiator", "manager_big"]
    assert quotations.standing(draft, "sales").can_remind
    with quotations.work("fin1", writes=False) as work:
        described = workflow.standing_json(work, APP, "quotation", draft)
        assert described["label"] == "Finance and engineering countersign"
        assert workflow.describe(work, APP, "account", quotations.customer or "") is None
        assert workflow.inbox_json(work)[0]["waiting"] == 3
