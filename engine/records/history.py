"""What happened to a record, as its reader may know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from engine.kernel.errors import NotFound
from engine.kernel.ids import find_id
from engine.kernel.messages import translate
from engine.records.access import Access, access_to, no_record
from engine.records.plan import EntityPlan, Slot
from engine.records.query.single import find_row
from engine.records.query.titles import find_titles
from engine.records.store.history import read_history
from engine.storage import Work

MAX_ENTRIES = 200


def history(work: Work, app: str, entity: str, id_: UUID | str, *, before: UUID | None = None, limit: int = MAX_ENTRIES) -> list[dict[str, Any]]:
    """A record's history as JSON, the newest entry first; raises NotFound.

    Each entry: `id`, `rev`, `verb`, `at`, `actor` {"id", "name"}, `cause`, and `changes`, a list of
    {"field", "before", "after"} with `titles` of what references pointed to; owned rows have `rows`
    by row id instead. Hidden fields are not there, and neither is a change of nothing else. What a
    record was created with is not repeated: it is what its first changes had `before`.
    """
    access = access_to(work, app)
    access.entity(entity)
    known = id_ if isinstance(id_, UUID) else find_id(id_)
    if known is None or find_row(access, entity, known, ()) is None:
        raise NotFound(no_record())
    plan = access.plan(entity)
    slots = _by_uid(access, plan)
    entries = []
    for row in read_history(access, plan.entity.uid, known, before=before, limit=max(1, min(limit, MAX_ENTRIES))):
        changes = list(_changes(access, plan, slots, row["values"]))
        if changes or row["verb"] != "changed":
            entries.append(_entry(row, changes, work.language))
    _name(access, plan, entries)
    return entries


def _entry(row: Mapping[str, Any], changes: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """What a part of the product did ("install", "sla") goes by a word for readers."""
    by = row["actor_id"]
    actor = {"id": str(by) if by else None, "name": row["actor_name"] if by else translate("record.by_itself", None, language)}
    at = row["at"].isoformat().replace("+00:00", "Z")
    return {"id": str(row["id"]), "rev": row["rev"], "verb": row["verb"], "at": at, "actor": actor, "cause": row["cause"], "changes": changes}


def _by_uid(access: Access, plan: EntityPlan) -> dict[str, Slot]:
    """Fields that the actor may read, by uid: history outlives keys."""
    readable = access.policy.readable(plan.entity.key)
    return {slot.field.uid: slot for key, slot in plan.slots.items() if key in readable}


def _changes(access: Access, plan: EntityPlan, slots: Mapping[str, Slot], values: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    readable = access.policy.readable(plan.entity.key)
    rows = {plan.entity.fields[key].uid: key for key in plan.rows if key in readable}
    for uid, (before, after) in values.items():
        if uid in slots:
            yield {"field": slots[uid].key, "before": before, "after": after}
        elif uid in rows:
            child = access.plan(plan.rows[rows[uid]])
            inner = _by_uid(access, child)
            changed = [_row(id_, (before or {}).get(id_), (after or {}).get(id_), inner) for id_ in dict.fromkeys([*(before or {}), *(after or {})])]
            shown = [row for row in changed if row is not None]
            if shown:
                yield {"field": rows[uid], "rows": shown}


def _row(id_: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, slots: Mapping[str, Slot]) -> dict[str, Any] | None:
    """One owned row's part; None for a change of hidden fields only."""
    verb = "created" if before is None else "removed" if after is None else "changed"
    uids = [uid for uid in dict.fromkeys([*(before or {}), *(after or {})]) if uid in slots]
    if not uids and verb == "changed":
        return None
    changes = [{"field": slots[uid].key, "before": (before or {}).get(uid), "after": (after or {}).get(uid)} for uid in uids]
    return {"id": id_, "verb": verb, "changes": changes}


def _name(access: Access, plan: EntityPlan, entries: list[dict[str, Any]]) -> None:
    """Give references the titles that they have now, where they may be read."""
    places: list[tuple[str, dict[str, Any]]] = []
    for entry in entries:
        for change in entry["changes"]:
            if "rows" in change:
                child = access.plan(plan.rows[change["field"]])
                for row in change["rows"]:
                    places += [(str(child.slots[each["field"]].target), each) for each in row["changes"] if child.slots[each["field"]].target]
            elif plan.slots[change["field"]].target:
                places.append((str(plan.slots[change["field"]].target), change))
    for target in {target for target, _ in places}:
        some = [change for other, change in places if other == target]
        ids = {found for change in some for side in ("before", "after") if (found := find_id(change[side]))}
        titles = find_titles(access, target, ids)
        for change in some:
            change["titles"] = {
                side: title for side in ("before", "after") if (known := find_id(change[side])) and (title := titles.get(known))
            }
