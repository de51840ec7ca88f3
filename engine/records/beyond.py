"""What a form needs to know of records that its references point to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from engine.kernel.errors import Invalid
from engine.kernel.ids import find_id
from engine.records.access import Access, access_to
from engine.records.files import describe_files
from engine.records.names import may_read
from engine.records.query.beyond import beyond
from engine.records.query.titles import find_titles
from engine.storage import Work


def titles_of(work: Work, app: str, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Titles of what these values (raw or Python) refer to, where the actor may read it.

    For files these are [{"id", "name", "size"}], of files that the actor may open.
    """
    access = access_to(work, app)
    access.entity(entity)
    found: dict[str, Any] = {}
    for key, id_ in _references(access, entity, values).items():
        title = find_titles(access, str(access.plan(entity).slots[key].target), [id_]).get(id_)
        if title:
            found[key] = title
    for slot in access.plan(entity).files:
        raw = values.get(slot.key)
        listed = raw if isinstance(raw, (list, tuple)) else ()
        ids = [known for item in listed if (known := find_id(item))]
        files = describe_files(work, ids) if ids else {}
        if files:
            found[slot.key] = [{"id": str(file.id), "name": file.name, "size": file.size} for file in files.values()]
    return found


def values_beyond(work: Work, app: str, entity: str, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What names with steps (`account.level`) mean for these values, as far as the actor may read it.

    Names that the actor may not use are left out; behind an empty or hidden reference all is null.
    """
    access = access_to(work, app)
    access.entity(entity)
    references = _references(access, entity, values)
    found: dict[str, Any] = {}
    by_first: dict[str, list[str]] = {}
    for name in names:
        first, _, rest = name.partition(".")
        if rest and first in access.plan(entity).slots and may_read(access, entity, name):
            by_first.setdefault(first, []).append(rest)
    for first, rests in by_first.items():
        target, id_ = access.plan(entity).slots[first].target, references.get(first)
        known = beyond(access, target, id_, rests) if target and id_ else {}
        found.update({f"{first}.{rest}": known.get(rest) for rest in rests})
    return found


def _references(access: Access, entity: str, values: Mapping[str, Any]) -> dict[str, UUID]:
    """The references among raw values that are ids at all, of fields that the actor may read."""
    found: dict[str, UUID] = {}
    readable = access.policy.readable(entity)
    for key, raw in values.items():
        slot = access.plan(entity).slots.get(key)
        if slot is None or slot.target is None or key not in readable or raw is None or raw == "":
            continue
        try:
            found[key] = slot.parse(raw)
        except Invalid:
            continue
    return found
