"""A calendar says on which days its records lie."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.paths import kind_of, options_of
from engine.definitions.survey import Survey

_DAYS = {"date", "datetime"}


def _check(survey: Survey) -> Iterator[Finding]:
    for document in survey.outline.by_kind["view"].values():
        calendar, key = document.get("calendar"), document["key"]
        if document["type"] == "calendar" and calendar is None:
            yield error("definition.calendar_missing", "view", key, ("calendar",))
        entity = survey.outline.entities.get(document["entity"])
        if calendar is None or entity is None:
            continue
        for part in ("start", "end"):
            item = entity.fields.get(calendar.get(part, ""))
            if item is not None and kind_of(item) not in _DAYS:
                yield error("definition.calendar_unfit", "view", key, ("calendar", part), field=item.label or item.key)
        start, end = (entity.fields.get(calendar.get(part, "")) for part in ("start", "end"))
        if start is not None and end is not None and {kind_of(start), kind_of(end)} == _DAYS:
            yield error("definition.calendar_mixed", "view", key, ("calendar", "end"))
        colour = entity.fields.get(calendar.get("colour", ""))
        if colour is not None and (not options_of(colour) or kind_of(colour) != "text"):
            yield error("definition.calendar_colour", "view", key, ("calendar", "colour"), field=colour.label or colour.key)


RULE = LintRule(
    "view_calendar",
    ("definition.calendar_missing", "definition.calendar_unfit", "definition.calendar_mixed", "definition.calendar_colour"),
    _check,
)
