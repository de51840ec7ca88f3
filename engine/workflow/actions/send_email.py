"""Send a mail from a template of the app."""

from __future__ import annotations

from engine.fields import Option
from engine.workflow.action import Action, Body, Phase, Step


class SendEmail(Action):
    """Send a mail to people, each in their language."""

    key = "email"
    phase = Phase.AFTER
    options = (Option("to", "text", required=True), Option("template", "template_name", required=True))

    def run(self, body: Body, step: Step) -> None:
        step.mail(step.people(body["email"]["to"]), body["email"]["template"])
