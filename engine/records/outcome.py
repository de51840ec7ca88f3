"""A record as its writer gets it back: what was written, without asking the database for it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine.definitions.paths import USER
from engine.kernel.errors import NotFound
from engine.records.access import Access
from engine.records.file_titles import name_files
from engine.records.plan import SYSTEM_FIELDS
from engine.records.query.titles import find_titles
from engine.records.reading import get_record
from engine.records.record import Record
from engine.records.values import Draft


def record_of(access: Access, draft: Draft) -> Record:
    """A new record; only fields that the writer may read, and titles of what they refer to.

    Values that depend on the clock are not at hand: an entity that has some is read once more, unless
    its writer may not read what was written.
    """
    entity = draft.plan.entity.key
    if any(node.entity in {entity, *draft.plan.rows.values()} for node in access.plans.graph.volatile):
        try:
            return get_record(access.work, access.app, entity, draft.id)
        except NotFound:
            pass
    titles = _Titles(access)
    values, named = _shown(access, draft, titles)
    name_files(access, entity, [(values, named)])
    return Record(
        access.app, entity, draft.id, draft.rev, values, named,
        access.policy.may("change", entity), access.policy.may("remove", entity), None, access.plans.dumps(entity),
    )


class _Titles:
    """Titles found so far, so that each target is asked once."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._known: dict[tuple[str, UUID], str] = {}

    def get(self, target: str, id_: UUID) -> str | None:
        """The title, or None."""
        actor = self._access.actor
        if target == USER and id_ == actor.user_id:
            return actor.name
        if (target, id_) not in self._known:
            self._known[target, id_] = find_titles(self._access, target, [id_]).get(id_, "")
        return self._known[target, id_] or None


def _shown(access: Access, draft: Draft, titles: _Titles) -> tuple[dict[str, Any], dict[str, Any]]:
    entity = draft.plan.entity.key
    readable = access.policy.readable(entity)
    values: dict[str, Any] = {}
    named: dict[str, Any] = {}
    is_row = draft.plan.entity.part_of is not None
    for key, slot in draft.plan.slots.items():
        if key not in readable or (is_row and key in SYSTEM_FIELDS):
            continue
        value = values[key] = draft.values.get(key)
        if slot.target and isinstance(value, UUID):
            title = draft.titles.get(key) or titles.get(slot.target, value)
            if title:
                named[key] = title
    for key in draft.plan.rows:
        if key in readable:
            inner = [_shown(access, row, titles) for row in draft.rows.get(key, ())]
            values[key] = [{"id": row.id, **each} for row, (each, _) in zip(draft.rows.get(key, ()), inner, strict=True)]
            named[key] = [each for _, each in inner]
    return values, named
