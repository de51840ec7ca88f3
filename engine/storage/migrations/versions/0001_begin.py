"""The system tables as they stand in the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.system_tables import metadata

revision = "0001"
down_revision = None

# The same pieces as engine/storage/grams.py. Immutable, so that an index can be built on it; the
# early way out keeps it cheap for text without Chinese.
_GRAMS = r"""
CREATE OR REPLACE FUNCTION formwork_grams(source text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500 AS $$
    SELECT CASE WHEN source ~ '[㐀-䶿一-鿿豈-﫿]' THEN ARRAY(
        SELECT DISTINCT piece FROM (
            SELECT substr(run, at, size) AS piece
            FROM unnest(regexp_split_to_array(source, '[^㐀-䶿一-鿿豈-﫿]+')) AS run,
                 generate_series(1, 2) AS size, generate_series(1, length(run) + 1 - size) AS at
        ) AS pieces
    ) ELSE '{}'::text[] END
$$
"""


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    connection.execute(metadata.tables["stamp"].insert().values(id=1))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_GRAMS)
        _try_trigrams(connection)


def _try_trigrams(connection: sa.Connection) -> None:
    """Search works without the extension, only slower; not every database lets us make it."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError:
        return
