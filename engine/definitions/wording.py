"""Definitions in words: durations, lists of people, person rules. For readers who know the labels, not the keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from engine.definitions.labels import Labels, word
from engine.kernel.messages import translate

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def duration_in_words(text: str, language: str) -> str:
    """An ISO 8601 duration: 1 day 4 hours."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    parts = [
        translate(f"wording.{unit}", {"count": int(number)}, language)
        for unit, number in zip(("days", "hours", "minutes"), match.groups(), strict=True) if number and int(number)
    ]
    return " ".join(parts) or translate("wording.at_once", None, language)


def people_in_words(who: Iterable[str], workflow: str, labels: Labels) -> str:
    """A `who` list: the initiator, holders of “Finance”."""
    return listed([_one(name, workflow, labels) for name in who], labels.language)


def listed(items: Sequence[str], language: str) -> str:
    """Several things in a row."""
    return ("、" if language.startswith("zh") else ", ").join(items)


def quoted(text: str) -> str:
    """A name or value set apart from the sentence around it."""
    return f"“{text}”"


def number_in_words(value: object) -> str:
    """A number with its thousands apart."""
    try:
        return f"{Decimal(str(value)):,f}"
    except ArithmeticError:
        return str(value)


def _one(name: str, workflow: str, labels: Labels) -> str:
    kind, _, key = name.partition(":")
    if kind == "role":
        return translate("wording.who.role", {"role": labels.document("role", key)}, labels.language)
    if kind == "rule":
        return rule_in_words(key, workflow, labels)
    if kind == "user":
        return key
    return word(f"wording.who.{kind}", labels.language) or kind


def rule_in_words(key: str, workflow: str, labels: Labels) -> str:
    """A person rule of a workflow: the manager of the initiator."""
    document = labels.find("workflow", workflow) or {}
    rule = document.get("rules", {}).get(key)
    if rule is None:
        return key
    kind, value, entity = str(rule.get("kind")), str(rule.get("value", "")), str(document.get("entity"))
    levels = rule.get("levels", 1)
    of = str(rule.get("of", "initiator"))
    values = {
        "of": word(f"wording.who.{of}", labels.language) or labels.field(entity, of), "count": levels,
        "role": labels.document("role", value), "field": labels.field(entity, value), "value": value,
        "until": labels.expression(rule["until"], entity) if "until" in rule else "",
    }
    if kind == "expr":
        values["value"] = labels.expression(value, entity)
    code = f"wording.rule.{kind}"
    if kind == "manager_chain" and "until" in rule:
        code += "_until"
    elif kind == "manager" and levels == 1:
        code += "_next"
    return word(code, labels.language, **values) or kind
