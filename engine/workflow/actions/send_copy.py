"""Send people a copy (抄送): they may read the record from then on, and nothing waits for them."""

from __future__ import annotations

from engine.fields import Option
from engine.workflow.action import Action, Body, Phase, Step


class SendCopy(Action):
    """Give a role or a person a copy, such as the order desk of an approved quotation."""

    key = "cc"
    phase = Phase.INSIDE
    options = (Option("cc", "text", required=True),)

    def run(self, body: Body, step: Step) -> None:
        step.copy(step.people(body["cc"]))
