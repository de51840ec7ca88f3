"""An entity's own rules: conditions that every saved record must meet."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.model import Rule
from engine.records.access import Access
from engine.records.scope import Find, finders, holds, names_of
from engine.records.values import Draft


def check_rules(access: Access, drafts: Sequence[Draft]) -> None:
    """Note every rule that a draft breaks, at the rule's first field. Drafts are of one entity.

    A draft that has problems already is left alone: what a rule would say about it may be wrong.
    """
    sound = [draft for draft in drafts if not draft.problems]
    if not sound or not sound[0].plan.entity.rules:
        return
    entity = sound[0].plan.entity
    names = names_of(expression for rule in entity.rules for expression in (rule.check, rule.when))
    for draft, find in zip(sound, finders(access, entity.key, sound, names), strict=True):
        for rule in entity.rules:
            if _applies(access, rule, find) and not holds(access, rule.check, find):
                draft.refuse("record.rule", rule.fields[0] if rule.fields else None, message=rule.message, rule=rule.key)


def _applies(access: Access, rule: Rule, find: Find) -> bool:
    return rule.when is None or holds(access, rule.when, find)
