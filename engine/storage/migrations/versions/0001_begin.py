"""The system tables as they stand in the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.system_tables import metadata

revision = "0001"
down_revision = None

# The same as engine/storage/han.py. Immutable, so that an index can be built on it.
_CHARACTERS = r"""
CREATE OR REPLACE FUNCTION formwork_characters(source text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_to_array(regexp_replace(source, '[^㐀-䶿一-鿿豈-﫿𠀀-𲎯]+', '', 'g'), NULL)
$$
"""


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    connection.execute(metadata.tables["stamp"].insert().values(id=1))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_CHARACTERS)
        _try_trigrams(connection)


def _try_trigrams(connection: sa.Connection) -> None:
    """Search works without the extension, only slower; not every database lets us make it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError:
        return
