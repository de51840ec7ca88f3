"""Brings the system tables to the form that this build knows."""

from __future__ import annotations

import sqlalchemy as sa

from engine.kernel.errors import Problem, Unavailable
from engine.storage.dialects import Connections

HEAD = "0004"
"""The newest revision in `migrations/versions`; known here so that a start needs no Alembic."""


def migrate(connections: Connections) -> None:
    """Upgrade to HEAD in one transaction, while no other process does.

    Raises Unavailable `storage.newer` when a later build has upgraded the database already.
    """
    if is_current(connections):
        return
    connection = connections.open_for_migration()
    try:
        if _revision(connection) != HEAD:
            _upgrade(connection)
            connection.commit()
    finally:
        connections.end_migration(connection)


def is_current(connections: Connections) -> bool:
    """Have the system tables the form that this build knows?"""
    try:
        opened = connections.open(writes=False)
    except Unavailable as error:
        if error.problems[0].code == "storage.not_prepared":
            return False
        raise
    try:
        return _revision(opened.connection) == HEAD
    finally:
        connections.release(opened)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 (slow to import and needed once in a long while)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "engine.storage:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Unavailable(Problem("storage.newer", {"revision": _revision(connection) or "?"})) from error
