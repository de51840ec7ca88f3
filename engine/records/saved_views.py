"""A person's own views: a filter, an order and columns under a name, for nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem
from engine.kernel.ids import new_id
from engine.records.access import access_to
from engine.records.names import chosen, read_filter, read_sort
from engine.records.store import saved_views as table
from engine.storage import Work

MAX_VIEWS = 50
MAX_NAME = 80
_KNOWN: Mapping[str, type] = {"filter": str, "where": str, "sort": list, "columns": list, "q": str, "view": str}


@dataclass(frozen=True)
class SavedView:
    """One of somebody's own views. `settings` may have filter, sort, columns, q, and the view it began as."""

    id: UUID
    name: str
    settings: Mapping[str, Any]


def list_saved_views(work: Work, app: str, entity: str) -> list[SavedView]:
    """The actor's own views of an entity, by name."""
    if work.actor.user_id is None:
        return []
    return [SavedView(*row) for row in table.find(work, work.actor.user_id, app, entity)]


def save_view(work: Work, app: str, entity: str, name: str, settings: Mapping[str, Any], *, id_: UUID | None = None) -> SavedView:
    """Keep a view, or with `id_` change one; raises Invalid for settings that the actor could not use now."""
    access = access_to(work, app)
    access.entity(entity)
    if work.actor.user_id is None:
        raise Forbidden(Problem("saved_view.needs_person"))
    title = " ".join(str(name).split()) if isinstance(name, str) else ""
    if not title or len(title) > MAX_NAME or not title.isprintable():
        raise Invalid(Problem("saved_view.name", {"count": MAX_NAME}, ("name",)))
    bad = [key for key, value in settings.items() if key not in _KNOWN or type(value) is not _KNOWN[key]]
    if bad:
        raise Invalid(*(Problem("saved_view.setting", {"setting": str(key)[:80]}, ("settings", str(key)[:80])) for key in bad))
    read_filter(access, entity, settings.get("filter", ""))
    read_sort(access, entity, _texts(settings, "sort"))
    chosen(access, entity, _texts(settings, "columns") or None, with_rows=False)
    mine = list_saved_views(work, app, entity)
    if id_ is not None and id_ not in {view.id for view in mine}:
        raise NotFound(Problem("saved_view.not_found"))
    if id_ is None and len(mine) >= MAX_VIEWS:
        raise Invalid(Problem("saved_view.too_many", {"count": MAX_VIEWS}))
    found = SavedView(id_ or new_id(), title, dict(settings))
    table.put(work, {"id": found.id, "user_id": work.actor.user_id, "app": app, "entity": entity, "name": title, "settings": found.settings})
    return found


def remove_saved_view(work: Work, id_: UUID) -> None:
    """Forget one of the actor's own views; raises NotFound."""
    if work.actor.user_id is None or not table.delete(work, work.actor.user_id, id_):
        raise NotFound(Problem("saved_view.not_found"))


def _texts(settings: Mapping[str, Any], key: str) -> list[str]:
    found = settings.get(key, [])
    if not all(isinstance(item, str) for item in found):
        raise Invalid(Problem("saved_view.setting", {"setting": key}, ("settings", key)))
    return list(found)
