"""Definitions in words: durations, lists of people, person rules. For readers who know the labels, not the keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

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


def action_in_words(body: Mapping[str, Any], workflow: str, labels: Labels) -> str:
    """An action of a workflow: sets “Approved on” to now; notifies the initiator."""
    document = labels.find("workflow", workflow) or {}
    entity, language = str(document.get("entity", "")), labels.language
    app = labels.app
    kind = next((name for name in ("set", "create", "notify", "email", "webhook", "cc") if name in body), "")
    values: dict[str, Any] = {}
    if kind == "set":
        values["fields"] = listed([f"{quoted(labels.field(entity, key))} = {labels.expression(text, entity)}" for key, text in body["set"].items()], language)
    elif kind == "create":
        values["entity"] = labels.document("entity", body["create"])
    elif kind == "webhook":
        values["webhook"] = labels.say(app.get("webhooks", {}).get(body["webhook"], {}).get("label"), str(body["webhook"]))
    elif kind == "email":
        values["people"] = people_in_words(body["email"].get("to", ()), workflow, labels)
    elif kind:
        values["people"] = people_in_words(body[kind], workflow, labels)
    return word(f"wording.action.{kind}", language, **values) or translate("wording.action.other", None, language)


def timer_in_words(body: Mapping[str, Any], workflow: str, labels: Labels) -> str:
    """A timer of a state: after 4 hours: reminds whoever has to act."""
    document = labels.find("workflow", workflow) or {}
    after, language = body.get("after", ""), labels.language
    if isinstance(after, Mapping):
        field = labels.field(str(document.get("entity")), str(after.get("field")))
        shift = next((name for name in ("plus", "minus") if name in after), "at")
        when = translate(f"wording.when.{shift}", {"field": field, "duration": duration_in_words(after.get(shift, ""), language)}, language)
    else:
        when = translate("wording.when.after", {"duration": duration_in_words(str(after), language)}, language)
    return translate("wording.timer", {"when": when, "what": timed_in_words(body.get("do"), workflow, labels)}, language)


def timed_in_words(do: object, workflow: str, labels: Labels) -> str:
    """What a timer does."""
    kind, target = (do, None) if isinstance(do, str) else next(iter(do.items())) if isinstance(do, Mapping) and do else ("", None)
    values: dict[str, Any] = {}
    if kind == "remind":
        values["people"] = people_in_words(target or (), workflow, labels)
    elif kind in ("add", "transfer"):
        values["people"] = rule_in_words(str(target), workflow, labels)
    elif kind == "to":
        values["state"] = labels.state(workflow, str(target))
    return word(f"wording.timed.{kind}", labels.language, **values) or str(kind)
