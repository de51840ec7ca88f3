"""The worked example in a database: the sales app, its people, and quotations on their way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from engine import records, workflow
from engine.accounts import create_user, find_actor
from engine.jobs import Worker
from engine.kernel.actor import Actor, system_actor
from engine.kernel.clock import SteppedClock
from engine.publishing import create_app, publish, put_document
from engine.storage import Database, Work

APP = "sales"
SYSTEM = system_actor("tests")
DOCUMENTS = Path(__file__).parents[1] / "definitions_accepted" / "quotation_approval.json"
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

PEOPLE: dict[str, dict[str, Any]] = {
    # login: manager and roles
    "root": {"is_admin": True},
    "boss": {"roles": ["general_manager"]},
    "director": {"manager": "boss", "roles": ["sales_director"]},
    "manager": {"manager": "director", "roles": ["sales"]},
    "sales": {"manager": "manager", "roles": ["sales"]},
    "fin1": {"manager": "boss", "roles": ["finance_controller"]},
    "fin2": {"manager": "boss", "roles": ["finance_controller"]},
    "engineer": {"manager": "boss", "roles": []},
    "desk": {"roles": ["order_desk"]},
    "stranger": {"roles": []},
}


def documents() -> list[dict[str, Any]]:
    """All documents of the worked example, fresh."""
    found: list[dict[str, Any]] = json.loads(DOCUMENTS.read_text())
    return found


def the_workflow(**changes: Any) -> dict[str, Any]:
    """The workflow's document with changes to its top level."""
    document = next(item for item in documents() if item["kind"] == "workflow")
    return {**document, **changes}


@dataclass
class Quotations:
    """A database with the worked example, and short words for what people do in it."""

    database: Database
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(MORNING))
    ids: dict[str, UUID] = field(default_factory=dict)
    customer: UUID | None = None

    def prepare(self, *replaced: Mapping[str, Any]) -> Quotations:
        """Publish the app (with some documents replaced), create the people and a customer."""
        self.listen()
        self.publish(*documents_with(*replaced))
        with self.database.work(SYSTEM, clock=self.clock) as work:
            for login, about in PEOPLE.items():
                manager = about.get("manager")
                self.ids[login] = create_user(
                    work, login, login.title(), email=f"{login}@example.com",
                    is_admin=about.get("is_admin", False),
                    manager=self.ids[manager] if manager else None, roles={APP: about.get("roles", [])},
                )
        with self.work("sales") as work:
            values = {"name": "Acme", "level": "gold"}
            self.customer = records.create_record(work, APP, "account", values).id
        return self

    def listen(self) -> None:
        """Follow changes up, as the engine does."""
        self.database.reactions = (records.react, workflow.react)

    def publish(self, *items: Mapping[str, Any]) -> int:
        """Put documents into the draft and publish."""
        with self.database.work(SYSTEM, clock=self.clock) as work:
            for item in items:
                if item["kind"] == "app" and not self.ids:
                    create_app(work, item)
                else:
                    put_document(work, APP, item)
        with self.database.work(SYSTEM, clock=self.clock) as work:
            return publish(work, APP, "")

    def actor(self, login: str) -> Actor:
        with self.database.work(SYSTEM, clock=self.clock, writes=False) as work:
            return find_actor(work, self.ids[login])

    def work(self, login: str, *, writes: bool = True) -> Work:
        """A unit of work for a person."""
        return self.database.work(self.actor(login), clock=self.clock, writes=writes)

    def pass_time(self, **step: float) -> None:
        self.clock.advance(timedelta(**step))

    def run_jobs(self, *kinds: str) -> int:
        """What the worker would do now: due timers, then whatever was queued of these kinds."""
        worker = Worker(self.database, clock=self.clock, find_actor=find_actor)
        worker.prepare()
        return worker.run_due()

    # what people do ------------------------------------------------------------------------------

    def draft(self, amount: str, login: str = "sales", **values: Any) -> UUID:
        with self.work(login) as work:
            given = {
                "customer": self.customer, "amount": amount, "payment_terms": "net30",
                "lead_engineer": self.ids["engineer"], **values,
            }
            return records.create_record(work, APP, "quotation", given).id

    def submitted(self, amount: str) -> UUID:
        record_id = self.draft(amount)
        self.fire("sales", record_id, "submit")
        return record_id

    def fire(self, login: str, record_id: UUID, name: str, **more: Any) -> workflow.Answer:
        with self.work(login) as work:
            return workflow.fire_transition(work, APP, "quotation", record_id, name, **more)

    def task(self, login: str, record_id: UUID) -> UUID:
        """The person's open task on a record."""
        with self.work(login, writes=False) as work:
            return next(item.id for item in workflow.inbox(work) if item.record_id == record_id)

    def decide(self, login: str, record_id: UUID, decision: str = "approve", **more: Any) -> workflow.Answer:
        task = self.task(login, record_id)
        with self.work(login) as work:
            return workflow.decide(work, task, decision, **more)

    def change(self, login: str, record_id: UUID, **values: Any) -> None:
        with self.work(login) as work:
            records.change_record(work, APP, "quotation", record_id, values)

    # what is there -------------------------------------------------------------------------------

    def values(self, record_id: UUID) -> Mapping[str, Any]:
        with self.database.work(SYSTEM, clock=self.clock, writes=False) as work:
            return records.get_record(work, APP, "quotation", record_id).values

    def standing(self, record_id: UUID, login: str = "root") -> workflow.Standing:
        with self.work(login, writes=False) as work:
            found = workflow.describe(work, APP, "quotation", record_id)
            assert found is not None
            return found

    def state(self, record_id: UUID) -> str:
        return self.standing(record_id).state

    def waiting(self, record_id: UUID) -> list[str]:
        """Names of those who have to act."""
        return sorted(seat.name.lower() for seat in self.standing(record_id).tasks)

    def events(self, record_id: UUID) -> list[str]:
        with self.work("root", writes=False) as work:
            return [event.kind for event in workflow.timeline(work, APP, "quotation", record_id, details=True)]

    def jobs(self, kind: str) -> list[dict[str, Any]]:
        """Payloads of queued jobs of a kind."""
        from engine.jobs import list_jobs

        with self.database.work(SYSTEM, clock=self.clock, writes=False) as work:
            return [dict(job.payload) for job in list_jobs(work, kind=kind, limit=200)]

    def query(self, ask: Callable[[Work], Any]) -> Any:
        with self.database.work(SYSTEM, clock=self.clock, writes=False) as work:
            return ask(work)


def documents_with(*replaced: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The documents, some replaced by others of the same kind and key."""
    changed = {(item["kind"], item["key"]): item for item in replaced}
    return [changed.get((item["kind"], item["key"]), item) for item in documents()]
