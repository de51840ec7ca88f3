"""A small memory of things that are costly to build: bounded, shared by all threads of a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

Built = TypeVar("Built")


class Memory:
    """Keeps the `limit` things used last. Two threads may build the same thing; one of them wins."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, build: Callable[[], Built]) -> Built:
        """The thing known by this key, built if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: Built = self._kept[key]
                return found
        made = build()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._kept)
