"""A form's items as the designer's canvas shows them: drawn by the same parts as at work, each for itself.

A draft may be unfinished. What can't be drawn (an unknown field, an entity that its schema refuses) gives
None, and the rest is drawn all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.definitions import App, Entity, Form, Model
from engine.definitions.outline import DEFAULT_CURRENCY, DEFAULT_TIMEZONE, Outline, read_outline
from engine.fields.capabilities import Computes
from engine.rendering.addresses import NOWHERE
from engine.rendering.field_node import Place, field_node
from engine.rendering.form_nodes import FieldNode, RowsNode
from engine.rendering.form_rows import rows_node
from engine.rendering.sheet import Sheet

SHOWN = 12
"""Options drawn of a long list: the canvas has no open lists."""

_KINDS = {"app", "entity", "locale"}


class _Everything:
    """A policy that hides nothing: the author sees the whole form."""

    def field_right(self, _entity_key: str, _field_key: str) -> str:
        """Everything may be written."""
        return "write"


def design_nodes(
    documents: Iterable[Mapping[str, Any]], entity: str, items: Sequence[Mapping[str, Any]]
) -> list[FieldNode | RowsNode | None]:
    """A node for each form item of an entity, in the order given, in the current locale."""
    outline = read_outline([item for item in documents if item.get("kind") in _KINDS])
    model = _model(outline)
    target = model.entities.get(entity)
    if target is None:
        return [None for _ in items]
    return [_node(model, target, item) for item in items]


def _node(model: Model, entity: Entity, item: Mapping[str, Any]) -> FieldNode | RowsNode | None:
    key = item.get("rows") or item.get("field")
    target = entity.fields.get(key) if isinstance(key, str) else None
    if target is None:
        return None
    if target.type.kind == "rows":
        form = Form("design", entity.key, "", "full", (), {"tabs": []})
        sheet = Sheet(model, _Everything(), form, values={target.key: ({},)})
        return rows_node(sheet, item, target, {}, is_visible=True)
    live = {target.key} if isinstance(target.type, Computes) else ()
    place = Place(model, entity, NOWHERE, live=live)
    node = field_node(place, target, value=None, is_required=target.required)
    return replace(node, choices=node.choices[:SHOWN])



def _model(outline: Outline) -> Model:
    app = outline.app or {}
    locales: dict[str, dict[str, str]] = {}
    for document in outline.by_kind["locale"].values():
        locales.setdefault(document["language"], {}).update(document["texts"])
    return Model(
        app=App(
            key=str(app.get("key", "")),
            uid=str(app.get("uid", "")),
            label=app.get("label", ""),
            description="",
            icon="",
            languages=tuple(app.get("languages", ())),
            default_language=str(app.get("default_language", "en")),
            currency=str(app.get("currency", DEFAULT_CURRENCY)),
            timezone=str(app.get("timezone", DEFAULT_TIMEZONE)),
        ),
        entities=outline.entities,
        forms={},
        views={},
        workflows={},
        roles={},
        locales=locales,
    )
