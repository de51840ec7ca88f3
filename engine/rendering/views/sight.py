"""Who looks at which view, and what they ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from engine.definitions import Column, Entity, Model, View
from engine.rendering.addresses import Addresses
from engine.rendering.views.records import Source


class Rights(Protocol):
    """The part of a permission policy that a view needs."""

    def field_right(self, entity_key: str, field_key: str) -> str: ...

    def may(self, verb: str, entity: str) -> bool: ...


def _no_link(**_changes: Any) -> str:
    return ""


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for beside the view's own settings.

    `filter` is expression text. `sort` and `columns` replace the view's where they are not empty.
    `month` is any day of the month that a calendar shows, `day` the one whose entries are listed in full. With
    `adds_up`, sums are worked out however many records there are.
    """

    filter: str = ""
    search: str = ""
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cursor: str = ""
    month: date | None = None
    day: date | None = None
    adds_up: bool = False
    is_picked: bool = False
    """Did the reader choose the columns? Then one that isn't there is a mistake to be told of."""


@dataclass(frozen=True)
class Sight:
    """One look at a view. `link(**changes)` is the address of the same list with settings changed."""

    model: Model
    policy: Rights
    view: View
    source: Source
    asked: Asked = field(default_factory=Asked)
    addresses: Addresses = field(default_factory=Addresses)
    link: Callable[..., str] = _no_link

    @property
    def entity(self) -> Entity:
        """The entity whose records are shown."""
        return self.model.entities[self.view.entity]

    def sees(self, path: str | None) -> bool:
        """May the reader see this?"""
        return bool(path) and self.source.sees(str(path))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the reader chose or the view has, without those that the reader may not see."""
        own = {column.field: column for column in self.view.columns}
        wanted = [own.get(key, Column(key)) for key in self.asked.columns] or list(self.view.columns)
        return tuple(column for column in wanted if self.sees(column.field))

    @cached_property
    def sums(self) -> tuple[str, ...]:
        """The numbers to add up that the reader may see."""
        return tuple(key for key in self.view.sums if self.sees(key))

    @cached_property
    def sort(self) -> tuple[str, ...]:
        """The order asked for; of the view's own, what the reader may see."""
        return self.asked.sort or tuple(key for key in self.view.sort if self.sees(key.removeprefix("-")))

    def filter(self, *more: str) -> str:
        """The filter asked for, and further conditions."""
        parts = [text for text in (self.asked.filter, *more) if text]
        return " and ".join(f"({text})" for text in parts) if len(parts) > 1 else "".join(parts)

    def fields(self, *more: str | None, colours: Sequence[str] = ()) -> tuple[str, ...]:
        """The fields to fetch: columns, title, and whatever else is needed and may be seen."""
        wanted = [*(column.field for column in self.columns), self.entity.title, *(key for key in more if key), *colours]
        return tuple(key for key in dict.fromkeys(wanted) if self.sees(key))
