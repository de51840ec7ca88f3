"""States and options that go: where records are to go, and which ones went, so that they can come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.definitions.model import Model
from engine.packs.store.rows import records_with, runs_in
from engine.packs.upgrade.migrations.steps import Places
from engine.publishing.stranded import OPTION, STATE, Stranded
from engine.storage import Work

STAY = "@stay"


@dataclass(frozen=True)
class Move:
    """Runs and records that went from one state or option to another; all named by uids."""

    kind: str
    owner: str
    field: str
    before: str
    after: str
    records: tuple[str, ...]
    runs: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


def declared_moves(steps: Iterable[Mapping[str, Any]], places: Places) -> dict[str, str]:
    """What the pack says about states and options that go, as the publish names them: {"state/approval/checked": "waiting"}."""
    found: dict[str, str] = {}
    for step in steps:
        if "state" in step:
            uid = places.workflow_uid(step["state"])
            workflow = next((each for each in places.after.workflows.values() if each.uid == uid), None)
            if workflow is not None:
                found[f"{STATE}/{workflow.key}/{step['from']}"] = step["to"]
        elif "option" in step:
            entity, item = places.entity(step["option"], places.after), places.field(step["option"], step["field"], places.after)
            if entity is not None and item is not None:
                found[f"{OPTION}/{entity.key}/{item.key}/{step['from']}"] = step["to"]
    return _followed(found)


def _followed(moves: dict[str, str]) -> dict[str, str]:
    """Over several versions, what went to something that went on goes there at once."""
    found = {}
    for name, to in moves.items():
        head, target, seen = name.rpartition("/")[0], to, {name}
        while f"{head}/{target}" in moves and f"{head}/{target}" not in seen:
            seen.add(f"{head}/{target}")
            target = moves[f"{head}/{target}"]
        found[name] = target
    return found


def held_by_moves(work: Work, app: str, before: Model, stranded: Sequence[Stranded], mapping: Mapping[str, str], after: Model) -> list[Move]:
    """Who stands in the states and options that a mapping leads away from; asked while the old release stands."""
    found = []
    for item in stranded:
        target = mapping.get(f"{item.kind}/{item.owner}/{item.key}")
        if target in (None, STAY):
            continue
        if item.kind == OPTION:
            key, _, name = item.owner.partition("/")
            uid, field_uid = after.entities[key].uid, after.entities[key].fields[name].uid
            entity = next(each for each in before.entities.values() if each.uid == uid)
            held = next(each for each in entity.fields.values() if each.uid == field_uid)
            records = records_with(work, app, entity, held, item.key)
            found.append(Move(OPTION, uid, field_uid, item.key, target, tuple(map(str, records))))
            continue
        workflow = next(each for each in before.workflows.values() if each.uid == after.workflows[item.owner].uid)
        entity = before.entities[workflow.entity]
        runs = runs_in(work, app, workflow.uid, item.key)
        resting = records_with(work, app, entity, entity.fields[workflow.status_field], item.status, set(runs.values())) if item.records and item.status else []
        found.append(Move(STATE, workflow.uid, "", item.key, target, tuple(map(str, resting)), tuple(map(str, runs))))
    return found
