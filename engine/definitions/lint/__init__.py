"""What JSON Schema can't say about definitions: one file a rule, listed in `catalogue.py`."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.finding import Finding
from engine.definitions.lint.catalogue import RULES
from engine.definitions.survey import Survey, survey

__all__ = ["RULES", "building_findings", "lint", "lint_survey"]


def lint(documents: Iterable[object]) -> tuple[Finding, ...]:
    """Everything that is to be said about an app's documents, errors first.

    Never raises for bad input: what a document's own schema refuses is among the findings.
    """
    return lint_survey(survey(documents))


def lint_survey(surveyed: Survey) -> tuple[Finding, ...]:
    """The same over a survey that is there already."""
    found = [*surveyed.outline.findings]
    for rule in RULES:
        found.extend(rule.check(surveyed))
    return tuple(sorted(found, key=_order))


def building_findings(surveyed: Survey) -> tuple[Finding, ...]:
    """The errors because of which no model can be built."""
    found = [*surveyed.outline.findings]
    for rule in RULES:
        if rule.guards_building:
            found.extend(item for item in rule.check(surveyed) if item.severity == "error")
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[str, str, str, list[str], str]:
    return finding.severity, finding.kind, finding.key, [str(part) for part in finding.path], finding.code
