"""The audit trail: written with the work, read by administrators, never changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from engine import audit
from engine.kernel.actor import Actor, system_actor
from engine.kernel.changes import Change
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Forbidden
from engine.storage import Database

BOSS = Actor(UUID(int=1), "Boss", is_admin=True)
LI = Actor(UUID(int=2), "Li")
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def written(database: Database, count: int) -> None:
    clock = SteppedClock(AT)
    for number in range(count):
        actor = BOSS if number % 2 else LI
        with database.work(actor, clock=clock) as work:
            audit.write(
                work, "user.changed" if number % 3 else "app.published", app="crm", subject=str(number),
                details={"number": number},
            )
        clock.advance(timedelta(hours=1))


def test_entries_come_by_pages_the_newest_first(database: Database) -> None:
    written(database, 7)

    with database.work(BOSS, writes=False) as work:
        first = audit.list_entries(work, limit=3)
        second = audit.list_entries(work, before=first.before, limit=3)
        last = audit.list_entries(work, before=second.before, limit=3)
    assert [entry.subject for page in (first, second, last) for entry in page.entries] == list("6543210")
    assert last.before is None
    newest = first.entries[0]
    assert (newest.actor_id, newest.actor_name, newest.details) == (LI.user_id, "Li", {"number": 6})


@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        (audit.Filter(action="app.published"), "630"),
        (audit.Filter(action="app"), "630"),
        (audit.Filter(action="ap"), ""),
        (audit.Filter(action="%"), ""),
        (audit.Filter(actor_id=BOSS.user_id), "531"),
        (audit.Filter(subject="4"), "4"),
        (audit.Filter(app="hr"), ""),
        (audit.Filter(app="crm", since=AT + timedelta(hours=2), until=AT + timedelta(hours=4)), "32"),
    ],
)
def test_entries_can_be_looked_for(database: Database, wanted: audit.Filter, subjects: str) -> None:
    written(database, 7)

    with database.work(BOSS, writes=False) as work:
        assert [entry.subject for entry in audit.list_entries(work, wanted).entries] == list(subjects)


def test_only_administrators_read_it(database: Database) -> None:
    with database.work(system_actor("command_line"), writes=False) as work:
        assert audit.list_entries(work).entries == ()
    for actor in (LI, Actor(None, "")):
        with pytest.raises(Forbidden), database.work(actor, writes=False) as work:
            audit.list_entries(work)


def test_what_is_undone_is_not_in_it(database: Database) -> None:
    work = database.work(BOSS)
    work.__enter__()
    audit.write(work, "user.changed")
    work.__exit__(KeyError, KeyError(), None)  # as if something had failed

    with database.work(BOSS, writes=False) as reading:
        assert audit.list_entries(reading).entries == ()


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_it(database: Database, statement: str) -> None:
    written(database, 1)

    with pytest.raises(sa.exc.DBAPIError) as error, database.work(BOSS) as work:
        work.connection.exec_driver_sql(statement)
    assert "the audit trail only grows" in str(error.value)
    with database.work(BOSS, writes=False) as work:
        assert [entry.action for entry in audit.list_entries(work).entries] == ["app.published"]


def test_what_an_administrator_does_to_records_is_noted(database: Database) -> None:
    by_hand = Change("crm", "quotation", uuid4(), "changed", {"amount": 1}, {"amount": 2, "title": "x"}, rev=3)
    by_workflow = Change("crm", "quotation", uuid4(), "changed", cause="workflow")

    for actor in (BOSS, LI, system_actor("sla")):
        with database.work(actor) as work:
            audit.note_administrators(work, (by_hand, by_workflow))
    with database.work(BOSS, writes=False) as work:
        (entry,) = audit.list_entries(work).entries
    assert (entry.action, entry.subject) == ("record.changed", f"quotation/{by_hand.record_id}")
    assert entry.details == {"rev": 3, "fields": ["amount", "title"]}


def test_many_records_at_once_are_one_entry(database: Database) -> None:
    created = [Change("crm", "lead", uuid4(), "created") for _ in range(21)]

    with database.work(BOSS) as work:
        audit.note_administrators(work, created)
    with database.work(BOSS, writes=False) as work:
        (entry,) = audit.list_entries(work).entries
    assert (entry.action, entry.subject, entry.details) == ("record.created", "lead", {"count": 21})
