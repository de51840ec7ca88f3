"""The actions that this build ships, in the order in which a palette offers them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.model import Model
from engine.definitions.workflow_parts import actions_of
from engine.kernel.errors import Problem
from engine.kernel.registry import Registry
from engine.workflow.action import Action, Body, Scope, Step
from engine.workflow.actions.call_webhook import CallWebhook
from engine.workflow.actions.create_record import CreateRecord
from engine.workflow.actions.notify import Notify
from engine.workflow.actions.send_copy import SendCopy
from engine.workflow.actions.send_email import SendEmail
from engine.workflow.actions.set_fields import SetFields

ACTIONS: Registry[Action] = Registry(
    "actions", (SetFields(), CreateRecord(), Notify(), SendEmail(), CallWebhook(), SendCopy())
)


def action_of(body: Body) -> Action:
    """The action that a body asks for: the one whose key it has."""
    return next(action for action in ACTIONS if action.key in body)


def run_action(body: Body, step: Step) -> None:
    """Carry one action out."""
    action_of(body).run(body, step)


def lint_actions(model: Model) -> Iterator[tuple[str, Problem]]:
    """What the actions of an app's workflows find wrong with themselves: (workflow key, problem)."""
    for workflow in model.workflows.values():
        scope = Scope(model, workflow)
        for path, body in actions_of(workflow.body):
            for problem in action_of(body).lint(body, scope):
                yield workflow.key, problem.under(*path)
