"""Patterns that an admin sets for texts: a small language of regular expressions, always safe.

A pattern must match the whole text. Known are characters, `.`, classes (`[A-Z]`, `[^0-9]`), `\\d` and
`\\w` (ASCII), groups, alternatives, and `? * + {n} {n,} {n,m}`; `^` and `$` at the ends say what is
so anyway. All of it means the same in every dialect, so the pattern goes into JSON Schema and the
browser as it is. Look-around, back-references and the like are refused: with them, and with
Python's own matcher, one pattern such as `(a+)+b` and one text could hold up the server for hours
(`automaton.py` matches in time proportional to the text).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NoReturn

from engine.fields.automaton import (
    MAX_STATES,
    Automaton,
    Node,
    Repeat,
    Set,
    TooLarge,
    either,
    follow,
)
from engine.fields.field_type import shown
from engine.kernel.errors import Invalid, Problem

LIMIT = 200
_DIGITS = ((ord("0"), ord("9")),)
_WORD = (*_DIGITS, (ord("A"), ord("Z")), (ord("_"), ord("_")), (ord("a"), ord("z")))
_CLASSES = {"d": _DIGITS, "w": _WORD}
_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_ESCAPABLE = frozenset("\\^$.|?*+()[]{}-/")
_MAX_COUNT = 1000
_MAX_DEPTH = 20


def parse_text_pattern(text: str) -> str:
    """The pattern as it was given; raises Invalid where it is none (`field.text_pattern.*`)."""
    _compile(text)
    return text


def matches(pattern: str, text: str) -> bool:
    """Does the whole text match?"""
    return _compile(pattern).matches(text)


def schema_pattern(pattern: str) -> str:
    """The pattern without anchors, to be put into a larger one."""
    return _unanchored(pattern)


@lru_cache(maxsize=1024)
def _compile(text: str) -> Automaton:
    if not text or len(text) > LIMIT or not text.isprintable():
        raise Invalid(Problem("field.text_pattern.unreadable", {"at": shown(text[:20])}))
    parser = _Parser(_unanchored(text))
    node = parser.alternatives()
    if parser.position < len(parser.text):
        parser.fail()
    try:
        return Automaton(node)
    except TooLarge:
        raise Invalid(Problem("field.text_pattern.too_large", {"limit": MAX_STATES})) from None


def _unanchored(text: str) -> str:
    text = text.removeprefix("^")
    slashes = len(text) - len(text[:-1].rstrip("\\")) - 1
    return text[:-1] if text.endswith("$") and slashes % 2 == 0 else text


class _Parser:
    """Recursive descent over the pattern; the recursion is bounded by _MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def fail(self, position: int | None = None) -> NoReturn:
        at = self.text[self.position if position is None else position :][:20]
        raise Invalid(Problem("field.text_pattern.unreadable", {"at": shown(at) or "…"}))

    def at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.position)

    def take(self) -> str:
        if self.position >= len(self.text):
            self.fail()
        self.position += 1
        return self.text[self.position - 1]

    def alternatives(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self.fail()
        found = [self.sequence()]
        while self.at("|"):
            self.position += 1
            found.append(self.sequence())
        self.depth -= 1
        return either(found)

    def sequence(self) -> Node:
        found = []
        while self.position < len(self.text) and not (self.at("|") or self.at(")")):
            found.append(self.counted(self.atom()))
        return follow(found)

    def counted(self, node: Node) -> Node:
        start = self.position
        counts = self.counts()
        if counts is None:
            return node
        least, most = counts
        if least > _MAX_COUNT or (most is not None and (most > _MAX_COUNT or most < least)):
            self.fail(start)
        if self.counts() is not None:  # lazy, possessive or doubled
            self.fail(start)
        return Repeat(node, least, most)

    def counts(self) -> tuple[int, int | None] | None:
        for sign, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self.at(sign):
                self.position += 1
                return counts
        if not self.at("{"):
            return None
        end = self.text.find("}", self.position)
        least, comma, most = self.text[self.position + 1 : end].partition(",")
        if end < 0 or not _is_count(least) or (most and not _is_count(most)):
            self.fail()
        self.position = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def atom(self) -> Node:
        start = self.position
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.chosen()
        if sign == ".":
            return Set((), is_negated=True)
        if sign == "\\":
            return Set(self.escaped())
        if sign in _SPECIAL:
            self.fail(start)
        return Set(((ord(sign), ord(sign)),))

    def group(self) -> Node:
        start = self.position - 1
        if self.at("?"):
            if not self.at("?:"):
                self.fail(start)
            self.position += 2
        node = self.alternatives()
        if not self.at(")"):
            self.fail(start)
        self.position += 1
        return node

    def escaped(self) -> tuple[tuple[int, int], ...]:
        start = self.position - 1
        sign = self.take()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign not in _ESCAPABLE:
            self.fail(start)
        return ((ord(sign), ord(sign)),)

    def chosen(self) -> Node:
        start = self.position - 1
        is_negated = self.at("^")
        self.position += is_negated
        ranges: list[tuple[int, int]] = []
        while not self.at("]"):
            if self.position >= len(self.text):
                self.fail(start)
            ranges += self.range()
        self.position += 1
        if not ranges:
            self.fail(start)
        return Set(tuple(ranges), is_negated=is_negated)

    def range(self) -> tuple[tuple[int, int], ...]:
        start = self.position
        first = self.member()
        if not self.at("-") or self.text.startswith("-]", self.position):
            return first
        self.position += 1
        last = self.member()
        if len(first) > 1 or len(last) > 1 or _DIGITS in (first, last):
            self.fail(start)
        if first[0][0] > last[0][0]:
            self.fail(start)
        return ((first[0][0], last[0][0]),)

    def member(self) -> tuple[tuple[int, int], ...]:
        start = self.position
        sign = self.take()
        if sign == "\\":
            return self.escaped()
        if sign in "[]":  # what they mean there differs between dialects
            self.fail(start)
        return ((ord(sign), ord(sign)),)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
