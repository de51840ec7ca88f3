"""One record as the workflow meets it: read whole, written through the records room, never in SQL.

Definitions are pinned, records are not: a field that was renamed since the instance began is found
by its uid, and one that has gone reads as empty and is not written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from engine.definitions.model import Entity, Model, Text
from engine.expressions import Expression, evaluate
from engine.kernel.errors import NotFound, Problem
from engine.records import make_record, write_system
from engine.records.access import Access, access_to, no_record
from engine.records.change_record import KEEP
from engine.records.query.statements import OPEN
from engine.records.scope import finders
from engine.records.store.history import read_history
from engine.records.store.load import load, load_rows
from engine.records.values import Draft
from engine.storage import Work

_MOST_ENTRIES = 500
CAUSE = "workflow"
"""What the history says about changes that a workflow made by itself."""


class RecordDoor:
    """A record with the pinned definitions that a workflow reads it by.

    Raises NotFound for a record that is not there (any more). `locks` holds its row, which keeps
    everybody else from deciding on it or changing it until the work is over.
    """

    def __init__(
        self, work: Work, app: str, entity: str, record_id: UUID, pinned: Model, *, locks: bool,
        with_removed: bool = False,
    ) -> None:
        self.work = work
        self.app = app
        self.entity = entity
        self.id = record_id
        self.pinned = pinned
        self._locks = locks
        self.stored: Mapping[str, Any] = {}
        self._removed: bool | None = None if with_removed else False
        self.old: Mapping[str, Any] = {}
        self.reload()

    @property
    def access(self) -> Access:
        """The current release, as records know it."""
        return access_to(self.work, self.app)

    def reload(self) -> None:
        """Read the record as it stands now."""
        found = load(self.access, self.entity, [self.id], lock=self._locks, removed=self._removed).get(self.id)
        if found is None:
            raise NotFound(no_record())
        self._hold(found)

    def _hold(self, values: Mapping[str, Any]) -> None:
        self.stored = values
        self._rows: dict[str, Any] = {}
        self._noted = len(self.work.changes)

    def _known(self) -> Mapping[str, Any] | None:
        """The stored values, if nobody can have written the record since they were read."""
        since = self.work.changes[self._noted :]
        return self.stored if self._locks and all(change.record_id != self.id for change in since) else None

    def pinned_to(self, pinned: Model) -> RecordDoor:
        """The same record, read by another release."""
        found = copy(self)
        found.pinned = pinned
        found.__dict__.pop("names", None)
        return found

    # names ---------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Mapping[str, str | None]:
        """Field keys of the pinned release and what they are called now (None: gone)."""
        now = self.access.model
        if now is self.pinned or now.release == self.pinned.release:
            return {}
        before = self.pinned.entities.get(self.entity)
        current = {field.uid: key for key, field in self._current.fields.items()}
        fields = before.fields if before else {}
        return {key: current.get(field.uid) for key, field in fields.items()}

    @property
    def _current(self) -> Entity:
        return self.access.model.entities[self.entity]

    def key_now(self, field: str) -> str | None:
        """What a field of the pinned release is called now."""
        return self.names.get(field, field)

    def keys_then(self, fields: Collection[str]) -> frozenset[str]:
        """What fields of the current release were called in the pinned one."""
        back = {now: then for then, now in self.names.items() if now}
        return frozenset(back.get(field, field) for field in fields)

    # reading -------------------------------------------------------------------------------------

    @property
    def rev(self) -> int:
        return int(self.stored["rev"])

    @property
    def title(self) -> str:
        """The record's title, as text."""
        value = self.stored.get(self._current.title)
        return "" if value is None else str(value)

    @property
    def creator_id(self) -> UUID | None:
        found: UUID | None = self.stored.get("created_by")
        return found

    @property
    def owner_id(self) -> UUID | None:
        owner = self._current.owner
        found: UUID | None = self.stored.get(owner) if owner else None
        return found or self.creator_id

    @property
    def open_fields(self) -> tuple[str, ...] | None:
        """The lock as it stands: None for none, else what may be changed all the same."""
        found: tuple[str, ...] | None = self.stored.get(OPEN)
        return found

    def value(self, field: str) -> Any:
        """A field's value as it stands; owned rows as the tuple of their ids."""
        key = self.key_now(field)
        if key is None:
            return None
        rows = self.access.plan(self.entity).rows
        if key not in rows:
            return self.stored.get(key)
        if key not in self._rows:
            found = load_rows(self.access, rows[key], [self.id])
            self._rows[key] = tuple(found.get(self.id, {}))
        return self._rows[key]

    def dumped(self, field: str) -> Any:
        """A field's value as JSON."""
        key = self.key_now(field)
        value = self.value(field)
        slot = self.access.plan(self.entity).slots.get(key) if key else None
        if value is None or slot is None:
            return [str(row) for row in value] if isinstance(value, tuple) else value
        return value if slot.dump is None else slot.dump(value)

    def as_json(self) -> dict[str, Any]:
        """The whole record as JSON, with its id and revision."""
        plan = self.access.plan(self.entity)
        found = {key: self.dumped(key) for key in plan.slots if key in self.stored}
        return {"id": str(self.id), "rev": self.rev, **found}

    def label(self, field: str) -> Text:
        """What people call a field."""
        found = self._current.fields.get(self.key_now(field) or "")
        return found.label if found else field

    def evaluate(self, expression: Expression, extra: Mapping[str, Any]) -> Any:
        """An expression over the record, `extra` giving names that are no business of records."""
        draft = self._draft(expression)
        renamed = self.names
        asked = [self._name_now(name) for name in expression.names if name not in extra]
        find = finders(self.access, self.entity, [draft], asked)[0]

        def look(name: str) -> Any:
            if name in extra:
                return extra[name]
            return find(self._name_now(name) if renamed else name)

        return evaluate(expression, look, now=self.work.now, timezone=self.access.timezone)

    def _name_now(self, name: str) -> str:
        """A name of the pinned release as it is now; one that has gone is left and means nothing."""
        first, dot, rest = name.partition(".")
        if first == "old":
            return f"old.{self._name_now(rest)}"
        return (self.key_now(first) or first) + dot + rest

    def _draft(self, expression: Expression) -> Draft:
        plan = self.access.plan(self.entity)
        values = {key: self.stored.get(key) for key in plan.stored}
        old = {**values, **self.old}
        draft = Draft(plan, self.id, values, old, is_new=False, rev=self.rev)
        for key in plan.rows:
            if key in expression.names:
                child = self.access.plan(plan.rows[key])
                draft.rows[key] = [Draft(child, row, {}, is_new=False) for row in self.value(key)]
        return draft

    # writing -------------------------------------------------------------------------------------

    def write(self, values: Mapping[str, Any], *, open_fields: Any = KEEP) -> frozenset[str]:
        """Write fields (and, if given, the lock) whoever acts; answers the fields that differ now.

        Raises Invalid for values that the record's own rules refuse.
        """
        now = {key: value for name, value in values.items() if (key := self.key_now(name)) is not None}
        before = self.stored
        self._hold(write_system(
            self.work, self.app, self.entity, self.id, now, cause=CAUSE, open_fields=open_fields, before=self._known()
        ))
        changed = {key for key, value in self.stored.items() if value != before.get(key)}
        fields = frozenset(key for key in changed if key in self._current.fields) | (now.keys() & self._rows_of())
        self.old = {key: before.get(key) for key in fields}
        return self.keys_then(fields)

    def _rows_of(self) -> Collection[str]:
        return self.access.plan(self.entity).rows.keys()

    def create(self, entity: str, values: Mapping[str, Any]) -> UUID:
        """Create another record, whoever acts; raises Invalid, NotFound for an unknown entity."""
        person = self.work.actor
        self.work.actor = replace(person, system=CAUSE)  # the person's name, the product's rights
        try:
            return make_record(self.work, self.app, entity, values, cause=CAUSE)
        finally:
            self.work.actor = person

    def changed_since(self, rev: int) -> frozenset[str]:
        """Fields that have changed since a revision, by the history."""
        uid = self._current.uid
        by_uid = {field.uid: key for key, field in self._current.fields.items()}
        entries = read_history(self.access, uid, self.id, before=None, limit=_MOST_ENTRIES)
        found = {by_uid[each] for entry in entries if entry["rev"] > rev for each in entry["values"] if each in by_uid}
        return self.keys_then(found)


def no_workflow(entity: str) -> NotFound:
    """The problem of an entity that no workflow drives."""
    return NotFound(Problem("workflow.no_workflow", {"entity": entity}))


def fields_text(door: RecordDoor, fields: Sequence[str]) -> list[Text]:
    """Labels of fields, for a sentence."""
    return [door.label(field) for field in fields]
