"""A keyed, ordered collection that is filled at import and frozen before use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Keyed(Protocol):
    """Anything a registry can hold."""

    @property
    def key(self) -> str: ...


Entry = TypeVar("Entry", bound=Keyed)


class Registry(Generic[Entry]):
    """Entries by key, in the order in which they were registered.

    Two entries with one key are a programming mistake and stop the process (RuntimeError).
    """

    def __init__(self, name: str, entries: tuple[Entry, ...] = ()) -> None:
        self.name = name
        self._entries: dict[str, Entry] = {}
        self._is_frozen = False
        for entry in entries:
            self.register(entry)

    def register(self, entry: Entry) -> Entry:
        """Add an entry; raises RuntimeError for a taken key or a frozen registry."""
        if self._is_frozen:
            raise RuntimeError(f"{self.name} is frozen")
        if entry.key in self._entries:
            raise RuntimeError(f"{self.name} has two entries named {entry.key!r}")
        self._entries[entry.key] = entry
        return entry

    def freeze(self) -> None:
        """Refuse further entries."""
        self._is_frozen = True

    def find(self, key: str) -> Entry | None:
        """The entry, or None."""
        return self._entries.get(key)

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in order."""
        return tuple(self._entries)
