"""Comparisons in SQL: null tests, constants on the right, bare columns left alone for their index."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine

from engine.expressions.functions.zones import find_zone
from engine.expressions.kinds import common_kind
from engine.expressions.to_sql.fragment import Pieces, fill, listed
from engine.expressions.to_sql.part import Part
from engine.expressions.to_sql.translator import Translator

ORDER: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
BIGGEST = 2**62 + 1
"""Beyond every whole number that a column holds, and still within 64 bits."""
SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


def against_whole(word: str, value: Decimal) -> tuple[str, int] | None:
    """How a column of whole numbers is compared with a constant that may be none.

    A constant with decimals lies between two values of the column. None for `=` and `<>` where no
    value is equal.
    """
    whole = int(value.to_integral_value("ROUND_FLOOR"))
    is_inside = value == whole and abs(whole) < BIGGEST
    if word in ("=", "<>"):
        return (word, whole) if is_inside else None
    if value != whole:
        word = {"<": "<=", ">=": ">"}.get(word, word)
    return word, max(-BIGGEST, min(BIGGEST, whole))


def day_bounds(value: date, timezone: str) -> tuple[datetime, datetime] | None:
    """The first moment of a day in a time zone and that of the next one, if they are plain."""
    if not date.min < value < date.max - timedelta(days=1):
        return None
    zone = find_zone(timezone)
    starts = [
        datetime.combine(day, time(fold=fold), zone).astimezone(UTC)
        for day in (value, value + timedelta(days=1))
        for fold in (0, 1)
    ]
    if starts[0] != starts[1] or starts[2] != starts[3]:
        return None
    return starts[0], starts[2]


class Comparing(Translator):
    """The part of a translator that compares. `same` and `differs` are the dialect's null-safe
    operators."""

    same: ClassVar[str]
    differs: ClassVar[str]

    @abstractmethod
    def compared_numbers(self, node: ast.expr, word: str, left: Part, right: Part) -> Part | None:
        """left < right and so on; at most one side is a constant, and that isn't null."""

    @abstractmethod
    def has_entry(self, node: ast.expr, values: Part, item: Part) -> Part | None:
        """Is the item in the list column?"""

    def ordered_pieces(self, part: Part, like: TypeEngine[Any] | None) -> Pieces:
        """A part as an operand of a comparison."""
        return self.pieces(part, like)

    def comparison(self, node: ast.Compare) -> Part | None:
        operator, left = node.ops[0], self.part(node.left)
        if isinstance(operator, (ast.In, ast.NotIn)):
            found = self.membership(node, left, node.comparators[0])
            if found is None or isinstance(operator, ast.In):
                return found
            if found.is_fixed:
                return self.fixed(node, not found.value)
            return self.sql(node, fill("(NOT {})", self.strict(found)), found, truth="strict")
        right = self.part(node.comparators[0])
        word = ORDER.get(type(operator)) or ("=" if isinstance(operator, ast.Eq) else "<>")
        return self.folded(node, operator, left, right) or self.compared(node, word, left, right)

    def compared(self, node: ast.expr, word: str, left: Part, right: Part) -> Part | None:
        """left word right, at least one of them no constant."""
        if left.is_fixed:
            left, right, word = right, left, SWAPPED[word]
        if right.is_null:
            return self.against_null(node, word, left)
        kind = common_kind(left.kind, right.kind)
        if kind == "number":
            return self.compared_numbers(node, word, left, right)
        if kind == "date" and right.is_fixed:
            found = self.date_of_moment(node, word, left, right.value)
            if found is not None:
                return found
        pair = self.ordered_pieces(left, right.type), self.ordered_pieces(right, left.type)
        if word == "<>":
            return self.sql(node, fill(f"({{}} {self.differs} {{}})", *pair), left, right, truth="strict")
        if word == "=" and not right.is_fixed:
            return self.sql(node, fill(f"({{}} {self.same} {{}})", *pair), left, right, truth="strict")
        return self.sql(node, fill(f"({{}} {word} {{}})", *pair), left, right, truth="loose")

    def date_of_moment(self, node: ast.expr, word: str, left: Part, value: date) -> Part | None:
        """`to_date(created_on) >= today()` as a comparison of the moment itself, whose index serves.

        A day is the time from its first moment to that of the next day. None where the left side is
        something else, or the zone's clock is put back over midnight on that day.
        """
        moment = self.moment_of(left.node)
        bounds = day_bounds(value, self.timezone) if moment is not None else None
        if moment is None or bounds is None or word == "<>":
            return None
        first, after = (self.fixed_moment(node, bound) for bound in bounds)
        if word == "=":
            tests = [self.compared(node, ">=", moment, first), self.compared(node, "<", moment, after)]
            both = listed(" AND ", [self.condition(test) for test in tests if test is not None])
            return self.sql(node, fill("({})", both), moment, truth="loose")
        bound = first if word in ("<", ">=") else after
        return self.compared(node, "<" if word in ("<", "<=") else ">=", moment, bound)

    def moment_of(self, node: ast.expr) -> Part | None:
        """The moment column whose date a node is."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return None
        if node.func.id != "to_date" or not isinstance(node.args[0], ast.Name):
            return None
        part = self.names.get(node.args[0].id)
        return part if part is not None and part.kind == "datetime" and not part.is_fixed else None

    def fixed_moment(self, node: ast.expr, value: datetime) -> Part:
        return Part(node, "datetime", value=value)

    def against_null(self, node: ast.expr, word: str, left: Part) -> Part | None:
        if word not in ("=", "<>"):
            return self.fixed(node, value=False)
        if left.kind == "yes_no" and left.truth != "value":
            return self.fixed(node, word == "<>")
        if left.pieces is None:
            return None
        test = "({} IS NULL)" if word == "=" else "({} IS NOT NULL)"
        return self.sql(node, fill(test, left.pieces), left, truth="strict")

    def membership(self, node: ast.expr, left: Part, right: ast.expr) -> Part | None:
        if isinstance(right, ast.List):
            return self.any_equal(node, left, [self.part(item) for item in right.elts])
        values = self.part(right)
        if values.is_null or (left.is_null and not values.is_fixed):
            return self.fixed(node, value=False)
        if not values.is_fixed:
            return self.has_entry(node, values, left)
        if left.is_fixed:
            return self.fixed(node, left.value in values.value)
        return self.any_equal(
            node, left, [Part(node, "text", value=value) for value in values.value]
        )

    def any_equal(self, node: ast.expr, left: Part, items: Sequence[Part]) -> Part | None:
        """Is left equal to one of the items?"""
        if left.is_fixed and any(item.is_fixed and item.value == left.value for item in items):
            return self.fixed(node, value=True)
        rest = [item for item in items if not (left.is_fixed and item.is_fixed)]
        tests: list[Part] = []
        plain_ones = [item for item in rest if item.is_fixed and not item.is_null]
        if len(plain_ones) > 1 and left.kind not in ("number", "yes_no"):
            options = listed(", ", [self.pieces(item, left.type) for item in plain_ones])
            pieces = fill("({} IN ({}))", self.pieces(left), options)
            tests.append(self.sql(node, pieces, left, truth="loose"))
            rest = [item for item in rest if item not in plain_ones]
        for item in rest:
            test = self.compared(node, "=", left, item)
            if test is None:
                return None
            tests.append(test)
        return self._any(node, tests)

    def _any(self, node: ast.expr, tests: list[Part]) -> Part:
        tests = [test for test in tests if not test.is_fixed]  # none of those is equal
        if not tests:
            return self.fixed(node, value=False)
        pieces = fill("({})", listed(" OR ", [self.condition(test) for test in tests]))
        return self.sql(node, pieces, *tests, truth="loose")
