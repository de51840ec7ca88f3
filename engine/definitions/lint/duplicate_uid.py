"""No two documents or fields have the same identity: it names tables and columns."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import Path


def _check(survey: Survey) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for document in survey.outline.all:
        kind, key = document["kind"], document["key"]
        places: list[tuple[str, str, Path]] = [(document["uid"], key, ("uid",))]
        for index, item in enumerate(document.get("fields", ())):
            places.append((item["uid"], f"{key}.{item['key']}", ("fields", index, "uid")))
        for uid, name, path in places:
            if uid[-12:] in seen:  # the part that names tables and columns
                yield error("definition.duplicate_uid", kind, key, path, uid=uid, other=seen[uid[-12:]])
            seen.setdefault(uid[-12:], name)


RULE = LintRule("duplicate_uid", ("definition.duplicate_uid",), _check, guards_building=True)
