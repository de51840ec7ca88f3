"""Values of documents as a page shows them: text, lists and facts instead of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from designer.access import say
from designer.packs.frame import LANGUAGES, word

_DEEPEST, _MOST = 3, 30
_SILENT = {"uid", "kind", "schema"}


def shown(value: Any, depth: int = 0) -> dict[str, Any]:
    """A value as a tree that the template draws: {"is": "none"|"text"|"code"|"list"|"facts", …}."""
    if value is None or value in ("", [], {}):
        return {"is": "none"}
    if isinstance(value, bool):
        return {"is": "text", "text": word("packs.yes" if value else "packs.no")}
    if isinstance(value, (str, int, float)):
        return {"is": "text", "text": str(value)}
    if isinstance(value, Mapping):
        if set(value) <= set(LANGUAGES):
            return _languages(value)
        if depth >= _DEEPEST:
            return {"is": "text", "text": _name(value)}
        facts = [(_property(str(key)), shown(_worded(str(key), item), depth + 1)) for key, item in value.items() if key not in _SILENT]
        return {"is": "facts", "facts": facts[:_MOST], "more": max(0, len(facts) - _MOST)}
    items = [shown(item, depth + 1) if not isinstance(item, Mapping) or depth < 1 else {"is": "text", "text": _name(item)} for item in value]
    return {"is": "list", "items": items[:_MOST], "more": max(0, len(items) - _MOST)}


def _languages(value: Mapping[str, Any]) -> dict[str, Any]:
    """A text in several languages: the reader's own first, the others beside it where they differ."""
    own = say(value)
    others = [str(text) for code, text in value.items() if code != g.language and text and text != own]
    return {"is": "text", "text": own, "others": others}


def _name(value: Any) -> str:
    """The shortest name of a thing."""
    if not isinstance(value, Mapping):
        return str(value)
    for key in ("label", "message", "field", "rows", "key", "rule", "role", "user", "name", "check", "to"):
        if value.get(key):
            return say(value[key]) or str(value[key])
    return word("change.something")


def _worded(key: str, value: Any) -> Any:
    """What a word of the definitions means, where it has a name."""
    if not isinstance(value, str) or not value.isidentifier():
        return value
    codes = ("field_type.{}", "change.word.state.{}", "change.word.view.{}") if key == "type" else (f"change.word.{key}.{{}}",)
    return next((found for code in codes if (found := word(code.format(value))) != code.format(value)), value)


def _property(key: str) -> str:
    """What a property is called, where it has a name."""
    for code in (f"change.name.{key}", f"field_option.{key}"):
        found = word(code)
        if found != code:
            return found.removeprefix("the ")  # English names are made for sentences
    return key
