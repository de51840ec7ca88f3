"""Values as a person reads them: dates, money, numbers, sizes, relative times.

Numbers are grouped by thousands in both languages (万 is for headlines, not for work lists). Dates are
ISO in Chinese and "24 Nov 2026" in English: short, and never taken for another day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.kernel.messages import pick, translate
from engine.rendering.locale import Locale, current_locale

SYMBOLS = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "HKD": "HK$",
    "TWD": "NT$",
    "SGD": "S$",
    "KRW": "₩",
    "INR": "₹",
    "AUD": "A$",
    "CAD": "C$",
    "THB": "฿",
    "VND": "₫",
}
_is_number = re.compile(r"-?\d+(\.\d+)?").fullmatch
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def show_date(value: date | datetime | None, locale: Locale | None = None) -> str:
    """A day, in the reader's zone when it is a moment."""
    if value is None:
        return ""
    locale = locale or current_locale()
    day = value.astimezone(locale.zone) if isinstance(value, datetime) else value
    if locale.is_chinese:
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def show_datetime(value: datetime | None, locale: Locale | None = None) -> str:
    """A moment in the reader's zone, to the minute."""
    if value is None:
        return ""
    locale = locale or current_locale()
    moment = value.astimezone(locale.zone)
    return f"{show_date(moment, locale)}{' ' if locale.is_chinese else ', '}{moment:%H:%M}"


def show_ago(value: datetime | None, locale: Locale | None = None) -> str:
    """How long ago, or in how long: "3 hours ago", "2 天后"."""
    if value is None:
        return ""
    locale = locale or current_locale()
    seconds = (locale.moment - value).total_seconds()
    gone = abs(seconds)
    if gone < 45:
        return translate("format.now", {}, locale.language)
    unit, size = next(pair for pair in _UNITS if gone >= pair[1])
    count = int(gone // size)
    return translate(
        f"format.{'ago' if seconds >= 0 else 'in'}_{unit}", {"count": count}, locale.language
    )


def show_number(value: Any, scale: int | None = None) -> str:
    """A number with groups of three; `scale` fixes the decimals, else they are as given."""
    if value is None or value == "":
        return ""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if scale is not None:
        number = number.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
    return f"{number:,f}"


def groups(text: str) -> str:
    """A number's text with groups of three; any other text as it is."""
    return show_number(text) if _is_number(text) else text


def show_money(value: Any, currency: str = "", scale: int = 2) -> str:
    """An amount with its currency's sign: "¥620,000.00"."""
    if value is None or value == "":
        return ""
    text = show_number(value, scale)
    sign = currency_sign(currency)
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"


def currency_sign(currency: str = "") -> str:
    """The sign of a currency, its code and a space where it has none."""
    code = currency or current_locale().currency
    return SYMBOLS.get(code, f"{code} ")


def show_percent(value: Any, scale: int = 2) -> str:
    """12.5 as "12.5%"; trailing zeros go."""
    if value is None or value == "":
        return ""
    text = show_number(value, scale)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def show_size(size: int | None) -> str:
    """A file's size: "340 KB", "1.2 MB"."""
    if size is None:
        return ""
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return ""


def show_yes_no(value: bool | None) -> str:  # noqa: FBT001 (a filter takes its value first)
    """Yes, no, or nothing."""
    return (
        ""
        if value is None
        else translate("format.yes" if value else "format.no", {}, current_locale().language)
    )


def say(text: Mapping[str, str] | str | None) -> str:
    """A label in the reader's language."""
    return pick(text, current_locale().language)


def initials(name: str) -> str:
    """What an avatar shows: the last character of a Chinese name, else two first letters."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[-1][0]) > 0x2E7F:
        return words[-1][-1]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def tone(name: str) -> int:
    """One of six avatar tones, the same for a name wherever it appears."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(name)) % 6


def say_list(items: list[str]) -> str:
    """Several texts as one, with the reader's comma."""
    return ("、" if current_locale().is_chinese else ", ").join(items)
