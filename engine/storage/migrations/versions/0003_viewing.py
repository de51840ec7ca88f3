"""A session may look through somebody else's eyes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.types import Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("session")}
    if "viewing" not in there:  # a database that is new has it from the first revision on
        op.add_column("session", sa.Column("viewing", Json, nullable=True))
