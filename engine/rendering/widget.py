"""What a widget is given and what it gives: settings, shown values, choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions import Field, Model
from engine.fields.capabilities import Offers
from engine.rendering.addresses import NOWHERE, Addresses
from engine.rendering.words import choice_label

LONG_LIST = 8
"""More choices than this are searched for in a combobox, not picked from a list."""


@dataclass(frozen=True)
class Choice:
    """One of the things to choose from, or one that was chosen."""

    key: str
    label: str
    colour: str = ""


@dataclass(frozen=True)
class Shown:
    """A value as it is read: text, where it leads, and chips or files in place of text."""

    text: str = ""
    href: str = ""
    chips: tuple[Choice, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Setting:
    """All a widget needs beside the value: the field, titles of what it refers to, addresses."""

    model: Model
    field: Field
    entity: str
    title: Any = None
    is_computed: bool = False
    addresses: Addresses = NOWHERE

    @property
    def options(self) -> Mapping[str, Any]:
        """The field's options."""
        return self.field.options


@dataclass(frozen=True)
class Widget:
    """One way to show and enter a value.

    `show` gives the value to be read; `raw` what the input holds; `extras` what else the template
    needs. A number stands to the right, what is wide gets a column of its own.
    """

    key: str
    show: Callable[[Any, Setting], Shown]
    raw: Callable[[Any, Setting], Any]
    extras: Callable[[Setting], dict[str, Any]] = lambda _setting: {}
    is_number: bool = False
    is_wide: bool = False


def choices_of(setting: Setting, *, keep: Sequence[str] = ()) -> tuple[Choice, ...]:
    """What may be chosen in a field: no retired option, save those that a record still has."""
    target = setting.field
    if not isinstance(target.type, Offers):
        return ()
    return tuple(
        Choice(
            key,
            choice_label(setting.model, setting.entity, target.key, key, option.get("label", "")),
            option.get("colour") or "",
        )
        for option in target.type.choices(target.options)
        if not option.get("retired") or option["key"] in keep
        for key in (str(option["key"]),)
    )
