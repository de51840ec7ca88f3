"""The values on which a rule rests: whose record it is, whose department, what the rule's fields hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from engine import accounts
from engine.definitions.model import Field
from engine.definitions.paths import DEPARTMENT, USER, target_of
from engine.expressions import Expression
from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.actor import Actor
from engine.kernel.errors import NotFound
from engine.kernel.messages import pick, translate
from engine.records.access import Access, actor_value
from engine.records.store.load import load

LONGEST = 120
_PERSON = {"id": USER, "department": DEPARTMENT, "manager": USER, "head": USER, "parent": DEPARTMENT}


@dataclass(frozen=True)
class Fact:
    """A value by the name that people know it under."""

    label: str
    value: str


class Facts:
    """The facts about one record and one actor; for readers who may see every value (administrators)."""

    def __init__(self, access: Access, actor: Actor, entity: str, values: Mapping[str, Any] | None) -> None:
        self.access, self.actor = access, actor
        self.entity = access.model.entities[entity]
        self.values = values or {}
        self.language = access.work.language

    def of(self, scope: str | Expression) -> tuple[Fact, ...]:
        """What a scope compares: none for "all" and for owned rows, which go by their owner."""
        if self.entity.part_of is not None:
            return ()
        if isinstance(scope, Expression):
            return tuple(self._rule(scope))
        if scope == "own":
            return (self._owner(),)
        if scope in ("department", "department_and_below"):
            return (self._owner(), self._department(), self._own_departments(below=scope != "department"))
        return ()

    def shown(self, field: str, value: Any) -> str:
        """A value of one of the entity's fields in words."""
        return self._show(self.entity.fields.get(field), value)

    def _owner(self) -> Fact:
        key = self.entity.owner
        label = pick(self.entity.fields[key].label, self.language) if key else self._say("created_by")
        return Fact(label, self._name(USER, self.values.get(key or "created_by")))

    def _department(self) -> Fact:
        key = self.entity.department
        if key:
            return Fact(pick(self.entity.fields[key].label, self.language), self._name(DEPARTMENT, self.values.get(key)))
        owner = self.values.get(self.entity.owner or "created_by")
        return Fact(self._say("owners_department"), self._name(DEPARTMENT, self._department_of(owner)))

    def _own_departments(self, *, below: bool) -> Fact:
        own = [item for item in (self.actor.departments if below else (self.actor.department_id,)) if item]
        names = self._say("and").join(self._name(DEPARTMENT, item) for item in own[:6])
        return Fact(self._say("persons_departments" if below else "persons_department", name=self.actor.name), names or self._say("nothing"))

    def _rule(self, rule: Expression) -> Iterator[Fact]:
        for name in sorted(rule.names):
            if name.startswith("actor."):
                yield self._of_actor(name)
            else:
                yield self._of_path(name)

    def _of_actor(self, name: str) -> Fact:
        part = name.removeprefix("actor.")
        value = actor_value(_AsActor(self.access, self.actor), name)  # type: ignore[arg-type]  # the two members it reads
        label = self._say(f"actor_{part}", name=self.actor.name)
        if part == "roles":
            roles = self.access.model.roles
            held = [pick(roles[key].label, self.language) for key in value if key in roles]
            return Fact(label, self._say("and").join(held) or self._say("nothing"))
        return Fact(label, self._name(_PERSON.get(part, ""), value))

    def _of_path(self, name: str) -> Fact:
        """A field of the record, or of one that it refers to, by its labels and its value."""
        entity, values = self.entity, self.values
        labels: list[str] = []
        steps = name.split(".")
        for place, step in enumerate(steps):
            item = entity.fields.get(step)
            value = values.get(step)
            if item is None:
                return Fact(" · ".join([*labels, step]), self._show(None, value))
            labels.append(pick(item.label, self.language))
            if place == len(steps) - 1:
                return Fact(" · ".join(labels), self._show(item, value))
            target = target_of(item)
            if target in (USER, DEPARTMENT) or value is None:
                return self._of_person(labels, str(target), value, steps[place + 1 :])
            entity = self.access.model.entities[str(target)]
            values = load(self.access, str(target), [value]).get(value, {})
        raise AssertionError(name)  # a name has a last step

    def _of_person(self, labels: list[str], target: str, value: Any, steps: list[str]) -> Fact:
        """A step into a person or a department: the department and the manager are worth naming."""
        labels = [*labels, *(self._say(f"step_{step}") for step in steps)]
        step = steps[0]
        if target == USER and value is not None and len(steps) == 1:
            found: Any = value if step == "id" else None
            try:
                person = accounts.get_user(self.access.work, value)
                found = {"department": person.department_id, "manager": person.manager_id}.get(step, getattr(person, step, found))
            except NotFound:  # gone since
                found = None
            return Fact(" · ".join(labels), self._name(_PERSON.get(step, ""), found))
        return Fact(" · ".join(labels), self._say("nothing") if value is None else self._name(target, value))

    def _department_of(self, user_id: UUID | None) -> UUID | None:
        if user_id is None:
            return None
        try:
            return accounts.get_user(self.access.work, user_id).department_id
        except NotFound:
            return None

    def _name(self, target: str, value: Any) -> str:
        if value is None:
            return self._say("nothing")
        if target == USER:
            return accounts.names_of(self.access.work, [value]).get(value, self._say("nothing"))
        if target == DEPARTMENT:
            name = accounts.department_names(self.access.work).get(value)
            return pick(name, self.language) if name else self._say("nothing")
        return str(value)[:LONGEST]

    def _show(self, item: Field | None, value: Any) -> str:
        """A value in words: option labels, names, dates as people write them."""
        if value is None or value in ("", ()):
            return self._say("nothing")
        target = target_of(item) if item else None
        if target in (USER, DEPARTMENT):
            return self._name(str(target), value)
        if target is not None:
            entity = self.access.model.entities[target]
            title = load(self.access, target, [value]).get(value, {}).get(entity.title)
            return self._show(entity.fields.get(entity.title), title)
        if isinstance(value, bool):
            return self._say("yes" if value else "no")
        shown, settings = effective(item.type, item.options) if item else (None, {})
        if isinstance(shown, Offers):
            labels = {option["key"]: pick(option["label"], self.language) for option in shown.choices(settings)}
            keys = value if isinstance(value, tuple) else (value,)
            return self._say("and").join(labels.get(key, str(key)) for key in keys)
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(self.access.timezone)).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        return (f"{value:f}" if isinstance(value, Decimal) else str(value))[:LONGEST]

    def _say(self, code: str, **values: object) -> str:
        return translate(f"why.{code}", values, self.language)


@dataclass(frozen=True)
class _AsActor:
    """What `actor_value` reads of an access, for another actor."""

    access: Access
    actor: Actor

    @property
    def app(self) -> str:
        return self.access.app
