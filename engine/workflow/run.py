"""One instance under way, in memory: what the machine changes and the store keeps.

Plain data. Nothing here knows the database; the store compares a Run with what it loaded and writes
the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

OPEN = ("open", "waiting")
APPROVED = ("approved", "auto_approved")
DECIDED = ("approved", "rejected", "returned")
LEFT = ("transferred", "removed", "not_needed")


@dataclass
class Visit:
    """One entry into a state. Entering again makes another visit with a higher number."""

    id: UUID
    state: str
    number: int
    round: int
    opened_at: datetime
    closed_at: datetime | None = None
    result: str | None = None


@dataclass
class Slot:
    """One chair at a step. Slots with one `position` share a seat: either answer fills it.

    `user_id` None is a chair for the administrators. `status` is waiting, open, approved, rejected,
    returned, auto_approved, skipped, removed, transferred or not_needed; an open slot is a task.
    """

    id: UUID
    visit_id: UUID
    user_id: UUID | None
    groups: tuple[str, ...]
    position: int
    status: str
    weight: int = 1
    via: str = "rule"
    on_behalf_of: UUID | None = None
    comment: str | None = None
    record_rev: int | None = None
    opened_at: datetime | None = None
    decided_at: datetime | None = None
    due_at: datetime | None = None


@dataclass
class Timer:
    """One occurrence of a timer rule within a visit: armed, fired or cancelled."""

    id: UUID
    visit_id: UUID
    key: str
    occurrence: int
    fire_at: datetime
    status: str = "armed"


@dataclass(frozen=True)
class Event:
    """Something that happened, to be appended to the instance's timeline."""

    kind: str
    state: str
    via: str
    details: Mapping[str, Any]
    actor_id: UUID | None
    actor_name: str


@dataclass(frozen=True)
class Approval:
    """Who approved which visit, and what the watched fields held then."""

    user_id: UUID
    state: str
    visit: int
    watched: Mapping[str, Any]

    def dump(self) -> dict[str, Any]:
        return {
            "user": str(self.user_id), "state": self.state, "visit": self.visit,
            "watched": dict(self.watched),
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Approval:
        return cls(UUID(stored["user"]), stored["state"], stored["visit"], stored["watched"])


@dataclass(frozen=True)
class Step:
    """One stop on the path taken."""

    state: str
    visit: int

    def dump(self) -> list[Any]:
        return [self.state, self.visit]


@dataclass(frozen=True)
class Frame:
    """A return that wants to come straight back: to which step, for whom, unless what changed."""

    step: str
    target: str
    returner: UUID | None
    direct_to: str
    watched: Mapping[str, Any]
    path: tuple[Step, ...]
    approvals: tuple[Approval, ...]

    def dump(self) -> dict[str, Any]:
        return {
            "step": self.step, "target": self.target, "direct_to": self.direct_to,
            "returner": str(self.returner) if self.returner else None,
            "watched": dict(self.watched),
            "path": [step.dump() for step in self.path],
            "approvals": [approval.dump() for approval in self.approvals],
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Frame:
        return cls(
            stored["step"], stored["target"],
            UUID(stored["returner"]) if stored["returner"] else None,
            stored["direct_to"], stored["watched"],
            tuple(Step(*step) for step in stored["path"]),
            tuple(Approval.load(approval) for approval in stored["approvals"]),
        )


@dataclass
class Memory:
    """What an instance must remember beyond its place: kept as JSON with the instance.

    `path` holds the stops of this round without detours, `approvals` those that still count.
    `is_submitted` says that a round is under way, `has_asked` that it reached an approval,
    `has_decision` that a person has decided in it, `is_repeat` that the next submission makes a
    new round. `submission` is the state and transition that began the round.
    """

    visits: int = 0
    path: list[Step] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    returns: dict[str, int] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    is_submitted: bool = False
    has_asked: bool = False
    has_decision: bool = False
    is_repeat: bool = False
    submission: tuple[str, str] | None = None
    submitted_at: datetime | None = None
    reminded_at: datetime | None = None
    frame: Frame | None = None

    def dump(self) -> dict[str, Any]:
        """The memory as a JSON value."""
        return {
            "visits": self.visits,
            "path": [step.dump() for step in self.path],
            "approvals": [approval.dump() for approval in self.approvals],
            "returns": dict(self.returns),
            "people": {key: list(people) for key, people in self.people.items()},
            "is_submitted": self.is_submitted,
            "has_asked": self.has_asked,
            "has_decision": self.has_decision,
            "is_repeat": self.is_repeat,
            "submission": list(self.submission) if self.submission else None,
            "submitted_at": self.submitted_at.isoformat() if self.submitted_at else None,
            "reminded_at": self.reminded_at.isoformat() if self.reminded_at else None,
            "frame": self.frame.dump() if self.frame else None,
        }

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Memory:
        """The memory out of its JSON value."""
        submission = stored["submission"]
        return cls(
            visits=stored["visits"],
            path=[Step(*step) for step in stored["path"]],
            approvals=[Approval.load(item) for item in stored["approvals"]],
            returns=dict(stored["returns"]),
            people={key: list(people) for key, people in stored["people"].items()},
            is_submitted=stored["is_submitted"],
            has_asked=stored["has_asked"],
            has_decision=stored["has_decision"],
            is_repeat=stored["is_repeat"],
            submission=(submission[0], submission[1]) if submission else None,
            submitted_at=_moment(stored["submitted_at"]),
            reminded_at=_moment(stored["reminded_at"]),
            frame=Frame.load(stored["frame"]) if stored["frame"] else None,
        )


@dataclass
class Run:
    """An instance with its current visit, that visit's slots and timers, and the events to append.

    `visits`, `slots` and `timers` also keep what earlier steps of the same command touched, so that
    one save writes everything. `hash` is that of the newest event, if it is known.
    """

    id: UUID
    record_id: UUID
    state: str
    initiator_id: UUID | None
    started_at: datetime
    round: int = 1
    version: int = 0
    seq: int = 0
    outcome: str | None = None
    ended_at: datetime | None = None
    memory: Memory = field(default_factory=Memory)
    visits: list[Visit] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    hash: str | None = None

    @property
    def visit(self) -> Visit:
        """The current visit: the one with the highest number."""
        return max(self.visits, key=lambda visit: visit.number)

    @property
    def seats(self) -> list[Slot]:
        """The slots of the current visit, in order."""
        current = self.visit.id
        return sorted(
            (slot for slot in self.slots if slot.visit_id == current),
            key=lambda slot: slot.position,
        )

    @property
    def open_slots(self) -> list[Slot]:
        """The tasks of the current visit."""
        return [slot for slot in self.seats if slot.status == "open"]

    @property
    def armed(self) -> list[Timer]:
        """Timers that are still to fire."""
        return [timer for timer in self.timers if timer.status == "armed"]

    @property
    def is_ended(self) -> bool:
        return self.ended_at is not None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
