"""Everything that an app holds, to be kept when it goes: its definitions, its records as CSV, its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.accounts.rights import require_admin
from engine.definitions.model import Entity, Field
from engine.definitions.paths import DEPARTMENT, USER, target_of
from engine.kernel.errors import NotFound
from engine.packs.export_pack import export_pack, zip_of
from engine.packs.people import existing_people
from engine.packs.store.drop_app import stored_files
from engine.packs.store.rows import read_all
from engine.records import open_file
from engine.storage import Work, stored_fields

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = ("id", "created_on", "created_by", "changed_on", "changed_by")


def export_data(work: Work, app: str) -> bytes:
    """A zip: `definitions/` (a pack), `data/<entity>.csv` with every record that stands, `files/<id>/<name>`.

    References are ids, with the login beside a person's; a row that belongs to a record names it in `parent_id`.
    Raises NotFound, Forbidden unless an administrator or the system asks.
    """
    require_admin(work)
    model = work.model(app)
    files = {f"definitions/{name}": content for name, content in export_pack(work, app).items()}
    users, departments = existing_people(work)
    named = {id_: name for names in (users, departments) for name, id_ in names.items()}
    for entity in model.entities.values():
        files[f"data/{entity.key}.csv"] = _csv(_lines(work, app, entity, named))
    for id_, name in stored_files(work, app):
        try:
            found, path = open_file(work, UUID(str(id_)))
        except NotFound:  # lost on the disk
            continue
        files[f"files/{found.id}/{name}"] = path.read_bytes()
    work.log("pack.data_exported", app=app)
    return zip_of(files)


def _lines(work: Work, app: str, entity: Entity, named: dict[UUID, str]) -> Iterator[list[str]]:
    fields = list(stored_fields(entity))
    head = [*_HEAD, *(["parent_id", "position"] if entity.part_of else [])]
    yield [*head, *(item.key for item in fields)]
    for row in read_all(work, app, entity, fields):
        system = [_text(named.get(row[name], row[name]) if name.endswith("_by") else row[name]) for name in head]
        yield [*system, *(_cell(item, row[item.column], named) for item in fields)]


def _cell(item: Field, value: Any, named: dict[UUID, str]) -> str:
    if target_of(item) in (USER, DEPARTMENT):
        return _text(named.get(value, value))
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Decimal, int)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return " ".join(str(each) for each in value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text  # a spreadsheet would take it for a formula


def _csv(lines: Iterable[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(lines)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
