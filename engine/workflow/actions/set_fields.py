"""Write the values of expressions into fields of the record."""

from __future__ import annotations

from collections.abc import Iterable

from engine.fields import Option
from engine.kernel.errors import Problem
from engine.workflow.action import Action, Body, Phase, Scope, Step


class SetFields(Action):
    """Set fields, such as `approved_on` to `today()`, as part of the move."""

    key = "set"
    phase = Phase.INSIDE
    options = (Option("set", "expression", required=True),)

    def lint(self, body: Body, scope: Scope) -> Iterable[Problem]:
        if scope.workflow.status_field in body["set"]:
            yield Problem("action.sets_status", {"field": scope.workflow.status_field}, ("set", scope.workflow.status_field))

    def run(self, body: Body, step: Step) -> None:
        # All are evaluated first: none of them sees what another one has just written.
        step.change({field: step.evaluate(expression) for field, expression in body["set"].items()})
