"""No timer comes after the one that ends the step by itself, and they are listed as they fire (V12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.definitions.durations import seconds
from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, warning
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import verb_of

_ENDS = {"approve", "reject", "to"}


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        for name, state in flow.states.items():
            for since in ("entered", "assigned", "submitted"):
                rungs = _rungs(state, since)
                ends = [(after, timer["id"]) for _, timer, after in rungs if verb_of(timer) in _ENDS]
                end = min(ends, default=None)
                latest = 0
                for index, timer, after in rungs:
                    path = ("states", name, "timers", index)
                    values = {"timer": timer["id"], "state": name}
                    if end and timer["id"] != end[1] and after >= end[0]:
                        yield warning("definition.timer_too_late", "workflow", flow.key, path, **values, end=end[1])
                        continue
                    if after < latest:
                        yield warning("definition.timer_order", "workflow", flow.key, path, **values)
                    latest = max(latest, after)


def _rungs(state: Mapping[str, Any], since: str) -> list[tuple[int, Mapping[str, Any], int]]:
    """The timers that run from the same moment, with their time in seconds."""
    return [
        (index, timer, seconds(timer["after"]))
        for index, timer in enumerate(state.get("timers", ()))
        if isinstance(timer["after"], str) and timer.get("since", "entered") == since
    ]


RULE = LintRule("timer_ladder", ("definition.timer_too_late", "definition.timer_order"), _check)
