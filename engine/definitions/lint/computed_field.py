"""What nobody may write is not required, has no default, and is not asked to be unique."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import computation_of, kind_of
from engine.definitions.survey import Survey

_ASKED = ("required", "default", "unique")
_NUMBERED = "number"
_NOT_COMPARED = {"rows", "file", "list"}


def _check(survey: Survey) -> Iterator[Finding]:
    outline = survey.outline
    for document in outline.by_kind["entity"].values():
        entity = outline.entities[document["key"]]
        for index, raw in enumerate(document["fields"]):
            item = entity.fields.get(raw["key"])
            if item is None or raw.get("retired"):
                continue
            computation = computation_of(item)
            for asked in _ASKED:
                if not raw.get(asked) or (computation == _NUMBERED and asked != "default"):
                    continue
                if computation is not None:
                    path = ("fields", index, asked)
                    yield error(f"definition.{asked}_computed", "entity", entity.key, path, field=item.key)
                elif asked == "unique" and kind_of(item) in _NOT_COMPARED:
                    path = ("fields", index, asked)
                    yield error("definition.unique_unfit", "entity", entity.key, path, field=item.key)
        yield from _groups(survey, document["key"])


def _groups(survey: Survey, key: str) -> Iterator[Finding]:
    entity = survey.outline.entities[key]
    for index, group in enumerate(entity.unique):
        for place, name in enumerate(group):
            item = entity.fields.get(name)
            if item is None:
                continue
            if computation_of(item) not in {None, _NUMBERED}:
                code = "definition.unique_computed"
            elif kind_of(item) in _NOT_COMPARED:
                code = "definition.unique_unfit"
            else:
                continue
            yield error(code, "entity", key, ("unique", index, place), field=name)


RULE = LintRule(
    "computed_field",
    (
        "definition.required_computed",
        "definition.default_computed",
        "definition.unique_computed",
        "definition.unique_unfit",
    ),
    _check,
)
