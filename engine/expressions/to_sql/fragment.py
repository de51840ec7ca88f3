"""A piece of SQL made of text and columns, flat however deep the expression is.

SQLAlchemy's own elements nest, and compiling them takes about eleven Python frames a level: forty
levels of functions would not fit the recursion limit. Here composing is joining tuples.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal

Piece = str | sa.ColumnElement[Any]
Pieces = tuple[Piece, ...]


@lru_cache(maxsize=2048)
def _split(template: str) -> tuple[str, ...]:
    return tuple(template.split("{}"))


def fill(template: str, *arguments: Pieces) -> Pieces:
    """The template with its `{}` replaced by the arguments, in order."""
    texts = _split(template)
    if len(texts) != len(arguments) + 1:
        raise RuntimeError(f"{template!r} does not take {len(arguments)} arguments")
    found: list[Piece] = []
    for text, argument in zip_longest(texts, arguments, fillvalue=()):
        found.append(text)  # type: ignore[arg-type]
        found.extend(argument)
    return tuple(found)


def listed(separator: str, arguments: list[Pieces]) -> Pieces:
    """The arguments with a text between them."""
    return tuple(chain.from_iterable((separator, *pieces) for pieces in arguments))[1:]


class Fragment(sa.ColumnElement[Any]):
    """The column element of some pieces. `texts` stand before, between and after `clauses`."""

    __visit_name__ = "formwork_fragment"
    _traverse_internals = [  # noqa: RUF012 (SQLAlchemy's own way to declare it)
        ("texts", InternalTraversal.dp_string_list),
        ("clauses", InternalTraversal.dp_clauseelement_list),
        ("type", InternalTraversal.dp_type),
    ]
    inherit_cache = True

    def __init__(self, pieces: Pieces, type_: sa.types.TypeEngine[Any]) -> None:
        self.texts: list[str] = [""]
        self.clauses: list[sa.ColumnElement[Any]] = []
        for piece in pieces:
            if isinstance(piece, str):
                self.texts[-1] += piece
            else:
                self.clauses.append(piece)
                self.texts.append("")
        self.type = type_

    @property
    def _from_objects(self) -> list[Any]:
        return list(chain.from_iterable(clause._from_objects for clause in self.clauses))  # noqa: SLF001

    def self_group(self, against: Any = None) -> Any:
        """Itself: the text has its own brackets, and `(a < b) = 1` would hide it from an index."""
        return self


@compiles(Fragment)
def _compile(element: Fragment, compiler: Any, **options: Any) -> str:
    options.pop("within_columns_clause", None)
    return "".join(_rendered(element, compiler, options))


def _rendered(element: Fragment, compiler: Any, options: dict[str, Any]) -> Iterator[str]:
    yield element.texts[0]
    for clause, text in zip(element.clauses, element.texts[1:], strict=True):
        yield compiler.process(clause, **options)
        yield text
