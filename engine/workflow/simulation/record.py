"""A record in memory: one that is there, as its reader may see it, with values laid over it; or typed values alone.

The definitions are those of a draft, whose tables may not be there yet. What lies behind a reference is read
from the current release through the records room, by the reader's own rights.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import accounts
from engine.definitions.model import Entity, Field, Model
from engine.definitions.paths import BUILT_IN, computation_of, target_of
from engine.expressions import Expression, evaluate
from engine.fields import effective
from engine.kernel.actor import Actor
from engine.kernel.errors import EngineError, Invalid, NotFound, Problem, raise_invalid
from engine.kernel.ids import find_id, new_id
from engine.records import get_record
from engine.records.plan import plans_of
from engine.records.record import Record
from engine.storage import Work

_SYSTEM = ("created_by", "created_on", "changed_by", "changed_on")


class SimulatedRecord:
    """Values by the draft's field keys. `unreadable` are fields that its reader may not see: they count as empty."""

    def __init__(self, work: Work, model: Model, entity: str, actor: Actor) -> None:
        self.work = work
        self.model = model
        self.entity: Entity = model.entities[entity]
        self.actor = actor
        self.now: datetime = work.now
        self.id = new_id()
        self.rev = 1
        self.creator_id: UUID | None = actor.user_id
        self.values: dict[str, Any] = {}
        self.old: Mapping[str, Any] = {}
        self.titles: dict[str, Any] = {}
        self.typed: frozenset[str] = frozenset()
        self.unreadable: tuple[str, ...] = ()
        self.exists = False
        self._beyond: dict[tuple[str, UUID], Mapping[str, Any]] = {}

    # where the values come from ------------------------------------------------------------------
    def take(self, record_id: UUID) -> None:
        """Begin with a record that is there; raises NotFound where its reader may not see it."""
        app = self.model.app.key
        current = self._entity_now(self.entity.key)
        if current is None:
            raise NotFound(Problem("record.not_found"))
        found = get_record(self.work, app, current.key, record_id)
        by_uid = {item.uid: key for key, item in current.fields.items()}
        self.id, self.rev, self.exists = found.id, found.rev, True
        hidden = []
        for key, item in self.entity.fields.items():
            known = by_uid.get(item.uid) or (key if key in _SYSTEM else None)
            if known is None:
                continue
            if known not in found.values:
                hidden.append(key)
            else:
                self._adopt(key, item, known, found)
        self.unreadable = tuple(hidden)
        self.creator_id = found.values.get("created_by")

    def lay_over(self, typed: Mapping[str, Any]) -> None:
        """Typed values in the place of what is there; raises Invalid with every one that its field refuses."""
        problems: list[Problem] = []
        parsed: dict[str, Any] = {}
        for key, raw in typed.items():
            item = self.entity.fields.get(key)
            if item is None:
                problems.append(Problem("simulation.unknown_field", {"field": key[:80]}, ("values", key)))
                continue
            try:
                parsed[key] = None if raw in (None, "") else self._parse(item, raw)
            except Invalid as error:
                problems.extend(problem.under("values", key) for problem in error.problems)
        raise_invalid(problems)
        self.typed = frozenset(parsed)
        self._change(parsed)

    def fill_defaults(self) -> None:
        """What a new record would begin with."""
        found: dict[str, Any] = {}
        for key, item in self.entity.fields.items():
            if item.default is not None and key not in self.values and computation_of(item) is None:
                try:
                    value = self.evaluate(item.default, {})
                    found[key] = None if value is None else self._parse(item, value)
                except Invalid:
                    continue
        self._change({**found, **{key: self.values.get(key) for key in self.typed}})

    # reading -------------------------------------------------------------------------------------
    @property
    def owner_id(self) -> UUID | None:
        """The owner field's person, else who created it."""
        found = self.values.get(self.entity.owner) if self.entity.owner else None
        return found if isinstance(found, UUID) else self.creator_id

    def evaluate(self, expression: Expression, extra: Mapping[str, Any]) -> Any:
        """An expression over the record; `extra` gives names that are no business of records."""
        return evaluate(
            expression, lambda name: extra[name] if name in extra else self.look(name),
            now=self.now, timezone=self.model.app.timezone,
        )

    def look(self, name: str) -> Any:
        """What a name stands for."""
        if name in self.values:
            return self.values[name]
        root, _, rest = name.partition(".")
        if name == "is_new()":
            return not self.exists
        if root == "actor":
            return _actor_value(self.actor, self.model.app.key, rest)
        if root == "old":
            return self.old.get(rest, self.look(rest)) if "." not in rest else self.look(rest)
        if rest:
            return self._behind(root, rest)
        if name == "id":
            return self.id
        item = self.entity.fields.get(name)
        return None if item is None else self._computed(item)

    def dumped(self, key: str) -> Any:
        """A field's value as JSON."""
        value, item = self.look(key), self.entity.fields.get(key)
        if value is None or item is None:
            return None
        if isinstance(value, tuple):
            return [str(each) for each in value]
        shown, options = effective(item.type, item.options)
        return shown.dump(value, options)

    def as_json(self) -> dict[str, Any]:
        """The whole record as JSON."""
        return {"id": str(self.id), "rev": self.rev, **{key: self.dumped(key) for key in self.entity.fields}}

    # writing, in memory --------------------------------------------------------------------------
    def write(self, values: Mapping[str, Any]) -> frozenset[str]:
        """Change fields as a workflow would; answers those that differ now. Raises Invalid as a real write does."""
        problems: list[Problem] = []
        parsed: dict[str, Any] = {}
        for key, value in values.items():
            item = self.entity.fields.get(key)
            if item is None:
                continue  # a field that has gone is not written
            try:
                parsed[key] = None if value is None else self._parse(item, value)
            except Invalid as error:
                problems.extend(problem.under(key) for problem in error.problems)
        raise_invalid(problems)
        before = dict(self.values)
        self._change(parsed)
        changed = frozenset(key for key in self.values if self.values[key] != before.get(key))
        if changed:
            self.old = {key: before.get(key) for key in changed}
            self.rev += 1
        self._obey()
        return changed

    def _obey(self) -> None:
        """Raise Invalid with the entity's own rules that don't hold now, as the records room would.

        Of typed values, only what is there can break one; nor does what the reader may not see.
        """
        broken = []
        for rule in self.entity.rules:
            names = rule.check.names | (rule.when.names if rule.when else frozenset())
            if names & set(self.unreadable) or (rule.when is not None and self._holds(rule.when) is not True):
                continue
            held = self._holds(rule.check)
            if held is False or (self.exists and not self.typed and held is not True):
                broken.append(Problem("record.rule", {"message": rule.message, "rule": rule.key}))
        raise_invalid(broken)

    def _holds(self, expression: Expression) -> Any:
        try:
            return self.evaluate(expression, {})
        except Invalid:
            return None

    def _change(self, parsed: Mapping[str, Any]) -> None:
        """Set values, and work out anew what follows from them unless it was typed."""
        changed = {key for key, value in parsed.items() if self.values.get(key) != value or key not in self.values}
        self.values.update(parsed)
        for node in plans_of(self.model).graph.affected(self.entity.key, changed):
            item = self.entity.fields[node.field]
            if node.field not in self.typed and computation_of(item) != "rollup":
                self.values.pop(node.field, None)
                self.values[node.field] = self._computed(item)

    def _computed(self, item: Field) -> Any:
        kind = computation_of(item)
        value = None
        try:
            if kind == "mirror":
                value = self.look(f"{item.options['via']}.{item.options['field']}")
            elif kind == "formula" and item.formula is not None:
                value = self.evaluate(item.formula, {})
            settle = getattr(item.type, "settle", None)
            return settle(value, item.options) if settle and value is not None else value
        except Invalid:  # a result too large to hold is none, as it is in SQL
            return None

    def _parse(self, item: Field, raw: Any) -> Any:
        if item.type.kind == "rows":
            return tuple(find_id(each) or new_id() for each in raw) if isinstance(raw, (list, tuple)) else ()
        shown, options = effective(item.type, item.options)
        return shown.parse(raw, options)

    def _adopt(self, key: str, item: Field, known: str, found: Record) -> None:
        value = found.values[known]
        if item.type.kind == "rows":
            rows = value if isinstance(value, (list, tuple)) else ()
            self.values[key] = tuple(row.get("id") if isinstance(row, Mapping) else row for row in rows)
            return
        self.values[key] = value
        if known in found.titles:
            self.titles[key] = found.titles[known]

    # behind references ---------------------------------------------------------------------------
    def _behind(self, root: str, rest: str) -> Any:
        item = self.entity.fields.get(root)
        target, value = (target_of(item) if item else None), self.look(root)
        for step in rest.split("."):
            if value is None or target is None:
                return None
            value, target = self._step(target, value, step)
        return value

    def _step(self, target: str, id_: UUID, step: str) -> tuple[Any, str | None]:
        if target in BUILT_IN:
            return self._person_step(target, id_, step)
        entity = self.model.entities.get(target)
        item = entity.fields.get(step) if entity else None
        if step == "id":
            return id_, target
        if item is None:
            return None, None
        if (target, id_) not in self._beyond:
            self._beyond[target, id_] = self._read(target, id_)
        return self._beyond[target, id_].get(item.uid if step not in _SYSTEM else step), target_of(item)

    def _read(self, target: str, id_: UUID) -> Mapping[str, Any]:
        """A referred record's values by uid, as far as the reader may see them."""
        current = self._entity_now(target)
        if current is None:
            return {}
        try:
            found = get_record(self.work, self.model.app.key, current.key, id_)
        except EngineError:
            return {}
        return {
            (current.fields[key].uid if key not in _SYSTEM else key): value
            for key, value in found.values.items() if key in current.fields
        }

    def _person_step(self, target: str, id_: UUID, step: str) -> tuple[Any, str | None]:
        try:
            if target == "@user":
                person = accounts.get_user(self.work, id_)
                known: dict[str, Any] = {
                    "id": id_, "name": person.name, "login": person.login, "email": person.email, "title": person.title,
                    "department": person.department_id, "manager": person.manager_id,
                }
            else:
                department = accounts.get_department(self.work, id_)
                known = {"id": id_, "key": department.key, "parent": department.parent_id, "head": department.head_id}
        except NotFound:
            return None, None
        return known.get(step), BUILT_IN[target].get(step, ("text", None))[1]

    def _entity_now(self, key: str) -> Entity | None:
        """What an entity of the draft is in the current release, by its uid."""
        app = self.model.app.key
        if not self.work.release_number(app):
            return None
        uid = self.model.entities[key].uid
        return next((one for one in self.work.model(app).entities.values() if one.uid == uid), None)


def _actor_value(actor: Actor, app: str, name: str) -> Any:
    return {
        "id": actor.user_id, "name": actor.name, "department": actor.department_id, "language": actor.language,
        "roles": tuple(sorted(actor.roles_in(app))),
    }.get(name)
