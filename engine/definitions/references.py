"""Every place in which a document names something else outside of an expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Document, Field
from engine.definitions.outline import Outline
from engine.definitions.paths import computation_of, counts, rolled_up, rows_of, target_of
from engine.definitions.places import parts_of_form, template_of
from engine.definitions.workflow_parts import (
    INITIATOR,
    PREVIOUS,
    Path,
    actions_of,
    edges_of,
    forms_of,
    people_of,
    person_rules_of,
)

Target = tuple[str, ...]
"""What is named: ("entity", e), ("field", e, f or a path of fields), ("form", f), ("view", v),
("role", r), ("template", t), ("webhook", w), ("state", workflow, s), ("person_rule", workflow, r)."""


@dataclass(frozen=True)
class Reference:
    """Document `kind`/`key` names `target` at `path`."""

    target: Target
    kind: str
    key: str
    path: Path


def references_of(outline: Outline) -> Iterator[Reference]:
    """Every reference in the sound documents, whether its target exists or not."""
    for kind, walk in _WALKS.items():
        for document in outline.by_kind[kind].values():
            for target, path in dict.fromkeys(walk(outline, document)):
                yield Reference(target, kind, document["key"], path)


Found = Iterator[tuple[Target, Path]]


def _app(_: Outline, document: Document) -> Found:
    for index, group in enumerate(document.get("navigation", ())):
        for number, link in enumerate(group["items"]):
            for part, key in link.items():
                yield (part, key), ("navigation", index, "items", number, part)


def _entity(outline: Outline, document: Document) -> Found:
    key = document["key"]
    for part in ("title", "owner", "department"):
        if part in document:
            yield ("field", key, document[part]), (part,)
    if "part_of" in document:
        yield ("entity", document["part_of"]), ("part_of",)
    for index, rule in enumerate(document.get("rules", ())):
        yield from _fields(key, rule.get("fields", ()), ("rules", index, "fields"))
    for index, group in enumerate(document.get("unique", ())):
        yield from _fields(key, group, ("unique", index))
    for index, raw in enumerate(document["fields"]):
        item = outline.entities[key].fields.get(raw["key"])
        if item is not None and not raw.get("retired"):
            yield from _options(outline, key, item, ("fields", index, "options"))


def _options(outline: Outline, key: str, item: Field, at: Path) -> Found:
    """What a field's options name: a target, owned rows, what is mirrored or rolled up."""
    target = target_of(item) or rows_of(item)
    if target and not target.startswith("@"):
        yield ("entity", target), (*at, "entity")
    computation, owner = computation_of(item), None
    if computation == "mirror":
        yield ("field", key, item.options["via"]), (*at, "via")
        via = outline.entities[key].fields.get(item.options["via"])
        owner = target_of(via) if via else None
    elif computation == "rollup":
        if item.options.get("rows"):
            yield ("field", key, item.options["rows"]), (*at, "rows")
        elif item.options.get("entity"):
            yield ("entity", item.options["entity"]), (*at, "entity")
        owner = rolled_up(outline.entities, key, item)
        if owner and item.options.get("via"):
            yield ("field", owner, item.options["via"]), (*at, "via")
    if owner in outline.entities and item.options.get("field") and not counts(item):
        yield ("field", str(owner), item.options["field"]), (*at, "field")


def _form(outline: Outline, document: Document) -> Found:
    entity = document["entity"]
    yield ("entity", entity), ("entity",)
    yield from _roles(document)
    for path, part in parts_of_form(document):
        if "field" in part:
            yield ("field", entity, part["field"]), (*path, "field")
        if "rows" in part:
            yield ("field", entity, part["rows"]), (*path, "rows")
            owned = outline.entities[entity].fields.get(part["rows"]) if entity in outline.entities else None
            child = rows_of(owned) if owned else None
            if child in outline.entities:
                yield from _fields(str(child), part["fields"], (*path, "fields"))
    for index, item in enumerate(document.get("related", ())):
        at: Path = ("related", index)
        yield ("entity", item["entity"]), (*at, "entity")
        yield ("field", item["entity"], item["field"]), (*at, "field")
        yield from _fields(item["entity"], item["columns"], (*at, "columns"))


def _view(_: Outline, document: Document) -> Found:
    entity = document["entity"]
    yield ("entity", entity), ("entity",)
    yield from _roles(document)
    for index, column in enumerate(document["columns"]):
        if isinstance(column, str):
            yield ("field", entity, column), ("columns", index)
        else:
            yield ("field", entity, column["field"]), ("columns", index, "field")
    for index, item in enumerate(document.get("sort", ())):
        yield ("field", entity, item.removeprefix("-")), ("sort", index)
    for part in ("quick_filters", "sums"):
        yield from _fields(entity, document.get(part, ()), (part,))
    if "group_by" in document:
        yield ("field", entity, document["group_by"]), ("group_by",)
    for index, rule in enumerate(document.get("colours", ())):
        if "field" in rule:
            yield ("field", entity, rule["field"]), ("colours", index, "field")
    for part, names in _VIEW_PARTS.items():
        for name in names:
            if name in document.get(part, {}):
                yield ("field", entity, document[part][name]), (part, name)


_VIEW_PARTS = {"board": ("by", "title"), "calendar": ("start", "end", "title", "colour"), "cards": ("title", "chip")}
"""Settings of a view's types that name fields."""


def _role(_: Outline, document: Document) -> Found:
    for entity, grant in document["entities"].items():
        yield ("entity", entity), ("entities", entity)
        for field in grant.get("fields", {}):
            yield ("field", entity, field), ("entities", entity, "fields", field)


def _workflow(_: Outline, document: Document) -> Found:
    key, entity = document["key"], document["entity"]
    yield ("entity", entity), ("entity",)
    yield ("field", entity, document["status_field"]), ("status_field",)
    yield ("state", key, document["initial"]), ("initial",)
    yield from _states(document)
    for path, rule in person_rules_of(document):
        yield ("person_rule", key, rule), path
    for path, people in people_of(document):
        for index, person in enumerate(people):
            if person.startswith("role:"):
                yield ("role", person.removeprefix("role:")), (*path, index)
    for name, item in document.get("rules", {}).items():
        if item["kind"] == "role":
            yield ("role", item["value"]), ("rules", name, "value")
        if item["kind"] == "field":
            yield ("field", entity, item["value"]), ("rules", name, "value")
        if item.get("of", "initiator") not in {"initiator", "owner", "previous_actor"}:
            yield ("field", entity, item["of"]), ("rules", name, "of")
    yield from _workflow_fields(document)
    for path, action in actions_of(document):
        yield from _action(entity, path, action)


def _states(document: Document) -> Found:
    key = document["key"]
    for edge in edges_of(document):
        if edge.via == "return" and edge.name in {INITIATOR, PREVIOUS}:
            continue
        yield ("state", key, edge.target), edge.path if edge.via == "return" else (*edge.path, "to")
    for index, item in enumerate(document.get("global", ())):
        for number, source in enumerate(item.get("from", ())):
            yield ("state", key, source), ("global", index, "from", number)
    for index, example in enumerate(document.get("examples", ())):
        for number, state in enumerate(example["visits"]):
            yield ("state", key, state), ("examples", index, "visits", number)


def _workflow_fields(document: Document) -> Found:
    entity, record = document["entity"], document.get("record", {})
    yield from _fields(entity, record.get("open_fields", ()), ("record", "open_fields"))
    for index, item in enumerate(record.get("on_change", ())):
        yield from _fields(entity, item["fields"], ("record", "on_change", index, "fields"))
    for path, _, form in forms_of(document):
        if "view" in form:
            yield ("form", form["view"]), (*path, "view")
        for part in ("edit", "require", "hide"):
            yield from _fields(entity, form.get(part, ()), (*path, part))
    for name, state in document["states"].items():
        at: Path = ("states", name)
        policy = state.get("return", {})
        yield from _fields(entity, policy.get("rerun_if_changed", ()), (*at, "return", "rerun_if_changed"))
        for index, item in enumerate(state.get("timers", ())):
            if isinstance(item["after"], Mapping):
                yield ("field", entity, item["after"]["field"]), (*at, "timers", index, "after", "field")


def _action(entity: str, path: Path, action: Mapping[str, Any]) -> Found:
    template = template_of(action)
    if template:
        yield ("template", template), (*path, *(("email",) if "email" in action else ()), "template")
    if "webhook" in action:
        yield ("webhook", action["webhook"]), (*path, "webhook")
    for key in action.get("set", ()):
        yield ("field", entity, key), (*path, "set", key)
    if "create" in action:
        yield ("entity", action["create"]), (*path, "create")
        for key in action.get("values", ()):
            yield ("field", action["create"], key), (*path, "values", key)


def _roles(document: Document) -> Found:
    for index, role in enumerate(document.get("roles", ())):
        yield ("role", role), ("roles", index)


def _fields(entity: str, keys: Any, at: Path) -> Found:
    for index, key in enumerate(keys):
        yield ("field", entity, key), (*at, index)


_WALKS = {
    "app": _app, "entity": _entity, "form": _form, "view": _view, "role": _role, "workflow": _workflow,
}
