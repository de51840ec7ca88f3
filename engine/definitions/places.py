"""Every place in which a document holds an expression, with the names it may use and what it must yield.

Lint, the model builder and the index of uses all walk the expressions through here, so none can know
a place that another one forgets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Document, Field
from engine.definitions.names import Names, Scope
from engine.definitions.outline import Outline
from engine.definitions.paths import USER, computation_of, kind_of, rolled_up, target_of
from engine.definitions.workflow_parts import Path, actions_of
from engine.fields.field_type import Kind

INSERT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
"""An expression inside a message template."""


@dataclass(frozen=True)
class Place:
    """An expression where it stands. `expects` is None where any kind will do."""

    kind: str
    key: str
    path: Path
    text: str
    names: Names
    expects: Kind | None = None


def places_of(outline: Outline) -> Iterator[Place]:
    """Every expression of every sound document whose entity exists."""
    for kind, walk in _WALKS.items():
        for document in outline.by_kind[kind].values():
            yield from walk(outline, document)


def inserts_of(text: str) -> tuple[str, ...]:
    """The expressions in a message template's text."""
    return tuple(found.strip() for found in INSERT.findall(text))


def _entity(outline: Outline, document: Document) -> Iterator[Place]:
    key = document["key"]
    entity = outline.entities[key]

    def place(path: Path, text: str, scope: Scope, expects: Kind | None) -> Place:
        return Place("entity", key, path, text, Names(outline.entities, key, scope), expects)

    for index, raw in enumerate(document["fields"]):
        at: Path = ("fields", index)
        item = entity.retired.get(raw["key"]) if raw.get("retired") else entity.fields[raw["key"]]
        if item is None or item.retired:
            continue
        kind = kind_of(item)
        if "default" in raw:
            yield place((*at, "default"), raw["default"], "default", kind)
        if "formula" in raw:
            yield place((*at, "formula"), raw["formula"], "formula", kind)
        if "filter" in raw:
            yield from _filter(outline, key, item, (*at, "filter"), raw["filter"])
    for index, rule in enumerate(document.get("rules", ())):
        for part in ("check", "when"):
            if part in rule:
                yield place(("rules", index, part), rule[part], "rule", "yes_no")


def _filter(outline: Outline, key: str, item: Field, path: Path, text: str) -> Iterator[Place]:
    summed = computation_of(item) == "rollup"
    other = rolled_up(outline.entities, key, item) if summed else target_of(item)
    if other in outline.entities or other == USER:
        names = Names(outline.entities, str(other), "sum" if summed else "choose", own=key)
        yield Place("entity", key, path, text, names, "yes_no")


def _form(outline: Outline, document: Document) -> Iterator[Place]:
    if document["entity"] not in outline.entities:
        return
    names = Names(outline.entities, document["entity"], "form")
    for path, part in parts_of_form(document):
        for condition in ("visible", "required", "read_only"):
            if condition in part:
                yield Place("form", document["key"], (*path, condition), part[condition], names, "yes_no")


def parts_of_form(document: Document) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Sections and items of a form with their paths."""
    for index, tab in enumerate(document["tabs"]):
        for number, section in enumerate(tab["sections"]):
            at: Path = ("tabs", index, "sections", number)
            yield at, section
            for place, item in enumerate(section["items"]):
                yield (*at, "items", place), item


def _view(outline: Outline, document: Document) -> Iterator[Place]:
    if document["entity"] not in outline.entities:
        return
    names = Names(outline.entities, document["entity"], "list")
    if "filter" in document:
        yield Place("view", document["key"], ("filter",), document["filter"], names, "yes_no")
    for index, rule in enumerate(document.get("colours", ())):
        yield Place("view", document["key"], ("colours", index, "when"), rule["when"], names, "yes_no")


def _role(outline: Outline, document: Document) -> Iterator[Place]:
    for entity, grant in document["entities"].items():
        for verb in ("read", "change", "remove"):
            if entity in outline.entities and isinstance(grant.get(verb), Mapping):
                names = Names(outline.entities, entity, "list")
                path = ("entities", entity, verb, "rule")
                yield Place("role", document["key"], path, grant[verb]["rule"], names, "yes_no")


def _workflow(outline: Outline, document: Document) -> Iterator[Place]:
    entity = document["entity"]
    if entity not in outline.entities:
        return
    names = Names(outline.entities, entity, "workflow")

    def place(path: Path, text: str, expects: Kind | None, used: Names = names) -> Place:
        return Place("workflow", document["key"], path, text, used, expects)

    for path, text in _guards(document):
        yield place(path, text, "yes_no")
    for index, item in enumerate(document.get("record", {}).get("on_change", ())):
        if "when" in item:
            used = Names(outline.entities, entity, "change")
            yield place(("record", "on_change", index, "when"), item["when"], "yes_no", used)
    for name, rule in document.get("rules", {}).items():
        if "until" in rule:
            used = Names(outline.entities, entity, "person")
            yield place(("rules", name, "until"), rule["until"], "yes_no", used)
        if rule["kind"] == "expr":
            yield place(("rules", name, "value"), rule["value"], "reference")
    for path, action in actions_of(document):
        yield from (place(*found) for found in _values(outline, entity, path, action))


def _guards(document: Document) -> Iterator[tuple[Path, str]]:
    if "when" in document.get("start", {}):
        yield ("start", "when"), document["start"]["when"]
    for index, item in enumerate(document.get("global", ())):
        if "when" in item:
            yield ("global", index, "when"), item["when"]
    for name, state in document["states"].items():
        for part in ("transitions", "cases"):
            for index, item in enumerate(state.get(part, ())):
                if "when" in item:
                    yield ("states", name, part, index, "when"), item["when"]


def _values(
    outline: Outline, entity: str, path: Path, action: Mapping[str, Any]
) -> Iterator[tuple[Path, str, Kind | None]]:
    """The expressions of an action: values of fields here or in a new record, parts of a body."""
    if "set" in action:
        part, written, owner = "set", action["set"], entity
    elif "create" in action:
        part, written, owner = "values", action.get("values", {}), action["create"]
    else:
        part, written, owner = "body", action.get("body", {}), ""
    known = outline.entities[owner].fields if owner in outline.entities else {}
    for key, text in written.items():
        expects = kind_of(known[key]) if key in known else None
        yield (*path, part, key), text, expects


def _app(outline: Outline, document: Document) -> Iterator[Place]:
    """Templates, once for every entity whose workflows use them."""
    users: dict[str, set[str]] = {}
    for workflow in outline.by_kind["workflow"].values():
        for _, action in actions_of(workflow):
            template = template_of(action)
            if template and workflow["entity"] in outline.entities:
                users.setdefault(template, set()).add(workflow["entity"])
    for key, template in document.get("templates", {}).items():
        for entity in sorted(users.get(key, ())):
            names = Names(outline.entities, entity, "template")
            for path, text in _texts(("templates", key), template):
                for found in inserts_of(text):
                    yield Place("app", document["key"], path, found, names)


def template_of(action: Mapping[str, Any]) -> str | None:
    """The message template that an action uses."""
    found = action["email"]["template"] if "email" in action else action.get("template")
    return str(found) if found else None


def _texts(at: Path, template: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for part, text in template.items():
        if isinstance(text, str):
            yield (*at, part), text
        else:
            yield from (((*at, part, language), inner) for language, inner in text.items())


_WALKS = {"entity": _entity, "form": _form, "view": _view, "role": _role, "workflow": _workflow, "app": _app}
