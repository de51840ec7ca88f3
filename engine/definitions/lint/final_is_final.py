"""Nothing happens after the end: no move leads out of a final state, no run ends as it begins (V5)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey
from engine.definitions.workflow_parts import is_choice, is_final


def _check(survey: Survey) -> Iterator[Finding]:
    for flow in survey.flows:
        initial = flow.states.get(flow.body["initial"])
        if initial is not None and is_final(initial):
            yield error("definition.initial_is_final", "workflow", flow.key, ("initial",), state=flow.body["initial"])
        for index, item in enumerate(flow.body.get("global", ())):
            for place, name in enumerate(item.get("from", ())):
                path = ("global", index, "from", place)
                state = flow.states.get(name)
                if state is not None and is_final(state):
                    yield error("definition.final_left", "workflow", flow.key, path, state=name, name=item["on"])
                elif state is not None and is_choice(state):
                    yield error("definition.choice_left", "workflow", flow.key, path, state=name, name=item["on"])


RULE = LintRule(
    "final_is_final",
    ("definition.initial_is_final", "definition.final_left", "definition.choice_left"),
    _check,
)
