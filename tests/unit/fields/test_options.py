"""Options: what a document may say about a field, and what else follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.fields import TYPES, check_options
from engine.fields.field_type import shown


@pytest.mark.parametrize(
    ("key", "options", "code", "path"),
    [
        ("text", {"max_length": 0}, "field.too_small", ("max_length",)),
        ("text", {"max_length": True}, "field.integer.unreadable", ("max_length",)),
        ("text", {"multiline": True, "pattern": "a"}, "field.options.pattern_of_lines", ("pattern",)),
        ("text", {"pattern": "(a"}, "field.text_pattern.unreadable", ("pattern",)),
        ("integer", {"minimum": 2, "maximum": 1}, "field.options.crossed_bounds", ("minimum",)),
        ("decimal", {"scale": 9}, "field.too_large", ("scale",)),
        ("money", {"currency": "yuan"}, "field.currency.unreadable", ("currency",)),
        ("date", {"minimum": "soon"}, "field.date.unreadable", ("minimum",)),
        ("choice", {}, "field.options.missing", ("options",)),
        ("choice", {"options": [{"key": "a"}, {"key": "a"}]}, "field.options.same_choice", ("options", 1, "key")),
        ("choice", {"options": [{"key": "a", "colour": "plaid"}]}, "field.choice_list.unreadable", ("options",)),
        ("choice", {"options": [{"key": "A b"}]}, "field.choice_list.unreadable", ("options",)),
        ("reference", {"entity": "account", "on_remove": "explode"}, "field.choice.unknown", ("on_remove",)),
        ("rollup", {"function": "count"}, "field.options.rollup_source", ("rows",)),
        ("rollup", {"function": "count", "rows": "lines", "entity": "x", "via": "y"}, "field.options.rollup_source", ("rows",)),
        ("rollup", {"function": "sum", "entity": "line", "via": "parent"}, "field.options.rollup_field", ("field",)),
        ("number", {"pattern": "{00}{00}"}, "field.number_pattern.unreadable", ("pattern",)),
        ("file", {"endings": ["pdf"]}, "field.endings.unreadable", ("endings",)),
        ("file", {"endings": [".pdf", ".pdf"]}, "field.twice", ("endings",)),
        ("mirror", {"via": "account", "field": "name", "source": {}}, "field.options.unknown", ("source",)),
    ],
)  # fmt: skip
def test_wrong_options_are_problems_at_their_place(key: str, options: dict[str, Any], code: str, path: tuple[Any, ...]) -> None:
    assert [(problem.code, problem.path) for problem in check_options(TYPES[key], options)] == [(code, path)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [("x" * 100, "x" * 60), (1 << 300, "…"), ({"a": 1}, "{…}"), ([1], "[…]"), ("\ud800\x1b", "��"), (object(), "?"), (None, "None")],
)
def test_doubtful_input_is_shown_briefly_and_safely(raw: object, text: str) -> None:
    assert shown(raw) == text
