"""Create another record out of this one."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definitions.paths import computation_of
from engine.fields import Option
from engine.kernel.errors import Problem
from engine.workflow.action import Action, Body, Phase, Scope, Step


class CreateRecord(Action):
    """Create a record, such as a return visit for a service order that was closed."""

    key = "create"
    phase = Phase.INSIDE
    options = (Option("create", "entity_name", required=True), Option("values", "expression"))

    def lint(self, body: Body, scope: Scope) -> Iterable[Problem]:
        entity = scope.model.entities.get(body["create"])
        given = body.get("values", {})
        for field in entity.fields.values() if entity else ():
            is_missing = field.required and field.key not in given and field.default is None
            if is_missing and computation_of(field) is None:
                yield Problem("action.leaves_required", {"field": field.label}, ("values",))

    def run(self, body: Body, step: Step) -> None:
        values = {field: step.evaluate(text) for field, text in body.get("values", {}).items()}
        step.create(body["create"], values)
