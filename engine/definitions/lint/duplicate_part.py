"""Keys inside a document occur once: fields, rules, options, tabs, sections, transitions, timers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Document
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path
from engine.fields.capabilities import Offers

Parts = Iterator[tuple[str, Path]]


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.all:
        for parts in _groups(survey, document):
            seen: set[str] = set()
            for key, path in parts:
                if key in seen:
                    yield error("definition.duplicate_part", document["kind"], document["key"], path, key=key)
                seen.add(key)


def _groups(survey: Survey, document: Document) -> Iterator[Iterable[tuple[str, Path]]]:
    if document["kind"] == "entity":
        for part in ("fields", "rules"):
            yield _keyed(document.get(part, ()), (part,))
        entity = survey.outline.entities[document["key"]]
        for index, raw in enumerate(document["fields"]):
            item = entity.fields.get(raw["key"])
            if item is not None and isinstance(item.type, Offers):
                yield _keyed(item.type.choices(item.options), ("fields", index, "options", "options"))
    elif document["kind"] == "form":
        yield _keyed(document["tabs"], ("tabs",))
        for index, tab in enumerate(document["tabs"]):
            yield _keyed(tab["sections"], ("tabs", index, "sections"))
    elif document["kind"] == "workflow":
        for name, state in document["states"].items():
            at: Path = ("states", name)
            yield _keyed(state.get("transitions", ()), (*at, "transitions"), "on")
            yield _keyed(state.get("timers", ()), (*at, "timers"), "id")
        yield _keyed(document.get("global", ()), ("global",), "on")


def _keyed(items: Iterable[object], path: Path, name: str = "key") -> Parts:
    for index, item in enumerate(items):
        if isinstance(item, dict):
            yield str(item[name]), (*path, index, name)


RULE = LintRule("duplicate_part", ("definition.duplicate_part",), _check, guards_building=True)
