"""What a form's expressions answer now, and the same rules as data for the browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from engine.definitions import Entity, Field, Form, Model
from engine.expressions import Expression, evaluate
from engine.expressions.to_conditions import to_conditions
from engine.fields.capabilities import Computes, Refers
from engine.kernel.errors import Invalid
from engine.rendering.faces import follow
from engine.rendering.locale import current_locale


class Policy(Protocol):
    """The part of a permission policy that a page needs."""

    def field_right(self, entity_key: str, field_key: str) -> str:
        """ "hidden", "read" or "write"."""
        ...


@dataclass
class Rules:
    """Evaluates expressions over one record's values, and notes what the browser will need.

    `values` are the record's (Python values or, after a refused post, raw text), `extra` answers names
    that are no own field: `account.level`, `actor.id`, `old.status`.
    """

    model: Model
    policy: Policy
    entity: Entity
    values: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)

    def answer(self, expression: Expression, names: Mapping[str, Any] | None = None) -> Any:
        """The value for what is entered now."""
        locale = current_locale()
        scope: Callable[[str], Any] = (
            self._value if names is None else lambda name: names.get(name, self._value(name))
        )
        return evaluate(expression, scope, now=locale.moment, timezone=locale.timezone)

    def tree(self, expression: Expression) -> str | None:
        """The expression as JSON for the browser.

        None when it can't run there, or when it looks at something that this reader may not see: then
        the server's answer stands until the form is saved.
        """
        if not all(self._may_see(name) for name in expression.names):
            return None
        conditions = to_conditions(expression)
        if conditions is None:
            return None
        for name in expression.names:
            self.send(name)
        return orjson.dumps(conditions).decode()

    def send(self, name: str) -> None:
        """Let the browser know a value that no input holds."""
        self.sent[name] = self._dumped(name, self._value(name))

    def _value(self, name: str) -> Any:
        target = self.entity.fields.get(name)
        return self.extra.get(name) if target is None else typed(target, self.values.get(name))

    def _may_see(self, name: str, entity: Entity | None = None) -> bool:
        entity = entity or self.entity
        first, _, rest = name.partition(".")
        if first == "old":
            return self._may_see(rest, entity)
        if first not in entity.fields:
            return True
        if self.policy.field_right(entity.key, first) == "hidden":
            return False
        target = entity.fields[first]
        further = (
            self.model.entities.get(target.type.target(target.options))
            if isinstance(target.type, Refers)
            else None
        )
        return not rest or further is None or self._may_see(rest, further)

    def _dumped(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, str)):
            return value
        step = follow(self.model, self.entity, name)
        return str(value) if step is None else step[1].type.dump(value, step[1].options)


def typed(target: Field, raw: Any) -> Any:
    """A value for an expression, from a record's value or from text that was posted."""
    if raw is None or raw == "":
        return None
    if not isinstance(raw, (str, list)) or isinstance(target.type, Computes):
        return raw
    try:
        return target.type.parse(raw, target.options)
    except Invalid:
        return None


def expression_of(form: Form, text: object) -> Expression | None:
    """The compiled expression of a form for its text."""
    return form.expressions.get(text) if isinstance(text, str) else None


def is_true(value: Any) -> bool:
    """A condition holds only when its answer is yes; unknown is no."""
    return value is True
