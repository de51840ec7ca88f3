"""Rights that mean something: not on rows of another record, not to write what nobody writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.model import Entity
from engine.definitions.paths import computation_of
from engine.definitions.survey import Survey
from engine.fields.capabilities import SystemValue

_VERBS = ("read", "create", "change", "remove")
_WIDTH = ("none", "own", "department", "department_and_below", "all")


def _check(survey: Survey) -> Iterator[Finding]:
    for role in survey.outline.by_kind["role"].values():
        for name, grant in role["entities"].items():
            entity = survey.outline.entities.get(name)
            if entity is not None:
                yield from _of_grant(role["key"], entity, grant)


def _of_grant(role: str, entity: Entity, grant: Mapping[str, Any]) -> Iterator[Finding]:
    at = ("entities", entity.key)
    verbs = [verb for verb in _VERBS if grant.get(verb) not in (None, False, "none")]
    if entity.part_of and verbs:
        values = {"entity": entity.key, "parent": entity.part_of}
        yield warning("definition.grant_on_rows", "role", role, (*at, verbs[0]), **values)
    read = grant.get("read", "none")
    for verb in ("change", "remove"):
        scope = grant.get(verb, "none")
        both = isinstance(read, str) and isinstance(scope, str)
        if both and not entity.part_of and _WIDTH.index(scope) > _WIDTH.index(read):
            yield warning("definition.wider_than_read", "role", role, (*at, verb), scope=scope, read=read)
    for key, right in grant.get("fields", {}).items():
        item = entity.fields.get(key)
        if item is not None and right == "write" and (computation_of(item) or isinstance(item.type, SystemValue)):
            yield warning("definition.right_computed", "role", role, (*at, "fields", key), field=key)


RULE = LintRule(
    "role_rights",
    ("definition.grant_on_rows", "definition.wider_than_read", "definition.right_computed"),
    _check,
)
