"""Run by Alembic: upgrades over the connection that `engine.storage.migrate` has opened."""

from __future__ import annotations

from alembic import context

from engine.storage.system_tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, when Python doesn't commit behind our back
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
