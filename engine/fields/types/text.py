"""Text on one line, or on a few."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.types import TypeEngine

from engine.fields.column_types import binary_text
from engine.fields.field_type import FieldType, Option, Options
from engine.fields.plain_texts import line_schema, lines_schema, parse_line, parse_lines, too_long
from engine.fields.text_patterns import matches, schema_pattern
from engine.kernel.errors import Problem


class Text(FieldType[str]):
    """A name, a title, a code: text that may be held to a pattern."""

    key = "text"
    kind = "text"
    widget = "text"
    options = (
        Option("max_length", "integer", default=255, settings={"minimum": 1, "maximum": 4000}),
        Option("pattern", "text_pattern"),
        Option("multiline", "yes_no", default=False),
    )
    samples = ("Pump P-200", "报价单（二）", " spaces around ", "0")

    def column(self, options: Options) -> TypeEngine[Any]:
        return binary_text()

    def parse(self, raw: object, options: Options) -> str:
        if type(raw) is not str:
            raise self.unreadable(raw)
        if options["multiline"]:
            return parse_lines(raw, options["max_length"])
        return parse_line(raw, options["max_length"])

    def check(self, value: str, options: Options) -> Iterable[Problem]:
        if len(value) > options["max_length"]:
            return (too_long(len(value), options["max_length"]),)
        if options["pattern"] is not None and not matches(options["pattern"], value):
            return (Problem("field.text.pattern"),)
        return ()

    def dump(self, value: str, options: Options) -> str:
        return value

    def schema(self, options: Options) -> dict[str, Any]:
        if options["multiline"]:
            return lines_schema(options["max_length"])
        pattern = options["pattern"]
        return line_schema(options["max_length"], schema_pattern(pattern) if pattern else "")

    def lint(self, options: Options) -> Iterable[Problem]:
        """A pattern is for one line: dialects disagree on what `.` does with line breaks."""
        if options["multiline"] and options["pattern"] is not None:
            yield Problem("field.options.pattern_of_lines", {}, ("pattern",))
