"""What the drawing of one form knows, and the questions that all its parts ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions import Entity, Field, Form, Model
from engine.expressions.functions.records import IS_NEW
from engine.kernel.errors import Problem
from engine.kernel.messages import translate
from engine.rendering.addresses import Addresses
from engine.rendering.form_nodes import Mode
from engine.rendering.form_rules import Policy, Rules, expression_of, is_true
from engine.rendering.live_rules import formulas, late_defaults
from engine.rendering.locale import current_locale


@dataclass
class Sheet:
    """All that the drawing of one form needs to know."""

    model: Model
    policy: Policy
    form: Form
    mode: Mode = "edit"
    values: Mapping[str, Any] = field(default_factory=dict)
    titles: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    addresses: Addresses = field(default_factory=Addresses)
    may_edit: Callable[[str], bool] = lambda _key: True
    is_new: bool = False
    rev: int | None = None

    def __post_init__(self) -> None:
        self.entity: Entity = self.model.entities[self.form.entity]
        self.extra = {IS_NEW: self.is_new, **self.extra}
        if self.is_new:
            defaults = self._defaults()
            self.titles = {**self._own_name(defaults), **self.titles}
            self.values = {**defaults, **self.values}
        self.rules = Rules(self.model, self.policy, self.entity, self.values, self.extra)
        self.formulas = formulas(self.rules, self._grids()) if self.mode == "edit" else {}
        self.defaults = late_defaults(self.rules) if self.mode == "edit" else {}

    def _grids(self) -> set[str]:
        """Rows fields that the form shows to this reader."""
        keys = {
            str(item["rows"])
            for tab in self.form.layout.get("tabs", ())
            for section in tab.get("sections", ())
            for item in section.get("items", ())
            if "rows" in item
        }
        return {
            key
            for key in keys
            if key in self.entity.fields
            and self.policy.field_right(self.entity.key, key) != "hidden"
        }

    def _own_name(self, defaults: Mapping[str, Any]) -> dict[str, Any]:
        """The title where a default names the person who enters the record: nobody looks that up."""
        own = self.extra.get("actor.id")
        return {
            key: self.extra.get("actor.name")
            for key, value in defaults.items()
            if own is not None and value == own
        }

    def _defaults(self) -> dict[str, Any]:
        rules = Rules(self.model, self.policy, self.entity, self.values, self.extra)
        return {
            key: rules.answer(each.default)
            for key, each in self.entity.fields.items()
            if each.default
        }


def is_writable(sheet: Sheet, target: Field) -> bool:
    """May this reader write the field now: right given, no workflow's field, and left open by its state."""
    key = target.key
    if sheet.mode == "read" or sheet.policy.field_right(sheet.entity.key, key) != "write":
        return False
    return key not in sheet.model.status_fields.get(sheet.entity.key, ()) and sheet.may_edit(key)


def condition(
    sheet: Sheet, rule: str, text: object, *, default: bool
) -> tuple[dict[str, str], bool]:
    """A condition's rule for the browser (empty when it stays on the server) and its answer now."""
    expression = expression_of(sheet.form, text)
    if expression is None:
        return {}, default
    tree = sheet.rules.tree(expression) if sheet.mode == "edit" else None
    return ({rule: tree} if tree else {}), is_true(sheet.rules.answer(expression))


def messages_at(sheet: Sheet, path: tuple[str | int, ...]) -> tuple[str, ...]:
    """Sentences of the problems at exactly this place."""
    return tuple(sentence(problem) for problem in sheet.problems if problem.path == path)


def sentence(problem: Problem) -> str:
    """A problem in the reader's language."""
    return translate(problem.code, problem.values, current_locale().language)
