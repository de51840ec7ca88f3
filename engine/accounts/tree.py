"""Trees kept as "who is above whom": departments, and people with their managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

DEEPEST = 100
"""No chain is followed further; data that goes in circles ends there at the latest."""

Parents = Mapping[UUID, UUID | None]


def climb(start: UUID, above: Callable[[UUID], UUID | None], levels: int = DEEPEST) -> list[UUID]:
    """Those above `start`, the nearest first; ends at the top, after `levels`, or at a circle."""
    found: list[UUID] = []
    here = above(start)
    while here is not None and here != start and here not in found and len(found) < levels:
        found.append(here)
        here = above(here)
    return found


def would_circle(child: UUID, parent: UUID | None, above: Callable[[UUID], UUID | None]) -> bool:
    """Would `child` stand above itself if `parent` were put above it?"""
    return parent is not None and (parent == child or child in climb(parent, above))


def with_all_below(top: UUID, parents: Parents) -> tuple[UUID, ...]:
    """`top`, then everything below it, level by level."""
    children: dict[UUID, list[UUID]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found = [top]
    for here in found:  # the list grows while it is walked
        found += [child for child in children.get(here, ()) if child not in found]
    return tuple(found)


def tops(keys: Iterable[UUID], parents: Parents) -> list[UUID]:
    """Those that nobody known stands above."""
    known = set(keys)
    return [key for key in known if parents.get(key) not in known]
