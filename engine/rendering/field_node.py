"""One field's node, in a form or in a child row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from engine.definitions import Entity, Field, Model
from engine.fields.capabilities import Computes
from engine.kernel.messages import translate
from engine.rendering.addresses import Addresses
from engine.rendering.faces import Face, face_of
from engine.rendering.form_nodes import FieldNode, Mode
from engine.rendering.locale import current_locale
from engine.rendering.widget import LONG_LIST, Choice, Setting, Shown, choices_of
from engine.rendering.words import field_help, field_label

GROUPS = frozenset({"segments", "boxes", "stars"})
"""Styles that draw several inputs under one legend."""


@dataclass(frozen=True)
class Place:
    """Where a field stands: its entity, the row's prefix of names (`lines-0-`), and which computed fields
    the browser works out."""

    model: Model
    entity: Entity
    addresses: Addresses
    prefix: str = ""
    mode: Mode = "edit"
    live: Collection[str] = ()


def field_node(  # noqa: PLR0913 (what is known of one field, by keyword)
    place: Place,
    target: Field,
    *,
    value: Any,
    title: Any = None,
    problems: tuple[str, ...] = (),
    is_required: bool = False,
    is_read_only: bool = False,
    is_locked: bool = False,
    is_visible: bool = True,
    width: int = 1,
    rules: Mapping[str, str] | None = None,
) -> FieldNode:
    """The node of a field with a value: a record's, or raw text that was posted and refused."""
    face = face_of(target)
    setting = Setting(
        place.model, face.source, place.entity.key, title, face.is_computed, place.addresses
    )
    widget = face.widget
    is_fixed = is_read_only or face.is_computed
    raw = widget.raw(value, setting)
    shown = widget.show(value, setting)
    if (
        place.mode == "edit"
        and value is None
        and isinstance(target.type, Computes)
        and target.type.computation == "number"
    ):
        shown = Shown(translate("form.given_on_save", {}, current_locale().language))
    keep = (raw,) if isinstance(raw, str) else raw if isinstance(raw, tuple) else ()
    choices = choices_of(setting, keep=keep)
    style = style_of(widget.key, choices, is_required=is_required)
    return FieldNode(
        key=target.key,
        name=f"{place.prefix}{target.key}",
        id=f"f-{place.prefix}{target.key}",
        widget=widget.key,
        label=field_label(place.model, place.entity, target),
        raw=raw,
        shown=shown,
        help=field_help(place.model, place.entity, target),
        problems=problems,
        is_required=is_required and not is_fixed,
        is_read_only=is_fixed or place.mode == "read",
        is_locked=is_locked,
        is_computed=face.is_computed,
        is_visible=is_visible,
        is_group=style in GROUPS,
        is_number=widget.is_number,
        is_wide=widget.is_wide,
        width=width,
        rules=dict(rules or {}),
        is_live=place.mode == "edit" and target.key in place.live,
        choices=choices,
        extras={
            **widget.extras(setting),
            "kind": target.type.kind,
            "style": style,
            "format": _format(face, setting),
        },
    )


def style_of(widget: str, choices: tuple[Choice, ...], *, is_required: bool) -> str:
    """How choices are offered: side by side, as a list, or in a search box, by their number and length."""
    if widget == "rating":
        return "stars"
    if widget == "choices":
        return "search" if len(choices) > LONG_LIST else "boxes"
    if widget != "choice":
        return ""
    if len(choices) > LONG_LIST:
        return "search"
    is_short = 2 <= len(choices) <= 4 and sum(len(choice.label) for choice in choices) <= 26
    return "segments" if is_required and is_short else "list"


def _format(face: Face, setting: Setting) -> str:
    """How the browser writes a computed value, as JSON: scale, prefix and suffix."""
    extras = face.widget.extras(setting)
    found = {key: extras[key] for key in ("scale", "prefix", "suffix") if key in extras}
    if face.widget.is_number and "scale" not in found:
        found["scale"] = setting.options.get("scale", 0)
    return orjson.dumps({"widget": face.widget.key, **found}).decode()
