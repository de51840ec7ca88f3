"""What would be left without a place: records and runs in states, and values among options, that a draft takes away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions import Entity, Field, Model
from engine.definitions.model import Text, Workflow
from engine.definitions.paths import computation_of, options_of
from engine.fields.capabilities import Offers
from engine.kernel.messages import LANGUAGES, pick
from engine.publishing import store
from engine.publishing.entries import Impact
from engine.storage import Counter, Work, is_stored

STATE = "state"
OPTION = "option"


@dataclass(frozen=True)
class Stranded:
    """A state or an option that goes while something stands in it.

    `owner` is the new key of the workflow, or entity/field of the option; `running` counts runs under way in the
    state, `records` those that show its status without a run, or hold the option. `status` is what such records
    show. `choices` are where they could go, the likeliest first.
    """

    kind: str
    owner: str
    key: str
    label: Text
    owner_label: Text
    running: int
    records: int
    choices: tuple[tuple[str, Text], ...]
    status: str | None = None

    @property
    def must_be_mapped(self) -> bool:
        """Runs may end on the release they began on; records can't stay where there is nothing."""
        return self.records > 0


def find_stranded(work: Work, before: Model, after: Model) -> tuple[Stranded, ...]:
    """Everything that replacing one model by another would strand."""
    counter = Counter(work, after)
    running = store.running_instances(work, after.app.key)
    states = list(_states(before, after, counter, running))
    moved = {(item.owner, item.status) for item in states}
    return (*states, *_options(before, after, counter, moved))


def find_written_statuses(work: Work, before: Model, after: Model) -> Iterator[Impact]:
    """Runs under way that would go on to write a status which its field no longer offers: they would stand still."""
    running = store.running_instances(work, after.app.key)
    for workflow, new, field in _pairs(before, after):
        count = sum(count for (uid, _), count in running.items() if uid == workflow.uid)
        offered = set(options_of(field)) if field is not None else set()
        gone = sorted({state["status"] for state in workflow.body["states"].values() if "status" in state} - offered)
        if count and gone and field is not None:
            old = before.entities[workflow.entity].fields.get(workflow.status_field)
            values = {"workflow": new.label, "field": field.label, "count": count, "options": [_option_label(old, key) for key in gone]}
            yield Impact("publishing.status_in_use", "blocking", "entity", new.entity, ("fields", field.key), values)


def _pairs(before: Model, after: Model) -> Iterator[tuple[Workflow, Workflow, Field | None]]:
    """Workflows of both models with the new status field."""
    new = {workflow.uid: workflow for workflow in after.workflows.values()}
    for workflow in before.workflows.values():
        found = new.get(workflow.uid)
        if found is not None and found.entity in after.entities:
            yield workflow, found, after.entities[found.entity].fields.get(found.status_field)


def _states(before: Model, after: Model, counter: Counter, running: Mapping[tuple[str, str], int]) -> Iterator[Stranded]:
    for workflow, new, field in _pairs(before, after):
        old_states, states = workflow.body["states"], new.body["states"]
        at_rest = {state.get("status") for state in states.values() if state["type"] in ("input", "final")}
        for key, state in old_states.items():
            if key in states or state["type"] == "choice":
                continue
            count, status = running.get((workflow.uid, key), 0), state.get("status")
            resting = 0
            if status is not None and status not in at_rest and state["type"] in ("input", "final") and field is not None:
                shown = counter.chosen(after.entities[new.entity], field, status, is_list=False)
                resting = max(0, shown - sum(running.get((workflow.uid, one), 0) for one, body in old_states.items() if body.get("status") == status))
            if count or resting:
                choices = tuple((one, states[one].get("label", one)) for one in _likely(key, state, old_states, states))
                yield Stranded(STATE, new.key, key, state.get("label", key), new.label, count, resting, choices, status)


def _likely(key: str, state: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """States to go to: first those of the same status, then of the same kind, each by how near they stood."""
    order = {name: place for place, name in enumerate(old)}
    here = order[key]
    found = [name for name, body in new.items() if body["type"] != "choice"]
    return sorted(found, key=lambda name: (
        new[name].get("status") != state.get("status"), new[name]["type"] != state["type"], abs(order.get(name, len(order)) - here)))


def _options(before: Model, after: Model, counter: Counter, moved: set[tuple[str, str | None]]) -> Iterator[Stranded]:
    known = {entity.uid: entity for entity in before.entities.values()}
    statuses = {(workflow.entity, workflow.status_field): workflow.key for workflow in after.workflows.values()}
    for entity in after.entities.values():
        old = known.get(entity.uid)
        by_uid = {item.uid: item for item in old.fields.values()} if old else {}
        for item in entity.fields.values():
            was = by_uid.get(item.uid)
            if was is None or was.type.key != item.type.key or not is_stored(item) or computation_of(item) is not None:
                continue
            workflow = statuses.get((entity.key, item.key))
            gone = [option for option in options_of(was) if option not in options_of(item) and (workflow, option) not in moved]
            yield from _held(entity, was, item, gone, counter)


def _held(entity: Entity, was: Field, item: Field, gone: list[str], counter: Counter) -> Iterator[Stranded]:
    for option in gone:
        count = counter.chosen(entity, item, option, is_list=item.type.kind == "list")
        if count:
            choices = tuple((key, _option_label(item, key)) for key in options_of(item))
            yield Stranded(OPTION, f"{entity.key}/{item.key}", option, _option_label(was, option), _of(entity.label, item.label), 0, count, choices)


def _of(entity: Text, item: Text) -> Text:
    """A field with its entity: Account › Level."""
    return {each: f"{pick(entity, each)} › {pick(item, each)}" for each in LANGUAGES}


def _option_label(item: Field | None, key: str) -> Text:
    if item is None or not isinstance(item.type, Offers):
        return key
    found = next((option for option in item.type.choices(item.options) if option["key"] == key), None)
    label: Text = found.get("label", key) if found else key
    return label
