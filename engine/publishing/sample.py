"""An expression tried on a record: the newest one, a chosen one, or on values that were typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import records
from engine.definitions.model import Entity, Model
from engine.definitions.names import Names
from engine.definitions.outline import Outline
from engine.definitions.paths import BUILT_IN, fields_on_path, kind_of, rows_of
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
    document = outline.by_kind["entity"].get(names.entity, {"fields": ()})
    formulas = {item["key"]: item["formula"] for item in document["fields"] if "formula" in item}
    timezone = str((outline.app or {}).get("timezone", "UTC"))
    sample = _Sample(work, app, outline.entities, timezone, names, given, formulas)
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


@dataclass(frozen=True)
class SampleRecord:
    """A published record with the names that the draft gives its fields; `beyond` answers names with steps."""

    id: UUID | None = None
    rev: int | None = None
    title: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    titles: Mapping[str, Any] = field(default_factory=dict)
    beyond: Mapping[str, Any] = field(default_factory=dict)


def sample_record(work: Work, app: str, model: Model, entity: str, record: str | None, names: Iterable[str] = ()) -> SampleRecord:
    """A record of the release (the newest one without an id) as a form of the draft shows it.

    Only what the actor may read; empty where there is no such record. Values of fields whose kind is
    another one in the draft are left out. `names` are the names with steps that rules look at.
    """
    sample = _Sample(work, app, model.entities, "UTC", Names(model.entities, entity, "form"), {"record": record})
    if sample.record is None or sample.there is None:
        return SampleRecord()
    values, titles = _renamed(sample, entity, sample.there, sample.record.values, sample.record.titles)
    return SampleRecord(
        sample.record.id, sample.record.rev, sample.title or "", values, titles,
        {name: sample.find(name) for name in names if sample.names.get(name) is not None},
    )


def values_beyond(work: Work, app: str, model: Model, entity: str, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What names with steps mean for values that were entered in a form of the draft."""
    sample = _Sample(work, app, model.entities, "UTC", Names(model.entities, entity, "form"), {"record": ""})
    found: dict[str, Any] = {}
    for name in names:
        key = sample.key_now(name)
        first = sample.key_now(name.partition(".")[0])
        if key and first and sample.there is not None:
            given = {first: values.get(name.partition(".")[0])}
            found[name] = records.values_beyond(work, app, sample.there.key, [key], given).get(key)
    return found


def _renamed(sample: _Sample, entity: str, there: Entity, values: Mapping[str, Any], titles: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values and titles under the draft's keys, owned rows too."""
    by_uid = {item.uid: item for item in there.fields.values()}
    made_values: dict[str, Any] = {}
    made_titles: dict[str, Any] = {}
    for key, item in sample.entities[entity].fields.items():
        old = by_uid.get(item.uid)
        if old is None or old.key not in values or kind_of(old) != kind_of(item):
            continue
        value, title = values[old.key], titles.get(old.key)
        child = rows_of(item)
        there_below = sample.published(child) if child else None
        if child and there_below is not None:
            title = title if isinstance(title, (list, tuple)) else [{} for _ in value]
            pairs = [_renamed(sample, child, there_below, row, said) for row, said in zip(value, title, strict=False)]
            value = [{"id": row.get("id"), **made} for row, (made, _) in zip(value, pairs, strict=False)]
            title = [said for _, said in pairs]
        made_values[key] = value
        if title:
            made_titles[key] = title
    return made_values, made_titles


class _Sample:
    """A record of the release as the draft sees it: fields are told by what they are, not by what they are called now."""

    def __init__(
        self, work: Work, app: str, entities: Mapping[str, Entity], timezone: str, names: Names, given: Mapping[str, Any],
        formulas: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.work, self.app, self.entities, self.timezone, self.names = work, app, entities, timezone, names
        typed = given.get("values")
        self.typed: Mapping[str, Any] = typed if isinstance(typed, Mapping) else {}
        self.formulas = formulas or {}
        self.model: Model | None = work.model(app) if work.release_number(app) else None
        self.there = self.published(names.entity)
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

    def key_now(self, path: str) -> str | None:
        """A path of the draft as the release calls it; None where the release doesn't have it."""
        pairs = fields_on_path(self.entities, self.names.entity, path)
        keys = [self._published_key(owner, key) for owner, key in pairs]
        return None if not pairs or None in keys else ".".join([*(str(key) for key in keys), *path.split(".")[len(pairs):]])

    def _value(self, path: str) -> Any:
        if self.record is None or self.there is None or path == "id":
            return self.record.id if self.record else None
        now = self.key_now(path)
        if now is None:
            return self._formula(path)
        if "." in now:
            values = records.values_beyond(self.work, self.app, self.there.key, [now], self.record.values)
            return values.get(now)
        value = self.record.values.get(now)
        return tuple(row["id"] for row in value) if isinstance(value, list) else value

    def _formula(self, key: str) -> Any:
        """A formula that the draft has and the release hasn't is worked out here."""
        text = self.formulas.get(key)
        if not text or self.depth >= _FORMULAS:
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

    def published(self, entity: str) -> Entity | None:
        """The entity as it is published now, under whatever key."""
        draft = self.entities.get(entity)
        if self.model is None or draft is None:
            return None
        return next((item for item in self.model.entities.values() if item.uid == draft.uid), None)

    def _published_key(self, owner: str, key: str) -> str | None:
        there, uid = self.published(owner), self.entities[owner].fields[key].uid
        return next((item.key for item in there.fields.values() if item.uid == uid), None) if there else None


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
