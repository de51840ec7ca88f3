"""What happened to a record in its workflows, as sentences; and whether the record of it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import accounts
from engine.definitions.model import Text, Workflow
from engine.kernel.ids import find_id
from engine.kernel.messages import LANGUAGES, translate
from engine.records import require_record
from engine.storage import Work
from engine.workflow.definition import Definition
from engine.workflow.instances import known_id
from engine.workflow.read_definition import definition_of
from engine.workflow.store import events, lists

_LOOKS = {
    "fired": ("send", ""), "withdrawn": ("undo-2", "warn"), "approved": ("check", "ok"),
    "rejected": ("x", "bad"), "returned": ("undo-2", "warn"), "transferred": ("arrow-right-left", ""),
    "commented": ("message-square", ""), "copied": ("copy", ""), "reminded": ("bell", ""),
    "escalated": ("bell-ring", "warn"), "handed_over": ("arrow-right-left", "warn"),
    "timed": ("clock", "warn"), "timer_blocked": ("triangle-alert", "bad"),
    "timer_failed": ("triangle-alert", "bad"), "reassigned": ("user-x", "warn"),
    "changed": ("pencil", "warn"), "ended": ("flag", ""), "cancelled": ("ban", "bad"),
    "entered": ("arrow-right", ""), "resumed": ("redo-2", ""), "rerun": ("refresh-cw", ""),
    "return_limit": ("triangle-alert", "warn"), "migrated": ("move-right", "warn"),
}
_DETAILS = frozenset({"started", "chosen", "closed", "edited"})
"""Kinds that only matter to whoever looks closely."""


@dataclass(frozen=True)
class TimelineEvent:
    """Something that happened. `values` are already labels and names, so that `text` can say it."""

    seq: int
    at: datetime
    kind: str
    code: str
    values: Mapping[str, Any]
    actor: str
    actor_id: UUID | None
    via: str
    state: str | None
    state_label: Text
    comment: str
    icon: str
    tone: str
    is_detail: bool = False

    def text(self, language: str) -> str:
        """The event as a sentence."""
        return translate(self.code, self.values, language)


def timeline(
    work: Work, app: str, entity: str, record_id: UUID | str, *, details: bool = False
) -> list[TimelineEvent]:
    """Everything that workflows did with a record and people said on the way, the oldest first.

    `details` adds the steps in between. Raises NotFound for a record that the actor may not see.
    """
    id_ = known_id(record_id)
    require_record(work, app, entity, id_)
    rows = lists.events_on(work.connection, id_)
    names = accounts.names_of(work, _people_in(rows))
    moved = [(row.instance_id, row.seq, row.details.get("from_release")) for row in rows if row.kind == "migrated"]
    found = [_event(work, row, names, _release_of(row, moved)) for row in rows]
    return [event for event in found if details or not event.is_detail]


def broken_links(work: Work, instance_id: UUID) -> list[int]:
    """Numbers of timeline entries of an instance that are not what was written; empty when all is well."""
    return events.broken_links(work.connection, instance_id)


def _release_of(row: Any, moved: Iterable[tuple[UUID, int, Any]]) -> int:
    """By which release an event happened: a run that was moved had another one before."""
    return next((int(release) for instance, seq, release in moved if instance == row.instance_id and row.seq <= seq and release), row.release)


def _event(work: Work, row: Any, names: Mapping[UUID, str], release: int) -> TimelineEvent:
    definition = definition_of(_workflow_in(work, row, release))
    details = row.details
    look = details.get("decision") or row.kind
    icon, tone = _LOOKS.get(look, ("dot", ""))
    if row.kind == "ended":
        tone = "ok" if details.get("outcome") == "approved" else "bad"
    return TimelineEvent(
        seq=row.seq, at=row.at, kind=row.kind, code=_code(row), values=_values(work, row, definition, names),
        actor=_actor(row, work.language), actor_id=row.actor_id, via=row.via, state=row.state,
        state_label=_label(definition, row.state), comment=details.get("comment") or "",
        icon=icon, tone=tone, is_detail=_minor(row, definition),
    )


def _workflow_in(work: Work, row: Any, release: int) -> Workflow:
    """The workflow as it was in a release, which may have called it something else."""
    current = work.model_of(row.app, row.release).workflows[row.workflow]
    if release == row.release:
        return current
    return next((one for one in work.model_of(row.app, release).workflows.values() if one.uid == current.uid), current)


def _minor(row: Any, definition: Definition) -> bool:
    if row.kind == "entered":
        state = definition.states.get(row.state)
        return state is None or state.type != "approval"
    is_note = row.kind == "changed" and row.details.get("effect") == "note"
    return row.kind in _DETAILS or is_note


def _code(row: Any) -> str:
    part = row.details.get("decision") if row.kind == "decided" else None
    if row.kind == "timed":
        part = row.details.get("do")
    return f"workflow.event.{row.kind}" + (f".{part}" if part else "")


def _values(work: Work, row: Any, definition: Definition, names: Mapping[UUID, str]) -> dict[str, Any]:
    details = row.details
    found: dict[str, Any] = {
        **{key: value for key, value in details.items() if isinstance(value, (str, int))},
        "state": _label(definition, row.state),
        "move": details.get("label") or details.get("move") or "",
        "people": [names.get(id_, "") for id_ in _ids(details.get("people"))] or [_administrators(work.language)],
    }
    if "to" in details:
        found["to"] = details.get("to_label") or _label(definition, details["to"])
    if row.kind == "reassigned":
        found["user"] = names.get(find_id(details.get("user")) or row.instance_id, "")
        found["people"] = [names.get(find_id(details.get("to")) or row.instance_id) or _administrators(work.language)]
    if row.kind == "closed":
        word = details.get("result")
        found["what"] = {each: translate(f"workflow.word.{word}", None, each) for each in LANGUAGES}
    return found


def _label(definition: Definition, key: str | None) -> Text:
    state = definition.states.get(key or "")
    return state.label if state else (key or "")


def _actor(row: Any, language: str) -> str:
    if row.actor_id is not None:
        return str(row.actor_name)
    return translate("workflow.sla" if row.via == "sla" else "workflow.automatic", None, language)


def _administrators(language: str) -> str:
    return translate("workflow.administrators", None, language)


def _people_in(rows: Iterable[Any]) -> set[UUID]:
    found: set[UUID] = set()
    for row in rows:
        found.update(_ids(row.details.get("people")))
        found.update(_ids([row.details.get("user"), row.details.get("to")]))
    return found


def _ids(items: Any) -> list[UUID]:
    """Ids among the items of a detail: plain ones, and those of described slots."""
    found = []
    for item in items or ():
        id_ = find_id(item.get("user") if isinstance(item, Mapping) else item)
        if id_ is not None:
            found.append(id_)
    return found
