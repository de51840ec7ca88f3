"""The timeline of a record: changes, comments and steps of its workflow in one list, newest first."""

from __future__ import annotations

from typing import Any

from engine import translate
from flask import g

from engine.rendering import form_tree
from runtime.records.place import Place
from runtime.shell.application import the_engine, the_work

LOOKS = {
    "created": ("plus", ""), "changed": ("pencil", ""), "removed": ("trash-2", "bad"), "restored": ("undo-2", ""),
}


def events_of(here: Place, record: Any, standing: Any) -> list[dict[str, Any]]:
    """What happened to a record, as the timeline part draws it."""
    engine, work = the_engine(), the_work()
    id = str(record.id)
    events = [_change(here, entry) for entry in engine.records.history(work, here.app, here.entity, id)]
    events += [
        {"text": translate("timeline.commented", {}, g.language), "time": item.at, "name": item.author, "comment": item.text}
        for item in engine.records.list_comments(work, here.app, here.entity, id)
    ]
    if standing is not None:
        events += [_step(event) for event in engine.workflow.timeline(work, here.app, here.entity, id)]
    events.sort(key=lambda event: event["time"], reverse=True)
    return events


def _change(here: Place, entry: Any) -> dict[str, Any]:
    icon, tone = LOOKS.get(entry.verb, ("pencil", ""))
    return {
        "text": translate(f"timeline.{entry.verb}", {}, g.language), "time": entry.at, "name": entry.actor,
        "icon": icon, "tone": tone, "changes": _changes(here, entry) if entry.verb == "changed" else [],
    }


def _changes(here: Place, entry: Any) -> list[dict[str, str]]:
    """Before and after of each field, shown by the fields' own widgets."""
    form = here.form("full")
    before = {change.field: change.before for change in entry.changes}
    after = {change.field: change.after for change in entry.changes}
    shown: dict[str, dict[str, str]] = {}
    small = the_engine().small_form(here.model, here.entity, [key for key in after if key in here.definition.fields], ())
    for name, values in (("before", before), ("after", after)):
        tree = form_tree(here.model, here.policy, small or form, values=values, titles=entry.titles.get(name, {}), mode="read")
        for node in tree.fields():
            shown.setdefault(node.key, {"name": node.label, "before": "", "after": ""})[name] = node.shown.text
    return [item for key, item in shown.items() if key in after]


def _step(event: Any) -> dict[str, Any]:
    return {"text": event.text(g.language), "time": event.at, "name": event.actor, "icon": event.icon,
            "tone": event.tone, "comment": event.comment}
