"""The draft as a model or an outline, built once for as long as the draft stays as it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from engine.definitions import Document, Model, build_model
from engine.definitions.lint import building_findings
from engine.definitions.outline import Outline, read_outline
from engine.definitions.survey import survey
from engine.kernel.errors import Invalid
from engine.publishing import store
from engine.publishing.rights import require_designer
from engine.storage import Work

Made = TypeVar("Made")

_KEPT = 12
_lock = threading.Lock()
_made: WeakKeyDictionary[Any, OrderedDict[tuple[Any, ...], Any]] = WeakKeyDictionary()


def draft_outline(work: Work, app: str) -> Outline:
    """The draft's documents as far as they can be read; raises NotFound, Forbidden."""
    return _remembered(work, app, "outline", read_outline)


def draft_model(work: Work, app: str) -> Model:
    """The draft as a model; raises Invalid where it can't be built, NotFound, Forbidden."""
    return _remembered(work, app, "model", _model)


def preview_model(work: Work, app: str, kind: str, key: str) -> Model:
    """The draft as a model in which one document can be looked at, though others are not in order yet.

    Left out are forms, views, workflows and roles that can't be built; raises Invalid where the
    document itself, an entity or the app can't be, and NotFound, Forbidden.
    """
    return _remembered(work, app, f"{kind}/{key}", lambda documents: _sound_model(documents, kind, key))


def _model(documents: list[Document]) -> Model:
    """A model of documents whose own shape was checked when they were put into the draft."""
    return build_model(documents, are_checked=True)


def _sound_model(documents: list[Document], kind: str, key: str) -> Model:
    try:
        return _model(documents)
    except Invalid:
        broken = {(item.kind, item.key) for item in building_findings(survey(documents, are_checked=True))}
        spared = {item for item in broken if item[0] not in ("app", "entity") and item != (kind, key)}
        return _model([item for item in documents if (item["kind"], item["key"]) not in spared])


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
