"""Texts of documents by path, and their translations in locale documents.

A path names the document and then the way to the text, lists by the keys of their items:
`entity/quotation/fields/amount/label`, `workflow/approval/states/draft/transitions/submit/label`.
Items without a key (navigation groups, form items) go by their position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Document, Model, Text
from engine.definitions.workflow_parts import Path
from engine.kernel.messages import pick


@dataclass(frozen=True)
class _Object:
    """What holds texts: their names, and the parts that hold more."""

    texts: tuple[str, ...] = ()
    parts: Mapping[str, _Object] | None = None
    name: str = "key"  # by which key the items of a list are named


_OPTIONS = _Object(parts={"options": _Object(("label",))})
_FIELD = _Object(("label", "help"), {"options": _OPTIONS})
_ITEM = _Object(("text",))
_SECTION = _Object(("label",), {"items": _ITEM})
_TRANSITION = _Object(("label",), name="on")
_SHAPES: Mapping[str, _Object] = {
    "app": _Object(
        ("label", "description"),
        {
            "navigation": _Object(("label",)),
            "templates": _Object(("subject", "body")),
            "webhooks": _Object(("label",)),
        },
    ),
    "entity": _Object(
        ("label", "plural", "description"), {"fields": _FIELD, "rules": _Object(("message",))}
    ),
    "form": _Object(
        ("label",),
        {"tabs": _Object(("label",), {"sections": _SECTION}), "related": _Object(("label",))},
    ),
    "view": _Object(("label",), {"columns": _Object(("label",), name="field")}),
    "workflow": _Object(
        ("label",),
        {"states": _Object(("label",), {"transitions": _TRANSITION}), "global": _TRANSITION},
    ),
    "role": _Object(("label", "description")),
    "locale": _Object(),
}
_MAPS = {"templates", "webhooks", "states"}


def shapes_json() -> dict[str, Any]:
    """Where documents hold texts, for scripts that walk them the same way: by kind, {"texts", "parts", "name"}."""
    return {"kinds": {kind: _json(shape) for kind, shape in _SHAPES.items()}, "maps": sorted(_MAPS)}


def _json(shape: _Object) -> dict[str, Any]:
    parts = {name: _json(part) for name, part in (shape.parts or {}).items()}
    return {"texts": list(shape.texts), "parts": parts, "name": shape.name}


@dataclass(frozen=True)
class TextPlace:
    """A text of a document: its path for locales, its path in the document, itself."""

    path: str
    at: Path
    text: Text


def texts_of(document: Document) -> Iterator[TextPlace]:
    """Every text that a document holds."""
    kind, key = document["kind"], document["key"]
    yield from _walk(_SHAPES[kind], document, f"{kind}/{key}", ())


def label_of(model: Model, path: str, text: Text, language: str) -> str:
    """The text at `path` in a language.

    In this order: the document's own text in that language, a locale's, the app's default language,
    and what there is.
    """
    if isinstance(text, Mapping) and text.get(language):
        return str(text[language])
    translated = model.locales.get(language, {}).get(path)
    return translated or pick(text, language, model.app.default_language)


def _walk(shape: _Object, value: Mapping[str, Any], path: str, at: Path) -> Iterator[TextPlace]:
    for name in shape.texts:
        if name in value:
            yield TextPlace(f"{path}/{name}", (*at, name), value[name])
    for name, part in (shape.parts or {}).items():
        inner = value.get(name)
        if isinstance(inner, list):
            for index, item in enumerate(inner):
                if isinstance(item, Mapping):
                    yield from _walk(part, item, f"{path}/{name}/{item.get(part.name, index)}", (*at, name, index))
        elif isinstance(inner, Mapping) and name in _MAPS:
            for key, item in inner.items():
                yield from _walk(part, item, f"{path}/{name}/{key}", (*at, name, key))
        elif isinstance(inner, Mapping):
            yield from _walk(part, inner, path, (*at, name))
