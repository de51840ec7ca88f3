"""Makes the indexes that a publish left for later."""

from __future__ import annotations

from engine.definitions import Model
from engine.storage.indexes import Index
from engine.storage.table_plan import plan_tables
from engine.storage.unit_of_work import Work


def missing_indexes(work: Work, model: Model) -> tuple[Index, ...]:
    """Indexes that the release in use should have and hasn't."""
    steps = plan_tables(work.connection, model).steps
    return tuple(step.index for step in steps if step.index is not None)


def make_indexes(work: Work, indexes: tuple[Index, ...]) -> None:
    """Make them while work goes on. What was left unfinished by an earlier try is made anew.

    They are not part of the unit of work, which only says in which database.
    """
    concurrently = "CONCURRENTLY" if work.dialect == "postgresql" else ""
    for index in indexes:
        work.database.connections.run_apart(
            (f'DROP INDEX IF EXISTS "{index.name}"', index.statement(concurrently))
        )
