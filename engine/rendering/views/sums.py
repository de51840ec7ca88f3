"""Counts and sums, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.rendering.faces import face_of
from engine.rendering.formats import show_number
from engine.rendering.views.sight import Sight
from engine.rendering.widget import Setting
from engine.rendering.words import field_label


@dataclass(frozen=True)
class Sum:
    """One number added up: the field, its label, and the sum in words."""

    key: str
    label: str
    text: str


def show_sums(sight: Sight, group: Mapping[str, Any]) -> tuple[Sum, ...]:
    """The sums of a group of `aggregate`."""
    return tuple(Sum(key, label_of(sight, key), show_sum(sight, key, group.get(f"sum:{key}"))) for key in sight.sums)


def label_of(sight: Sight, key: str) -> str:
    """What a summed field is called."""
    return field_label(sight.model, sight.entity, sight.entity.fields[key])


def show_sum(sight: Sight, key: str, raw: object) -> str:
    """A sum as the field's own values are written: money with its sign."""
    if raw is None:
        return ""
    target = sight.entity.fields[key]
    face = face_of(target)
    number = Decimal(str(raw))
    shown = face.widget.show(number, Setting(sight.model, face.source, sight.entity.key, None, face.is_computed))
    return shown.text or show_number(number)


def total(groups: list[dict[str, Any]], keys: tuple[str, ...]) -> dict[str, Any]:
    """All groups in one."""
    found: dict[str, Any] = {"count": sum(group["count"] for group in groups)}
    for key in keys:
        found[f"sum:{key}"] = str(sum((Decimal(str(group.get(f"sum:{key}") or 0)) for group in groups), Decimal(0)))
    return found
