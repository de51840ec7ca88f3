"""Labels: text for people, plain or one per language; and the options of a choice, which have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.fields.choice_lists import ChoiceList
from engine.fields.plain_texts import line_schema, parse_line
from engine.kernel.errors import Invalid, Problem

LANGUAGE_PATTERN = "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"
LABEL_LIMIT = 200
LANGUAGES_LIMIT = 40
CHOICES_LIMIT = 1000
CHOICE_KEY = "^[a-z0-9][a-z0-9_]{0,62}$"
COLOURS = (
    "grey", "blue", "cyan", "teal", "green", "lime", "yellow", "amber", "orange", "red", "pink",
    "purple", "violet",
)  # fmt: skip
"""Colours that a choice may have, by name; the style sheet says what they look like."""

_is_language = re.compile(LANGUAGE_PATTERN[1:-1]).fullmatch
_is_choice_key = re.compile(CHOICE_KEY[1:-1]).fullmatch


def parse_label(raw: object) -> Mapping[str, str] | str | None:
    """A label, or None where `raw` is not shaped like one. Raises Invalid for a text that isn't fit."""
    if isinstance(raw, str):
        return parse_line(raw, LABEL_LIMIT)
    if not isinstance(raw, Mapping) or not 1 <= len(raw) <= LANGUAGES_LIMIT:
        return None
    if not all(isinstance(key, str) and _is_language(key) for key in raw):
        return None
    if not all(isinstance(text, str) for text in raw.values()):
        return None
    return {key: parse_line(text, LABEL_LIMIT) for key, text in raw.items()}


def label_schema() -> dict[str, Any]:
    """JSON Schema of what `parse_label` accepts."""
    text = line_schema(LABEL_LIMIT)
    return {
        "anyOf": [
            text,
            {
                "type": "object",
                "minProperties": 1,
                "maxProperties": LANGUAGES_LIMIT,
                "propertyNames": {"pattern": LANGUAGE_PATTERN, "not": {"pattern": r"\n"}},
                "additionalProperties": text,
            },
        ]
    }


def parse_choices(raw: object) -> ChoiceList | None:
    """The options of a choice, or None where `raw` is not shaped like them. Raises Invalid."""
    if isinstance(raw, ChoiceList):
        return raw
    if not isinstance(raw, (list, tuple)) or len(raw) > CHOICES_LIMIT:
        return None
    found = [_parse_choice(item) for item in raw]
    if None in found:
        return None
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, option in enumerate(found):
        key = option["key"] if option else ""
        if key in seen:
            problems.append(Problem("field.options.same_choice", {"key": key}, (position, "key")))
        seen.add(key)
    if problems:
        raise Invalid(*problems)
    return ChoiceList(option for option in found if option is not None)


def _parse_choice(raw: object) -> Mapping[str, Any] | None:
    if not isinstance(raw, Mapping) or not raw.keys() <= {"key", "label", "colour", "retired"}:
        return None
    key = raw.get("key")
    if not isinstance(key, str) or not _is_choice_key(key):
        return None
    if "colour" in raw and raw["colour"] not in COLOURS:
        return None
    if "retired" in raw and not isinstance(raw["retired"], bool):
        return None
    if "label" not in raw:
        return dict(raw)
    label = parse_label(raw["label"])
    return None if label is None else {**raw, "label": label}


def choices_schema() -> dict[str, Any]:
    """JSON Schema of what `parse_choices` accepts, but for keys that stand twice."""
    return {
        "type": "array",
        "maxItems": CHOICES_LIMIT,
        "items": {
            "type": "object",
            "properties": {
                "key": {"type": "string", "pattern": CHOICE_KEY, "maxLength": 63},
                "label": label_schema(),
                "colour": {"enum": list(COLOURS)},
                "retired": {"type": "boolean"},
            },
            "required": ["key"],
            "additionalProperties": False,
        },
    }
