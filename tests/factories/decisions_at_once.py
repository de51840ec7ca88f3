"""Two commands at the same moment on the same instance: the scenarios of guarantee R1.

Each trial brings a record to where two people meet, lets both go from behind a barrier, and looks at
what came of it. Used by the tests (a few trials) and by benchmarks/two_decisions.py (thousands).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine import records, workflow
from engine.accounts import create_user, find_actor
from engine.jobs import list_jobs
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Conflict
from engine.storage import Database
from engine.workflow.store import lists
from tests.factories.small_app import (
    APP,
    SYSTEM,
    a_field,
    a_role,
    an_app,
    an_entity,
    publish_documents,
    uid_of,
)

PEOPLE = ("initiator", "ann", "ben", "cat")
_STATUSES = ("draft", "asking", "yes", "no")
_START = datetime(2026, 11, 24, 8, tzinfo=UTC)


def documents() -> list[dict[str, Any]]:
    """One entity for each kind of step, each with a workflow of one step for Ann and Ben."""
    entities = [_entity("any_one", "any"), _entity("every_one", "all")]
    grants = {entity["key"]: {"read": "all", "create": True, "change": "all", "remove": "all"} for entity, _ in entities}
    found: list[dict[str, Any]] = [
        an_app(webhooks={"done": {"label": "Done", "url": "https://example.com/done"}}), a_role("staff", grants),
    ]
    for pair in entities:
        found += pair
    return found


def _entity(key: str, mode: str) -> tuple[dict[str, Any], dict[str, Any]]:
    options = {"options": [{"key": status, "label": status} for status in _STATUSES]}
    entity = an_entity(
        key, a_field("name", uid=uid_of(f"{key}/name")), a_field("status", "choice", uid=uid_of(f"{key}/status"), options=options)
    )
    step = {
        "type": "approval", "status": "asking", "label": "Asking",
        "participants": [{"rule": "ann"}, {"rule": "ben"}], "decide": {"mode": mode, "reject_at": "first"},
        "timers": [{"id": "late", "after": "PT1H", "do": "reject"}],
        "outcomes": {"approved": {"to": "yes"}, "rejected": {"to": "no"}},
    }
    final = {"type": "final", "enter": [{"webhook": "done"}]}
    document = {
        "kind": "workflow", "key": f"{key}_flow", "uid": uid_of(f"{key}/flow"), "schema": 1,
        "dsl": "formwork.workflow/1", "label": key, "entity": key, "status_field": "status", "initial": "draft",
        "rules": {name: {"kind": "user", "value": name} for name in ("ann", "ben")},
        "states": {
            "draft": {
                "type": "input", "status": "draft", "label": "Draft",
                "transitions": [{"on": "submit", "to": "ask", "by": ["initiator"]}],
            },
            "ask": step,
            "yes": {**final, "outcome": "approved", "status": "yes", "label": "Yes"},
            "no": {**final, "outcome": "rejected", "status": "no", "label": "No"},
        },
        "record": {"lock": "all", "open_fields": ["name"]},
        "global": [{"on": "withdraw", "to": "draft", "by": ["initiator"], "until": "first_decision"}],
    }
    return entity, document


@dataclass
class Outcome:
    """What came of one trial."""

    successes: int
    conflicts: int
    state: str
    effects: int


@dataclass
class Arena:
    """A database prepared for trials."""

    database: Database
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(_START))
    people: dict[str, Actor] = field(default_factory=dict)

    def prepare(self) -> Arena:
        self.database.reactions = (records.react, workflow.react)
        publish_documents(self.database, *documents())
        with self.database.work(SYSTEM) as work:
            ids = {name: create_user(work, name, name.title(), roles={APP: ["staff"]}) for name in PEOPLE}
        with self.database.work(SYSTEM, writes=False) as work:
            self.people = {name: find_actor(work, id_) for name, id_ in ids.items()}
        return self

    def draft(self, entity: str) -> UUID:
        with self.database.work(self.people["initiator"], clock=self.clock) as work:
            return records.create_record(work, APP, entity, {"name": "x"}).id

    def submitted(self, entity: str) -> UUID:
        record_id = self.draft(entity)
        self.move("initiator", entity, record_id, "submit")
        return record_id

    def task(self, name: str, record_id: UUID) -> UUID:
        with self.database.work(self.people[name], clock=self.clock, writes=False) as work:
            return next(item.id for item in workflow.inbox(work) if item.record_id == record_id)

    def move(self, name: str, entity: str, record_id: UUID, move: str) -> None:
        with self.database.work(self.people[name], clock=self.clock) as work:
            workflow.fire_transition(work, APP, entity, record_id, move)

    def decide(self, name: str, task: UUID, decision: str, **more: Any) -> None:
        with self.database.work(self.people[name], clock=self.clock) as work:
            workflow.decide(work, task, decision, **more)

    def fire_timers(self) -> None:
        """The deadline; counts as a conflict when it found nothing to do."""
        sla = system_actor("sla")
        with self.database.work(sla, clock=self.clock, writes=False) as work:
            due = lists.due_timers(work.connection, work.now, 10)
        fired = []
        for timer in due:
            with self.database.work(sla, clock=self.clock) as work:
                fired.append(workflow.fire_timer(work, timer))
        if not any(fired):
            raise Conflict

    def result(self, entity: str, record_id: UUID, successes: int, conflicts: int) -> Outcome:
        """Where the record stands, after checking what must hold in any case."""
        with self.database.work(SYSTEM, clock=self.clock, writes=False) as work:
            standing = workflow.describe(work, APP, entity, record_id)
            assert standing is not None
            if standing.instance_id:
                assert workflow.broken_links(work, standing.instance_id) == []
            assert lists.stuck(work.connection) == []
            status = records.get_record(work, APP, entity, record_id).values["status"]
            assert status == standing.status
            jobs = [job for job in list_jobs(work, kind="webhook.send", limit=200) if job.payload["data"]["id"] == str(record_id)]
            opened = lists.open_on_record(work.connection, record_id)
        assert opened == (0 if standing.is_final else 1)
        return Outcome(successes, conflicts, standing.state, len(jobs))


Pair = tuple[Callable[[], None], Callable[[], None]]


def at_once(pair: Pair) -> tuple[int, int]:
    """Both calls from behind a barrier: how many succeeded, and how many met a conflict.

    Any other error is a failure of the trial and is raised.
    """
    barrier = threading.Barrier(2)

    def run(call: Callable[[], None]) -> None:
        barrier.wait()
        call()

    calls = random.sample(pair, 2)  # whoever comes to the barrier last tends to go first
    with ThreadPoolExecutor(2) as pool:
        errors = [future.exception() for future in [pool.submit(run, call) for call in calls]]
    for error in errors:
        if error is not None and not isinstance(error, Conflict):
            raise error
    conflicts = sum(error is not None for error in errors)
    return 2 - conflicts, conflicts


def approve_approve_any(arena: Arena) -> Outcome:
    """Two approvals where one is enough: one counts, the other is late."""
    record_id = arena.submitted("any_one")
    ann, ben = arena.task("ann", record_id), arena.task("ben", record_id)
    counted = at_once((lambda: arena.decide("ann", ann, "approve"), lambda: arena.decide("ben", ben, "approve")))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) == (1, "yes", 1), found
    return found


def approve_reject_any(arena: Arena) -> Outcome:
    """Yes and no where the first answer decides: one of the two, never both."""
    record_id = arena.submitted("any_one")
    ann, ben = arena.task("ann", record_id), arena.task("ben", record_id)
    counted = at_once((lambda: arena.decide("ann", ann, "approve"), lambda: arena.decide("ben", ben, "reject")))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.effects) == (1, 1), found
    assert found.state in ("yes", "no")
    return found


def last_two_of_all(arena: Arena) -> Outcome:
    """The last two approvals of a countersign: both count, and the step ends once."""
    record_id = arena.submitted("every_one")
    ann, ben = arena.task("ann", record_id), arena.task("ben", record_id)
    counted = at_once((lambda: arena.decide("ann", ann, "approve"), lambda: arena.decide("ben", ben, "approve")))
    found = arena.result("every_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) == (2, "yes", 1), found
    return found


def approve_withdraw(arena: Arena) -> Outcome:
    """An approval against the initiator's withdrawal."""
    record_id = arena.submitted("any_one")
    ann = arena.task("ann", record_id)
    counted = at_once((
        lambda: arena.decide("ann", ann, "approve"),
        lambda: arena.move("initiator", "any_one", record_id, "withdraw"),
    ))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) in ((1, "yes", 1), (1, "draft", 0)), found
    return found


def approve_timer(arena: Arena) -> Outcome:
    """An approval against the deadline that says no."""
    record_id = arena.submitted("any_one")
    ann = arena.task("ann", record_id)
    arena.clock.advance(timedelta(hours=1))
    counted = at_once((lambda: arena.decide("ann", ann, "approve"), arena.fire_timers))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.effects) == (1, 1), found
    assert found.state in ("yes", "no")
    return found


def approve_transfer(arena: Arena) -> Outcome:
    """The same task approved in one window and transferred in another."""
    record_id = arena.submitted("any_one")
    ann, cat = arena.task("ann", record_id), arena.people["cat"].user_id
    counted = at_once((
        lambda: arena.decide("ann", ann, "approve"), lambda: arena.decide("ann", ann, "transfer", to=cat),
    ))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) in ((1, "yes", 1), (1, "ask", 0)), found
    if found.state == "ask":  # leave no open timer behind for the next trial
        arena.decide("cat", arena.task("cat", record_id), "approve")
    return found


def approve_edit(arena: Arena) -> Outcome:
    """An approval while somebody writes an open field: both happen, and neither waits for ever."""
    record_id = arena.submitted("any_one")
    ann = arena.task("ann", record_id)

    def edit() -> None:
        with arena.database.work(arena.people["initiator"], clock=arena.clock) as work:
            records.change_record(work, APP, "any_one", record_id, {"name": "y"})

    counted = at_once((lambda: arena.decide("ann", ann, "approve"), edit))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) == (2, "yes", 1), found
    return found


def submit_submit(arena: Arena) -> Outcome:
    """Two first submissions of one record: one instance."""
    record_id = arena.draft("any_one")
    pair = (
        lambda: arena.move("initiator", "any_one", record_id, "submit"),
        lambda: arena.move("initiator", "any_one", record_id, "submit"),
    )
    found = arena.result("any_one", record_id, *at_once(pair))
    assert (found.successes, found.state) == (1, "ask"), found
    arena.decide("ann", arena.task("ann", record_id), "approve")
    return found


def one_key_twice(arena: Arena) -> Outcome:
    """One request sent twice at once under one key: one effect, and both get the answer."""
    record_id = arena.submitted("any_one")
    ann = arena.task("ann", record_id)
    key = str(record_id)
    counted = at_once((
        lambda: arena.decide("ann", ann, "approve", key=key), lambda: arena.decide("ann", ann, "approve", key=key),
    ))
    found = arena.result("any_one", record_id, *counted)
    assert (found.successes, found.state, found.effects) == (2, "yes", 1), found
    return found


SCENARIOS: dict[str, Callable[[Arena], Outcome]] = {
    "approve / approve, any": approve_approve_any,
    "approve / reject, any": approve_reject_any,
    "last two approvals, all": last_two_of_all,
    "approve / withdraw": approve_withdraw,
    "approve / timer": approve_timer,
    "approve / transfer": approve_transfer,
    "approve / edit": approve_edit,
    "submit / submit": submit_submit,
    "one key twice": one_key_twice,
}
