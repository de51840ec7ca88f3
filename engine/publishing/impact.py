"""What publishing a draft would do to the records, approvals and rights that are there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions import Entity, Model, uses
from engine.publishing import store
from engine.publishing.entries import Impact
from engine.publishing.field_impact import field_impact, type_impact
from engine.storage import Counter, Work


def find_impact(work: Work, before: Model, after: Model, counter: Counter | None = None) -> Iterator[Impact]:
    """Effects of replacing one model by another, but for what goes (`removal_impact.py`).

    Things are the same when their uids are, whatever they are called. Records that have been removed
    don't count. `counter` counts over `after`; each impact comes right after its count.
    """
    counter, earlier = counter or Counter(work, after), Counter(work, before)
    known = {entity.uid: entity for entity in before.entities.values()}
    for entity in after.entities.values():
        old = known.get(entity.uid)
        if old is not None:
            yield from field_impact(old, entity, counter)
            yield from type_impact(old, entity, earlier)
            yield from _unique(old, entity, counter)
            yield from _rules(old, entity, counter)
    yield from _workflows(work, before, after)
    yield from _retyped_in_runs(work, before, after)
    yield from _roles(work, before, after)


def _unique(old: Entity, entity: Entity, counter: Counter) -> Iterator[Impact]:
    known = {tuple(old.fields[key].uid for key in group if key in old.fields) for group in _unique_groups(old)}
    for group in _unique_groups(entity):
        items = [entity.fields[key] for key in group if key in entity.fields]
        if tuple(item.uid for item in items) in known or not items:
            continue
        count = counter.repeated(entity, items)
        if count:
            values = {"fields": [item.label for item in items], "entity": entity.label, "count": count}
            path = ("fields", group[0], "unique") if len(group) == 1 else ("unique",)
            yield Impact("publishing.repeated", "blocking", "entity", entity.key, path, values)


def _unique_groups(entity: Entity) -> tuple[tuple[str, ...], ...]:
    return (*((item.key,) for item in entity.fields.values() if item.unique), *entity.unique)


def _rules(old: Entity, entity: Entity, counter: Counter) -> Iterator[Impact]:
    known = {(rule.check.text, rule.when.text if rule.when else None) for rule in old.rules}
    for rule in entity.rules:
        if (rule.check.text, rule.when.text if rule.when else None) in known:
            continue
        count = counter.breaking(entity, rule.check, rule.when)
        if count != 0:
            values = {"rule": rule.key, "message": rule.message, "entity": entity.label, "count": count}
            code = "publishing.rule_broken" if count else "publishing.rule_uncounted"
            yield Impact(code, "warning", "entity", entity.key, ("rules", rule.key), values)


def _workflows(work: Work, before: Model, after: Model) -> Iterator[Impact]:
    running = store.running_instances(work, after.app.key)
    new = {workflow.uid: workflow for workflow in after.workflows.values()}
    for old in before.workflows.values():
        workflow = new.get(old.uid)
        under_way = {state: count for (uid, state), count in running.items() if uid == old.uid}
        values = {"workflow": old.label, "count": sum(under_way.values()), "release": before.release}
        if workflow is None:
            yield Impact("publishing.workflow_removed", "warning", "workflow", old.key, (), values)
            continue
        if workflow.body != old.body and under_way:
            yield Impact("publishing.running", "note", "workflow", workflow.key, (), values)
        for state in old.body["states"]:
            if state not in workflow.body["states"] and under_way.get(state):
                details = {**values, "state": old.body["states"][state].get("label", state), "count": under_way[state]}
                yield Impact("publishing.state_removed", "warning", "workflow", workflow.key, ("states", state), details)


def _retyped_in_runs(work: Work, before: Model, after: Model) -> Iterator[Impact]:
    """Fields that are of another type while runs under way still go by rules that were written for the old one."""
    types = {item.uid: item.type.key for entity in after.entities.values() for item in entity.fields.values()}
    retyped = [
        (entity, item)
        for entity in before.entities.values()
        for item in entity.fields.values()
        if types.get(item.uid, item.type.key) != item.type.key
    ]
    if not retyped:
        return
    running = store.running_instances(work, after.app.key)
    index = uses(before.documents.values())
    for entity, item in retyped:
        for key in dict.fromkeys(use.key for use in index.of("field", entity.key, item.key) if use.kind == "workflow"):
            old = before.workflows[key]
            count = sum(number for (uid, _), number in running.items() if uid == old.uid)
            if count:
                values = {"workflow": old.label, "field": item.label, "entity": entity.label, "count": count}
                yield Impact("publishing.retyped_in_runs", "warning", "entity", entity.key, ("fields", item.key), values)


def _roles(work: Work, before: Model, after: Model) -> Iterator[Impact]:
    holders = store.role_holders(work, after.app.key)
    for key, role in before.roles.items():
        if key not in after.roles and holders.get(key):
            values = {"role": role.label, "count": holders[key]}
            yield Impact("publishing.role_removed", "warning", "role", key, (), values)
