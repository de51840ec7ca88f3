"""The field types as a palette shows them: in words, with options that a property panel can be drawn from."""

from __future__ import annotations

from typing import Any

from engine.fields.capabilities import Computes
from engine.fields.catalogue import PALETTE, SYSTEM
from engine.fields.field_type import FieldType, Option
from engine.kernel.messages import LANGUAGES, catalogue, translate
from engine.kernel.pinyin import spelled

ICONS = {
    "text": "type", "long_text": "text", "email": "mail", "phone": "phone", "url": "globe", "integer": "hash", "decimal": "hash",
    "money": "banknote", "percent": "percent", "rating": "star", "yes_no": "toggle-left", "choice": "circle-dot",
    "choices": "list-checks", "date": "calendar", "datetime": "clock", "reference": "link", "user": "user",
    "department": "building-2", "rows": "rows-3", "formula": "square-function", "rollup": "sigma", "mirror": "copy",
    "number": "list-ordered", "file": "paperclip", "created_by": "user-plus", "created_on": "calendar-plus",
    "changed_by": "user-pen", "changed_on": "calendar-clock",
}


def palette_json(language: str) -> list[dict[str, Any]]:
    """Types in the palette's order, then the system's: key, kind, group, label, description, icon, keywords, options."""
    found = [_type(kind, group.key, language) for group in PALETTE for kind in group.types]
    return found + [_type(kind, "system", language) for kind in SYSTEM]


def _type(kind: FieldType[Any], group: str, language: str) -> dict[str, Any]:
    code = f"field_type.{kind.key}"
    names = [translate(code, {}, each) for each in LANGUAGES]
    synonyms = [catalogue(each).get(f"{code}.synonyms", "") for each in LANGUAGES]
    return {
        "key": kind.key, "kind": kind.kind, "group": group, "label": translate(code, {}, language),
        "description": catalogue(language).get(f"{code}.help", ""), "icon": ICONS.get(kind.key, "box"),
        "keywords": " ".join([kind.key, *names, *synonyms, *(spelled(name) for name in (*names, *synonyms))]).lower(),
        "options": [_option(option, language) for option in kind.options],
        "is_derived": isinstance(kind, Computes), "is_system": group == "system",
    }


def _option(option: Option, language: str) -> dict[str, Any]:
    code = f"field_option.{option.key}"
    return {
        "key": option.key, "type": option.type, "label": translate(code, {}, language), "help": catalogue(language).get(f"{code}.help", ""),
        "required": option.required, "default": option.default, "settings": _settings(option, language),
    }


def _settings(option: Option, language: str) -> dict[str, Any]:
    """An option's own settings; what may be chosen for it has names (`field_option.<option>.<choice>`)."""
    found = dict(option.settings)
    known = catalogue(language)
    if "options" in found:
        found["options"] = [
            {**item, "label": known.get(f"field_option.{option.key}.{item['key']}", item.get("label", item["key"]))}
            for item in found["options"]
        ]
    return found
