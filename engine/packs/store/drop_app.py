"""Taking an app out of the database with everything that belongs to it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.packs.store.installed import forget_done, note_done
from engine.packs.store.purge import RUN_PARTS
from engine.storage import Work
from engine.storage.search import drop_search, existing_search
from engine.storage.system_tables import (
    app as apps,
)
from engine.storage.system_tables import (
    comment,
    draft_document,
    history,
    installed_pack,
    job,
    notification,
    record_column,
    release,
    role_holder,
    saved_view,
    sequence,
    stored_file,
    wf_instance,
)


def count_running(work: Work, app: str) -> int:
    """How many runs of the app's workflows are under way."""
    query = sa.select(sa.func.count()).where(wf_instance.c.app == app, wf_instance.c.ended_at.is_(None))
    return int(work.connection.execute(query).scalar_one())


def stored_files(work: Work, app: str) -> list[tuple[object, str]]:
    """Ids and names of the files that records of the app list."""
    query = sa.select(stored_file.c.id, stored_file.c.name).where(stored_file.c.app == app, stored_file.c.record_id.is_not(None))
    return [(row[0], row[1]) for row in work.connection.execute(query.order_by(stored_file.c.id))]


def drop_app(work: Work, app: str, keys: tuple[str, ...]) -> None:
    """Delete the app: record tables, releases, draft, runs, roles that people hold. `keys` are settings that go along.

    Documents stay among the kept texts, the audit trail stays, files are left to be swept. A later app of the same
    key goes on counting its releases where this one ended: other processes remember releases by their numbers.
    """
    run = work.connection.execute
    newest = run(sa.select(sa.func.max(release.c.number)).where(release.c.app == app)).scalar() or 0
    note_done(work, f"releases:{app}", {"newest": newest})
    _drop_tables(work, app)
    runs = sa.select(wf_instance.c.id).where(wf_instance.c.app == app)
    for table in RUN_PARTS:
        run(table.delete().where(table.c.instance_id.in_(runs)))
    run(stored_file.update().where(stored_file.c.app == app).values(record_id=None, entity=None, field_uid=None))
    waiting = [row.id for row in run(sa.select(job.c.id, job.c.payload).where(job.c.status.in_(("waiting", "failed")))) if row.payload.get("app") == app]
    if waiting:
        run(job.delete().where(job.c.id.in_(waiting)))
    for table in (wf_instance, comment, history, notification, saved_view, role_holder, record_column, installed_pack, draft_document, release):
        run(table.delete().where(table.c.app == app))
    run(apps.delete().where(apps.c.key == app))
    for key in keys:
        forget_done(work, key)


def _drop_tables(work: Work, app: str) -> None:
    rows = work.connection.execute(sa.select(record_column.c.table, record_column.c.column, record_column.c.uid, record_column.c.type).where(record_column.c.app == app)).all()
    tables = sorted({row.table for row in rows})
    for row in rows:
        if row.type == "number":
            work.connection.execute(sequence.delete().where(sequence.c.key.startswith(f"{row.uid}:", autoescape=True)))
    if work.dialect == "postgresql":
        if tables:
            work.connection.exec_driver_sql("DROP TABLE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")
        return
    work.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # tables point to each other; at the end none is left
    searched = existing_search(work.connection)
    for table in tables:
        if table in searched:
            drop_search(work.connection, table)
    for table in tables:
        work.connection.exec_driver_sql(f'DROP TABLE "{table}"')
