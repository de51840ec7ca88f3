"""The default language is one of the app's, time zones exist, locales add languages once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey


@cache
def _zones() -> frozenset[str]:
    """All time zones; finding them reads hundreds of files."""
    return frozenset(available_timezones())


def _check(survey: Survey) -> Iterator[Finding]:
    app = survey.outline.app
    if app is not None and app["default_language"] not in app["languages"]:
        values = {"language": app["default_language"], "languages": app["languages"]}
        yield error("definition.default_language", "app", app["key"], ("default_language",), **values)
    zoned = [*survey.outline.by_kind["app"].values(), *survey.outline.by_kind["workflow"].values()]
    for document in zoned:
        zone = document.get("timezone")
        if zone is not None and zone not in _zones():
            yield error("definition.unknown_timezone", document["kind"], document["key"], ("timezone",), timezone=zone)
    seen: dict[str, str] = {}
    for locale in survey.outline.by_kind["locale"].values():
        if locale["language"] in seen:
            values = {"language": locale["language"], "other": seen[locale["language"]]}
            yield error("definition.language_twice", "locale", locale["key"], ("language",), **values)
        seen.setdefault(locale["language"], locale["key"])


RULE = LintRule(
    "language",
    ("definition.default_language", "definition.unknown_timezone", "definition.language_twice"),
    _check,
)
