"""States and options that go while records hold them: mapped in the publish, or by a job; nothing is stranded."""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine import records, workflow
from engine.jobs import Worker
from engine.kernel.errors import Conflict, Invalid
from engine.publishing import moving, publish, put_document
from engine.publishing.publish import Seen, check
from engine.publishing.store import list_apps
from engine.storage.system_tables import wf_instance
from tests.factories.quotations import APP, SYSTEM, Quotations, documents, the_workflow

STATE = "state/quotation_approval/"


@pytest.fixture
def quotations(database: Any) -> Quotations:
    return Quotations(database).prepare()


def without_state(key: str, instead: str) -> dict[str, Any]:
    """The worked example's workflow without a state; what led there leads elsewhere."""
    document = copy.deepcopy(the_workflow())
    del document["states"][key]
    text = repr(document["states"]).replace(f"'to': '{key}'", f"'to': '{instead}'")
    document["states"] = eval(text)
    for state in document["states"].values():
        if "return" in state:
            state["return"]["to"] = [name for name in state["return"]["to"] if name != key]
    document["global"] = [{**move, "from": [name for name in move.get("from", ()) if name != key]} for move in document["global"]]
    document.pop("examples", None)
    document.pop("constraints", None)
    return document


def put(world: Quotations, *items: dict[str, Any]) -> None:
    with world.database.work(SYSTEM, clock=world.clock) as work:
        for item in items:
            put_document(work, APP, item)


def release(world: Quotations, mapping: dict[str, Any] | None = None, login: str = "root") -> int:
    with world.work(login) as work:
        return publish(work, APP, "", mapping=mapping)


def pinned(world: Quotations, record_id: UUID) -> int:
    return world.query(lambda work: work.connection.scalar(
        sa.select(wf_instance.c.release).where(wf_instance.c.record_id == record_id, wf_instance.c.ended_at.is_(None))))


def test_an_old_approval_ends_on_the_old_release_while_a_new_one_takes_the_new_way(quotations: Quotations) -> None:
    old = quotations.submitted("100000.00")
    put(quotations, without_state("manager", "manager_big"))

    release(quotations, {f"{STATE}manager": "@stay"})
    new = quotations.submitted("100001.00")

    assert quotations.state(new) == "manager_big"
    assert quotations.state(old) == "manager"
    assert quotations.decide("manager", old).state == "approved"
    assert pinned(quotations, new) == 2


def test_a_run_is_moved_to_the_state_chosen_for_it(quotations: Quotations) -> None:
    record_id = quotations.submitted("100000.00")
    put(quotations, without_state("manager", "manager_big"))

    release(quotations, {f"{STATE}manager": "manager_big"})

    assert quotations.state(record_id) == "manager_big"
    assert pinned(quotations, record_id) == 2
    assert quotations.waiting(record_id) == ["manager"]
    quotations.decide("manager", record_id)
    assert quotations.state(record_id) == "countersign"
    with quotations.work("root", writes=False) as work:
        told = [event.text("en") for event in workflow.timeline(work, APP, "quotation", record_id, details=True)]
        assert workflow.broken_links(work, workflow.describe(work, APP, "quotation", record_id).instance_id) == []
    assert any("Moved from “Sales manager” to “Sales manager” with a new release" in text for text in told)


def test_a_target_that_nobody_could_act_at_refuses_the_publish(quotations: Quotations) -> None:
    record_id = quotations.submitted("100000.00")
    document = without_state("manager", "manager_big")
    document["states"]["gm"]["policy"] = {**document["states"]["gm"].get("policy", {}), "on_empty": "refuse"}
    put(quotations, document)
    with quotations.work("root") as work:
        from engine.accounts import set_roles

        set_roles(work, quotations.ids["boss"], APP, [])

    with pytest.raises(Invalid) as caught:
        release(quotations, {f"{STATE}manager": "gm"})

    assert caught.value.problems[0].code == "publishing.cannot_move"
    assert quotations.state(record_id) == "manager"
    assert quotations.query(lambda work: work.release_number(APP)) == 1


def test_records_whose_status_goes_must_have_a_place(quotations: Quotations) -> None:
    record_id = quotations.draft("1000.00")
    quotations.fire("sales", record_id, "discard")
    put(quotations, without_state("cancelled", "rejected"))

    with pytest.raises(Invalid) as caught:
        release(quotations, {})
    assert [problem.code for problem in caught.value.problems] == ["publishing.state_needs_place"]
    with pytest.raises(Invalid):
        release(quotations, {f"{STATE}cancelled": "@stay"})
    with pytest.raises(Invalid):
        release(quotations, {f"{STATE}cancelled": "nowhere"})
    release(quotations, {f"{STATE}cancelled": "rejected"})

    assert quotations.values(record_id)["approval_status"] == "rejected"
    assert quotations.state(record_id) == "rejected"


def test_many_records_are_moved_by_a_job_that_can_be_repeated(quotations: Quotations, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    monkeypatch.setattr(moving, "_CHUNK", 2)
    running = [quotations.submitted(f"10000{number}.00") for number in range(3)]
    cancelled = [quotations.draft(f"{number}.00") for number in range(3)]
    for record_id in cancelled:
        quotations.fire("sales", record_id, "discard")
    document = without_state("manager", "manager_big")
    del document["states"]["cancelled"]
    document["states"]["draft"]["transitions"] = [move for move in document["states"]["draft"]["transitions"] if move["to"] != "cancelled"]
    put(quotations, document)

    release(quotations, {f"{STATE}manager": "manager_big", f"{STATE}cancelled": "rejected"})
    assert quotations.state(running[0]) == "manager"  # not yet

    payload = quotations.jobs(moving.MOVE)[0]
    worker = Worker(quotations.database, clock=quotations.clock)
    worker.run_due()
    assert [quotations.state(record_id) for record_id in running] == ["manager_big"] * 3
    assert [quotations.values(record_id)["approval_status"] for record_id in cancelled] == ["rejected"] * 3
    with quotations.database.work(SYSTEM, clock=quotations.clock) as work:
        from engine.jobs import enqueue

        enqueue(work, moving.MOVE, payload)
    worker.run_due()
    assert [pinned(quotations, record_id) for record_id in running] == [2] * 3


def test_an_option_that_records_hold_is_replaced_or_cleared(quotations: Quotations) -> None:
    account = next(item for item in documents() if item["kind"] == "entity" and item["key"] == "account")
    field = next(item for item in account["fields"] if item["key"] == "level")
    keys = [option["key"] for option in field["options"]["options"]]
    other = next(key for key in keys if key != "gold")
    with quotations.work("root") as work:
        records.change_record(work, APP, "account", quotations.customer, {"level": other})
    left = [option for option in field["options"]["options"] if option["key"] != other]
    put(quotations, {**account, "fields": [item if item is not field else {**{key: value for key, value in field.items() if key != "default"}, "options": {**field["options"], "options": left}} for item in account["fields"]]})

    with pytest.raises(Invalid) as caught:
        release(quotations, {})
    assert caught.value.problems[0].path == ("mapping", f"option/account/level/{other}")
    release(quotations, {f"option/account/level/{other}": "gold"})

    with quotations.database.work(SYSTEM, writes=False) as work:
        assert records.get_record(work, APP, "account", quotations.customer).values["level"] == "gold"


def test_a_status_that_running_approvals_still_write_can_not_go(quotations: Quotations) -> None:
    quotations.submitted("100000.00")
    entity = copy.deepcopy(next(item for item in documents() if item["kind"] == "entity" and item["key"] == "quotation"))
    document = without_state("cancelled", "rejected")
    field = next(item for item in entity["fields"] if item["key"] == "approval_status")
    field["options"]["options"] = [option for option in field["options"]["options"] if option["key"] != "cancelled"]
    put(quotations, entity, document)

    with quotations.work("root", writes=False) as work:
        report = check(work, APP)
    blocking = [item for item in report.impact if item.level == "blocking"]
    assert [item.code for item in blocking] == ["publishing.status_in_use"]
    with pytest.raises(Invalid):
        release(quotations, {})


def test_who_published_or_edited_meanwhile_is_told(quotations: Quotations) -> None:
    with quotations.work("root", writes=False) as work:
        entry = next(entry for entry in list_apps(work) if entry.key == APP)
    seen = Seen(entry.release, entry.draft_rev)
    put(quotations, {**the_workflow(), "label": {"en": "Other", "zh-CN": "其他"}})
    with pytest.raises(Conflict) as caught, quotations.work("root") as work:
        publish(work, APP, "", seen=seen)
    assert caught.value.problems[0].code == "publishing.draft_changed_meanwhile"
    release(quotations)
    put(quotations, the_workflow())
    with pytest.raises(Conflict) as caught, quotations.work("root") as work:
        publish(work, APP, "", seen=seen)
    assert caught.value.problems[0].code == "publishing.released_meanwhile"
    assert caught.value.problems[0].values == {"number": 2, "name": "Root"}
