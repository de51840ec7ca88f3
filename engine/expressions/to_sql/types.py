"""Column types of computed values, stored as the field types store theirs.

The fields' own column types stand above this room; constants next to a column take the column's
type, these serve where there is no column. A test holds the two alike.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.expressions.kinds import ResultKind
from engine.expressions.to_conditions import moment_text


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: text of fixed width on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(sa.String(27) if is_sqlite else sa.DateTime(timezone=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return moment_text(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


class Id(TypeDecorator[UUID]):
    """An id: sixteen bytes on SQLite."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(sa.LargeBinary(16) if is_sqlite else sa.Uuid())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return value if value is None or isinstance(value, UUID) else UUID(bytes=bytes(value))


class Entries(TypeDecorator[tuple[str, ...]]):
    """A list of texts: `|a|b|` on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())
        return dialect.type_descriptor(postgresql.ARRAY(sa.Text()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return None if value is None else list(value)
        return "|" + "".join(f"{item}|" for item in value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        if isinstance(value, str):
            return tuple(item for item in value.split("|") if item)
        return None if value is None else tuple(value)


class Scaled(TypeDecorator[Decimal]):
    """A computed number on SQLite: a whole number of 10**-scale."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(round(value)).scaleb(-self.scale)


def type_of(kind: ResultKind) -> TypeEngine[Any]:
    """The type of a computed value; numbers aside, which depend on the dialect."""
    types: dict[ResultKind, TypeEngine[Any]] = {
        "yes_no": sa.Boolean(), "date": sa.Date(), "datetime": Moment(), "reference": Id(),
        "list": Entries(), "number": sa.Numeric(),
    }  # fmt: skip
    return types.get(kind, sa.Text())


def scale_of(type_: TypeEngine[Any]) -> int | None:
    """Decimals of an exact number column (`Exact` of the fields, `Scaled`); 0 for whole numbers.

    None for a type that is no such thing.
    """
    if isinstance(type_, sa.Integer):
        return 0
    scale = getattr(type_, "scale", None)
    return scale if isinstance(type_, TypeDecorator) and isinstance(scale, int) else None
