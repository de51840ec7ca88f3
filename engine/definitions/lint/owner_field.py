"""The owner is a user field, the department a department field."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import DEPARTMENT, USER, target_of
from engine.definitions.survey import Survey


def _check(survey: Survey) -> Iterator[Finding]:
    for entity in survey.outline.entities.values():
        for part, key, target in (("owner", entity.owner, USER), ("department", entity.department, DEPARTMENT)):
            item = entity.fields.get(key or "")
            if item is not None and target_of(item) != target:
                yield error(f"definition.{part}_unfit", "entity", entity.key, (part,), field=item.key)


RULE = LintRule("owner_field", ("definition.owner_unfit", "definition.department_unfit"), _check)
