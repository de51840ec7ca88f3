"""Roles that reach something: they may read a record, and the records on which a workflow asks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.outline import Outline
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    outline = survey.outline
    for role in outline.by_kind["role"].values():
        if not role.get("design") and not any(_reads(grant) for grant in role["entities"].values()):
            yield warning("definition.role_reads_nothing", "role", role["key"], ("entities",), role=role["label"])
    for item in survey.references:
        if item.kind != "workflow" or item.target[0] != "role":
            continue
        asked = outline.by_kind["role"].get(item.target[1])
        workflow = outline.by_kind["workflow"].get(item.key)
        if asked is None or workflow is None:
            continue  # said by other rules
        entity = _governing(outline, workflow["entity"])
        if not _reads(asked["entities"].get(entity, {})):
            # They can open the record while a task of theirs waits there, but neither find it before nor after.
            label = outline.by_kind["entity"].get(entity, {}).get("label", entity)
            values = {"role": asked["label"], "entity": label}
            yield warning("definition.asked_cannot_read", "workflow", item.key, item.path, **values)


def _reads(grant: Mapping[str, Any]) -> bool:
    return bool(grant.get("read", "none") != "none")


def _governing(outline: Outline, entity: str) -> str:
    seen = set()
    while entity not in seen:
        seen.add(entity)
        owner = outline.by_kind["entity"].get(entity, {}).get("part_of")
        if not owner:
            break
        entity = owner
    return entity


RULE = LintRule("role_reach", ("definition.role_reads_nothing", "definition.asked_cannot_read"), _check)
