"""A small world for the pure machine: people by one letter, a record in a dict, a clock to step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from engine.kernel.actor import Actor, system_actor
from engine.kernel.ids import new_id
from engine.workflow.definition import Definition
from engine.workflow.machine import Machine
from engine.workflow.read_definition import read_definition
from engine.workflow.run import Run, Slot

NAMESPACE = UUID("8f0c2d5e-0000-4000-8000-000000000000")
START = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


NAMES: dict[UUID, str] = {}


def who(name: str) -> UUID:
    """The id of a person, by name."""
    found = uuid5(NAMESPACE, name)
    NAMES[found] = name
    return found


@dataclass
class People:
    """A directory held in dicts, by name."""

    roles: dict[str, list[str]] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[str]] = field(default_factory=dict)
    departments: dict[str, list[str]] = field(default_factory=dict)
    inactive: set[str] = field(default_factory=set)
    admins: list[str] = field(default_factory=lambda: ["root"])

    def _id(self, name: str) -> UUID:
        return who(name)

    def find_user(self, login: str) -> UUID | None:
        return self._id(login)

    def role_holders(self, role: str) -> Sequence[UUID]:
        return [self._id(name) for name in self.roles.get(role, ())]

    def department_members(self, key: str) -> Sequence[UUID]:
        return [self._id(name) for name in self.departments.get(key, ())]

    def manager(self, user_id: UUID) -> UUID | None:
        name = next((top for name, top in self.managers.items() if who(name) == user_id), None)
        return self._id(name) if name else None

    def department_heads(self, user_id: UUID) -> Sequence[UUID]:
        found = next((heads for name, heads in self.heads.items() if who(name) == user_id), [])
        return [self._id(name) for name in found]

    def administrators(self) -> Sequence[UUID]:
        return [self._id(name) for name in self.admins]

    def is_active(self, user_id: UUID) -> bool:
        return user_id not in {who(name) for name in self.inactive}

    def name(self, user_id: UUID) -> str:
        return NAMES.get(user_id, str(user_id))


@dataclass
class World:
    """Surroundings of one instance: the record's values, who acts, and a log of what was done."""

    values: dict[str, Any] = field(default_factory=dict)
    people: People = field(default_factory=People)
    actor: Actor = field(default_factory=lambda: system_actor("test"))
    now: datetime = START
    timezone: str = "Asia/Shanghai"
    owner: str = "i"
    rev: int = 1
    old: dict[str, Any] = field(default_factory=dict)
    told: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    done: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def owner_id(self) -> UUID | None:
        return who(self.owner)

    @property
    def creator_id(self) -> UUID | None:
        return who(self.owner)

    def value(self, field: str) -> Any:
        return self.values.get(field)

    def label(self, field: str) -> str:
        return field

    def snapshot(self, fields: Sequence[str]) -> Mapping[str, Any]:
        return {key: self.values.get(key) for key in fields}

    def evaluate(self, expression: str, *, person: UUID | None = None) -> Any:
        scope = {**self.values, "old": _Row(self.old)}
        if person is not None:
            scope["person"] = _Row({"name": self.people.name(person)})
        return eval(expression, {"__builtins__": {}}, scope)

    def perform(self, run: Run, actions: Sequence[Mapping[str, Any]]) -> None:
        for action in actions:
            self.done.append(action)
            for key, expression in action.get("set", {}).items():
                self.values[key] = self.evaluate(expression)

    def tell(self, run: Run, code: str, people: Sequence[UUID], **values: Any) -> None:
        self.told.append((code, tuple(self.people.name(person) for person in people)))

    def last_word(self, run: Run) -> Mapping[str, Any]:
        return {"name": "", "what": "", "at": ""}


class _Row:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


@dataclass
class Case:
    """A definition, a run of it and its world, with commands by people's names."""

    definition: Definition
    world: World
    run: Run

    def machine(self, name: str | None = None) -> Machine:
        if name is not None:
            self.world.actor = Actor(who(name), name, is_admin=name in self.world.people.admins)
        return Machine(self.definition, self.run, self.world)

    def slot(self, name: str | None) -> Slot:
        """The newest slot of a person at the current visit (None: the administrators')."""
        wanted = who(name) if name else None
        return [slot for slot in self.run.seats if slot.user_id == wanted][-1]

    def slot_of(self, user_id: UUID) -> Slot:
        """The newest slot of a person by id."""
        return [slot for slot in self.run.seats if slot.user_id == user_id][-1]

    def statuses(self) -> dict[str, str]:
        """Status of each chair of the current visit, by person."""
        return {
            NAMES[slot.user_id] if slot.user_id else "admin": slot.status
            for slot in self.run.seats
        }

    def visited(self) -> list[str]:
        """All states entered, in order."""
        return [visit.state for visit in sorted(self.run.visits, key=lambda visit: visit.number)]

    def pass_time(self, hours: float) -> None:
        self.world.now += timedelta(hours=hours)


def a_case(body: Mapping[str, Any], world: World | None = None, *, initiator: str = "i") -> Case:
    """A fresh run standing in the initial state of a definition."""
    definition = read_definition(body)
    world = world or World()
    world.people._id(initiator)
    run = Run(new_id(), new_id(), definition.initial, who(initiator), world.now)
    case = Case(definition, world, run)
    case.machine(initiator).enter(definition.initial)
    return case


def a_step(*rules: Mapping[str, Any] | str, mode: str = "any", **more: Any) -> dict[str, Any]:
    """An approval state; participants are rule names or participant bodies."""
    participants = [{"rule": rule} if isinstance(rule, str) else dict(rule) for rule in rules]
    decide = {"mode": mode, **more.pop("decide", {})}
    return {
        "type": "approval", "status": more.pop("status", "pending"), "participants": participants,
        "decide": decide,
        "outcomes": {"approved": {"to": "yes"}, "rejected": {"to": "no"}, **more.pop("outcomes", {})},
        **more,
    }


def a_flow(steps: Mapping[str, Any], *, first: str | None = None, **more: Any) -> dict[str, Any]:
    """A definition: draft → the steps → yes or no. Letters a…z are rules for persons of that name."""
    rules = {
        letter: {"kind": "user", "value": letter}
        for letter in "abcdefghijklmnopqrstuvwxyz"
    }
    return {
        "dsl": "formwork.workflow/1", "key": "flow", "entity": "thing", "status_field": "status",
        "initial": "draft",
        "rules": {**rules, **more.pop("rules", {})},
        "states": {
            "draft": {
                "type": "input", "status": "draft", "owner": ["initiator"],
                "transitions": [
                    {"on": "submit", "to": first or next(iter(steps)), "by": ["initiator"]},
                    {"on": "discard", "to": "gone", "by": ["initiator"]},
                ],
            },
            **steps,
            "yes": {"type": "final", "outcome": "approved", "status": "yes"},
            "no": {"type": "final", "outcome": "rejected", "status": "no"},
            "gone": {"type": "final", "outcome": "cancelled", "status": "gone"},
        },
        "global": [
            {"on": "withdraw", "to": "draft", "by": ["initiator"], "until": "first_decision"},
            {"on": "recall", "to": "draft", "by": ["admin"], "until": "final"},
        ],
        **more,
    }
