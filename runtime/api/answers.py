"""JSON Schemas of the answers that have the same shape whatever an app defines."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_ID: Schema = {"type": ["string", "null"], "format": "uuid"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
MAYBE_OBJECT: Schema = {"type": ["object", "null"]}
PATH: Schema = {"type": "array", "items": {"type": ["string", "integer"]}}
ANYTHING: Schema = {}


def object_of(**properties: Schema) -> Schema:
    """An object with exactly these keys."""
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def list_of(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


def refer(name: str) -> Schema:
    """A reference to one of `SCHEMAS`, or to a schema of records."""
    return {"$ref": f"#/components/schemas/{name}"}


ENTRY = object_of(code=TEXT, path=PATH, message=TEXT)
FINDING = object_of(
    code=TEXT, level=TEXT, kind=TEXT, key=TEXT, path=PATH, message=TEXT, uses={"type": "array"}, count={"type": ["integer", "null"]},
)
CHANGE: Schema = {
    "type": "object",
    "required": ["field"],
    "description": "A field's value before and after; for owned rows the rows that changed, each with its own changes",
    "properties": {
        "field": TEXT, "before": ANYTHING, "after": ANYTHING, "titles": {"type": "object"},
        "rows": list_of(object_of(id=ID, verb=TEXT, changes={"type": "array"})),
    },
    "additionalProperties": False,
}

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "errors": list_of(ENTRY),
            "current": {"description": "What stands now, where somebody else was faster"},
        },
        "additionalProperties": False,
    },
    "Session": object_of(user=object_of(id=ID, name=TEXT, language=TEXT), csrf=TEXT),
    "App": object_of(key=TEXT, label=TEXT, description=TEXT, icon=MAYBE_TEXT, languages=list_of(TEXT)),
    "Task": object_of(
        id=ID, app=TEXT, entity=TEXT, record_id=ID, title=TEXT, workflow=TEXT, state=TEXT, state_label=TEXT, initiator=MAYBE_TEXT,
        since=MOMENT, due=MAYBE_MOMENT, waiting=COUNT, is_vacant=FLAG,
    ),
    "Decided": object_of(
        instance_id=ID, workflow=TEXT, state=TEXT, label=TEXT, status=MAYBE_TEXT, is_final=FLAG, round=COUNT, version=COUNT,
    ),
    "Job": object_of(
        id=ID, kind=TEXT, status={"enum": ["waiting", "running", "done", "failed", "dead", "cancelled"]},
        progress={"type": "integer", "minimum": 0, "maximum": 100}, attempts=COUNT, message=MAYBE_OBJECT, result=MAYBE_OBJECT,
        created_at=MOMENT, ended_at=MAYBE_MOMENT,
    ),
    "Standing": object_of(
        workflow=TEXT, state=TEXT, label=TEXT, status=MAYBE_TEXT, is_final=FLAG, outcome=MAYBE_TEXT, round=COUNT,
        moves=list_of(object_of(name=TEXT, label=TEXT, require=list_of(TEXT), comment_required=FLAG, confirm=FLAG)),
        tasks=list_of(object_of(id=ID, user=MAYBE_ID, name=TEXT, since=MAYBE_MOMENT, due=MAYBE_MOMENT)),
        my_task=MAYBE_ID, decisions=list_of(TEXT),
        path=list_of(object_of(**{"is": TEXT, "key": TEXT, "label": TEXT, "note": TEXT})),
        locked=FLAG, editable_fields={"type": ["array", "null"], "items": TEXT},
    ),
    "HistoryEntry": object_of(
        id=ID, rev=COUNT, verb={"enum": ["created", "changed", "removed", "restored"]}, at=MOMENT,
        actor=object_of(id=MAYBE_ID, name=TEXT), cause=MAYBE_TEXT, changes=list_of(CHANGE),
    ),
    "Group": {"type": "object", "description": "The group's keys, and each measure under `function` or `function:field`"},
    "RowResult": {
        "oneOf": [object_of(index=COUNT, id=ID), object_of(index=COUNT, problems=list_of(ENTRY))],
    },
    "DocumentEntry": object_of(
        kind=TEXT, key=TEXT, uid=ID, label=TEXT, rev=COUNT, status={"enum": ["new", "changed", "published"]}, changed_at=MAYBE_MOMENT,
    ),
    "Document": object_of(document={"type": "object"}, rev=COUNT),
    "Check": object_of(
        can_publish=FLAG, findings=list_of(FINDING), impact=list_of(FINDING),
        steps=list_of(object_of(kind=TEXT, entity=TEXT, field=TEXT, message=TEXT)),
    ),
    "Published": object_of(release=COUNT),
    "Release": object_of(
        number=COUNT, note=TEXT, author=MAYBE_TEXT, published_at=MOMENT, is_current=FLAG, origin=MAYBE_OBJECT,
    ),
    "Difference": object_of(
        change=TEXT, kind=TEXT, key=TEXT, uid=TEXT, old_key=MAYBE_TEXT, label=TEXT,
        edits=list_of(object_of(kind=TEXT, path=PATH, before=ANYTHING, after=ANYTHING)),
    ),
}
