"""Mirrors and roll-ups look where something is to be seen, and combine what can be combined."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.model import Entity, Field
from engine.definitions.outline import Outline
from engine.definitions.paths import computation_of, counts, kind_of, rolled_up, rows_of, target_of
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path

_KINDS = {
    "sum": {"number"},
    "min": {"number", "date", "datetime"},
    "max": {"number", "date", "datetime"},
}
Found = Iterator[tuple[str, Path, dict[str, str]]]


def _check(survey: Survey) -> Iterator[Finding]:
    outline = survey.outline
    for document in outline.by_kind["entity"].values():
        entity = outline.entities[document["key"]]
        for index, raw in enumerate(document["fields"]):
            item = entity.fields.get(raw["key"])
            computation = computation_of(item) if item and not raw.get("retired") else None
            if item is None or computation not in _CHECKS:
                continue
            for code, path, values in _CHECKS[computation](outline, entity, item):
                at = ("fields", index, "options", *path)
                yield error(f"definition.{code}", "entity", entity.key, at, **values)


def _mirror(outline: Outline, entity: Entity, item: Field) -> Found:
    via = entity.fields.get(str(item.options.get("via")))
    if via is None:
        return
    owner = target_of(via)
    if owner is None or owner.startswith("@"):
        yield "mirror_via_unfit", ("via",), {"field": via.key}
    other = outline.entities.get(owner or "")
    shown = other.fields.get(item.options["field"]) if other else None
    if shown is not None and rows_of(shown):
        yield "mirror_of_rows", ("field",), {"field": shown.key}


def _rollup(outline: Outline, entity: Entity, item: Field) -> Found:
    rows, other = item.options.get("rows"), item.options.get("entity")
    if bool(rows) == bool(other):
        return  # the type's own check of its options says so
    owned = entity.fields.get(rows or "")
    if owned is not None and rows_of(owned) is None:
        yield "not_rows", ("rows",), {"field": owned.key}
        return
    looked_at = rolled_up(outline.entities, entity.key, item)
    if looked_at is None:
        return
    if other:
        yield from _related(outline, entity, item, looked_at)
    if not counts(item):
        yield from _combined(outline, item, looked_at)


def _related(outline: Outline, entity: Entity, item: Field, looked_at: str) -> Found:
    via = outline.entities[looked_at].fields.get(str(item.options.get("via")))
    if via is not None and target_of(via) != entity.key:
        yield "rollup_via_unfit", ("via",), {"field": via.key, "entity": entity.key}


def _combined(outline: Outline, item: Field, looked_at: str) -> Found:
    field, function = item.options.get("field"), str(item.options.get("function"))
    source = outline.entities[looked_at].fields.get(str(field))
    if source is not None and kind_of(source) not in _KINDS.get(function, set()):
        yield "rollup_field_unfit", ("field",), {"function": function, "field": str(field)}


_CHECKS = {"mirror": _mirror, "rollup": _rollup}

RULE = LintRule(
    "computed_source",
    (
        "definition.mirror_via_unfit",
        "definition.mirror_of_rows",
        "definition.not_rows",
        "definition.rollup_via_unfit",
        "definition.rollup_field_unfit",
    ),
    _check,
    guards_building=True,
)
