"""Functions that SQLite does exactly and quickly by itself; the others go to Python."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.expressions.to_sql.comparing import Comparing
from engine.expressions.to_sql.fragment import Pieces, fill, listed
from engine.expressions.to_sql.part import Part
from engine.expressions.values import CAPITALS, SMALL, to_small

_LETTERS = frozenset(CAPITALS + SMALL)


def is_plain(text: str) -> bool:
    """Does folding the ASCII letters fold the whole text?"""
    return _LETTERS.isdisjoint(text)


class SqliteCalls(Comparing):
    """Calls, each in a method `call_<function>`; None means that Python has to do it."""

    def __init__(self, columns: Callable[[str], Any], *, now: datetime, timezone: str) -> None:
        super().__init__(columns, now=now, timezone=timezone)
        self.floats: dict[str, Pieces] = {}

    @abstractmethod
    def scaled(self, part: Part, scale: int) -> Pieces: ...

    @abstractmethod
    def aligned(self, *parts: Part) -> tuple[int, int] | None: ...

    @abstractmethod
    def number(
        self, node: ast.expr, pieces: Pieces, scale: int, bound: int, *parts: Part
    ) -> Part: ...

    def called(self, node: ast.Call, key: str, parts: list[Part]) -> Part | None:
        handler = getattr(self, f"call_{key}", None)
        if handler is None or any(part.pieces is None and not part.is_fixed for part in parts):
            return None
        found: Part | None = handler(node, *parts)
        return found

    def call_is_blank(self, node: ast.Call, value: Part) -> Part | None:
        if value.kind == "yes_no" and value.truth != "value":
            return self.fixed(node, value=False)
        tests = {"text": "(coalesce({}, '') = '')", "list": "(coalesce({}, '|') = '|')"}
        tests["file"] = tests["list"]
        test = tests.get(value.kind, "({} IS NULL)")
        return self.sql(node, fill(test, self.pieces(value)), value, truth="strict")

    def call_if_blank(self, node: ast.Call, value: Part, instead: Part) -> Part | None:
        if value.is_fixed:
            return replace(value if value.value not in (None, "", ()) else instead, node=node)
        if value.kind == "number":
            both = self.aligned(value, instead)
            if both is None:
                return None
            pieces = fill(
                "coalesce({}, {})", self.scaled(value, both[0]), self.scaled(instead, both[0])
            )
            return self.number(node, pieces, both[0], both[1], value, instead)
        if value.kind in ("list", "file", "rows"):
            return None
        own = self.pieces(value)
        own = fill("nullif({}, '')", own) if value.kind == "text" else own
        pieces = fill("coalesce({}, {})", own, self.pieces(instead, value.type))
        return replace(self.sql(node, pieces, value, instead), type=value.type)

    def call_concat(self, node: ast.Call, *parts: Part) -> Part | None:
        texts = [
            self.pieces(part) if part.is_fixed else fill("coalesce({}, '')", self.pieces(part))
            for part in parts
            if not part.is_null
        ]
        return self.sql(node, fill("({})", listed(" || ", texts)), *parts)

    def call_text(self, node: ast.Call, value: Part, *_more: Part) -> Part | None:
        return replace(value, node=node) if value.kind == "text" else None

    def call_len(self, node: ast.Call, value: Part) -> Part | None:
        pieces = fill("coalesce(length({}), 0)", self.pieces(value))
        return self.number(node, pieces, 0, 10**6, value)

    def call_contains(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        if not part.is_fixed or not is_plain(part.value):
            return None
        small = (sa.literal(to_small(part.value), sa.Text()),)
        pieces = fill("(instr(lower({}), {}) > 0)", self.pieces(value), small)
        return self.sql(node, pieces, value, truth="loose")

    def call_starts_with(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        if not part.is_fixed:
            return None
        pieces = fill(
            f"(substr({{}}, 1, {len(part.value)}) = {{}})", self.pieces(value), self.pieces(part)
        )
        return self.sql(node, pieces, value, truth="loose")

    def call_year(self, node: ast.Call, value: Part) -> Part | None:
        return self.digits(node, value, "1, 4")

    def call_month(self, node: ast.Call, value: Part) -> Part | None:
        return self.digits(node, value, "6, 2")

    def call_day(self, node: ast.Call, value: Part) -> Part | None:
        return self.digits(node, value, "9, 2")

    def digits(self, node: ast.Call, value: Part, place: str) -> Part:
        """Some digits of a date, which is stored as 2026-11-24."""
        pieces = fill(f"CAST(substr({{}}, {place}) AS INTEGER)", self.pieces(value))
        return self.number(node, pieces, 0, 10_000, value)

    def call_days_between(self, node: ast.Call, start: Part, end: Part) -> Part | None:
        if start.kind != "date" or end.kind != "date":
            return None
        pieces = fill(
            "CAST(julianday({}) - julianday({}) AS INTEGER)", self.pieces(end), self.pieces(start)
        )
        return self.number(node, pieces, 0, 4_000_000, start, end)

    def call_sum(self, node: ast.Call, *parts: Part) -> Part | None:
        both = self.aligned(*parts)
        if both is None:
            return None
        terms = [fill("coalesce({}, 0)", self.scaled(part, both[0])) for part in parts]
        pieces = fill("({})", listed(" + ", terms))
        return self.number(node, pieces, both[0], both[1] * len(parts), *parts)

    def call_count(self, node: ast.Call, values: Part) -> Part | None:
        own = self.pieces(values)
        pieces = fill(
            "coalesce(length({}) - length(replace({}, '|', '')) - 1, 0)", own, own
        )
        return self.number(node, pieces, 0, 10**6, values)

    def has_entry(self, node: ast.expr, values: Part, item: Part) -> Part | None:
        own = self.pieces(values)
        if not item.is_fixed:
            text = self.pieces(item)
            pieces = fill(
                "(instr({}, '|' || {} || '|') > 0 AND instr({}, '|') = 0)", own, text, text
            )
            return self.sql(node, pieces, values, item, truth="loose")
        if item.is_null or "|" in item.value or not item.value:
            return self.fixed(node, value=False)
        entry = (sa.literal(f"|{item.value}|", sa.Text()),)
        return self.sql(node, fill("(instr({}, {}) > 0)", own, entry), values, truth="loose")

    def call_has_any(self, node: ast.Call, values: Part, *items: Part) -> Part | None:
        return self.entries(node, values, items, " OR ")

    def call_has_all(self, node: ast.Call, values: Part, *items: Part) -> Part | None:
        return self.entries(node, values, items, " AND ")

    def entries(
        self, node: ast.Call, values: Part, items: tuple[Part, ...], word: str
    ) -> Part | None:
        if values.is_fixed:
            return None
        tests = [self.has_entry(node, values, item) for item in items]
        pieces = listed(word, [self.condition(test) for test in tests if test is not None])
        return self.sql(node, fill("({})", pieces), values, *items, truth="loose")
