"""A workflow document as the interpreter reads it: typed, complete, with the defaults filled in.

The document's language is `formwork.workflow/1`. Expressions and action bodies stay as they are
written: evaluating and running them is the business of whoever hosts the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

Text = Mapping[str, str] | str
ActionBody = Mapping[str, Any]
StateType = Literal["input", "choice", "approval", "final"]


@dataclass(frozen=True)
class Edge:
    """Where to go, and what to do on the way."""

    to: str
    actions: tuple[ActionBody, ...] = ()


@dataclass(frozen=True)
class StepForm:
    """What the person at a step may and must fill in, and when a comment is asked for."""

    edit: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    comment: Literal["optional", "on_reject", "always"] = "optional"

    def joined(self, other: StepForm) -> StepForm:
        """Both together; the stricter comment rule wins."""
        order = ("optional", "on_reject", "always")
        comment = max(self.comment, other.comment, key=order.index)
        return StepForm(
            _union(self.edit, other.edit), _union(self.require, other.require),
            _union(self.hide, other.hide), comment,
        )

    @property
    def asks_for_fields(self) -> bool:
        """Is there anything to fill in? Then nobody may be skipped here."""
        return bool(self.edit or self.require)


@dataclass(frozen=True)
class Transition:
    """A move out of an input state that a person asks for by name."""

    name: str
    label: Text
    edge: Edge
    by: tuple[str, ...]
    when: str | None = None
    form: StepForm = StepForm()
    confirm: bool = False


@dataclass(frozen=True)
class GlobalMove:
    """Withdraw, recall and the like: a move out of any of several states."""

    name: str
    label: Text
    edge: Edge
    by: tuple[str, ...]
    sources: tuple[str, ...] = ()
    until: Literal["first_decision", "final"] = "final"
    when: str | None = None


@dataclass(frozen=True)
class Participant:
    """One line of an approval step: a person rule, the group it fills and its need."""

    rule: str
    group: str
    need: int = 1
    form: StepForm = StepForm()


@dataclass(frozen=True)
class Decide:
    """How many answers make a result. `needs` holds the approvals each group needs."""

    mode: Literal["any", "all", "sequential", "groups"] = "any"
    reject_at: Literal["first", "all", "impossible"] = "first"
    wait_for_all: bool = False
    needs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Policy:
    """What a step does with nobody, with the initiator, with repeated and with inactive people."""

    on_empty: Literal["refuse", "admin", "skip", "reject", "fallback"] = "admin"
    fallback: str | None = None
    on_initiator: Literal["allow", "skip", "manager", "department_head", "forbid"] = "manager"
    dedupe: Literal["none", "adjacent", "round"] = "none"
    on_inactive: Literal["manager", "admin", "skip", "keep"] = "manager"
    allow: frozenset[str] = frozenset({"transfer", "return", "cc", "comment"})
    binds_to_rev: bool = True
    remind_every: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class ReturnRule:
    """Whereto a step may be returned, and what happens once it has been mended."""

    to: tuple[str, ...]
    resume: Literal["rerun", "direct", "ask"] = "rerun"
    direct_to: Literal["returner", "step"] = "step"
    rerun_if_changed: tuple[str, ...] = ()
    limit: int | None = None
    on_limit: Literal["reject", "admin"] = "reject"


@dataclass(frozen=True)
class TimerRule:
    """Something that happens by itself after a while. `do` is one of remind, add, transfer,
    approve, reject and to; `target` is what it does that with; `limit` counts the first time too."""

    key: str
    do: str
    target: Any = None
    after: timedelta = timedelta()
    field: str | None = None
    since: Literal["entered", "assigned", "submitted"] = "entered"
    every: timedelta | None = None
    limit: int = 1


@dataclass(frozen=True)
class Case:
    """One way out of a choice."""

    when: str
    edge: Edge


@dataclass(frozen=True)
class State:
    """One state. What does not belong to its type is empty."""

    key: str
    type: StateType
    label: Text
    status: str | None = None
    enter: tuple[ActionBody, ...] = ()
    exit: tuple[ActionBody, ...] = ()
    timers: tuple[TimerRule, ...] = ()
    owner: tuple[str, ...] = ()
    form: StepForm = StepForm()
    transitions: tuple[Transition, ...] = ()
    hit: Literal["unique", "first"] = "unique"
    cases: tuple[Case, ...] = ()
    otherwise: Edge | None = None
    participants: tuple[Participant, ...] = ()
    decide: Decide = Decide()
    policy: Policy = Policy()
    returns: ReturnRule | None = None
    outcomes: Mapping[str, Edge] = field(default_factory=dict)
    outcome: str | None = None

    @property
    def is_human(self) -> bool:
        """Does it wait for somebody?"""
        return self.type in ("input", "approval")

    def form_for(self, groups: tuple[str, ...]) -> StepForm:
        """The form of somebody who sits in these groups."""
        found = self.form
        for participant in self.participants:
            if participant.group in groups:
                found = found.joined(participant.form)
        return found


@dataclass(frozen=True)
class ChangeRule:
    """What a change of some fields does to a running instance."""

    fields: tuple[str, ...]
    do: Literal["restart", "reroute", "void_approvals", "note"]
    when: str | None = None


@dataclass(frozen=True)
class RecordRule:
    """What may happen to the record while an instance is under way."""

    lock: Literal["all", "none"] = "all"
    open_fields: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    on_change: tuple[ChangeRule, ...] = ()
    on_delete: Literal["forbid", "cancel"] = "forbid"

    @property
    def watched(self) -> tuple[str, ...]:
        """Fields whose change matters to an approval, in order."""
        return _union(*(rule.fields for rule in self.on_change if rule.do != "note"))


@dataclass(frozen=True)
class Definition:
    """A whole workflow."""

    key: str
    entity: str
    label: Text
    status_field: str
    initial: str
    states: Mapping[str, State]
    start_by: tuple[str, ...] = ()
    start_when: str | None = None
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    moves: tuple[GlobalMove, ...] = ()
    record: RecordRule = RecordRule()
    max_auto_steps: int = 64
    max_rounds: int = 20

    def state_of_status(self, status: object) -> State:
        """Where a record without an instance stands: the waiting or final state that has this
        status, else the initial one. (An approval cannot be under way without an instance.)"""
        initial = self.states[self.initial]
        if status is None or initial.status == status:
            return initial
        return next(
            (
                state for state in self.states.values()
                if state.type in ("input", "final") and state.status == status
            ),
            initial,
        )


def _union(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
