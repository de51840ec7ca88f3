"""待办, 已办, 我发起的, 抄送我的: what waits for me, what I decided, submitted and got copies of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import accounts
from engine.definitions.model import Text
from engine.fields.capabilities import Offers
from engine.kernel.errors import NotFound
from engine.kernel.messages import pick
from engine.records.access import access_to
from engine.records.query.titles import find_titles
from engine.storage import Work
from engine.workflow.definition import State
from engine.workflow.notifications import count_unread
from engine.workflow.read_definition import definition_of
from engine.workflow.store import lists

_LIMIT = 200


@dataclass(frozen=True)
class Item:
    """One line of a list: a task, a submission or a copy.

    `id` is the task's (copy's, instance's) own; `state_label` and `colour` are those of the step that
    the line is about; `waiting` counts the seats that have not answered yet, so 1 means "you are the
    last"; `is_vacant` marks a task for any administrator.
    """

    id: UUID
    app: str
    entity: str
    entity_label: Text
    record_id: UUID
    title: str
    workflow: str
    state: str
    state_label: Text
    colour: str
    initiator: str
    since: datetime | None
    due: datetime | None = None
    status: str | None = None
    outcome: str | None = None
    comment: str | None = None
    waiting: int = 0
    is_vacant: bool = False
    is_read: bool = True


def inbox(work: Work, *, limit: int = _LIMIT, after: UUID | None = None) -> list[Item]:
    """Open tasks of the actor, those that are due first at the top; administrators see vacant ones too."""
    actor = work.actor
    if actor.user_id is None:
        return []
    rows = lists.open_tasks(
        work.connection, actor.user_id, is_admin=actor.is_admin, limit=limit, after=after
    )
    found = [
        _item(row, about, row.state, since=row.opened_at, due=row.due_at, waiting=row.waiting,
              is_vacant=row.user_id is None)
        for row, about in _with_places(work, rows)
    ]
    return sorted(found, key=lambda item: (item.due is None, item.due or item.since, item.id))


def open_task(work: Work, record_id: UUID) -> UUID | None:
    """The actor's open task on a record, where there is one."""
    actor = work.actor
    if actor.user_id is None:
        return None
    return lists.open_task_on(work.connection, record_id, actor.user_id, is_admin=actor.is_admin)


def decided(work: Work, *, limit: int = _LIMIT, before: UUID | None = None) -> list[Item]:
    """Tasks that the actor has answered or handed on, the newest first."""
    if work.actor.user_id is None:
        return []
    rows = lists.done_tasks(work.connection, work.actor.user_id, limit, before)
    return [
        _item(row, about, row.state, since=row.decided_at, status=row.status, outcome=row.outcome,
              comment=row.comment)
        for row, about in _with_places(work, rows)
    ]


def submissions(work: Work, *, limit: int = _LIMIT, before: UUID | None = None) -> list[Item]:
    """What the actor has submitted, the newest first, with where it stands."""
    if work.actor.user_id is None:
        return []
    rows = lists.submitted_by(work.connection, work.actor.user_id, limit, before)
    return [
        _item(row, about, row.state, since=row.started_at, outcome=row.outcome)
        for row, about in _with_places(work, rows)
    ]


def copies(work: Work, *, limit: int = _LIMIT, before: UUID | None = None) -> list[Item]:
    """Copies that the actor has got, the newest first."""
    if work.actor.user_id is None:
        return []
    rows = lists.copies_of(work.connection, work.actor.user_id, limit, before)
    return [
        _item(row, about, row.state, since=row.at, outcome=row.outcome, is_read=row.read_at is not None)
        for row, about in _with_places(work, rows)
    ]


def counts(work: Work) -> dict[str, int]:
    """Numbers for badges: open tasks and unread notifications."""
    actor = work.actor
    if actor.user_id is None:
        return {"tasks": 0, "notifications": 0}
    return {
        "tasks": lists.count_open_tasks(work.connection, actor.user_id, is_admin=actor.is_admin),
        "notifications": count_unread(work),
    }


def inbox_json(work: Work) -> list[dict[str, Any]]:
    """The actor's open tasks as JSON."""
    language = work.language
    return [
        {
            "id": str(item.id), "app": item.app, "entity": item.entity, "record_id": str(item.record_id),
            "title": item.title, "workflow": item.workflow, "state": item.state,
            "state_label": pick(item.state_label, language), "initiator": item.initiator,
            "since": _iso(item.since), "due": _iso(item.due), "waiting": item.waiting,
            "is_vacant": item.is_vacant,
        }
        for item in inbox(work)
    ]


@dataclass(frozen=True)
class _Place:
    """What all lines of one workflow in one release share, and the titles of its records."""

    entity_label: Text
    states: Any
    colours: dict[str, str]
    titles: dict[UUID, str]
    names: dict[UUID, str]


def _with_places(work: Work, rows: Sequence[Any]) -> Iterator[tuple[Any, _Place]]:
    """Rows with what they are about; those of an app or a record that has gone are left out."""
    names = accounts.names_of(work, {row.initiator_id for row in rows if row.initiator_id})
    titles: dict[tuple[str, str], dict[UUID, str]] = {}
    for app, entity in {(row.app, row.entity) for row in rows}:
        ids = [row.record_id for row in rows if (row.app, row.entity) == (app, entity)]
        titles[app, entity] = _titles(work, app, entity, ids)
    places: dict[tuple[str, str, int], _Place] = {}
    for row in rows:
        known = titles[row.app, row.entity]
        if row.record_id not in known:
            continue
        key = (row.app, row.workflow, row.release)
        if key not in places:
            places[key] = _place(work, row, known, names)
        yield row, places[key]


def _place(work: Work, row: Any, titles: dict[UUID, str], names: dict[UUID, str]) -> _Place:
    model = work.model_of(row.app, row.release)
    definition = definition_of(model.workflows[row.workflow])
    entity = model.entities[row.entity]
    field = entity.fields[definition.status_field]
    options: Iterable[Any] = field.type.choices(field.options) if isinstance(field.type, Offers) else ()
    colours = {option["key"]: str(option.get("colour") or "") for option in options}
    return _Place(entity.label, definition.states, colours, titles, names)


def _titles(work: Work, app: str, entity: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    try:
        return find_titles(access_to(work, app), entity, ids)
    except NotFound:
        return {}


def _item(row: Any, place: _Place, state: str, **more: Any) -> Item:
    found: State = place.states[state]
    return Item(
        id=row.id, app=row.app, entity=row.entity, entity_label=place.entity_label,
        record_id=row.record_id, title=place.titles[row.record_id] or "–", workflow=row.workflow,
        state=state, state_label=found.label, colour=place.colours.get(found.status or "", ""),
        initiator=place.names.get(row.initiator_id, ""), **more,
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
