"""Whatever is typed and whatever the values are: an answer or Invalid, never another error."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from engine.expressions import FUNCTIONS, compile, evaluate, to_conditions, to_sql  # noqa: A004
from engine.fields.column_types import Bytes16, Exact, Instant, Texts
from engine.kernel.errors import Invalid
from tests.property.random_expressions import KINDS, random_expression

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NAMES: dict[str, Any] = {**KINDS, "actor.id": "reference", "what": "any", "lines": "rows"}
_WORDS = (
    *KINDS, "what", "lines", *FUNCTIONS.keys, "and", "or", "not", "in", "true", "false", "null", "(", ")", "(", ")",
    "[", "]", ",", ",", "+", "-", "*", "/", "&", "=", "==", "<>", "!=", "<", "<=", ">", ">=", '"a"', '"2026-11-24"',
    "'", '"', "1", "0.5", "999999999999999999", ".", "**", "%", "（", "＝", "__class__", "lambda", "\\", "\n", "\x00", "😀",
)  # fmt: skip
_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=20), st.dates(),
    st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.uuids(), st.lists(st.text(max_size=3), max_size=3),
    st.tuples(), st.binary(max_size=3), st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.just(datetime.max.replace(tzinfo=UTC)), st.just(date.max), st.just(date.min), st.just(UUID(int=0)),
    st.just(Decimal("1e40")), st.just(object()),
)  # fmt: skip
_TYPES: dict[str, Any] = {
    "text": sa.Text(), "yes_no": sa.Boolean(), "date": sa.Date(), "datetime": Instant(), "list": Texts(),
    "reference": Bytes16(), "number": Exact(2),
}  # fmt: skip


def column(name: str) -> Any:
    kind = NAMES[name]
    return sa.column(name, _TYPES.get(kind, sa.Text()))


def try_out(text: str, value: Any) -> None:
    """Compile, evaluate and translate; everything but Invalid fails the test."""
    try:
        expression = compile(text, NAMES)
    except Invalid as error:
        offsets = [problem.path[0] for problem in error.problems]
        assert all(0 <= offset <= len(text) for offset in offsets)
        return
    to_conditions(expression)
    for zone in ("UTC", "Asia/Shanghai", "Pacific/Kiritimati"):
        with suppress(Invalid):
            evaluate(expression, lambda _name: value, now=NOW, timezone=zone)
    for dialect, compiler in (("sqlite", sqlite.dialect()), ("postgresql", postgresql.dialect())):
        try:
            element = to_sql(expression, column, dialect=dialect, now=NOW, timezone="Asia/Shanghai")
        except Invalid:
            continue
        str(sa.select(element).compile(dialect=compiler))


@settings(max_examples=120)
@given(text=st.text(max_size=60), value=_VALUES)
def test_any_text_is_answered_or_invalid(text: str, value: Any) -> None:
    try_out(text, value)


@settings(max_examples=200)
@given(words=st.lists(st.sampled_from(_WORDS), max_size=25), value=_VALUES)
def test_any_row_of_words_is_answered_or_invalid(words: list[str], value: Any) -> None:
    try_out(" ".join(words), value)


@settings(max_examples=120)
@given(seed=st.integers(0, 2**32), value=_VALUES)
def test_any_value_under_any_name_is_answered_or_invalid(seed: int, value: Any) -> None:
    try_out(random_expression(seed), value)


@settings(max_examples=120)
@given(seed=st.integers(0, 2**32), value=_VALUES)
def test_a_damaged_expression_is_answered_or_invalid(seed: int, value: Any) -> None:
    random = Random(seed)
    text = list(random_expression(seed))
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(text))
        text[place : place + random.randint(0, 2)] = random.choice([*_WORDS, ""])
    try_out("".join(text), value)
