"""Many new rows at once, past SQLAlchemy's own handling of each: COPY on PostgreSQL, executemany on SQLite.

A row of twenty values costs SQLAlchemy as much as the database itself; here each value passes one
function that its column's type gave once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa

from engine.fields.column_types import Bytes16, Exact, Instant, Json
from engine.storage import Work
from engine.storage.postgresql import unavailable

Bind = Callable[[Any], Any]


@dataclass(frozen=True)
class Way:
    """How rows get into one table: the statement, and what each value passes through."""

    text: str
    binds: tuple[Bind | None, ...]
    copies: bool


def way_into(work: Work, table: sa.Table, columns: Sequence[str]) -> Way:
    """The way for rows with values for these columns, in this order."""
    dialect = work.connection.dialect
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    copies = work.dialect == "postgresql"
    binds = tuple(_bind(table.c[name].type, dialect, copies=copies) for name in columns)
    if copies:
        return Way(f"COPY {quote(table.name)} ({names}) FROM STDIN", binds, copies)
    marks = ", ".join("?" for _ in columns)
    return Way(f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})", binds, copies)  # noqa: S608 (names of ours)


def put_in(work: Work, way: Way, columns: Iterable[Sequence[Any]]) -> None:
    """Insert rows, given column by column; raises IntegrityError as a statement would, and Unavailable."""
    bound = [
        values if bind is None else [None if value is None else bind(value) for value in values]
        for bind, values in zip(way.binds, columns, strict=True)
    ]
    if not way.copies:
        work.connection.exec_driver_sql(way.text, list(zip(*bound, strict=True)))
        return
    raw = work.connection.connection.cursor()
    try:
        with raw.copy(way.text) as copy:
            for row in zip(*bound, strict=True):
                copy.write_row(row)
    except psycopg.IntegrityError as error:
        raise sa.exc.IntegrityError(way.text, None, error) from error
    except psycopg.Error as error:
        raise unavailable(error) or error from error
    finally:
        raw.close()


_moment = lru_cache(maxsize=64)(datetime.isoformat)  # most rows of a batch share theirs
_COPIED: dict[type, Bind | None] = {
    Json: lambda value: orjson.dumps(value).decode(),
    Bytes16: attrgetter("hex"),
    Instant: _moment,
    Exact: None,
    sa.Date: date.isoformat,
    sa.Boolean: {True: "t", False: "f"}.__getitem__,
    sa.BigInteger: None,
    sa.Integer: None,
    sa.Text: None,
}
"""Texts for COPY where psycopg would write them in Python; None for what it writes in C."""


def _bind(type_: sa.types.TypeEngine[Any], dialect: sa.Dialect, *, copies: bool) -> Bind | None:
    if copies and type(type_) in _COPIED:
        return _COPIED[type(type_)]
    found: Bind | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return found
