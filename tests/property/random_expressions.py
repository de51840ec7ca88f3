"""Random expressions of a wanted kind, as text, over the names below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

KINDS: Mapping[str, Any] = {
    "amount": "number", "paid": "number", "quantity": "number", "rate": "number",
    "name": "text", "note": "text", "status": "text", "on": "yes_no", "off": "yes_no",
    "due_on": "date", "paid_on": "date", "created_on": "datetime", "seen_on": "datetime",
    "tags": "list", "account": "reference", "owner": "reference",
}  # fmt: skip

_ONE, _TWO = UUID(int=1 << 100), UUID(int=2 << 100)
_TEXTS = (
    None, "", "a", "A", "Ab c", "É", "é", "ß", "Σ", "杭州泵业", "😀", " a ", "　x", "12.5", "-3", "+7",
    "1e5", "2026-02-29", "2024-02-29", "%", "_", "a|b", "'", '"', "\\", "Żółć", "ДОМ",
)  # fmt: skip
_WRITTEN = (
    "0", "0.01", "-0.01", "0.5", "1", "-1", "2.5", "-2.5", "99.99", "12345.67", "620000",
    "-9999999999.99", "9999999999999999.99", "3", "0.33",
)  # fmt: skip
_NUMBERS = (None, *map(Decimal, _WRITTEN))
_DATES = (
    None, date(2026, 1, 31), date(2024, 2, 29), date(2026, 11, 24), date(1999, 12, 31),
    date(1, 1, 1), date(9999, 12, 31), date(2026, 12, 1),
)  # fmt: skip
_MOMENTS = (
    None, datetime(2026, 11, 24, 8, 30, tzinfo=UTC), datetime(2026, 3, 8, 6, 59, 59, 999999, UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2000, 2, 29, 23, 59, 59, tzinfo=UTC),
)  # fmt: skip
_LISTS = (None, (), ("a",), ("a", "b"), ("key", "export", "a"))


def _rows() -> list[dict[str, Any]]:
    """Every value of each kind, in combinations that don't repeat soon."""
    values: Mapping[str, tuple[Any, ...]] = {
        "text": _TEXTS, "number": _NUMBERS, "date": _DATES, "datetime": _MOMENTS, "list": _LISTS,
        "yes_no": (True, False, None), "reference": (None, _ONE, _TWO),
    }  # fmt: skip
    rows = []
    for index in range(len(_TEXTS)):
        row = {}
        for place, (name, kind) in enumerate(KINDS.items()):
            options = values[kind]
            row[name] = options[(index * (place + 1) + place) % len(options)]
        row["quantity"] = None if row["quantity"] is None else Decimal(int(row["quantity"]))
        rows.append({"number": index, **row})
    return rows


ROWS = _rows()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'


_CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "number": ("0", "1", "2", "0.5", "-1", "100", "0.005", "12.345", "1000000", "3"),
    "text": tuple(_quoted(text) for text in _TEXTS if text is not None),
    "yes_no": ("true", "false"),
    "date": ("date(2026, 2, 28)", "today()", "date(9999, 12, 1)", "date(1, 2, 1)"),
    "datetime": ("now()",),
    "list": ('["a", "b"]', '["key"]', "[]"),
    "reference": ("actor.id",),
}
_FORMS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "({number} + {number})", "({number} - {number})", "({number} * {number})",
        "({number} / {number})", "-{number}", "abs({number})", "round({number})",
        "round({number}, {number})", "floor({number})", "ceiling({number})",
        "mod({number}, {number})", "min({number}, {number})", "max({number}, {number}, {number})",
        "sum({number}, {number})", "average({number}, {number}, {number})", "len({text})",
        "find({text}, {text})", "to_number({text})", "year({date})", "month({date})", "day({date})",
        "quarter({date})", "week({date})", "weekday({date})", "year({datetime})", "hour({datetime})",
        "minute({datetime})", "({date} - {date})", "days_between({datetime}, {datetime})",
        "hours_between({datetime}, {datetime})", "minutes_between({datetime}, {datetime})",
        "months_between({date}, {date})", "years_between({date}, {date})",
        "workdays_between({date}, {date})", "count({list})", "if({yes_no}, {number}, {number})",
        "if_blank({number}, {number})", "case({text}, {text}, {number}, {text}, {number})",
        "case({number}, {number}, {number}, {number})",
    ),
    "text": (
        "({text} & {text})", "({text} & {number})", "({date} & {text})", "text({number})",
        "text({number}, 2)", "text({yes_no})", "text({date})", "text({datetime})", "upper({text})",
        "lower({text})", "trim({text})", "left({text}, {number})", "right({text}, {number})",
        "mid({text}, {number}, {number})", "replace({text}, {text}, {text})",
        "pad_left({text}, {number}, {text})", "join({list}, {text})",
        "if({yes_no}, {text}, {text})", "if_blank({text}, {text})",
        "case({number}, {number}, {text}, {text})",
    ),
    "yes_no": (
        "({number} = {number})", "({number} <> {number})", "({number} < {number})",
        "({number} <= {number})", "({number} > {number})", "({number} >= {number})",
        "({text} = {text})", "({text} <> {text})", "({text} < {text})", "({text} >= {text})",
        "({date} = {date})", "({date} < {date})", "({date} >= {date})", "({datetime} < {datetime})",
        "({datetime} = {datetime})", "({reference} = {reference})", "({reference} <> {reference})",
        "({yes_no} = {yes_no})", "({yes_no} <> {yes_no})", "({list} = {list})", "(not {yes_no})",
        "({yes_no} and {yes_no})", "({yes_no} or {yes_no})", "({number} = null)",
        "({text} <> null)", "({yes_no} = null)", "({text} in ({text}, {text}))",
        "({number} not in ({number}, {number}, null))", "({text} in {list})",
        "({text} not in {list})", "({date} in ({date}, {date}))", "(to_date({datetime}) < {date})", "(to_date({datetime}) = {date})",
        "(to_date({datetime}) >= {date})", "is_blank({number})",
        "is_blank({text})", "is_blank({date})", "is_blank({list})", "is_blank({yes_no})",
        "contains({text}, {text})", "starts_with({text}, {text})", "ends_with({text}, {text})",
        "is_number({text})", "has_any({list}, {text}, {text})", "has_all({list}, {text}, {text})",
        "if({yes_no}, {yes_no}, {yes_no})", "if_blank({yes_no}, {yes_no})",
    ),
    "date": (
        "({date} + {number})", "({date} - {number})", "add_months({date}, {number})",
        "add_years({date}, {number})", "start_of_month({date})", "end_of_month({date})",
        "to_date({text})", "to_date({datetime})", "date({number}, {number}, {number})",
        "min({date}, {date})", "max({date}, {date})", "if({yes_no}, {date}, {date})",
        "if_blank({date}, {date})",
    ),
    "datetime": (
        "({datetime} + {number})", "add_hours({datetime}, {number})",
        "add_minutes({datetime}, {number})", "if({yes_no}, {datetime}, {datetime})",
    ),
    "list": ("if({yes_no}, {list}, {list})", "if_blank({list}, {list})"),
    "reference": ("if({yes_no}, {reference}, {reference})",),
}  # fmt: skip
def expressions() -> st.SearchStrategy[str]:
    """Expressions of any kind, up to four levels deep."""
    return st.randoms(use_true_random=False).map(_expression)


def random_expression(seed: int) -> str:
    """One such expression, the same for the same seed."""
    return _expression(Random(seed))


def _expression(random: Random) -> str:
    return _of_kind(random, random.choice(tuple(_FORMS)), random.randint(1, 4))


def _of_kind(random: Random, kind: str, depth: int) -> str:
    if depth == 0 or random.randint(0, 6) == 0:
        if random.randint(0, 3) == 0:
            return random.choice(_CONSTANTS[kind])
        return random.choice([name for name, own in KINDS.items() if own == kind])
    form = random.choice(_FORMS[kind])
    return re.sub(r"\{(\w+)\}", lambda found: _of_kind(random, found[1], depth - 1), form)
