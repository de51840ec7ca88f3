"""The filter builder's fields, and what it sends: conditions that must all hold.

`where` is a JSON list of `[field, operator, argument…]`. It is short enough for an address, it can be
edited again, and nothing of it reaches an expression except through the fields room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from engine.definitions import Field, Model
from engine.fields import OPERATORS, Operator, all_of, operators_of, to_expression
from engine.fields import face_of as filter_face
from engine.fields.capabilities import Offers
from engine.kernel import json
from engine.kernel.errors import Invalid, Problem
from engine.kernel.messages import translate
from engine.rendering.addresses import Addresses
from engine.rendering.faces import face_of
from engine.rendering.form_rules import Policy
from engine.rendering.formats import groups, say_list
from engine.rendering.locale import current_locale
from engine.rendering.widget import Setting, choices_of
from engine.rendering.words import field_label

MOST = 20
"""More conditions than this are no filter but an attack."""

_INPUTS = {
    "choice": "choice",
    "list": "choice",
    "number": "number",
    "date": "date",
    "datetime": "date",
}
_LOOKUPS = ("reference", "user", "department")


@dataclass(frozen=True)
class Term:
    """One condition: what it says in words, and `rest`, the `where` without it."""

    label: str
    rest: str


@dataclass(frozen=True)
class Where:
    """A filter that was read: expression text (empty for none) and its conditions in words."""

    filter: str = ""
    terms: tuple[Term, ...] = ()


def filter_fields(
    model: Model, policy: Policy, entity_key: str, addresses: Addresses | None = None
) -> list[dict[str, Any]]:
    """What the filter builder offers, ready for JSON: fields, their comparisons, their choices or look-up."""
    entity = model.entities[entity_key]
    found = []
    for target in entity.fields.values():
        operators = operators_of(target.type, target.options)
        if not operators or policy.field_right(entity_key, target.key) == "hidden":
            continue
        face = filter_face(target.type, target.options)
        source = face_of(target).source
        item: dict[str, Any] = {
            "key": target.key,
            "label": field_label(model, entity, target),
            "input": "lookup" if face in _LOOKUPS else _INPUTS.get(face, "text"),
            "operators": [
                {
                    "key": each.key,
                    "label": _label(each),
                    "values": each.values,
                    "days": each.takes_days,
                }
                for each in operators
            ],
        }
        if isinstance(source.type, Offers):
            choices = choices_of(Setting(model, source, entity_key))
            item["choices"] = [{"key": choice.key, "label": choice.label} for choice in choices]
        elif face in _LOOKUPS:
            item["lookup"] = (addresses or Addresses()).lookup(entity_key, target.key)
        found.append(item)
    return found


def parse_where(
    model: Model,
    policy: Policy,
    entity_key: str,
    text: str,
    title: Callable[[Field, str], str] | None = None,
) -> Where:
    """The expression and the words of a `where`.

    `title(field, id)` names a record that is referred to. Raises Invalid (`filter.*`, and the fields
    room's codes for arguments); a field this reader may not see is an unknown one.
    """
    if not text:
        return Where()
    terms = _read(text)
    entity = model.entities[entity_key]
    conditions, words = [], []
    for place, (key, operator_key, *arguments) in enumerate(terms):
        target = entity.fields.get(key)
        if target is None or policy.field_right(entity_key, key) == "hidden":
            raise Invalid(Problem("filter.unknown_field", {}, ("where", place)))
        operator = OPERATORS.find(operator_key)
        label = field_label(model, entity, target)
        if operator is None or operator not in operators_of(target.type, target.options):
            raise Invalid(Problem("filter.unknown_operator", {"field": label}, ("where", place)))
        conditions.append(
            to_expression(operator_key, key, arguments, filter_face(target.type, target.options))
        )
        rest = [term for at, term in enumerate(terms) if at != place]
        shown = _shown(model, entity_key, target, arguments, title)
        words.append(
            Term(_words(label, operator, shown), orjson.dumps(rest).decode() if rest else "")
        )
    return Where(all_of(conditions), tuple(words))


def _read(text: str) -> list[list[Any]]:
    terms = json.read(text)
    is_list = isinstance(terms, list) and 0 < len(terms) <= MOST
    if not is_list or not all(
        isinstance(term, list)
        and len(term) >= 2
        and all(isinstance(part, str) for part in term[:2])
        for term in terms
    ):
        raise Invalid(Problem("filter.unreadable", {}, ("where",)))
    return [list(term) for term in terms]


def _label(operator: Operator) -> str:
    return translate(operator.label, {}, current_locale().language)


def _words(label: str, operator: Operator, value: str) -> str:
    if operator.values == "none":
        return translate(
            "filter.without_value",
            {"field": label, "operator": _label(operator)},
            current_locale().language,
        )
    return translate(
        "filter.condition",
        {"field": label, "operator": _label(operator), "value": value},
        current_locale().language,
    )


def _shown(
    model: Model,
    entity_key: str,
    target: Field,
    arguments: Sequence[Any],
    title: Callable[[Field, str], str] | None,
) -> str:
    """Arguments as a person reads them: labels of choices, titles of records."""
    given = [item for each in arguments for item in (each if isinstance(each, list) else [each])]
    known: Mapping[str, str] = {}
    face = filter_face(target.type, target.options)
    if face in ("choice", "list"):
        known = {
            choice.key: choice.label
            for choice in choices_of(
                Setting(model, face_of(target).source, entity_key),
                keep=[str(item) for item in given],
            )
        }
    elif face in _LOOKUPS and title is not None:
        known = {str(item): title(target, str(item)) for item in given}
    elif face == "number":
        known = {str(item): groups(str(item)) for item in given}
    return say_list([known.get(str(item), str(item)) for item in given])
