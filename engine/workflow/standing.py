"""What pages and programs are told about a record's place in its workflow: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.model import Text


@dataclass(frozen=True)
class Asks:
    """What a move or a decision asks for: fields, a comment, whereto, how to go on.

    `return_to` lists {"key", "label"}; `resume` is "ask" where who returns chooses between "rerun"
    and "direct".
    """

    require: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()
    comment_required: bool = False
    return_to: tuple[Mapping[str, Any], ...] = ()
    resume: str | None = None


@dataclass(frozen=True)
class Move(Asks):
    """A move that the actor may make now. `choices` lists person rules from which to choose people;
    `targets` are the statuses that the record may have right after it, more than one where the
    workflow then chooses."""

    name: str = ""
    label: Text = ""
    confirm: bool = False
    choices: tuple[Mapping[str, Any], ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def needs_comment(self) -> bool:
        return self.comment_required


@dataclass(frozen=True)
class Seat:
    """A chair at the current step; `user` is None for one of the administrators."""

    id: UUID
    user: UUID | None
    name: str
    status: str
    since: datetime | None = None
    due: datetime | None = None
    via: str = "rule"
    comment: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """Where a record stands and what the actor may do about it.

    `tasks` are the open chairs, `seats` all of the current step; `my_task` is the actor's own.
    `path` lists the steps taken and ahead as {"is": done|current|ahead|good|bad, "key", "label",
    "note"} in the actor's language. `editable_fields` is None where no workflow restricts changes,
    else the fields that may be changed; `task_fields` are those of the actor's task, `hidden_fields`
    those that the step leaves off the page.
    """

    workflow: str
    name: Text
    state: str
    label: Text
    status: str | None
    colour: str
    is_final: bool
    outcome: str | None
    round: int
    instance_id: UUID | None
    initiator: UUID | None
    initiator_name: str
    transitions: tuple[Move, ...] = ()
    tasks: tuple[Seat, ...] = ()
    seats: tuple[Seat, ...] = ()
    my_task: UUID | None = None
    decisions: Mapping[str, Asks] = field(default_factory=dict)
    can_withdraw: bool = False
    can_remind: bool = False
    can_copy: bool = False
    path: tuple[Mapping[str, Any], ...] = ()
    editable_fields: frozenset[str] | None = None
    task_fields: frozenset[str] = frozenset()
    hidden_fields: frozenset[str] = frozenset()
    locked: bool = False

    @property
    def can_return(self) -> bool:
        return "return" in self.decisions

    @property
    def can_transfer(self) -> bool:
        return "transfer" in self.decisions

    def asks(self, task: object, decision: str) -> Asks:
        """What a decision on the actor's task asks for."""
        is_mine = self.my_task is not None and str(task) == str(self.my_task)
        return self.decisions.get(decision, Asks()) if is_mine else Asks()
