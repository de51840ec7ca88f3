"""Cells as values of a field type: what people write in spreadsheets, read kindly and never guessed at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from engine.packs.table.read import Cell

Options = Mapping[str, Any]
YES = frozenset({"是", "有", "对", "√", "✓", "✔", "yes", "y", "true", "真", "1"})
NO = frozenset({"否", "无", "没有", "不", "错", "×", "✗", "✘", "no", "n", "false", "假", "0"})
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)
_TIME = re.compile(r"(?P<h>\d{1,2})[:：时](?P<i>\d{2})(?:[:：分](?P<s>\d{2}))?秒?")
_SIGNS = re.compile(r"[¥￥$€£元圆,\s]|CNY|RMB|USD|EUR|人民币", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_URL = re.compile(r"(https?://|www\.)\S+\.\S+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s()\-–.转*#x]{5,30}", re.IGNORECASE)
_DIGITS = 18


class Unreadable(ValueError):
    """The cell is no value of this type."""


def convert(cell: Cell, type_: str, options: Options, timezone: str) -> Any:
    """The value as the records room takes it, None for an empty cell. Raises Unreadable."""
    if cell is None or cell == "":
        return None
    return _READERS[type_](cell, options, timezone)


def as_text(cell: Cell) -> str:
    """A cell as its author sees it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str("" if cell is None else cell)


def number_of(cell: Cell) -> Decimal:
    """A number: thousands separators, currency signs, full-width digits, 万 and 亿, brackets for minus. Raises Unreadable."""
    if isinstance(cell, (bool, datetime, date, time)):
        raise Unreadable
    if isinstance(cell, (int, float)):
        return _decimal(repr(cell))
    text = _SIGNS.sub("", unicodedata.normalize("NFKC", str(cell)))
    is_minus = text.startswith("(") and text.endswith(")")
    text = text.strip("()") if is_minus else text
    factor = {"万": 10_000, "亿": 100_000_000}.get(text[-1:], 1)
    found = _decimal(text[:-1] if factor != 1 else text) * factor
    return -found if is_minus else found


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable from error
    if not found.is_finite() or len(found.as_tuple().digits) > 40 or abs(found.adjusted()) >= _DIGITS:
        raise Unreadable
    return found


def moment_of(cell: Cell) -> datetime:
    """A moment without a zone; a date is its beginning. Raises Unreadable."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    text = unicodedata.normalize("NFKC", str(cell)).replace("T", " ").strip() if isinstance(cell, str) else ""
    day, _, rest = text.partition(" ") if " " in text else (text, "", "")
    clock = _TIME.fullmatch(rest.strip()) if rest.strip() else None
    for pattern in _DATES:
        found = pattern.fullmatch(day)
        if found and (clock or not rest.strip()):
            hour, minute, second = (int(clock[part] or 0) for part in ("h", "i", "s")) if clock else (0, 0, 0)
            try:
                return datetime(int(found["y"]), int(found["m"]), int(found["d"]), hour, minute, second)  # noqa: DTZ001
            except ValueError as error:
                raise Unreadable from error
    raise Unreadable


def has_time(cell: Cell) -> bool:
    """Does a cell say more than the day?"""
    return (moment_of(cell).time() != time()) if not isinstance(cell, str) else bool(_TIME.search(cell))


def _text(cell: Cell, options: Options, _: str) -> str:
    text = " ".join(as_text(cell).split())
    if len(text) > int(options.get("max_length", 255)):
        raise Unreadable
    return text


def _long_text(cell: Cell, _: Options, __: str) -> str:
    return as_text(cell)


def _integer(cell: Cell, _: Options, __: str) -> int:
    found = number_of(cell)
    if found != found.to_integral_value():
        raise Unreadable
    return int(found)


def _number(cell: Cell, options: Options, _: str) -> str:
    found = number_of(cell)
    scale = int(options.get("scale", 2))
    rounded = found.quantize(Decimal(1).scaleb(-scale)) if -scale > found.as_tuple().exponent else found  # type: ignore[operator]  # finite
    if abs(rounded - found) > Decimal(1).scaleb(-9) and not isinstance(cell, float):
        raise Unreadable  # more digits than the field has: whoever wrote them meant them
    return f"{rounded:f}"


def _percent(cell: Cell, options: Options, zone: str) -> str:
    text = as_text(cell).strip()
    return _number(text.rstrip("%％"), options, zone)


def _date(cell: Cell, _: Options, __: str) -> str:
    return moment_of(cell).date().isoformat()


def _datetime(cell: Cell, _: Options, zone: str) -> str:
    found = moment_of(cell).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _yes_no(cell: Cell, _: Options, __: str) -> bool:
    if isinstance(cell, bool):
        return cell
    text = as_text(cell).strip().lower()
    if text in YES or text in NO:
        return text in YES
    raise Unreadable


def _choice(cell: Cell, options: Options, _: str) -> str:
    text = " ".join(as_text(cell).split())
    for option in options.get("options", ()):
        if text in (option["label"], option["key"]):
            return str(option["key"])
    raise Unreadable


def _email(cell: Cell, _: Options, __: str) -> str:
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    if not _EMAIL.fullmatch(text):
        raise Unreadable
    return text


def _url(cell: Cell, _: Options, __: str) -> str:
    text = as_text(cell).strip()
    if not _URL.fullmatch(text):
        raise Unreadable
    return text if text.lower().startswith("http") else f"https://{text}"


def _phone(cell: Cell, _: Options, __: str) -> str:
    text = unicodedata.normalize("NFKC", as_text(cell)).strip()
    if not _PHONE.fullmatch(text) or sum(sign.isdigit() for sign in text) < 5:
        raise Unreadable
    return text


_READERS: Mapping[str, Callable[[Cell, Options, str], Any]] = {
    "text": _text, "long_text": _long_text, "integer": _integer, "decimal": _number, "money": _number, "percent": _percent,
    "date": _date, "datetime": _datetime, "yes_no": _yes_no, "choice": _choice, "email": _email, "url": _url, "phone": _phone,
}
TYPES = tuple(_READERS)
"""The field types that a column may become."""
