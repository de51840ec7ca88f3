"""Tell people in the app, and by mail where that is wanted."""

from __future__ import annotations

from engine.fields import Option
from engine.workflow.action import Action, Body, Phase, Step

_CHANNELS = [{"key": "app", "label": "app"}, {"key": "email", "label": "email"}]


class Notify(Action):
    """Tell the initiator, an assignee, a role … that something has happened."""

    key = "notify"
    phase = Phase.INSIDE
    options = (
        Option("notify", "text", required=True),
        Option("template", "template_name"),
        Option("channels", "choices", default=("app",), settings={"options": _CHANNELS}),
    )

    def run(self, body: Body, step: Step) -> None:
        people = step.people(body["notify"])
        channels = body.get("channels", ("app",))
        if "app" in channels:
            step.notify(people, body.get("template"))
        if "email" in channels:
            step.mail(people, body.get("template"))
