"""Owned child rows in a form: a grid whose cells are the fields of the child entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from engine.definitions import Entity, Field
from engine.fields.capabilities import Computes, OwnsRows
from engine.rendering.faces import face_of
from engine.rendering.field_node import Place, field_node
from engine.rendering.form_nodes import FieldNode, RowColumn, RowNode, RowsNode
from engine.rendering.form_rules import Rules
from engine.rendering.live_rules import Formulas, formulas, late_defaults
from engine.rendering.sheet import Sheet, is_writable, messages_at
from engine.rendering.words import field_help, field_label

BLANK = "__index__"
"""Stands in the names of the row that "add" copies; the browser puts a number in its place."""


@dataclass(frozen=True)
class _Grid:
    """What all rows of one grid share."""

    sheet: Sheet
    target: Field
    child: Entity
    shown: list[Field]
    common: Rules
    formulas: Formulas
    defaults: dict[str, Any]


def rows_node(
    sheet: Sheet,
    item: Mapping[str, Any],
    target: Field,
    rules: dict[str, str],
    *,
    is_visible: bool,
) -> RowsNode | None:
    """The grid of a rows field; None when its entity is not there."""
    child = (
        sheet.model.entities.get(target.type.rows_entity(target.options))
        if isinstance(target.type, OwnsRows)
        else None
    )
    if child is None:
        return None
    keys = tuple(item.get("fields") or child.fields)
    shown = [
        child.fields[key]
        for key in keys
        if key in child.fields and sheet.policy.field_right(child.key, key) != "hidden"
    ]
    is_read_only = not is_writable(sheet, target)
    rows = sheet.values.get(target.key) or ()
    titles = sheet.titles.get(target.key) or ()
    if sheet.mode == "read" and rows:  # a column that says nothing only takes room
        shown = [each for each in shown if any(row.get(each.key) not in (None, "") for row in rows)]
    common = Rules(sheet.model, sheet.policy, child, {}, sheet.extra)
    is_edited = sheet.mode == "edit"
    grid = _Grid(
        sheet,
        target,
        child,
        shown,
        common,
        formulas(common) if is_edited else {},
        late_defaults(common) if is_edited else {},
    )
    return RowsNode(
        key=target.key,
        name=target.key,
        id=f"f-{target.key}",
        label=field_label(sheet.model, sheet.entity, target),
        columns=tuple(_column(sheet, target, child, each) for each in shown),
        rows=tuple(
            _row(grid, str(place), row, titles[place] if place < len(titles) else {})
            for place, row in enumerate(rows)
        ),
        blank=_row(grid, BLANK, _defaults(sheet, child), {}),
        help=field_help(sheet.model, sheet.entity, target),
        problems=messages_at(sheet, (target.key,)),
        is_read_only=is_read_only,
        is_visible=is_visible,
        rules=rules,
        formulas=orjson.dumps(grid.formulas).decode(),
        defaults=orjson.dumps(grid.defaults).decode(),
    )


def _defaults(sheet: Sheet, child: Entity) -> dict[str, Any]:
    rules = Rules(sheet.model, sheet.policy, child, {}, sheet.extra)
    return {key: rules.answer(each.default) for key, each in child.fields.items() if each.default}


def _column(sheet: Sheet, target: Field, child: Entity, shown: Field) -> RowColumn:
    face = face_of(shown)
    return RowColumn(
        key=shown.key,
        label=field_label(sheet.model, child, shown),
        is_number=face.widget.is_number,
        is_amount=face.widget.key == "money" or (face.widget.is_number and face.is_computed),
        is_wide=face.widget.is_wide or face.widget.key in {"text", "reference"},
        is_required=shown.required and not face.is_computed,
        total=_total(sheet, target, shown),
    )


def _total(sheet: Sheet, target: Field, shown: Field) -> FieldNode | None:
    """The parent's unfiltered roll-up that sums this column, to stand below it."""
    for each in sheet.entity.fields.values():
        options = each.options
        is_sum = (
            isinstance(each.type, Computes)
            and options.get("rows") == target.key
            and options.get("function") == "sum"
        )
        if is_sum and options.get("field") == shown.key and each.filter is None:
            if sheet.policy.field_right(sheet.entity.key, each.key) == "hidden":
                return None
            place = Place(
                sheet.model,
                sheet.entity,
                sheet.addresses,
                prefix="total-",
                mode=sheet.mode,
                live=sheet.formulas,
            )
            return field_node(place, each, value=sheet.values.get(each.key))
    return None


def _row(grid: _Grid, index: str, row: Mapping[str, Any], titles: Mapping[str, Any]) -> RowNode:
    sheet, target, child = grid.sheet, grid.target, grid.child
    place = Place(
        sheet.model,
        child,
        sheet.addresses,
        prefix=f"{target.key}-{index}-",
        mode=sheet.mode,
        live={**grid.formulas, **grid.defaults},
    )
    may_write = is_writable(sheet, target)
    at = int(index) if index != BLANK else -1
    fields = tuple(
        field_node(
            place,
            each,
            value=row.get(each.key),
            title=titles.get(each.key),
            problems=messages_at(sheet, (target.key, at, each.key)),
            is_required=each.required,
            is_read_only=not may_write or sheet.policy.field_right(child.key, each.key) != "write",
        )
        for each in grid.shown
    )
    held = {each.key for each in fields if not each.is_read_only} | set(grid.formulas)
    rules = Rules(sheet.model, sheet.policy, child, row, sheet.extra)
    for name in {**grid.common.sent, **grid.defaults}:
        if name not in held:
            rules.send(name)
    scope = {name: value for name, value in rules.sent.items() if value is not None}
    return RowNode(
        index,
        str(row.get("id") or ""),
        fields,
        messages_at(sheet, (target.key, at)),
        orjson.dumps(scope).decode(),
    )
