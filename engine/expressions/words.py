"""Where an expression says which names: what a rename needs, and nothing of what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from engine.expressions.tokens import split


@dataclass(frozen=True, slots=True)
class Word:
    """A name as it stands in the text, dotted ones whole."""

    name: str
    offset: int
    end: int


def names_in(text: str) -> tuple[Word, ...]:
    """The names of values in an expression, in order; names of functions are none.

    Raises Invalid for text that can't be split into words.
    """
    tokens = split(text)
    return tuple(
        Word(str(token.value), token.offset, token.end)
        for token, after in pairwise(tokens)
        if token.kind == "name" and not (after.kind == "sign" and after.value == "(")
    )
