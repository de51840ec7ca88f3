"""What JSON Schema can't say about definitions: one file a rule, listed in `catalogue.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.definitions.finding import Finding
from engine.definitions.lint.catalogue import RULES
from engine.definitions.survey import Survey, survey

__all__ = ["RULES", "building_findings", "lint", "lint_survey"]


def lint(documents: Iterable[object], *, are_checked: bool = False) -> tuple[Finding, ...]:
    """Everything that is to be said about an app's documents, errors first.

    Never raises for bad input: what a document's own schema refuses is among the findings. Documents of a
    draft `are_checked`: their schemas were asked when they were put there, which is most of the work.
    """
    return lint_survey(survey(documents, are_checked=are_checked))


def lint_survey(surveyed: Survey) -> tuple[Finding, ...]:
    """The same over a survey that is there already."""
    found = [*surveyed.outline.findings]
    for rule in RULES:
        found.extend(rule.check(surveyed))
    return tuple(sorted((_labelled(surveyed, item) for item in found), key=_order))


def building_findings(surveyed: Survey) -> tuple[Finding, ...]:
    """The errors because of which no model can be built."""
    found = [*surveyed.outline.findings]
    for rule in RULES:
        if rule.guards_building:
            found.extend(item for item in rule.check(surveyed) if item.severity == "error")
    return tuple(sorted(found, key=_order))


def _labelled(surveyed: Survey, finding: Finding) -> Finding:
    """Add the labels of states beside their keys: sentences show what admins see."""
    states = surveyed.outline.by_kind.get("workflow", {}).get(finding.key, {}).get("states", {})
    labels = {
        f"{part}_label": states.get(finding.values[part], {}).get("label", finding.values[part])
        for part in ("state", "target")
        if finding.kind == "workflow" and isinstance(finding.values.get(part), str)
    }
    return replace(finding, values={**finding.values, **labels}) if labels else finding


def _order(finding: Finding) -> tuple[str, str, str, list[str], str]:
    path = [f"{part:06d}" if isinstance(part, int) else part for part in finding.path]
    return finding.severity, finding.kind, finding.key, path, finding.code
