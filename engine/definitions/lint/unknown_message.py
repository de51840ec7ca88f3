"""Every message template and webhook that a workflow uses is described in the app."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.finding import Finding
from engine.definitions.lint.rule import LintRule, error
from engine.definitions.survey import Survey

_PARTS = {"template": "templates", "webhook": "webhooks"}


def _check(survey: Survey) -> Iterator[Finding]:
    app = survey.outline.app
    if app is None:
        return
    for item in survey.references:
        kind, key = item.target[0], item.target[1]
        if kind in _PARTS and key not in app.get(_PARTS[kind], {}):
            yield error(f"definition.unknown_{kind}", item.kind, item.key, item.path, **{kind: key})


RULE = LintRule("unknown_message", ("definition.unknown_template", "definition.unknown_webhook"), _check)
