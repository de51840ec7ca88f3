"""A query as it may be asked: every name checked, every text compiled, the rest worked out."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from engine.expressions import Expression, compile  # noqa: A004
from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.records.access import Access
from engine.records.cursor import Cursor, digest, read_cursor
from engine.records.graph import Node
from engine.records.names import OPTION_ORDER, chosen, options_at, read_filter, read_sort, readable
from engine.records.plan import Slot, slot_of
from engine.records.query.columns import Column, Columns
from engine.records.query.keyset import SortKey
from engine.records.query.shapes import Shape, shape_of
from engine.records.record import Query
from engine.records.search_text import fold
from engine.storage.search import search_predicate

MAX_LIMIT = 1_000
MAX_SEARCH = 200
_NEVER_EMPTY = frozenset({"created_on", "changed_on", "id"})


@dataclass(frozen=True, eq=False)
class Question:
    """A checked query. `key` tells statements apart: equal keys need equal statements.

    `key` is None when the statement depends on the moment of asking and can't be kept; `mark` is
    what cursors of this question carry; `kinds` are those of the sort values.
    """

    access: Access
    entity: str
    slots: tuple[Slot, ...]
    rows: tuple[str, ...]
    sort: tuple[tuple[str, bool], ...]
    kinds: tuple[str, ...]
    filter: Shape
    where: Expression | None
    words: tuple[str, ...]
    mark: str
    key: Hashable | None
    limit: int = 50
    cursor: Cursor | None = None

    @property
    def never_empty(self) -> bool:
        """Has every record a value in the first sort key?"""
        return not self.sort or self.sort[0][0] in _NEVER_EMPTY

    def sort_keys(self, columns: Columns) -> tuple[SortKey, ...]:
        """The sort keys as columns; references sort by title."""
        found = []
        for name, is_descending in self.sort:
            column = _by_options(columns, name) if name.endswith(OPTION_ORDER) else columns.title(name)
            if column is None:
                column = columns(name)
            found.append(SortKey(column, is_descending, name in _NEVER_EMPTY))
        return tuple(found)

    def conditions(self, columns: Columns) -> list[Column]:
        """Everything a record must fulfil, permission first."""
        table = columns.table
        found: list[Column] = [table.c.removed_on.is_(None)]
        if not self.access.is_free:
            found.append(self.access.policy.row_predicate("read", self.entity, table))
        found.extend(self.filter.conditions(columns))
        if self.where is not None:
            found.append(columns.sql(self.where, columns.free))
        if self.words:
            found.append(searched(columns, self.words))
        return found


def ask(access: Access, entity: str, query: Query, *, with_rows: bool = False) -> Question:
    """Check a query; raises Invalid with all problems of its parts.

    What doesn't differ from one asking to the next is remembered: the names, the filter, the kinds.
    """
    if not 1 <= query.limit <= MAX_LIMIT:
        raise Invalid(Problem("query.limit", {"maximum": MAX_LIMIT}, ("limit",)))
    fields = None if query.fields is None else tuple(query.fields)
    where = query.where.text if query.where else ""
    key = (entity, access.key, fields, with_rows, tuple(query.sort), query.filter, where)
    if access.key is None or query.search:
        found = _checked(access, entity, query, with_rows=with_rows)
    else:
        found = access.plans.filters.get(key, lambda: _checked(access, entity, query, with_rows=with_rows))
    cursor = read_cursor(query.cursor, found.mark, found.kinds) if query.cursor else None
    return replace(found, access=access, where=query.where, limit=query.limit, cursor=cursor)


def _checked(access: Access, entity: str, query: Query, *, with_rows: bool) -> Question:
    problems: list[Problem] = []
    parts: list[Any] = []
    readers: tuple[Callable[[], Any], ...] = (
        lambda: chosen(access, entity, query.fields, with_rows=with_rows),
        lambda: read_filter(access, entity, query.filter),
        lambda: read_sort(access, entity, query.sort),
        lambda: read_search(query.search),
    )
    for read in readers:
        try:
            parts.append(read())
        except Invalid as error:
            problems.extend(error.problems)
    raise_invalid(problems)
    (slots, rows), filter_, sort, words = parts
    where = query.where.text if query.where else ""
    mark = digest(access.app, entity, access.model.release, sort, query.filter.strip(), words, where)
    keys = tuple(slot.key for slot in slots)
    lasting = access.key is not None and not words and not _is_volatile(
        access, entity, (*keys, *(name for name, _ in sort)), filter_, query.where
    )
    shape = shape_of(access, entity, filter_)
    key = (entity, access.key, keys, sort, shape.key, where) if lasting else None
    kinds = tuple(kind_at(access, entity, name) for name, _ in sort)
    return Question(access, entity, slots, rows, sort, kinds, shape, query.where, words, mark, key)


def kind_at(access: Access, entity: str, name: str) -> str:
    """The kind of the values that sorting by a name compares: "whole" for numbers without decimals."""
    if name.endswith(OPTION_ORDER):
        return "whole"
    columns = Columns(access, entity)
    target = columns.target(name)
    if target in access.model.entities:
        return kind_at(access, str(target), access.model.entities[str(target)].title)
    if target is not None:
        return "text"
    if name.rpartition(".")[2] == "id":
        return "reference"
    item = columns.field(name)
    if item is None:  # a step into people: `owner.name`
        return "text"
    slot = slot_of(item)
    return "whole" if slot.kind == "number" and not slot.is_exact else slot.kind


def _by_options(columns: Columns, name: str) -> Column:
    """The place of a choice among the field's choices."""
    path = name.removesuffix(OPTION_ORDER)
    keys = options_at(columns.access, columns.entity.key, path)
    return sa.case({key: place for place, key in enumerate(keys)}, value=columns(path))


def read_search(text: str) -> tuple[str, ...]:
    """The words of a search as `search_text` holds them; raises Invalid for text that can't be one."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(Problem("query.search_character", path=("q",)))
    if len(text) > MAX_SEARCH:
        raise Invalid(Problem("query.search_too_long", {"count": MAX_SEARCH}, ("q",)))
    return tuple(dict.fromkeys(fold(text).split()))


def searched(columns: Columns, words: tuple[str, ...]) -> Column:
    """Records in which every word occurs, counting only fields that the actor may read."""
    access, entity = columns.access, columns.entity.key
    searchable = access.plan(entity).searchable
    seen = tuple(slot for slot in searchable if columns.is_free or access.policy.field_right(entity, slot.key) != "hidden")
    found = search_predicate(columns.table, " ".join(words), access.work.dialect, access.work.connection)
    if searchable and len(seen) == len(searchable):
        return found
    if not searchable:
        title = columns.entity.title
        if title not in {slot.key for slot in readable(access, entity)}:
            return sa.false()
        return in_any(columns, (title,), words)
    return sa.and_(found, in_any(columns, tuple(slot.key for slot in seen), words))


_CONTAINS = compile("contains(field, word)", {"field": "text", "word": "text"})


def in_any(columns: Columns, keys: tuple[str, ...], words: tuple[str, ...]) -> Column:
    """Every word occurs in one of these fields; false when there are none."""
    return sa.and_(sa.true(), *(
        sa.or_(sa.false(), *(_contains(columns, key, word) for key in keys)) for word in words
    ))


def _contains(columns: Columns, key: str, word: str) -> Column:
    given = {"field": sa.cast(columns(key), sa.Text()), "word": sa.literal(word)}
    return columns.sql(_CONTAINS, given.__getitem__)


def _is_volatile(access: Access, entity: str, names: tuple[str, ...], *expressions: Expression | None) -> bool:
    volatile = access.plans.graph.volatile
    read = [name for expression in expressions if expression for name in expression.names]
    if any(expression is not None and expression.is_volatile for expression in expressions):
        return True
    if not volatile:
        return False
    own = {name for name in (*names, *read) if "." not in name}
    return any("." in name for name in (*names, *read)) or any(Node(entity, name) in volatile for name in own)
