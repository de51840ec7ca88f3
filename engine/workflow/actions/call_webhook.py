"""Tell another system, through one of the app's webhooks."""

from __future__ import annotations

from engine.fields import Option
from engine.workflow.action import Action, Body, Phase, Step


class CallWebhook(Action):
    """POST chosen values (without a choice: the record) to a webhook that the app declares."""

    key = "webhook"
    phase = Phase.AFTER
    options = (Option("webhook", "webhook_name", required=True), Option("body", "expression"))

    def run(self, body: Body, step: Step) -> None:
        # Evaluated now: the job holds the values of this moment, not those at the time of sending.
        chosen = {name: step.evaluate(text) for name, text in body.get("body", {}).items()}
        step.webhook(body["webhook"], chosen or step.values)
