"""The draft as a model or an outline, built once for as long as the draft stays as it is.

Its documents were checked by their schemas when they were put there: that isn't done again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engine.definitions import Document, Finding, Model, build_model
from engine.definitions.lint import building_findings
from engine.definitions.outline import Outline, read_outline
from engine.definitions.survey import survey
from engine.kernel.errors import Invalid
from engine.publishing import store
from engine.publishing.rights import require_designer
from engine.storage import Work

Made = TypeVar("Made")

_KEPT = 12
_ATTEMPTS = 4
"""What is taken out can leave something else without what it names."""
_lock = threading.Lock()
_made: WeakKeyDictionary[Any, OrderedDict[tuple[Any, ...], Any]] = WeakKeyDictionary()


def draft_outline(work: Work, app: str) -> Outline:
    """The draft's documents as far as they can be read; raises NotFound, Forbidden."""
    return _remembered(work, app, "outline", partial(read_outline, are_checked=True))


def draft_model(work: Work, app: str) -> Model:
    """The draft as a model; raises Invalid where it can't be built, NotFound, Forbidden."""
    return _remembered(work, app, "model", _model)


def preview_model(work: Work, app: str, kind: str, key: str) -> Model:
    """The draft as a model in which one document can be looked at, though others are not in order yet.

    Left out are forms, views, workflows and roles that can't be built, and rules, defaults and filters of
    entities. Raises Invalid where the document itself or the rest of an entity can't be; NotFound, Forbidden.
    """
    return _remembered(work, app, f"{kind}/{key}", lambda documents: _sound_model(documents, kind, key))


def _model(documents: list[Document]) -> Model:
    """A model of documents whose own shape was checked when they were put into the draft."""
    return build_model(documents, are_checked=True)


def _sound_model(documents: list[Document], kind: str, key: str) -> Model:
    for _ in range(_ATTEMPTS):
        try:
            return build_model(documents, are_checked=True)
        except Invalid:
            findings = [item for item in building_findings(survey(documents, are_checked=True)) if (item.kind, item.key) != (kind, key)]
            spared = _without(documents, findings)
            if spared == documents:
                raise
            documents = spared
    return build_model(documents, are_checked=True)


def _without(documents: list[Document], findings: list[Finding]) -> list[Document]:
    """The documents without what is wrong in others: whole documents but for entities, of those only the expressions."""
    broken = {(item.kind, item.key) for item in findings} - {("app", item.key) for item in findings}
    kept = [item for item in documents if item["kind"] == "entity" or (item["kind"], item["key"]) not in broken]
    return [_mended(item, [each.path for each in findings if (each.kind, each.key) == ("entity", item["key"])]) if item["kind"] == "entity" else item for item in kept]


def _mended(document: Document, paths: list[tuple[str | int, ...]]) -> Document:
    """An entity without its broken rules, defaults and filters; a broken formula gives nothing."""
    rules = {path[1] for path in paths if path[:1] == ("rules",) and len(path) > 1}
    parts = {(path[1], path[2]) for path in paths if path[:1] == ("fields",) and len(path) > 2}
    if not rules and not parts:
        return document
    fields = []
    for index, field in enumerate(document["fields"]):
        made = {key: value for key, value in field.items() if key not in ("default", "filter") or (index, key) not in parts}
        fields.append({**made, "formula": "null"} if (index, "formula") in parts else made)
    return {**document, "fields": fields, "rules": [rule for index, rule in enumerate(document.get("rules", ())) if index not in rules]}


def _remembered(work: Work, app: str, what: str, make: Callable[[list[Document]], Made]) -> Made:
    require_designer(work, app)
    # Revs may be used twice when a work is taken back, moments are not: together they tell drafts apart.
    key = (app, what, store.draft_stamp(work, app))
    with _lock:
        made = _made.setdefault(work.database, OrderedDict())
        if key in made:
            made.move_to_end(key)
            return made[key]  # type: ignore[no-any-return]
    found = make([item.document for item in store.list_drafts(work, app)])
    with _lock:
        made[key] = found
        while len(made) > _KEPT:
            made.popitem(last=False)
    return found
