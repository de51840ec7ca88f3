"""What changes tell by themselves of the records they lead to, so that the database need not be asked. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from engine.kernel.changes import Change
from engine.records.graph import Hop


class Told:
    """The first hops of changes that were made together.

    A record that has only just come to be is known whole: what it points to stands in its change, and whoever
    points to it was written after it, and computed then. Owned rows are written together with their owner,
    which computes what it sums of them in the same write. `asked` keeps what the database said: several values
    often follow from a change over the same first hop.
    """

    def __init__(self, changes: Collection[Change]) -> None:
        times = Counter(change.record_id for change in changes)
        self._created = {change.record_id: change for change in changes if change.verb == "created" and times[change.record_id] == 1}
        self._owned = frozenset(_rows(changes))
        self.asked: dict[tuple[Hop, frozenset[UUID], int], set[UUID]] = {}

    def first(self, hop: Hop, ids: Iterable[UUID]) -> tuple[set[UUID], set[UUID]]:
        """Where a first hop leads from these records, as far as that is told; and the records to ask about."""
        found: set[UUID] = set()
        asked: set[UUID] = set()
        for id_ in ids:
            change = self._created.get(id_)
            if hop.kind == "parent":
                if id_ not in self._owned:
                    asked.add(id_)
            elif change is None:
                asked.add(id_)
            elif hop.kind == "target" and isinstance(target := change.after.get(hop.field), UUID):
                found.add(target)
        return found, asked


def _rows(changes: Iterable[Change]) -> Iterable[UUID]:
    """Ids of owned rows in the changes of their owners."""
    for change in changes:
        for values in (change.before, change.after):
            for value in values.values():
                if isinstance(value, list):
                    yield from (row["id"] for row in value if isinstance(row, dict))
