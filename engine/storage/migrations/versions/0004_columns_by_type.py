"""Columns of records carry the type of their field in their name: `f_…_text`.

So a field that changes its type has another column, and the old one stays beside it. Indexes and
triggers follow a renamed column by themselves.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    connection = op.get_bind()
    columns = sa.table("record_column", sa.column("table"), sa.column("column"), sa.column("type"))
    rows = connection.execute(sa.select(columns).where(columns.c.column.like("f!_%", escape="!"))).all()
    for table, column, type_key in rows:
        if column.count("_") > 1:  # done already
            continue
        name = f"{column}_{type_key}"
        connection.exec_driver_sql(f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{name}"')
        connection.execute(
            sa.update(columns).where(columns.c.table == table, columns.c.column == column).values(column=name)
        )
