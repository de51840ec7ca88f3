"""Definitions in words: expressions, durations, lists of people. For readers who know the labels, not the keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from engine.definitions.labels import Labels
from engine.expressions.tokens import Token, split
from engine.kernel.errors import Invalid
from engine.kernel.messages import catalogue, translate

_SIGNS = {"<>": "≠", "<=": "≤", ">=": "≥", "*": "×", "/": "÷"}
_ROOTS = ("old", "actor", "initiator", "person", "record")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_OPENERS, _CLOSERS = "([", ")],"


def word(code: str, language: str, **values: object) -> str | None:
    """A word of ours; None where no catalogue has it."""
    return translate(code, values, language) if code in catalogue("en") else None


def expression_in_words(text: str, entity: str, labels: Labels) -> str:
    """An expression with labels for keys and words for signs: Amount > 100,000 and Account › Level = “Gold”.

    A text that can't be read as an expression is given as it is.
    """
    try:
        tokens = split(text)[:-1]
    except Invalid:
        return text
    return _joined(list(_words(tokens, entity, labels)), labels.language)


def duration_in_words(text: str, language: str) -> str:
    """An ISO 8601 duration: 1 day 4 hours."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return text
    parts = [
        translate(f"wording.{unit}", {"count": int(number)}, language)
        for unit, number in zip(("days", "hours", "minutes"), match.groups(), strict=True) if number and int(number)
    ]
    return _space(language).join(parts) or translate("wording.at_once", None, language)


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
        "until": expression_in_words(rule["until"], entity, labels) if "until" in rule else "",
    }
    if kind == "expr":
        values["value"] = expression_in_words(value, entity, labels)
    code = f"wording.rule.{kind}"
    if kind == "manager_chain" and "until" in rule:
        code += "_until"
    elif kind == "manager" and levels == 1:
        code += "_next"
    return word(code, labels.language, **values) or kind


# expressions --------------------------------------------------------------------------------------
def _words(tokens: Sequence[Token], entity: str, labels: Labels) -> Iterator[str]:
    language, compared, at = labels.language, "", 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
        at += 1
        if token.kind == "sign" and token.value in ("=", "<>") and following and following.value == "null":
            yield translate("wording.empty" if token.value == "=" else "wording.filled", None, language)
            at += 1
        elif token.kind == "name" and following and following.value == "(":
            yield _function(str(token.value), language)
            if at + 1 < len(tokens) and tokens[at + 1].value == ")":
                at += 2
        elif token.kind == "name":
            compared = str(token.value)
            yield _name(compared, entity, labels)
        elif token.kind == "text":
            yield quoted(_option(compared, str(token.value), entity, labels))
        elif token.kind == "number":
            yield number_in_words(token.value)
        elif token.kind == "keyword":
            yield translate(f"wording.{token.value}", None, language)
        else:
            yield _SIGNS.get(str(token.value), str(token.value))


def _function(name: str, language: str) -> str:
    return word(f"wording.function.{name.lower()}", language) or name.lower()


def _name(name: str, entity: str, labels: Labels) -> str:
    root, _, rest = name.partition(".")
    if rest and root in _ROOTS:
        if root in ("old", "record"):
            inner = labels.field(entity, rest)
        else:
            inner = word(f"wording.person.{rest}", labels.language) or rest
        return translate(f"wording.root.{root}", {"name": inner}, labels.language)
    return labels.find_field(entity, name) or word(f"wording.field.{name}", labels.language) or name


def _option(compared: str, text: str, entity: str, labels: Labels) -> str:
    path = compared.removeprefix("old.").removeprefix("record.")
    found = labels.option(entity, path, text) if path else None
    if found is None and compared.endswith("roles"):
        found = labels.document("role", text)
    if found is None and labels.find("role", text) is not None and not labels.find_field(entity, path or "-"):
        found = labels.document("role", text)
    return found or text


def _joined(words: Sequence[str], language: str) -> str:
    """Words in a row: no space inside of brackets, before commas, or between a function and its brackets."""
    found = ""
    for at, each in enumerate(words):
        before = words[at - 1] if at else ""
        is_call = each == "(" and before.isidentifier() and before.isascii()
        tight = not before or each in _CLOSERS or before in _OPENERS or is_call
        found += each if tight else f" {each}"
    return found


def _space(language: str) -> str:
    return "" if language.startswith("zh") else " "
