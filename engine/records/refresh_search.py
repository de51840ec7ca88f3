"""Search texts anew: when other fields are searchable than before, or options are called otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from engine.records.access import Access
from engine.records.query.statements import SEARCH
from engine.records.search_text import search_text
from engine.records.store.load import load
from engine.records.store.save import update


def refresh_search(access: Access, entity: str, ids: Iterable[UUID]) -> None:
    """Write the search texts of these records as the current release has them; nothing else changes."""
    plan = access.plan(entity)
    standing = load(access, entity, ids, lock=True)
    update(access, entity, [(id_, {SEARCH: search_text(plan, values)}) for id_, values in standing.items()])
