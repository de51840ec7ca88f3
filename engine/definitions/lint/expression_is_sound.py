"""Every expression can be read, uses only names it may use, and yields what its place needs."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import fields_on_path, target_of
from engine.definitions.places import Place
from engine.definitions.survey import Survey

_UNKNOWN = {"expression.unknown_name", "expression.unknown_name_near"}


def _check(survey: Survey) -> Iterator[Finding]:
    for item in survey.compiled:
        place = item.place
        for problem in item.problems:
            values = {**problem.values, "expression": place.text, "at": list(problem.path)}
            code = problem.code
            retired = _retired(survey, place, str(values["name"])) if code in _UNKNOWN else None
            if retired is not None:
                code = "expression.retired_name"
                values["field"], values["entity"] = retired
            yield error(code, place.kind, place.key, place.path, **values)


def _retired(survey: Survey, place: Place, name: str) -> tuple[object, object] | None:
    """The labels of the retired field that a name means, and of its entity."""
    entities = survey.outline.entities
    start = place.names.entity_path(name)
    if start is None or start[0] not in entities:
        return None
    steps = start[1].split(".")
    found = fields_on_path(entities, *start)
    if len(found) == len(steps):
        return None
    owner: str | None = start[0]
    if found:
        owner = target_of(entities[found[-1][0]].fields[found[-1][1]])
    entity = entities.get(owner or "")
    item = entity.retired.get(steps[len(found)]) if entity else None
    return (item.label, entity.label) if entity and item else None


RULE = LintRule("expression_is_sound", ("expression.*",), _check, guards_building=True)
