"""What changed, field by field, as it is kept: JSON values by field uid.

Creation is kept without values. What a field began with is the `before` of its first change, or what
still stands there; writing it all down once more would double every import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.kernel.ids import new_id
from engine.records.access import Access
from engine.records.values import Draft

Entry = dict[str, Any]


def history_entry(access: Access, draft: Draft, verb: str, cause: str | None) -> Entry | None:
    """The history row of a write; None for a change of nothing that is tracked."""
    values = {} if verb == "created" else {**_values(draft), **_rows(draft)}
    if not values and verb == "changed":
        return None
    actor = access.actor
    return {
        "id": new_id(), "app": access.app, "entity_uid": draft.plan.entity.uid, "record_id": draft.id, "rev": draft.rev,
        "verb": verb, "values": values, "actor_id": actor.user_id, "actor_name": actor.name, "cause": cause, "at": access.work.now,
    }


def _values(draft: Draft) -> dict[str, list[Any]]:
    """[before, after] of every tracked field that differs."""
    values, old = draft.values, draft.old
    return {
        uid: [_json(dump, old.get(key)), _json(dump, values[key])]
        for key, uid, dump in draft.plan.told
        if key in values and values[key] != old.get(key)
    }


def _json(dump: Any, value: Any) -> Any:
    return value if value is None or dump is None else dump(value)


def _rows(draft: Draft) -> dict[str, list[Any]]:
    """[before, after] of owned rows that came, went or changed: values by row id, then by field uid."""
    found: dict[str, list[Any]] = {}
    for key in draft.plan.rows:
        if key not in draft.plan.tracked or key not in draft.rows:
            continue
        before, after = {}, {}
        for row in draft.gone.get(key, ()):
            before[str(row.id)] = _dumped(row, row.old, row.plan.stored)
        for row in draft.rows[key]:
            if row.is_new:
                after[str(row.id)] = _dumped(row, row.values, row.plan.stored)
            elif changed := row.changed & row.plan.tracked:
                before[str(row.id)] = _dumped(row, row.old, changed, with_empty=True)
                after[str(row.id)] = _dumped(row, row.values, changed, with_empty=True)
        if before or after:
            found[draft.plan.entity.fields[key].uid] = [before, after]
    return found


def _dumped(row: Draft, values: Mapping[str, Any], keys: Iterable[str], *, with_empty: bool = False) -> dict[str, Any]:
    found = {}
    for key in keys:
        slot = row.plan.slots.get(key)
        if slot is not None and key in row.plan.tracked and (with_empty or values.get(key) is not None):
            found[slot.field.uid] = _json(slot.dump, values.get(key))
    return found
