"""Where a view's records come from, and which names its reader may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from engine import records
from engine.expressions import Expression
from engine.records import Page, Query
from engine.storage import Work


class Source(Protocol):
    """Answers a view's questions about one entity's records."""

    @property
    def work(self) -> Work: ...

    def sees(self, path: str) -> bool:
        """May the reader see the values of this field, or of this step into another record?"""
        ...

    def name(self, path: str) -> str:
        """What a field is called in filters; empty where no record has it yet."""
        ...

    def query(self, query: Query) -> Page:
        """A page of records."""
        ...

    def changeable(self, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...] | None]:
        """Of these records, those that the reader may change, with the open fields of locked ones."""
        ...

    def aggregate(
        self, group_by: Sequence[str], sums: Sequence[str], *, filter: str, search: str, where: Expression | None
    ) -> list[dict[str, Any]]:
        """Count and sums of each group, as `records.aggregate` has them."""
        ...


@dataclass(frozen=True)
class Records:
    """The records of the current release, by the reader's own rights."""

    work: Work
    app: str
    entity: str

    def sees(self, path: str) -> bool:
        return records.may_see(self.work, self.app, self.entity, path)

    def name(self, path: str) -> str:
        return path

    def query(self, query: Query) -> Page:
        return records.query_records(self.work, self.app, self.entity, query)

    def changeable(self, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...] | None]:
        return records.changeable(self.work, self.app, self.entity, ids)

    def aggregate(
        self, group_by: Sequence[str], sums: Sequence[str], *, filter: str, search: str, where: Expression | None
    ) -> list[dict[str, Any]]:
        measures = [records.Measure("count"), *(records.Measure("sum", key) for key in sums)]
        return records.aggregate(
            self.work, self.app, self.entity, group_by, measures, filter=filter, search=search, where=where
        )
