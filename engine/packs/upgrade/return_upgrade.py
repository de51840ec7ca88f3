"""One step back: the release before an upgrade, and the records as they were, unless something would be lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.accounts.rights import require_admin
from engine.definitions.model import Entity, Field, Model
from engine.fields.capabilities import Computes
from engine.kernel.errors import Conflict, EngineError, NotFound, Problem
from engine.packs.store import done_so_far, forget_done, write_installed
from engine.packs.store.rows import clear_column, read_rows, standing, values_since
from engine.packs.upgrade.apply_upgrade import SNAPSHOT
from engine.packs.upgrade.migrations.prepare import plain
from engine.packs.upgrade.migrations.write import write
from engine.publishing import count_changes, rollback
from engine.publishing.drafts import get_locked_app
from engine.publishing.stranded import OPTION, STATE, find_stranded
from engine.records import get_record
from engine.storage import Counter, Work, stored_fields
from engine.workflow.moving import move_record, move_run

_NAMED = 5


def can_return(work: Work, app: str) -> bool:
    """Can the last upgrade be taken back as things stand? Raises NotFound, Forbidden."""
    return not return_problems(work, app)


def return_problems(work: Work, app: str) -> tuple[Problem, ...]:
    """What stands against taking the last upgrade back; raises NotFound, Forbidden unless an administrator asks."""
    require_admin(work)
    current = work.release_number(app)
    snapshot = done_so_far(work, f"{SNAPSHOT}{app}")
    if not snapshot:
        return (Problem("pack.return_nothing"),)
    if current != snapshot["upgraded"]:
        return (Problem("pack.return_published", {"version": snapshot["manifest"]["version"]}),)
    count = count_changes(work, app)
    if count:
        return (Problem("pack.upgrade_draft", {"count": count}),)
    before, after = work.model_of(app, snapshot["release"]), work.model(app)
    return tuple(_losses(work, app, before, after, snapshot))


def return_upgrade(work: Work, app: str) -> int:
    """Take the last upgrade back; returns the number of the release that is current then.

    The documents are those of the release before, whatever the upgrade wrote to records is taken back where nobody
    has changed it since, and records that went from one state or option to another go back. Raises Conflict with
    what would be lost (`pack.return_*`), Invalid where a record can't go back, NotFound, Forbidden.
    """
    require_admin(work)
    get_locked_app(work, app)
    problems = return_problems(work, app)
    if problems:
        raise Conflict(*problems)
    snapshot = done_so_far(work, f"{SNAPSHOT}{app}")
    before, after = work.model_of(app, snapshot["release"]), work.model(app)
    work.allow_time(900)
    _clear_new(work, app, before, after, snapshot["written"])
    number = int(snapshot["release"])
    if number != snapshot["upgraded"]:
        number = rollback(work, app, number, snapshot["manifest"]["version"])
    _restore_values(work, app, snapshot["written"])
    for move in snapshot["moves"]:
        _move_back(work, app, move)
    write_installed(work, app, snapshot["manifest"])
    forget_done(work, f"{SNAPSHOT}{app}")
    work.log("pack.upgrade_returned", app=app, subject=f"release/{number}", details={"to": snapshot["manifest"]["version"]})
    return number


# what would be lost ------------------------------------------------------------------------------
def _losses(work: Work, app: str, before: Model, after: Model, snapshot: Mapping[str, Any]) -> Iterator[Problem]:
    known = {entity.uid: entity for entity in before.entities.values()}
    counter = Counter(work, after)
    for entity in after.entities.values():
        old = known.get(entity.uid)
        if old is None:
            if entity.part_of is None and counter.records(entity):
                values = {"entity": entity.plural or entity.label, "count": counter.records(entity), "records": _titles(work, app, entity, standing(work, app, entity, _NAMED))}
                yield Problem("pack.return_records", values, (entity.key,))
            continue
        for item in _new_fields(old, entity):
            lost = _entered(work, app, entity, item, snapshot)
            if lost:
                values = {"entity": entity.label, "field": item.label, "count": len(lost), "records": _titles(work, app, entity, lost[:_NAMED])}
                yield Problem("pack.return_values", values, (entity.key, item.key))
    yield from _homeless(work, before, after, snapshot["moves"])


def _new_fields(old: Entity, entity: Entity) -> Iterator[Field]:
    """Fields that the release before hasn't and that people fill in, or that are of another type now."""
    columns = {item.column for item in stored_fields(old)}
    yield from (item for item in stored_fields(entity) if item.column not in columns and not isinstance(item.type, Computes))


def _entered(work: Work, app: str, entity: Entity, item: Field, snapshot: Mapping[str, Any]) -> list[UUID]:
    """Records in which somebody has entered something since; what the upgrade wrote itself is no loss."""
    written = snapshot["written"].get(entity.uid, {})
    found = values_since(work, app, entity, item, datetime.fromisoformat(snapshot["at"]))
    return [id_ for id_, value in found if plain(value, item) != written.get(str(id_), {}).get(item.uid, (None, None))[1]]


def _homeless(work: Work, before: Model, after: Model, moves: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Records in states and options that the release before hasn't, but for those that go back to where they were."""
    returning: dict[tuple[str, str], int] = {}
    uids = {**{entity.key: entity.uid for entity in before.entities.values()}, **{workflow.key: workflow.uid for workflow in before.workflows.values()}}
    for move in moves:
        key = (move["owner"], move["after"])
        returning[key] = returning.get(key, 0) + len(move["records"]) + len(move["runs"])
    for item in find_stranded(work, after, before):
        owner = uids.get(item.owner.partition("/")[0], "")
        if item.records > returning.get((owner, item.key), 0):
            yield Problem(f"pack.return_{item.kind}", {"label": item.label, "owner": item.owner_label, "count": item.records}, (item.owner, item.key))


def _titles(work: Work, app: str, entity: Entity, ids: list[UUID]) -> list[str]:
    found = []
    for id_ in ids:
        try:
            record = get_record(work, app, entity.key, id_, fields=(entity.title,))
        except EngineError:
            continue
        found.append(str(record.titles.get(entity.title) or record.values.get(entity.title) or id_))
    return found


# going back --------------------------------------------------------------------------------------
def _clear_new(work: Work, app: str, before: Model, after: Model, written: Mapping[str, Any]) -> None:
    """What the upgrade wrote into fields that go: when they come back, they are to be filled anew."""
    old = {item.column for entity in before.entities.values() for item in stored_fields(entity)}
    for entity in after.entities.values():
        rows = written.get(entity.uid, {})
        for item in stored_fields(entity):
            if item.column not in old:
                clear_column(work, app, entity, item, [UUID(id_) for id_, values in rows.items() if item.uid in values])


def _restore_values(work: Work, app: str, written: Mapping[str, Any]) -> None:
    """What the upgrade wrote into fields that stay: taken back where it stands as it was written."""
    for entity in work.model(app).entities.values():
        rows = written.get(entity.uid)
        if not rows:
            continue
        fields = {item.uid: item for item in stored_fields(entity)}
        for id_, held in read_rows(work, app, entity, list(fields.values())):
            values = {
                fields[uid].key: old for uid, (old, new) in rows.get(str(id_), {}).items()
                if uid in fields and plain(held[fields[uid].key], fields[uid]) == new
            }
            if values:
                write(work, app, entity, id_, values)


def _move_back(work: Work, app: str, move: Mapping[str, Any]) -> None:
    model = work.model(app)
    if move["kind"] == OPTION:
        entity = next((each for each in model.entities.values() if each.uid == move["owner"]), None)
        item = next((each for each in entity.fields.values() if each.uid == move["field"]), None) if entity else None
        if entity is not None and item is not None:
            _options_back(work, app, entity, item, move)
        return
    workflow = next((each for each in model.workflows.values() if each.uid == move["owner"]), None)
    if workflow is None or move["kind"] != STATE:
        return
    for id_ in move["runs"]:
        try:
            move_run(work, UUID(id_), workflow, {move["after"]: move["before"]})
        except NotFound:  # removed since
            continue
    for id_ in move["records"]:
        try:
            move_record(work, app, workflow, UUID(id_), move["before"])
        except NotFound:
            continue


def _options_back(work: Work, app: str, entity: Entity, item: Field, move: Mapping[str, Any]) -> None:
    ids = set(move["records"])
    for id_, values in read_rows(work, app, entity, [item]):
        held = values[item.key]
        if str(id_) not in ids:
            continue
        if isinstance(held, (tuple, list)):
            if (move["after"] or None) in held or not move["after"]:
                kept = [each for each in held if each != move["after"]]
                write(work, app, entity, id_, {item.key: [*kept, move["before"]]})
        elif held == (move["after"] or None):
            write(work, app, entity, id_, {item.key: move["before"]})
