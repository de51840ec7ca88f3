"""Reading records: one or many, as records or straight as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.kernel.errors import NotFound
from engine.kernel.ids import find_id
from engine.records.access import Access, access_to, no_record
from engine.records.file_titles import name_files
from engine.records.names import chosen
from engine.records.query.child_rows import ChildRow, find_child_rows
from engine.records.query.listing import Layout, count_rows, find_rows
from engine.records.query.question import Question, ask
from engine.records.query.single import find_changeable, find_row, stands
from engine.records.query.titles import Show, shown, title_shower
from engine.records.record import JsonPage, Page, Query, Record, dump_value
from engine.storage import Work

Row = Sequence[Any]


def get_record(work: Work, app: str, entity: str, id_: UUID | str, fields: Sequence[str] | None = None) -> Record:
    """One record with its owned rows; raises NotFound, for records that the actor may not read too."""
    access = access_to(work, app)
    row, layout, rows = _single(access, entity, id_, fields)
    readers = _titles(access, layout)
    values, titles = _values(row, layout), _titled(row, layout, readers)
    for key, found in _rows_of(access, entity, rows, [row[0]]).items():
        some = found.get(row[0], [])
        values[key] = [_row_values(child) for child in some]
        titles[key] = [_row_titles(access, child) for child in some]
    name_files(access, entity, [(values, titles)])
    return Record(
        app, entity, row[0], row[1], values, titles, bool(row[-3]), bool(row[-2]), row[-1], access.plans.dumps(entity)
    )


def require_record(work: Work, app: str, entity: str, id_: UUID | str) -> None:
    """Raise NotFound where `get_record` would: nothing is read of a record that is there."""
    access = access_to(work, app)
    access.entity(entity)
    known = find_id(id_)
    if known is None or not stands(access, entity, known):
        raise NotFound(no_record())


def get_json(work: Work, app: str, entity: str, id_: UUID | str, fields: Sequence[str] | None = None) -> dict[str, Any]:
    """The same as JSON: what `dump_record(get_record(…))` gives, faster."""
    access = access_to(work, app)
    row, layout, rows = _single(access, entity, id_, fields, as_json=True)
    return _items(access, entity, [row], layout, rows)[0]


def query_records(work: Work, app: str, entity: str, query: Query) -> Page:
    """Records that fit a query; raises NotFound for an entity that isn't there, Invalid for the query."""
    access = access_to(work, app)
    question = _question(access, entity, query)
    found = find_rows(question)
    readers = _titles(access, found.layout)
    ids = [row[0] for row in found.rows]
    owned = _rows_of(access, entity, question.rows, ids)
    dumps = access.plans.dumps(entity)
    records, pairs = [], []
    for row in found.rows:
        values, titles = _values(row, found.layout), _titled(row, found.layout, readers)
        for key, by_owner in owned.items():
            some = by_owner.get(row[0], [])
            values[key] = [_row_values(child) for child in some]
            titles[key] = [_row_titles(access, child) for child in some]
        pairs.append((values, titles))
        records.append(Record(app, entity, row[0], row[1], values, titles, dumps=dumps))
    name_files(access, entity, pairs)
    count, is_capped = _count(question, query)
    return Page(tuple(records), found.next_cursor, found.previous_cursor, count, is_capped)


def query_json(work: Work, app: str, entity: str, query: Query) -> JsonPage:
    """The same as JSON-ready mappings, faster: for the API."""
    access = access_to(work, app)
    question = _question(access, entity, query)
    found = find_rows(question, as_json=True)
    items = _items(access, entity, found.rows, found.layout, question.rows)
    count, is_capped = _count(question, query)
    return JsonPage(tuple(items), found.next_cursor, found.previous_cursor, count, is_capped)


def count_records(work: Work, app: str, entity: str, query: Query) -> int:
    """How many records fit a query."""
    return count_rows(_question(access_to(work, app), entity, query), capped=False)[0]


def changeable(work: Work, app: str, entity: str, ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...] | None]:
    """Of these records, those that the actor may change: id and open fields (None for one that is not locked)."""
    access = access_to(work, app)
    if not ids or not access.policy.may("change", entity):
        return {}
    return find_changeable(access, entity, ids)


def _question(access: Access, entity: str, query: Query) -> Question:
    access.entity(entity)
    return ask(access, entity, query)


def _single(
    access: Access, entity: str, id_: UUID | str, fields: Sequence[str] | None, *, as_json: bool = False
) -> tuple[Row, Layout, tuple[str, ...]]:
    access.entity(entity)
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    slots, rows = chosen(access, entity, fields, with_rows=True)
    found = find_row(access, entity, known, slots, as_json=as_json) if known else None
    if found is None:
        raise NotFound(no_record())
    return *found, rows


def _count(question: Question, query: Query) -> tuple[int | None, bool]:
    return (None, False) if query.count == "none" else count_rows(question, capped=query.count == "capped")


def _rows_of(access: Access, entity: str, keys: Sequence[str], ids: Sequence[UUID]) -> dict[str, dict[UUID, list[ChildRow]]]:
    rows = access.plan(entity).rows
    return {key: find_child_rows(access, rows[key], ids) for key in keys}


def _values(row: Row, layout: Layout) -> dict[str, Any]:
    return {slot.key: value for slot, value in zip(layout.slots, row[2 : layout.values_end], strict=True)}


def _titles(access: Access, layout: Layout) -> tuple[Show | None, ...]:
    return tuple(title_shower(access, str(slot.target)) for slot in layout.titled)


def _titled(row: Row, layout: Layout, show: Sequence[Show | None]) -> dict[str, Any]:
    start = layout.values_end
    found = {}
    for at, slot in enumerate(layout.titled):
        value = row[start + at]
        if value is not None:
            found[slot.key] = shown(show[at], value)
    return found


def _row_values(child: ChildRow) -> dict[str, Any]:
    inner = {key: [_row_values(row) for row in rows] for key, rows in child.rows.items()}
    return {"id": child.id, **_values(child.values, child.layout), **inner}


def _row_titles(access: Access, child: ChildRow) -> dict[str, Any]:
    found = _titled(child.values, child.layout, _titles(access, child.layout))
    inner = {key: [_row_titles(access, row) for row in rows] for key, rows in child.rows.items()}
    return {**found, **{key: titles for key, titles in inner.items() if titles}}


def _items(access: Access, entity: str, rows: Sequence[Row], layout: Layout, owned_keys: Sequence[str]) -> list[dict[str, Any]]:
    """Rows that were selected as JSON, as mappings. This is the hot path of lists: no record in between."""
    keys = ("id", "rev", *(slot.key for slot in layout.slots))
    fixes = layout.fixes
    titled = [
        (slot.key, show, at)
        for at, (slot, show) in enumerate(zip(layout.titled, _titles(access, layout), strict=True), start=layout.values_end)
    ]
    items = []
    for row in rows:
        item = dict(zip(keys, row, strict=False))
        for key, fix in fixes:
            value = item[key]
            if value is not None:
                item[key] = fix(value)
        item["_titles"] = {key: row[at] if show is None else show(row[at]) for key, show, at in titled if row[at] is not None}
        items.append(item)
    if owned_keys:
        _add_rows(access, entity, items, owned_keys)
    name_files(access, entity, [(item, item["_titles"]) for item in items])
    return items


def _add_rows(access: Access, entity: str, items: list[dict[str, Any]], keys: Sequence[str]) -> None:
    ids = [UUID(item["id"]) for item in items]
    for key, by_owner in _rows_of(access, entity, keys, ids).items():
        for id_, item in zip(ids, items, strict=True):
            some = by_owner.get(id_, [])
            titles = item.pop("_titles")
            item[key] = [_row_json(child) for child in some]
            titles[key] = [_row_titles(access, child) for child in some]
            item["_titles"] = titles


def _row_json(child: ChildRow) -> dict[str, Any]:
    found: Mapping[str, Any] = _values(child.values, child.layout)
    dumps = {slot.key: slot.dump for slot in child.layout.slots}
    made = {key: dump_value(dumps[key], value) for key, value in found.items()}
    return {"id": str(child.id), **made, **{key: [_row_json(row) for row in rows] for key, rows in child.rows.items()}}
