"""Sample records: created in order, then led along their workflow by the people of the story.

A step of a story moves its record, or with `"on": "fulfilment.order"` the newest fulfilment whose field
`order` names it (which an earlier step brought forth); `"at": "@today-3d"` says when it happened.
A record that was exported has no story: `_state` puts it where it rested, `_open` locks it but for these fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine import accounts, records, workflow
from engine.kernel.actor import Actor, system_actor
from engine.kernel.changes import Change
from engine.kernel.errors import EngineError, Invalid, Problem
from engine.packs.pack import SampleFile
from engine.packs.store import done_so_far, note_done
from engine.packs.values import Names
from engine.storage import Work
from engine.workflow.moving import move_record

OWN = ("ref", "_created", "_state", "_open", "story")
SAMPLES = "packs.samples:"
RESTING = ("input", "final")
"""Types of states in which a record may stand without anybody having to decide."""


def install_samples(work: Work, app: str, files: tuple[SampleFile, ...], names: Names) -> int:
    """Create all sample records and play their stories; returns how many. Raises Invalid under file and place."""
    count, noted = 0, len(work.changes)
    actors: dict[str, Actor] = {}
    for file in files:  # a story ends before later files refer to what it led to
        made: list[tuple[int, UUID]] = []
        for index, sample in enumerate(file.records):
            try:
                record_id = _create(work, app, file.entity, sample, names)
                _rest(work, app, file.entity, record_id, sample)
            except EngineError as error:
                raise _placed(error, file.name, index) from error
            if isinstance(sample.get("ref"), str):
                names.records[sample["ref"]] = record_id
            if sample.get("story"):
                made.append((index, record_id))
            count += 1
        for index, record_id in made:
            try:
                _play(work, app, (file.entity, record_id), file.records[index], names, actors)
            except EngineError as error:
                raise _placed(error, file.name, index) from error
    _remember(work, app, work.changes[noted:])
    return count


def samples_of(work: Work, app: str) -> dict[str, set[UUID]]:
    """The sample records that an app was given, and what their stories led to, by the entity's key as it is now."""
    by_uid = {entity.uid: entity.key for entity in work.model(app).entities.values()}
    stored = done_so_far(work, f"{SAMPLES}{app}").get("records", {})
    return {by_uid[uid]: {UUID(id_) for id_ in ids} for uid, ids in stored.items() if uid in by_uid}


def _remember(work: Work, app: str, changes: Sequence[Change]) -> None:
    """Keep in mind what came with the pack: "remove the samples" must not guess."""
    entities = work.model(app).entities
    found: dict[str, list[str]] = {}
    for change in changes:
        if change.app == app and change.verb == "created" and entities[change.entity].part_of is None:
            found.setdefault(entities[change.entity].uid, []).append(str(change.record_id))
    if found:
        note_done(work, f"{SAMPLES}{app}", {"records": found})


def _placed(error: EngineError, *place: str | int) -> Invalid:
    return Invalid(*(problem.under(*place) for problem in error.problems))


def _create(work: Work, app: str, entity: str, sample: Mapping[str, Any], names: Names) -> UUID:
    values = {key: names.resolve(value) for key, value in sample.items() if key not in OWN}
    owner_field = work.model(app).entities[entity].owner if entity in work.model(app).entities else None
    owner = values.get(owner_field or "")
    made = names.moment(sample["_created"]) if "_created" in sample else work.now
    with work.acting_as(_installer(work, names, owner), now=made):
        return records.make_record(work, app, entity, values)


def _rest(work: Work, app: str, entity: str, record_id: UUID, sample: Mapping[str, Any]) -> None:
    """Put a record that was exported at rest into its state again, and lock it as it was locked."""
    with work.acting_as(system_actor("install", work.language)):
        for key, state in sample.get("_state", {}).items():
            flow = work.model(app).workflows.get(key)
            if flow is None or flow.entity != entity or flow.body["states"].get(state, {}).get("type") not in RESTING:
                raise Invalid(Problem("pack.sample_state", {"workflow": key, "state": str(state)[:80]}, ("_state", key)))
            move_record(work, app, flow, record_id, state)
        if "_open" in sample:
            records.write_system(work, app, entity, record_id, {}, open_fields=tuple(sample["_open"]))


def _installer(work: Work, names: Names, owner: Any) -> Actor:
    """The installation, in the name of the record's owner, so that it shows as made by that person."""
    base = system_actor("install", names.language)
    person = next((user_id for user_id in names.users.values() if str(user_id) == owner), None)
    if person is None:
        return base
    if person not in names.called:
        names.called |= accounts.names_of(work, names.users.values())
    return replace(base, user_id=person, name=names.called[person])


def _play(
    work: Work, app: str, record: tuple[str, UUID], sample: Mapping[str, Any], names: Names, actors: dict[str, Actor]
) -> None:
    story = sample["story"]
    begin = names.moment(sample["_created"]) if "_created" in sample else work.now - timedelta(days=5)
    for place, step in enumerate(story):
        moment = names.moment(step["at"]) if "at" in step else _moment(begin, work.now, place, len(story), record[1].int % 100)
        login = step.get("by", "")
        if f"user:{login}" in names.absent:
            return  # nobody is here who could have gone on
        if login not in names.users:
            raise Invalid(Problem("pack.unknown_name", {"name": f"@user:{login}"[:80]}, ("story", place, "by")))
        if login not in actors:
            actors[login] = accounts.find_actor(work, names.users[login])
        with work.acting_as(actors[login], now=moment):
            _step(work, app, record, step, names, place)


def _moment(begin: datetime, end: datetime, place: int, steps: int, chance: int) -> datetime:
    """Steps are spread from the creation to now; the last lies under two hours back, so that no deadline has passed."""
    if place == steps - 1:
        return end - timedelta(minutes=10 + chance)
    return begin + (end - timedelta(hours=3) - begin) * ((place + 1) / (steps + 1))


def _step(work: Work, app: str, record: tuple[str, UUID], step: Mapping[str, Any], names: Names, place: int) -> None:
    entity, record_id = _led_to(work, app, record[1], step["on"], place) if "on" in step else record
    values = names.resolve(step.get("values", {})) or None
    comment = names.resolve(step.get("comment", ""))
    if "fire" in step:
        workflow.fire_transition(work, app, entity, record_id, step["fire"], comment=comment, values=values)
        return
    task = workflow.open_task(work, record_id)
    if task is None:
        raise Invalid(Problem("pack.no_task", {"login": step.get("by", "")}, ("story", place)))
    workflow.decide(work, task, step.get("decide", ""), comment=comment, values=values, to=step.get("to"))


def _led_to(work: Work, app: str, record_id: UUID, path: str, place: int) -> tuple[str, UUID]:
    """The newest record of an entity that names this one in a field; raises Invalid."""
    entity, _, field = path.partition(".")
    known = work.model(app).entities.get(entity)
    if known is not None and field in known.fields:
        query = records.Query(filter=f'{field} = "{record_id}"', sort=("-created_on",), limit=1)
        for found in records.query_records(work, app, entity, query).records:
            return entity, found.id
    raise Invalid(Problem("pack.unknown_name", {"name": path[:80]}, ("story", place, "on")))
