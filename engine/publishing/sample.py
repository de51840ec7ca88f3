"""An expression tried on a record: the newest one, a chosen one, or on values that were typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import records
from engine.definitions.model import Entity, Model
from engine.definitions.names import Names
from engine.definitions.outline import Outline
from engine.definitions.paths import BUILT_IN, fields_on_path, find_field
from engine.expressions import Expression, Kind, compile, evaluate  # noqa: A004
from engine.fields.moments import parse_date, parse_moment
from engine.kernel.errors import EngineError, Invalid
from engine.kernel.ids import find_id
from engine.kernel.messages import translate
from engine.records import Query
from engine.records.access import access_to, actor_value
from engine.storage import Work

_FORMULAS = 8
"""How many formulas of the draft may look at one another."""


def try_on_sample(work: Work, app: str, outline: Outline, names: Names, found: Expression, given: Mapping[str, Any]) -> dict[str, Any]:
    """{"id", "title", "values": {name: JSON}, "result" (JSON), "error"}: only what the actor may read goes in."""
    sample = _Sample(work, app, outline, names, given)
    values = {name: sample.find(name) for name in sorted(found.names)}
    answer: dict[str, Any] = {
        "id": str(sample.record.id) if sample.record else None, "title": sample.title,
        "values": {name: shown(value) for name, value in values.items()}, "result": None, "error": None,
    }
    try:
        answer["result"] = shown(evaluate(found, sample.find, now=work.now, timezone=sample.timezone))
    except Invalid as error:
        answer["error"] = translate(error.problems[0].code, error.problems[0].values, work.language)
    return answer


def shown(value: Any) -> Any:
    """A value of an expression as JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [shown(item) for item in value]
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    return str(value) if isinstance(value, UUID) else value


def published_key(work: Work, app: str, outline: Outline, entity: str) -> str | None:
    """The key under which an entity of the draft is published now; users and departments have their own."""
    if entity in BUILT_IN:
        return entity
    draft = outline.entities.get(entity)
    if draft is None or not work.release_number(app):
        return None
    return next((item.key for item in work.model(app).entities.values() if item.uid == draft.uid), None)


class _Sample:
    """A record of the release as the draft sees it: fields are told by what they are, not by what they are called now."""

    def __init__(self, work: Work, app: str, outline: Outline, names: Names, given: Mapping[str, Any]) -> None:
        self.work, self.app, self.outline, self.names = work, app, outline, names
        typed = given.get("values")
        self.typed: Mapping[str, Any] = typed if isinstance(typed, Mapping) else {}
        self.timezone = str((outline.app or {}).get("timezone", "UTC"))
        self.model: Model | None = work.model(app) if work.release_number(app) else None
        self.there = self._published(names.entity)
        self.record = self._record(given.get("record")) if self.there and given.get("record") != "" else None
        self.depth = 0

    @property
    def title(self) -> str | None:
        """What the record is called."""
        if self.record is None or self.there is None:
            return None
        key = self.there.title
        return str(self.record.titles.get(key) or self.record.values.get(key) or "–")

    def find(self, name: str) -> Any:
        """What a name stands for."""
        if name in self.typed:
            return _typed(self.typed[name], self.names[name])
        if name == "is_new()":
            return self.record is None
        root, _, rest = name.partition(".")
        if root == "actor":
            return actor_value(access_to(self.work, self.app), name) if self.model else None
        place = self.names.entity_path(name)
        if place is None or root == "record" or self.record is None or self.there is None:
            return None
        return self._value(rest if root == "old" else name)

    def _value(self, path: str) -> Any:
        pairs = fields_on_path(self.outline.entities, self.names.entity, path)
        steps = path.split(".")
        if not pairs or self.record is None or self.model is None or self.there is None:
            return self.record.id if self.record and path == "id" else None
        published = [self._published_key(owner, key) for owner, key in pairs]
        if None in published:
            return self._formula(path) if len(steps) == 1 else None
        now = ".".join([*(str(key) for key in published), *steps[len(pairs):]])
        if "." in now:
            values = records.values_beyond(self.work, self.app, self.there.key, [now], self.record.values)
            return values.get(now)
        value = self.record.values.get(now)
        return tuple(row["id"] for row in value) if isinstance(value, list) else value

    def _formula(self, key: str) -> Any:
        """A formula that the draft has and the release hasn't is worked out here."""
        field = find_field(self.outline.entities, self.names.entity, key)
        document = self.outline.by_kind["entity"][self.names.entity]
        text = next((item.get("formula") for item in document["fields"] if item["key"] == key), None)
        if field is None or not text or self.depth >= _FORMULAS:
            return None
        self.depth += 1
        try:
            return evaluate(compile(text, self.names), self.find, now=self.work.now, timezone=self.timezone)
        except Invalid:
            return None
        finally:
            self.depth -= 1

    def _record(self, wanted: object) -> Any:
        assert self.there is not None  # noqa: S101 (asked before)
        try:
            if wanted:
                return records.get_record(self.work, self.app, self.there.key, str(wanted))
            page = records.query_records(self.work, self.app, self.there.key, Query(sort=("-created_on",), limit=1))
            return records.get_record(self.work, self.app, self.there.key, page.records[0].id) if page.records else None
        except EngineError:  # not there, or not for this reader: there is no sample then
            return None

    def _published(self, entity: str) -> Entity | None:
        """The entity as it is published now, under whatever key."""
        draft = self.outline.entities.get(entity)
        if self.model is None or draft is None:
            return None
        return next((item for item in self.model.entities.values() if item.uid == draft.uid), None)

    def _published_key(self, owner: str, key: str) -> str | None:
        there, field = self._published(owner), self.outline.entities[owner].fields[key]
        if there is None:
            return None
        return next((item.key for item in there.fields.values() if item.uid == field.uid), None)


def _typed(raw: Any, kind: Kind) -> Any:
    """What somebody typed for a name, as its kind; None where it isn't one."""
    if raw is None or raw == "":
        return None
    if kind == "number":
        try:
            number = Decimal(str(raw))
        except ArithmeticError:
            return None
        return number if number.is_finite() else None
    if kind == "yes_no":
        return raw if isinstance(raw, bool) else None
    if kind == "date":
        return parse_date(raw) if isinstance(raw, str) else None
    if kind == "datetime":
        return parse_moment(raw) if isinstance(raw, str) else None
    if kind == "reference":
        return find_id(raw)
    if kind in ("list", "file", "rows"):
        return tuple(str(item) for item in raw) if isinstance(raw, list) else None
    return str(raw)[:1000]
