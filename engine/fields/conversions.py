"""From one type of field to another: which go, and how a value is carried over.

A value is written as people read it (an option by its label, a moment in the app's time zone, a record by
its title) and read by the new type, as if somebody had copied it by hand. Readings that people would
take for the same are taken (¥1,200.50; 2026年11月24日; 是); what could mean two things (01/02/2026, 5% of a
plain number) is not, and the value stays where it is, in the old column. So the same value is always
carried over in the same way, which is what makes going back possible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from engine.fields.capabilities import Offers, Refers
from engine.fields.derived import effective
from engine.fields.field_type import FieldType, Options, shown
from engine.fields.moments import parse_date
from engine.kernel.errors import Invalid, Problem
from engine.kernel.messages import pick, translate

TEXTS: Final = ("text", "long_text", "email", "phone", "url")
NUMBERS: Final = ("integer", "decimal", "money", "percent", "rating")
_PEOPLE: Final = ("reference", "user", "department")
_FROM_TEXT: Final = (*TEXTS, *NUMBERS, "yes_no", "choice", "choices", "date", "datetime", *_PEOPLE, "number")
_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*TEXTS, "number"), _FROM_TEXT),
    **dict.fromkeys(NUMBERS, (*TEXTS, *NUMBERS, "choice")),
    "yes_no": (*TEXTS, "choice"),
    "choice": (*TEXTS, *NUMBERS, "yes_no", "choices", "date", *_PEOPLE),
    "choices": (*TEXTS, "choice"),
    "date": (*TEXTS, "datetime", "choice"),
    "datetime": (*TEXTS, "date"),
    **dict.fromkeys(_PEOPLE, (*TEXTS, "choice")),
}
COMPUTED: Final = ("formula", "rollup", "mirror")
"""What any type may become: the values are worked out, the old ones rest in their column."""

Given = tuple[FieldType[Any], Options]
"""A type and its complete options."""


@dataclass(frozen=True)
class Known:
    """What the database says about the values at hand: titles of records, and records by their titles."""

    titles: Mapping[UUID, str] = field(default_factory=dict)
    ids: Mapping[str, UUID] = field(default_factory=dict)


Convert = Callable[[Any, Known], Any]
"""A value, never None, in the new type; raises Invalid where it can't be carried over."""


def conversions() -> dict[str, list[str]]:
    """By type key, the types that its fields may become."""
    return {key: [*dict.fromkeys((*targets, *COMPUTED))] for key, targets in _TARGETS.items()} | {
        key: [*dict.fromkeys((*_FROM_TEXT, *COMPUTED))] for key in COMPUTED
    }


_BY_KIND: Final = {"text": "text", "number": "decimal", "list": "choices"}


def may_become(before: str, kind: str, after: str) -> bool:
    """May a field of the type `before`, whose values are of `kind`, become one of the type `after`?

    Single values may be lost all the same: those that the new type can't read.
    """
    if after in COMPUTED:
        return True
    shown_as = _BY_KIND.get(kind, kind) if before in COMPUTED else before
    return after in _TARGETS.get(shown_as, ())


def converter(before: Given, after: Given, *, language: str, timezone: str) -> Convert:
    """How values go from one type to another, written in `language`, days beginning in `timezone`."""
    write = _writer(effective(*before), language, ZoneInfo(timezone))
    read = _reader(after, ZoneInfo(timezone))
    new_type, options = after

    def convert(value: Any, known: Known) -> Any:
        found = read(write(value, known), known)
        problems = tuple(new_type.check(found, options))
        if problems:
            raise Invalid(*problems)
        return found

    return convert


# writing ------------------------------------------------------------------------------------------
Write = Callable[[Any, Known], str]


def _writer(given: Given, language: str, zone: ZoneInfo) -> Write:
    kind, options = given
    if isinstance(kind, Offers):
        labels = {item["key"]: pick(item.get("label", item["key"]), language) for item in kind.choices(options)}
        comma = "、" if language == "zh-CN" else ", "
        return lambda value, _: comma.join(
            labels.get(key, key) for key in ((value,) if isinstance(value, str) else value)
        )
    if isinstance(kind, Refers):
        return _title
    if kind.kind == "yes_no":
        yes, no = (translate(f"field.conversion.{word}", None, language) for word in ("yes", "no"))
        return lambda value, _: yes if value else no
    if kind.kind == "datetime":
        return lambda value, _: _moment_text(value.astimezone(zone))
    if kind.kind == "date":
        return lambda value, _: value.isoformat()
    if kind.kind == "number":
        return lambda value, _: format(value, "f") if isinstance(value, Decimal) else str(value)
    return lambda value, _: str(value)


def _title(value: UUID, known: Known) -> str:
    found = known.titles.get(value)
    if not found:
        raise Invalid(Problem("field.conversion.no_title"))
    return found


def _moment_text(moment: datetime) -> str:
    whole = moment.second == 0 and moment.microsecond == 0
    return f"{moment:%Y-%m-%d %H:%M}" if whole else f"{moment:%Y-%m-%d %H:%M:%S}"


# reading ------------------------------------------------------------------------------------------
Read = Callable[[str, Known], Any]


def _reader(given: Given, zone: ZoneInfo) -> Read:
    kind, options = given
    if kind.key in NUMBERS:
        return lambda text, _: kind.parse(_number(kind, text), options)
    if isinstance(kind, Offers):
        return _choice_reader(kind, options, is_list=kind.kind == "list")
    if isinstance(kind, Refers):
        return _found
    if kind.kind == "yes_no":
        return lambda text, _: _yes_no(kind, text)
    if kind.kind == "date":
        return lambda text, _: _day(kind, text)
    if kind.kind == "datetime":
        return lambda text, _: _moment(kind, text, zone)
    if kind.key in {"text", "number"} and not options.get("multiline"):
        return lambda text, _: kind.parse(" ".join(text.split()) if "\n" in text else text, options)
    return lambda text, _: kind.parse(text, options)


_SIGNS = re.compile(r"^(?:[¥$€£]|RMB|CNY|USD|EUR|HK\$|US\$)\s*|\s*(?:元|RMB|CNY|USD|EUR)$", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SCALED = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([万亿])")
_TIMES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


def _number(kind: FieldType[Any], text: str) -> Any:
    """What the type's own reading takes: figures without groups and signs of money."""
    if text.isdecimal():
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    minus = plain.startswith("-")
    bare = _SIGNS.sub("", _SIGNS.sub("", plain.removeprefix("-").lstrip() if minus else plain)).strip()
    if kind.key == "percent":
        bare = bare.removesuffix("%").rstrip()
    scaled = _SCALED.fullmatch(bare)
    if scaled:
        return (-1 if minus else 1) * Decimal(scaled[1]) * _TIMES[scaled[2]]
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    return f"-{bare}" if minus else bare


def _choice_reader(kind: Offers, options: Options, *, is_list: bool) -> Read:
    by_word: dict[str, str] = {}
    for item in kind.choices(options):
        label = item.get("label", item["key"])
        words = {label} if isinstance(label, str) else set(label.values())
        for word in (*words, item["key"]):
            by_word.setdefault(_folded(word), item["key"])

    def one(text: str) -> str:
        key = by_word.get(_folded(text))
        if key is None:
            raise Invalid(Problem("field.choice.unknown", {"value": shown(text)}))
        return key

    def read(text: str, _: Known) -> Any:
        if not is_list:
            return one(text)
        if _folded(text) in by_word:
            return (one(text),)
        return _in_order([one(part) for part in _parts(text)], by_word.values())

    return read


def _in_order(keys: list[str], order: Iterable[str]) -> tuple[str, ...]:
    places = {key: place for place, key in enumerate(dict.fromkeys(order))}
    return tuple(sorted(set(keys), key=places.__getitem__))


_SEPARATORS = re.compile(r"[,，、;；|/\n]+")


def _parts(text: str) -> list[str]:
    return [part for part in (item.strip() for item in _SEPARATORS.split(text)) if part]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _found(text: str, known: Known) -> UUID:
    found = known.ids.get(text.strip())
    if found is None:
        raise Invalid(Problem("field.conversion.not_found", {"value": shown(text)}))
    return found


_YES = frozenset({"yes", "y", "true", "t", "1", "是", "有", "对", "真", "√", "✓", "✔", "on"})
_NO = frozenset({"no", "n", "false", "f", "0", "否", "无", "不", "没有", "错", "假", "×", "✗", "x", "off"})


def _yes_no(kind: FieldType[Any], text: str) -> bool:
    word = _folded(text)
    if word in _YES or word in _NO:
        return word in _YES
    raise kind.unreadable(text)


_MONTHS = {name: place for place, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
_DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_NAMED_DAY = re.compile(r"(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})")
_CLOSE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


def _split_moment(text: str) -> tuple[date | None, str]:
    """The day at the beginning, and what follows it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern, order in ((_DAY, (1, 2, 3)), (_NAMED_DAY, (3, 2, 1)), (_CLOSE_DAY, (1, 2, 3))):
        match = pattern.match(plain)
        if match is None or (plain[match.end() : match.end() + 1].isalnum() and plain[match.end()] != "T"):
            continue
        year, month, day = (match[place] for place in order)
        number = _MONTHS.get(month.lower(), 0) if month.isalpha() else int(month)
        found = parse_date(f"{year}-{number:02}-{int(day):02}")
        return found, plain[match.end() :].lstrip("T, ").strip()
    return None, plain


def _day(kind: FieldType[Any], text: str) -> date:
    day, rest = _split_moment(text)
    if day is None or (rest and _TIME.fullmatch(rest) is None):
        raise kind.unreadable(text)
    return day


def _moment(kind: FieldType[Any], text: str, zone: ZoneInfo) -> datetime:
    whole: datetime | None = None
    if re.search(r"(?:Z|[+-]\d\d:\d\d)$", text.strip()):  # with a zone of its own
        whole = kind.parse(text.strip().replace(" ", "T", 1), {})
    if whole is not None:
        return whole
    day, rest = _split_moment(text)
    time = _TIME.fullmatch(rest) if rest else None
    hour, minute, second = (int(time[place] or 0) for place in (1, 2, 3)) if time else (0, 0, 0)
    if day is None or (rest and time is None) or hour > 23 or minute > 59 or second > 59:
        raise kind.unreadable(text)
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).astimezone(UTC)


