"""Every text is there in each of the app's languages, in the document or in a locale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey
from engine.definitions.texts import texts_of


def _check(survey: Survey) -> Iterator[Finding]:
    outline = survey.outline
    languages = outline.app["languages"] if outline.app else []
    locales: dict[str, set[str]] = {}
    for locale in outline.by_kind["locale"].values():
        locales.setdefault(locale["language"], set()).update(locale["texts"])
    known: set[str] = set()
    for document in outline.all:
        for place in texts_of(document):
            known.add(place.path)
            if not isinstance(place.text, Mapping):
                continue  # one text for all languages
            missing = [
                language
                for language in languages
                if not place.text.get(language) and place.path not in locales.get(language, ())
            ]
            if missing:
                values = {"languages": missing}
                yield warning("definition.translation_missing", document["kind"], document["key"], place.at, **values)
    for locale in outline.by_kind["locale"].values():
        for path in locale["texts"]:
            if path not in known and not outline.broken:
                yield warning("definition.translation_unused", "locale", locale["key"], ("texts", path), path=path)


RULE = LintRule(
    "translations", ("definition.translation_missing", "definition.translation_unused"), _check
)
