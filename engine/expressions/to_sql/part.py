"""What the translator knows of a part of an expression."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy.types import TypeEngine

from engine.expressions.kinds import ResultKind
from engine.expressions.to_sql.fragment import Pieces

Truth = Literal["value", "loose", "strict"]
"""Of a yes/no part: a value that may be null; a condition whose SQL may be NULL where we say false;
one that never is."""

ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Part:
    """One translated node: a constant (`value`), or SQL (`pieces`).

    `pieces` is None for constants, and for numbers that only Python can compute for SQLite.
    `scale` of a number is how many decimals it has at most; on SQLite its pieces are whole numbers
    of 10**-scale, never greater than `bound`. `type` is the type of the column it came from, if it
    is a bare one. `stack` estimates the depth for SQLite's parser.
    """

    node: ast.expr
    kind: ResultKind
    pieces: Pieces | None = None
    value: Any = ABSENT
    type: TypeEngine[Any] | None = field(default=None, compare=False)
    truth: Truth = "value"
    scale: int | None = None
    bound: int = 0
    stack: int = 1

    @property
    def is_fixed(self) -> bool:
        """Is this a constant?"""
        return self.value is not ABSENT

    @property
    def is_null(self) -> bool:
        """Is this the constant null?"""
        return self.value is None
