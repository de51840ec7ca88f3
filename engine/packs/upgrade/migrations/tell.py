"""Declared steps in words, with how many records each concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.kernel.messages import pick, translate
from engine.packs.upgrade.migrations.moves import declared_moves
from engine.packs.upgrade.migrations.steps import Places, Step
from engine.publishing.stranded import Stranded
from engine.storage import Counter, Work, is_stored


def tell_steps(
    work: Work, steps: Iterable[Step], declared: Sequence[Mapping[str, Any]], stranded: Sequence[Stranded], places: Places, language: str
) -> tuple[str, ...]:
    """A sentence for each step that has something to do."""
    before, after = Counter(work, places.before), Counter(work, places.after)
    found = [_renamed(step, places, language) for step in declared if "rename" in step]
    for step in steps:
        values: dict[str, Any] = {"entity": pick(step.entity.label, language)}
        if step.kind == "default" and step.target is not None:
            values |= {"field": pick(step.target.label, language), "count": after.empty(step.entity, step.target)}
        elif step.source is not None:
            values |= {"field": pick(step.source.label, language), "count": before.filled(step.entity, step.source) if is_stored(step.source) else 0}
            targets = [step.target] if step.target is not None else [item for item, _ in step.texts]
            values["targets"] = [pick(item.label, language) for item in targets]
        found.append(translate(f"pack.migration_{step.kind}", values, language))
    wanted = declared_moves(declared, places)
    for item in stranded:
        target = wanted.get(f"{item.kind}/{item.owner}/{item.key}")
        if target is not None:
            labels = dict(item.choices)
            values = {"owner": pick(item.owner_label, language), "from": pick(item.label, language), "to": pick(labels.get(target, target), language),
                      "count": max(item.running, item.records) if item.kind == "option" else item.running + item.records}
            found.append(translate(f"pack.migration_{item.kind}", values, language))
    return tuple(sentence for sentence in found if sentence)


def _renamed(step: Mapping[str, Any], places: Places, language: str) -> str:
    item, entity = places.field(step["rename"], step["key"], places.after), places.entity(step["rename"], places.after)
    if item is None or entity is None:
        return ""
    return translate("pack.migration_rename", {"entity": pick(entity.label, language), "field": pick(item.label, language), "key": step["key"]}, language)
