"""Finding records by a part of their text, quickly, in Chinese too.

Two indexes hold the column `search_text`: one of three-character pieces (pg_trgm, or FTS5's trigram
tokenizer), and one of the Chinese characters (`han.py`), because most Chinese words are shorter than
three. Both only narrow the search down; LIKE decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from engine.definitions.model import Entity
from engine.storage.han import characters
from engine.storage.record_tables import stored_fields

MAX_WORDS = 8
BROAD = 2_000
"""So many records with a word are too many to fetch and sort for one page."""


def wants_search(entity: Entity) -> bool:
    """Has the entity anything to search in?"""
    return any(item.searchable for item in stored_fields(entity))


def search_predicate(
    table: sa.FromClause, term: str, dialect: str, connection: sa.Connection | None = None
) -> sa.ColumnElement[bool]:
    """Records whose search text has every word of `term` in it; all of them for an empty term.

    `term` must be in NFKC and lower case, as `search_text` is. SQLite goes through whatever index the
    condition offers; with a `connection` it is offered only for words that few records have, because
    a page of the others is found sooner by reading the list in its order.
    """
    words = list(dict.fromkeys(term.split()))[:MAX_WORDS]
    parts = [table.c.search_text.contains(word, autoescape=True) for word in words]
    if dialect == "postgresql":
        parts += _have_characters(table, words)
    else:
        parts += _in_search_tables(table, words, connection)
    return sa.and_(sa.true(), *parts)


def search_indexes(entity: Entity, connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Method and expression of the indexes that PostgreSQL needs for an entity."""
    if connection.dialect.name != "postgresql" or not wants_search(entity):
        return
    yield "gin", 'formwork_characters("search_text")'
    if connection.exec_driver_sql("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").scalar():
        yield "gin", '"search_text" gin_trgm_ops'


def existing_search(connection: sa.Connection) -> frozenset[str]:
    """Record tables that have search tables on SQLite."""
    if connection.dialect.name != "sqlite":
        return frozenset()
    query = "SELECT substr(name, 2) FROM sqlite_master WHERE type = 'table' AND name LIKE 'se!_%' ESCAPE '!'"
    return frozenset(name for (name,) in connection.exec_driver_sql(query) if name.count("_") == 1)


def create_search(connection: sa.Connection, table: str) -> None:
    """Make the search tables of a record table on SQLite, filled, and the triggers that keep them."""
    for name, tokenizer, value in _search_tables(table):
        connection.exec_driver_sql(
            f'CREATE VIRTUAL TABLE "{name}" USING fts5(pieces, content=\'\', detail=none, columnsize=0, tokenize="{tokenizer}")'
        )
        text = value.format(row="")
        connection.exec_driver_sql(
            f'INSERT INTO "{name}" (rowid, pieces) SELECT row_number, {text} FROM "{table}" WHERE search_text IS NOT NULL'  # noqa: S608
        )
        added = f'INSERT INTO "{name}" (rowid, pieces) SELECT new.row_number, {value.format(row="new.")} WHERE new.search_text IS NOT NULL;'
        gone = f"INSERT INTO \"{name}\" (\"{name}\", rowid, pieces) SELECT 'delete', old.row_number, {value.format(row='old.')} WHERE old.search_text IS NOT NULL;"
        for event, actions in (("INSERT", added), ("DELETE", gone), ("UPDATE OF search_text", gone + added)):
            connection.exec_driver_sql(
                f'CREATE TRIGGER "{name}_{event[:6].lower()}" AFTER {event} ON "{table}" '
                + ("WHEN old.search_text IS NOT new.search_text " if event.startswith("UPDATE") else "")
                + f"BEGIN {actions} END"
            )


def drop_search(connection: sa.Connection, table: str) -> None:
    """Drop the search tables and triggers of a record table on SQLite."""
    for name, _, _ in _search_tables(table):
        for event in ("insert", "delete", "update"):
            connection.exec_driver_sql(f'DROP TRIGGER IF EXISTS "{name}_{event}"')
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"')


def _search_tables(table: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (f"s{table}", "trigram case_sensitive 1", "{row}search_text"),
        (f"h{table}", "unicode61 remove_diacritics 0", "formwork_characters({row}search_text)"),
    )


def _have_characters(table: sa.FromClause, words: list[str]) -> list[sa.ColumnElement[bool]]:
    wanted = characters("".join(words))
    if not wanted:
        return []
    array = postgresql.ARRAY(sa.Text())
    return [sa.func.formwork_characters(table.c.search_text, type_=array).contains(sa.literal(wanted, array))]


def _in_search_tables(
    table: sa.FromClause, words: list[str], connection: sa.Connection | None
) -> Iterator[sa.ColumnElement[bool]]:
    """What the search tables say about all words together; nothing when it narrows too little."""
    name = _physical_name(table)
    pieces = {
        f"s{name}": [word[at : at + 3] for word in words for at in range(len(word) - 2)],
        f"h{name}": characters("".join(word for word in words if len(word) < 3)),
    }
    parts = [_rows(index, wanted) for index, wanted in pieces.items() if wanted]
    if not parts:
        return
    found = sa.intersect(*parts) if len(parts) > 1 else parts[0]
    if connection is None or not _is_broad(connection, found):
        record = sa.table(name, sa.column("row_number"), sa.column("id", table.c.id.type))
        yield table.c.id.in_(sa.select(record.c.id).where(record.c.row_number.in_(found)))


def _rows(index: str, pieces: list[str]) -> sa.Select[Any]:
    """Row numbers of the records that have all these pieces."""
    quoted = " AND ".join('"' + piece.replace('"', '""') + '"' for piece in dict.fromkeys(pieces))
    return sa.select(sa.table(index, sa.column("rowid")).c.rowid).where(sa.literal_column(f'"{index}"').op("MATCH")(quoted))


def _is_broad(connection: sa.Connection, found: sa.Select[Any] | sa.CompoundSelect[Any]) -> bool:
    some = found.limit(BROAD).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() == BROAD


def _physical_name(table: sa.FromClause) -> str:
    while isinstance(table, sa.Alias):
        table = table.element
    return str(table.name) if isinstance(table, sa.Table) else ""
