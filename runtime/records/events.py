"""The timeline of a record: changes, comments and steps of its workflow in one list, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import g

from engine import EngineError, translate
from engine.rendering import form_tree
from runtime.records.place import Place
from runtime.shell.application import the_engine, the_work
from runtime.shell.templating import say

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


def _change(here: Place, entry: dict[str, Any]) -> dict[str, Any]:
    verb = entry["verb"]
    icon, tone = LOOKS.get(verb, ("pencil", ""))
    return {
        "text": translate(f"timeline.{verb}", {}, g.language), "time": datetime.fromisoformat(entry["at"]), "name": entry["actor"]["name"],
        "icon": icon, "tone": tone, "changes": _changes(here, entry) if verb == "changed" else [],
    }


def _changes(here: Place, entry: Any) -> list[dict[str, str]]:
    """Before and after of each field, shown by the fields' own widgets."""
    plain = {change["field"]: change for change in entry["changes"] if "rows" not in change and change["field"] in here.definition.fields}
    shown: dict[str, dict[str, str]] = {}
    small = the_engine().small_form(here.model, here.entity, plain, ())
    for name in ("before", "after") if small is not None else ():
        values = {key: _typed(here, key, change[name]) for key, change in plain.items()}
        titles = {key: title for key, change in plain.items() if (title := (change.get("titles") or {}).get(name))}
        tree = form_tree(here.model, here.policy, small, values=values, titles=titles, mode="read")
        for node in tree.fields():
            shown.setdefault(node.key, {"name": node.label, "before": "", "after": ""})[name] = node.shown.text
    found = list(shown.values())
    for change in entry["changes"]:
        if "rows" in change:
            label = say(here.definition.fields[change["field"]].label)
            count = len(change["rows"])
            found.append({"name": label, "before": "", "after": translate("timeline.rows", {"count": count}, g.language)})
    return found


def _typed(here: Place, key: str, value: Any) -> Any:
    """A stored JSON value as its widget wants it; what the type no longer reads is shown as it stands."""
    field = here.definition.fields[key]
    if value is None:
        return None
    try:
        return field.type.parse(value, field.options)
    except EngineError:
        return value


def _step(event: Any) -> dict[str, Any]:
    return {"text": event.text(g.language), "time": event.at, "name": event.actor, "icon": event.icon,
            "tone": event.tone, "comment": event.comment}
