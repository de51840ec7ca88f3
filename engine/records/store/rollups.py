"""Roll-ups counted by the database, for many owners at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.definitions.model import Field
from engine.records.access import Access
from engine.records.query.columns import rolled_up_parts
from engine.records.query.statements import among, chunks


def rolled_up(access: Access, entity: str, item: Field, owners: Iterable[UUID]) -> Mapping[UUID, Any]:
    """The roll-up's value for each of these owners for which anything counts."""
    found: dict[UUID, Any] = {}
    if item.filter is not None and item.filter.is_volatile:  # the statement holds the moment
        statement = _statement(access, entity, item)
    else:
        statement = access.plans.statements.get(("rolled_up", entity, item.key), lambda: _statement(access, entity, item))
    for some in chunks(sorted(owners)):
        found.update({owner: value for owner, value in access.work.connection.execute(statement, {"ids": some})})  # noqa: C416
    return found


def _statement(access: Access, entity: str, item: Field) -> sa.Select[Any]:
    statement, _, group = rolled_up_parts(access, access.model.entities[entity], item)
    return statement.with_only_columns(group, *statement.selected_columns).where(among(group, access)).group_by(group)
