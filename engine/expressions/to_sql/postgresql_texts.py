"""Functions on texts, numbers, lists and choices for PostgreSQL."""

from __future__ import annotations

import ast
from abc import abstractmethod
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from engine.expressions.functions.text import MAX_PAD, SPACES
from engine.expressions.to_sql.comparing import Comparing
from engine.expressions.to_sql.fragment import Pieces, fill, listed
from engine.expressions.to_sql.part import Part
from engine.expressions.to_sql.sqlite_calls import is_plain
from engine.expressions.values import CAPITALS, DECIMALS, SMALL, to_small, whole

_TEXTS = postgresql.ARRAY(sa.Text())
_SPACE = f"[{SPACES}]*"
_NUMBER = f"^{_SPACE}[+-]?[0-9]{{1,18}}([.][0-9]{{1,12}})?{_SPACE}$"
_LETTER = f"[{CAPITALS[0]}-\u04ff]"
_COUNT = 10**9


def constant(value: Any, type_: Any = None) -> Pieces:
    """A bound text (or value of another type)."""
    return (sa.literal(value, sa.Text() if type_ is None else type_),)


class TextCalls(Comparing):
    """Calls, each in a method `call_<function>`."""

    @abstractmethod
    def number(self, node: ast.expr, pieces: Pieces, *parts: Part, scale: int = DECIMALS) -> Part:
        """A part that is a number."""

    def text(self, part: Part) -> Pieces:
        """A text under the collation "C": columns with different ones can't meet in a function."""
        pieces = self.pieces(part)
        return pieces if part.is_fixed else fill('({} COLLATE "C")', pieces)

    def integer(self, part: Part, least: int, most: int) -> Pieces:
        """A number cut to a whole one, within bounds, as INTEGER; null stays null."""
        if part.is_fixed:
            return (str(max(least, min(most, whole(part.value)))),)
        own = self.pieces(part)
        return fill(
            f"(CASE WHEN {{}} > {most} THEN {most} WHEN {{}} < {least} THEN {least}"
            " ELSE CAST(trunc({}) AS integer) END)",
            own, own, own,
        )  # fmt: skip

    def small(self, text: Pieces, *, other: tuple[str, str] = (CAPITALS, SMALL)) -> Pieces:
        """The text with its letters folded; only texts with letters beyond ASCII need the table."""
        function = "lower" if other[0] == CAPITALS else "upper"
        return fill(
            f"(CASE WHEN {{}} ~ {{}} THEN translate({function}({{}}), {{}}, {{}})"
            f" ELSE {function}({{}}) END)",
            text, constant(_LETTER), text, constant(other[0]), constant(other[1]), text,
        )  # fmt: skip

    # -- text ----------------------------------------------------------------------------------

    def call_text(self, node: ast.Call, value: Part, *more: Part) -> Part | None:
        if value.kind == "text":
            return replace(value, node=node)
        own = self.pieces(value)
        if value.kind == "number":
            if len(more) < 2:
                return self.sql(node, fill("CAST(trim_scale({}) AS text)", own), value)
            digits = self.integer(more[0], 0, DECIMALS)
            return self.sql(node, fill("CAST(round({}, {}) AS text)", own, digits), value, more[0])
        if value.kind == "yes_no":
            pieces = fill("(CASE {} WHEN true THEN 'true' WHEN false THEN 'false' END)", own)
            return self.sql(node, pieces, value)
        if value.kind == "date":
            return self.sql(node, fill("to_char({}, 'YYYY-MM-DD')", own), value)
        pieces = fill(
            "to_char({} AT TIME ZONE {}, 'YYYY-MM-DD HH24:MI')", own, constant(self.timezone)
        )
        return self.sql(node, pieces, value)

    def call_len(self, node: ast.Call, value: Part) -> Part | None:
        pieces = fill("CAST(coalesce(char_length({}), 0) AS numeric)", self.text(value))
        return self.number(node, pieces, value, scale=0)

    def call_upper(self, node: ast.Call, value: Part) -> Part | None:
        return self.sql(node, self.small(self.text(value), other=(SMALL, CAPITALS)), value)

    def call_lower(self, node: ast.Call, value: Part) -> Part | None:
        return self.sql(node, self.small(self.text(value)), value)

    def call_trim(self, node: ast.Call, value: Part) -> Part | None:
        return self.sql(node, fill("btrim({}, {})", self.text(value), constant(SPACES)), value)

    def call_left(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        pieces = fill("left({}, {})", self.text(value), self.integer(count, 0, _COUNT))
        return self.sql(node, pieces, value, count)

    def call_right(self, node: ast.Call, value: Part, count: Part) -> Part | None:
        pieces = fill("right({}, {})", self.text(value), self.integer(count, 0, _COUNT))
        return self.sql(node, pieces, value, count)

    def call_mid(self, node: ast.Call, value: Part, start: Part, count: Part) -> Part | None:
        pieces = fill(
            "substr({}, {}, {})", self.text(value),
            self.integer(start, 1, _COUNT), self.integer(count, 0, _COUNT),
        )  # fmt: skip
        return self.sql(node, pieces, value, start, count)

    def call_contains(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        if part.is_fixed and is_plain(part.value):
            found, sought = fill("lower({})", self.text(value)), constant(to_small(part.value))
        else:
            found, sought = self.small(self.text(value)), self.small(self.text(part))
            if part.is_fixed:
                sought = constant(to_small(part.value))
        pieces = fill("(strpos({}, {}) > 0)", found, sought)
        return self.sql(node, pieces, value, part, truth="loose")

    def call_starts_with(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        pieces = fill("starts_with({}, {})", self.text(value), self.text(part))
        return self.sql(node, pieces, value, part, truth="loose")

    def call_ends_with(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        own = self.text(part)
        pieces = fill("(right({}, char_length({})) = {})", self.text(value), own, own)
        return self.sql(node, pieces, value, part, truth="loose")

    def call_find(self, node: ast.Call, value: Part, part: Part) -> Part | None:
        pieces = fill("CAST(strpos({}, {}) AS numeric)", self.text(value), self.text(part))
        return self.number(node, pieces, value, part, scale=0)

    def call_replace(self, node: ast.Call, value: Part, old: Part, new: Part) -> Part | None:
        texts = self.text(value), self.text(old), self.text(new)
        return self.sql(node, fill("replace({}, {}, {})", *texts), value, old, new)

    def call_concat(self, node: ast.Call, *parts: Part) -> Part | None:
        texts = [
            self.text(part) if part.is_fixed else fill("coalesce({}, '')", self.text(part))
            for part in parts
            if not part.is_null
        ]
        return self.sql(node, fill("({})", listed(" || ", texts)), *parts)

    def call_pad_left(self, node: ast.Call, value: Part, length: Part, fills: Part) -> Part | None:
        own, width = self.text(value), self.integer(length, 0, MAX_PAD)
        pieces = fill(
            "(CASE WHEN {} > char_length({}) THEN lpad({}, {}, {})"
            " WHEN {} IS NOT NULL AND {} IS NOT NULL THEN {} END)",
            width, own, own, width, self.text(fills), width, self.text(fills), own,
        )  # fmt: skip
        return self.sql(node, pieces, value, length, fills)

    def call_is_number(self, node: ast.Call, value: Part) -> Part | None:
        pieces = fill("({} ~ {})", self.text(value), constant(_NUMBER))
        return self.sql(node, pieces, value, truth="loose")

    def call_to_number(self, node: ast.Call, value: Part) -> Part | None:
        own = self.text(value)
        pieces = fill(
            "(CASE WHEN {} ~ {} THEN CAST(btrim({}, {}) AS numeric) END)",
            own, constant(_NUMBER), own, constant(SPACES),
        )  # fmt: skip
        return self.number(node, pieces, value)

    # -- number --------------------------------------------------------------------------------

    def call_abs(self, node: ast.Call, value: Part) -> Part | None:
        return self.number(node, fill("abs({})", self.pieces(value)), value)

    def call_round(self, node: ast.Call, value: Part, *digits: Part) -> Part | None:
        count: Pieces = self.integer(digits[0], -DECIMALS, DECIMALS) if digits else ("0",)
        return self.number(node, fill("round({}, {})", self.pieces(value), count), value, *digits)

    def call_floor(self, node: ast.Call, value: Part) -> Part | None:
        return self.number(node, fill("floor({})", self.pieces(value)), value, scale=0)

    def call_ceiling(self, node: ast.Call, value: Part) -> Part | None:
        return self.number(node, fill("ceil({})", self.pieces(value)), value, scale=0)

    def call_mod(self, node: ast.Call, value: Part, divisor: Part) -> Part | None:
        pair = self.pieces(value), self.pieces(divisor)
        return self.number(node, fill("mod({}, nullif({}, 0))", *pair), value, divisor)

    def call_min(self, node: ast.Call, *parts: Part) -> Part | None:
        return self.extreme(node, "least", parts)

    def call_max(self, node: ast.Call, *parts: Part) -> Part | None:
        return self.extreme(node, "greatest", parts)

    def extreme(self, node: ast.Call, function: str, parts: tuple[Part, ...]) -> Part:
        values = [self.pieces(part) for part in parts if not part.is_null]
        found = self.number(node, fill(f"{function}({{}})", listed(", ", values)), *parts)
        return replace(found, type=next((part.type for part in parts if part.type), None))

    def call_sum(self, node: ast.Call, *parts: Part) -> Part | None:
        return self.number(node, self.total(parts), *parts)

    def total(self, parts: tuple[Part, ...]) -> Pieces:
        values = [self.pieces(part) for part in parts if not part.is_null]
        return fill("({})", listed(" + ", [fill("coalesce({}, 0)", own) for own in values]))

    def call_average(self, node: ast.Call, *parts: Part) -> Part | None:
        values = listed(", ", [self.pieces(part) for part in parts if not part.is_null])
        quotient = fill(
            "div({} * 10000000000000, nullif(num_nonnulls({}), 0)) * 0.0000000000001",
            self.total(parts), values,
        )  # fmt: skip
        return self.number(node, fill("round({}, 12)", quotient), *parts)

    # -- lists ---------------------------------------------------------------------------------

    def call_count(self, node: ast.Call, values: Part) -> Part | None:
        pieces = fill("CAST(coalesce(cardinality({}), 0) AS numeric)", self.pieces(values))
        return self.number(node, pieces, values, scale=0)

    def call_join(self, node: ast.Call, values: Part, separator: Part) -> Part | None:
        pieces = fill("array_to_string({}, {})", self.pieces(values), self.text(separator))
        return self.sql(node, pieces, values, separator)

    def call_has_any(self, node: ast.Call, values: Part, *items: Part) -> Part | None:
        return self.entries(node, "&&", values, items)

    def call_has_all(self, node: ast.Call, values: Part, *items: Part) -> Part | None:
        return self.entries(node, "@>", values, items)

    def entries(self, node: ast.Call, sign: str, values: Part, items: tuple[Part, ...]) -> Part:
        if all(item.is_fixed for item in items):
            array: Pieces = constant([item.value for item in items], _TEXTS)
        else:
            array = fill("CAST(ARRAY[{}] AS text[])", listed(", ", [self.text(item) for item in items]))
        pieces = fill(f"({{}} {sign} {{}})", self.pieces(values), array)
        return self.sql(node, pieces, values, *items, truth="loose")

    # -- choices -------------------------------------------------------------------------------

    def call_is_blank(self, node: ast.Call, value: Part) -> Part | None:
        if value.kind == "yes_no" and value.truth != "value":
            return self.fixed(node, value=False)
        tests = {
            "text": "(coalesce({}, '') = '')",
            "list": "(coalesce(cardinality({}), 0) = 0)",
            "file": "(coalesce(cardinality({}), 0) = 0)",
        }
        test = tests.get(value.kind, "({} IS NULL)")
        return self.sql(node, fill(test, self.pieces(value)), value, truth="strict")

    def call_if_blank(self, node: ast.Call, value: Part, instead: Part) -> Part | None:
        if value.is_fixed:
            return replace(value if value.value not in (None, "", ()) else instead, node=node)
        own, other = self.pieces(value), self.pieces(instead, value.type)
        if value.kind == "text":
            own = fill("nullif({}, '')", self.text(value))
            other = self.text(instead)
        if value.kind in ("list", "file"):
            test = fill("(CASE WHEN coalesce(cardinality({}), 0) = 0 THEN {} ELSE {} END)", own, other, own)
        else:
            test = fill("coalesce({}, {})", own, other)
        found = self.number(node, test, value, instead)
        return replace(found, type=value.type)

    def call_case(self, node: ast.Call, value: Part, *pairs: Part) -> Part | None:
        branches: list[Pieces] = []
        like = next((part.type for part in pairs[1::2] if part.type), None)
        for match, result in zip(pairs[::2], pairs[1::2], strict=False):
            test = self.equal(node, value, match)
            branches.append(fill(" WHEN {} THEN {}", self.condition(test), self.pieces(result, like)))
        last = pairs[-1] if len(pairs) % 2 else None
        other = fill(" ELSE {}", self.pieces(last, like)) if last else ()
        found = self.number(node, fill("(CASE{}{} END)", listed("", branches), other), value, *pairs)
        return replace(found, type=like)

    def equal(self, node: ast.expr, left: Part, right: Part) -> Part:
        if left.is_fixed and right.is_fixed:
            return self.fixed(node, left.value == right.value)
        test = self.compared(node, "=", left, right)
        assert test is not None  # noqa: S101 (this dialect compares everything)
        return test
