"""Indexes that follow from the definitions: nobody has to think of them.

Every reference, every view (the fields it filters by equality, then what it sorts by, then the id; for a
board its columns, for a calendar its days), every quick filter with the default order, every unique rule, and search. Lists show only records
that stand, so the indexes hold only those and stay small.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from engine.definitions.model import Entity, Model, View
from engine.expressions import Expression
from engine.fields.capabilities import Refers, SystemValue
from engine.fields.derived import effective
from engine.storage.record_tables import is_stored, stored_fields
from engine.storage.search import search_indexes

_LARGE = 16 * 2**20  # bytes: some 50,000 records
_TOGETHER = 4
_STANDING = '"removed_on" IS NULL'


@dataclass(frozen=True)
class Index:
    """One index; `on` is what stands between the brackets, `name` follows from all the rest."""

    table: str
    on: tuple[str, ...]
    is_unique: bool = False
    method: str = ""
    where: str = _STANDING
    fields: tuple[str, ...] = ()
    """Keys of the fields, for people."""

    @property
    def name(self) -> str:
        """`u_…` or `i_…` and a hash: the same name always means the same index."""
        text = "\n".join((self.table, *self.on, str(self.is_unique), self.method, self.where))
        return ("u_" if self.is_unique else "i_") + hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return self.statement("")

    def statement(self, how: str) -> str:
        """The statement that makes it, with a word such as CONCURRENTLY."""
        kind = "UNIQUE INDEX" if self.is_unique else "INDEX"
        using = f" USING {self.method}" if self.method else ""
        where = f" WHERE {self.where}" if self.where else ""
        return f'CREATE {kind} {how} "{self.name}" ON "{self.table}"{using} ({", ".join(self.on)}){where}'


def wanted_indexes(entity: Entity, model: Model, connection: sa.Connection) -> tuple[Index, ...]:
    """All indexes that a table should have, without those that another one makes needless."""
    unique = tuple(_unique(entity))
    plain = tuple(dict.fromkeys((*_views(entity, model, connection.dialect.name), *_references(entity))))
    useful = [index for index in plain if not any(_covers(other, index) for other in (*plain, *unique))]
    return (*unique, *useful, *search_indexes_of(entity, connection))


def search_indexes_of(entity: Entity, connection: sa.Connection) -> Iterator[Index]:
    """The indexes of the search text, where the database has such."""
    for method, on in search_indexes(entity, connection):
        yield Index(entity.table, (on,), method=method)


def existing_indexes(connection: sa.Connection) -> dict[str, frozenset[str]]:
    """Names of our indexes by table; ones that PostgreSQL failed to finish don't count."""
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index'"
    else:
        query = (
            "SELECT t.relname, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
            "JOIN pg_class t ON t.oid = x.indrelid "
            "WHERE x.indisvalid AND i.relnamespace = current_schema()::regnamespace"
        )
    found: dict[str, set[str]] = {}
    for table, name in connection.exec_driver_sql(query):
        if name.startswith(("i_", "u_")):
            found.setdefault(table, set()).add(name)
    return {table: frozenset(names) for table, names in found.items()}


def large_tables(connection: sa.Connection) -> frozenset[str]:
    """Tables on which PostgreSQL would take long to make an index, and let nobody write meanwhile."""
    if connection.dialect.name == "sqlite":  # has one writer anyway, and readers go on
        return frozenset()
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
        "AND pg_relation_size(oid) > %s"
    )
    return frozenset(name for (name,) in connection.exec_driver_sql(query, (_LARGE,)))


def equality_fields(expression: Expression | None) -> tuple[str, ...]:
    """Names that a condition compares for equality and joins by `and`: an index can start with them."""
    if expression is None:
        return ()
    found: dict[str, None] = {}
    waiting: list[ast.AST] = [expression.tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Expression):
            waiting.append(node.body)
        elif isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            waiting.extend(node.values)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            for side in (node.left, node.comparators[0]):
                if isinstance(side, ast.Name):
                    found[side.id] = None
    return tuple(found)


def _unique(entity: Entity) -> Iterator[Index]:
    groups = [(item.key,) for item in stored_fields(entity) if item.unique]
    for group in dict.fromkeys((*groups, *entity.unique)):
        items = [entity.fields[key] for key in group if key in entity.fields]
        if len(items) == len(group) and all(is_stored(item) for item in items):
            yield Index(entity.table, tuple(f'"{item.column}"' for item in items), is_unique=True, fields=tuple(group))


def _references(entity: Entity) -> Iterator[Index]:
    if entity.part_of is not None:
        yield Index(entity.table, ('"parent_id"', '"position"'))
    for item in stored_fields(entity):
        if isinstance(effective(item.type, item.options)[0], Refers):
            yield Index(entity.table, (f'"{item.column}"',), fields=(item.key,))
    if entity.part_of is None and entity.owner is None:
        yield Index(entity.table, ('"created_by"',))


def _views(entity: Entity, model: Model, dialect: str) -> Iterator[Index]:
    for view in (view for view in model.views.values() if view.entity == entity.key):
        order = _order(entity, view, dialect)
        equal = (_column(entity, key) for key in equality_fields(view.filter))
        fixed = tuple(name for name in equal if name)
        by = [view.board.by] if view.board and view.type == "board" else []
        by += [view.group_by] if view.group_by and view.type == "list" else []
        quick = tuple(name for key in (*view.quick_filters, *by) if (name := _column(entity, key)) and name not in fixed)
        for start in (fixed, *((*fixed, name) for name in quick)):
            on = (*start, *(item for item in order if item.split(" ")[0] not in start))
            if on:
                # Behind the id, what the other quick filters ask for: two filters at once, and their count,
                # are answered from the index alone.
                named = {item.split(" ")[0] for item in on}
                more = tuple(name for name in quick[:_TOGETHER] if name not in named) if len(start) > len(fixed) else ()
                yield Index(entity.table, (*on, *more))
        yield from _days(entity, view, fixed)


def _days(entity: Entity, view: View, fixed: tuple[str, ...]) -> Iterator[Index]:
    """A calendar asks for a stretch of days, by the first and by the last of each record."""
    if view.calendar is None or view.type != "calendar":
        return
    for key in (view.calendar.start, view.calendar.end):
        column = _column(entity, key) if key else ""
        if column and column not in fixed:
            yield Index(entity.table, (*fixed, column, '"id"'))


def _order(entity: Entity, view: View, dialect: str) -> tuple[str, ...]:
    """The view's order as index columns; nothing when it sorts by what another table holds.

    As records' keyset paging has it: empty values last, and the id goes with the last key. The first
    key is read in two parts (with and without value), so its own empty values don't matter.
    """
    found: list[str] = []
    direction = ""
    for place, name in enumerate(view.sort):
        item = entity.fields.get(name.removeprefix("-"))
        column = _column(entity, name.removeprefix("-"))
        if not column or item is None or isinstance(effective(item.type, item.options)[0], Refers):
            return ()
        direction = " DESC" if name.startswith("-") else ""
        is_filled = isinstance(item.type, SystemValue)
        empty = " NULLS LAST" if direction and place and dialect == "postgresql" and not is_filled else ""
        found.append(column + direction + empty)
    return (*found, f'"id"{direction}')


def _column(entity: Entity, key: str) -> str:
    item = entity.fields.get(key)
    return f'"{item.column}"' if item is not None and item.column and (is_stored(item) or item.column == key) else ""


def _covers(other: Index, index: Index) -> bool:
    """Does another index begin with all of this one, so that this one adds nothing?"""
    if other == index or other.where != index.where or other.method != index.method:
        return False
    size = len(index.on)
    if len(other.on) < size or (len(other.on) == size and not other.is_unique):
        return False
    return other.on[:size] == index.on
