"""What goes in and comes out of the room: records, questions about records, answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from engine.expressions import Expression

Dump = Callable[[Any], Any]


@dataclass(frozen=True)
class Record:
    """One record as its reader may see it.

    `values` holds Python values by field key, only of fields the reader may read; owned rows are
    lists of such mappings with an `id`. `titles` names what references point to: text by field
    key, and for owned rows a list with one such mapping a row. A reference whose target the reader
    may not read has no title. `open_fields` is None for a record that is not locked, else the
    fields that may still be changed.
    """

    app: str
    entity: str
    id: UUID
    rev: int
    values: Mapping[str, Any]
    titles: Mapping[str, Any] = field(default_factory=dict)
    can_change: bool = False
    can_remove: bool = False
    open_fields: tuple[str, ...] | None = None
    dumps: Mapping[str, Dump | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_locked(self) -> bool:
        """Is it closed for changes, but for its open fields?"""
        return self.open_fields is not None


@dataclass(frozen=True)
class Query:
    """Which records to find, in which order, how many, and how much of each.

    `filter` is text in the expression language; `where` an expression that is already compiled
    (a view's own filter), which needs no right to the fields it reads. `fields` None means all
    readable fields but owned rows. `count` "capped" stops counting at 10,000.
    """

    filter: str = ""
    sort: Sequence[str] = ()
    fields: Sequence[str] | None = None
    search: str = ""
    limit: int = 50
    cursor: str | None = None
    count: Literal["none", "exact", "capped"] = "none"
    where: Expression | None = None


@dataclass(frozen=True)
class Page:
    """Some records, the way to those after and before them, and how many there are in all."""

    records: tuple[Record, ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    count: int | None = None
    count_is_capped: bool = False


@dataclass(frozen=True)
class JsonPage:
    """The same as `Page`, with JSON-ready mappings instead of records."""

    items: tuple[dict[str, Any], ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None
    count: int | None = None
    count_is_capped: bool = False


def dump_record(record: Record) -> dict[str, Any]:
    """A record as JSON: `id`, `rev`, its fields, and `_titles` of what it refers to."""
    found: dict[str, Any] = {"id": str(record.id), "rev": record.rev}
    for key, value in record.values.items():
        found[key] = dump_value(record.dumps.get(key), value)
    found["_titles"] = dict(record.titles)
    return found


def dump_value(dump: Dump | None, value: Any) -> Any:
    """A value as JSON; null and what is JSON already stay as they are."""
    return value if value is None or dump is None else dump(value)
