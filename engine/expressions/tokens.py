"""From text to words: the first step of reading an expression.

Positions are offsets in the text as given, so that a problem can be shown where it is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NoReturn

from engine.kernel.errors import Invalid, Problem

MAX_LENGTH = 4000
MAX_TEXT = 1000
MAX_WHOLE_DIGITS = 18
MAX_DECIMALS = 12

TokenKind = Literal["number", "text", "name", "keyword", "sign", "end"]
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})

_SPACE = re.compile("[ \t\r\n\u00a0\u3000]+")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*\Z")
_SIGN = re.compile(r"<>|<=|>=|!=|==|[=<>+\-*/&()\[\],]")
_FOREIGN = re.compile(r"&&|\|\||\*\*|//|<<|>>")
_ESCAPE = re.compile(r'\\(?:["\'\\/bfnrt]|u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?)')
_SAME = {"==": "=", "!=": "<>"}

_INSTEAD = {
    "&&": "and", "||": "or", "!": "not", "%": "mod(a, b)", "//": "/", ";": ",", "{": "(", "}": ")",
    "“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "；": ",", "【": "[", "】": "]", "〔": "(",
    "〕": ")", "《": "<", "》": ">", "。": ".", "≥": ">=", "≤": "<=", "≠": "<>", "×": "*", "÷": "/",
    "—": "-", "–": "-", "−": "-", "·": ".", "「": '"', "」": '"', "『": '"', "』": '"',
}  # fmt: skip
"""What people type, and what the language has for it."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `value` is a Decimal for a number, the content for a text, else the word itself."""

    kind: TokenKind
    value: str | Decimal
    offset: int
    end: int


def fail(code: str, offset: int, **values: object) -> NoReturn:
    """Raise Invalid with one problem at an offset."""
    raise Invalid(Problem(f"expression.{code}", values, (offset,)))


@lru_cache(4096)  # an app is read several times on the way from a draft to a release
def split(text: str) -> tuple[Token, ...]:
    """All words of an expression, the last of kind "end"; raises Invalid at the first bad place."""
    if len(text) > MAX_LENGTH:
        fail("too_long", MAX_LENGTH, limit=MAX_LENGTH, length=len(text))
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        space = _SPACE.match(text, position)
        if space:
            position = space.end()
            continue
        token = _next(text, position)
        tokens.append(token)
        position = token.end
    tokens.append(Token("end", "", len(text), len(text)))
    return tuple(tokens)


def _next(text: str, start: int) -> Token:
    character = text[start]
    if character in "\"'":
        return _text(text, start)
    number = _NUMBER.match(text, start)
    if number:
        return _number(text, number)
    name = _NAME.match(text, start)
    if name:
        return _name(name)
    foreign = _FOREIGN.match(text, start)
    sign = _SIGN.match(text, start)
    if foreign or not sign:
        _refuse(foreign[0] if foreign else character, start)
    return Token("sign", _SAME.get(sign[0], sign[0]), start, sign.end())


def _refuse(found: str, offset: int) -> NoReturn:
    instead = _INSTEAD.get(found)
    if instead is None and not found.isascii():
        plain = unicodedata.normalize("NFKC", found)
        instead = plain if plain.isascii() and plain.isprintable() and plain.strip() else None
        instead = _INSTEAD.get(instead, instead) if instead else None
    if instead:
        fail("character_instead", offset, character=found, instead=instead)
    shown = found if found.isprintable() else f"U+{ord(found[0]):04X}"
    fail("character", offset, character=shown)


def _number(text: str, match: re.Match[str]) -> Token:
    after = text[match.end() : match.end() + 1]
    if after.isalnum() or after in ("_", "."):
        fail("number", match.start(), text=text[match.start() : match.end() + 1])
    whole, _, decimals = match[0].partition(".")
    if len(whole.lstrip("0")) > MAX_WHOLE_DIGITS or len(decimals) > MAX_DECIMALS:
        fail("number_too_long", match.start(), digits=MAX_WHOLE_DIGITS, decimals=MAX_DECIMALS)
    return Token("number", Decimal(match[0]), match.start(), match.end())


def _name(match: re.Match[str]) -> Token:
    # Full-width letters mean the plain ones, as in Python's own identifiers (PEP 3131: NFKC).
    name = unicodedata.normalize("NFKC", match[0])
    if not _PLAIN_NAME.match(name):
        fail("name", match.start(), name=match[0][:80])
    if name.lower() in KEYWORDS:
        return Token("keyword", name.lower(), match.start(), match.end())
    return Token("name", name, match.start(), match.end())


def _text(text: str, start: int) -> Token:
    """A text in quotes. A doubled quote is one quote; backslash escapes are those of JSON."""
    quote = text[start]
    parts: list[str] = []
    position = start + 1
    while True:
        if position >= len(text):
            fail("text_open", start, quote=quote)
        character = text[position]
        if character == quote:
            if text[position + 1 : position + 2] != quote:
                break
            parts.append(quote)
            position += 2
        elif character == "\\":
            escape = _ESCAPE.match(text, position)
            if not escape:
                fail("escape", position, escape=text[position : position + 2])
            parts.append("'" if escape[0] == "\\'" else json.loads(f'"{escape[0]}"'))
            position = escape.end()
        else:
            parts.append(character)
            position += 1
    content = "".join(parts)
    if len(content) > MAX_TEXT:
        fail("text_too_long", start, limit=MAX_TEXT)
    if any(mark == "\x00" or "\ud800" <= mark <= "\udfff" for mark in content):
        fail("text_character", start)
    return Token("text", content, start, position + 1)
