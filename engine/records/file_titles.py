"""What listed files are called: names and sizes beside the ids that a record holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.records.access import Access
from engine.records.plan import Plans
from engine.records.store import files as table

Pair = tuple[Mapping[str, Any], dict[str, Any]]
"""A record's values (Python or JSON) and its titles."""


def name_files(access: Access, entity: str, records: Sequence[Pair]) -> None:
    """Add [{"id", "name", "size"}] to the titles, for every file that these records and their rows list."""
    plans = access.plans
    if not plans.kept.get(("files", entity), lambda: _holds_files(plans, entity)):
        return
    places = list(_places(plans, entity, records))
    if not places:
        return
    known = {row["id"]: row for row in table.find_many(access.work, {id_ for _, _, ids in places for id_ in ids})}
    for titles, key, ids in places:
        titles[key] = [
            {"id": str(id_), "name": known[id_]["name"], "size": known[id_]["size"]} for id_ in ids if id_ in known
        ]


def _holds_files(plans: Plans, entity: str) -> bool:
    plan = plans.entities[entity]
    return bool(plan.files) or any(_holds_files(plans, child) for child in plan.rows.values())


def _places(plans: Plans, entity: str, records: Iterable[Pair]) -> Iterator[tuple[dict[str, Any], str, list[UUID]]]:
    plan = plans.entities[entity]
    for values, titles in records:
        for slot in plan.files:
            if ids := values.get(slot.key):
                yield titles, slot.key, [id_ if isinstance(id_, UUID) else UUID(id_) for id_ in ids]
        for key, child in plan.rows.items():
            if rows := values.get(key):
                yield from _places(plans, child, zip(rows, titles[key], strict=True))
