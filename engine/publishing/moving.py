"""Carrying out where stranded records go: in the publish itself where they are few, else as a job that goes on
where it stopped. A run that can't be moved stays on the release it began on; a record keeps its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.definitions import Model
from engine.jobs import enqueue, job, set_progress
from engine.kernel.actor import system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Conflict, EngineError, Invalid, NotFound, Problem, raise_invalid
from engine.kernel.messages import LANGUAGES, translate
from engine.publishing.stranded import OPTION, STATE, Stranded
from engine.records import write_system
from engine.storage import Finder, Work
from engine.workflow.moving import move_record, move_run
from engine.workflow.store import runs

MOVE = "publishing.move_records"
AT_ONCE = 200
"""As many as this move within the publish: a page waits for it."""
_CHUNK = 50
_KEPT = "@stay"


def read_mapping(given: Mapping[str, Any], stranded: Sequence[Stranded]) -> list[dict[str, Any]]:
    """The moves that an author's answers ask for: {"state/<workflow>/<state>": target, …}; "@stay" leaves things as they are.

    Raises Invalid where something that must have a place was given none, or one that isn't there.
    """
    moves: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for item in stranded:
        name = f"{item.kind}/{item.owner}/{item.key}"
        target = given.get(name)
        known = {key for key, _ in item.choices} | {_KEPT} | ({""} if item.kind == OPTION else set())
        if target is None and not item.must_be_mapped:
            target = _KEPT
        if not isinstance(target, str) or target not in known or (target == _KEPT and item.kind == STATE and item.must_be_mapped):
            values = {"label": item.label, "owner": item.owner_label, "count": item.records}
            problems.append(Problem(f"publishing.{item.kind}_needs_place", values, ("mapping", name)))
        elif target != _KEPT:
            moves += _moves(item, target)
    raise_invalid(problems)
    return moves


def carry_out(work: Work, model: Model, moves: Sequence[Mapping[str, Any]], count: int) -> UUID | None:
    """Move everything now, or queue the job; answers the job's id. Raises Invalid for what can't be moved."""
    if not moves:
        return None
    app = model.app.key
    if count > AT_ONCE:
        payload = {"app": app, "release": model.release, "moves": list(moves)}
        return enqueue(work, MOVE, payload, dedupe_key=f"{MOVE}:{app}/{model.release}")
    for move in moves:
        for chunk in _chunks(lambda after, each=move: _next(work, app, model.release, each, after)):  # type: ignore[misc]
            for id_ in chunk:
                try:
                    _move(work, app, move, id_)
                except (Invalid, Conflict, NotFound) as error:
                    raise Invalid(_refused(error)) from error
    return None


@job(MOVE, writes=False)
def move_records(work: Work, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Move what a publish stranded, each in a transaction of its own; repeating it moves what is left.

    `payload`: app, release, moves.
    """
    app, release, moves = str(payload["app"]), int(payload["release"]), list(payload["moves"])
    done, failed = 0, 0
    reasons: list[dict[str, str]] = []
    for place, move in enumerate(moves):

        def ask(after: UUID | None, move: Mapping[str, Any] = move) -> list[UUID]:
            with work.database.work(work.actor, clock=SteppedClock(work.now), writes=False) as own:
                return _next(own, app, release, move, after)

        for chunk in _chunks(ask):
            for id_ in chunk:
                reason = _try(work, app, move, id_)
                done += reason is None
                failed += reason is not None
                if reason is not None and len(reasons) < 5:
                    reasons.append(reason)
            set_progress(work, min(99, (place * 100 + 50) // len(moves)))
    return {"moved": done, "failed": failed, "reasons": reasons}


def _try(work: Work, app: str, move: Mapping[str, Any], id_: UUID) -> dict[str, str] | None:
    """Move one, in a work of its own; answers why it could not be moved."""
    try:
        with work.database.work(system_actor("publishing"), clock=SteppedClock(work.now)) as own:
            _move(own, app, move, id_)
    except (Invalid, Conflict, NotFound) as error:
        return _sentence(error)
    return None


def _moves(item: Stranded, target: str) -> Iterator[dict[str, Any]]:
    if item.kind == OPTION:
        entity, _, key = item.owner.partition("/")
        yield {"kind": OPTION, "entity": entity, "field": key, "option": item.key, "to": target}
        return
    if item.running:
        yield {"kind": "run", "workflow": item.owner, "state": item.key, "to": target}
    if item.records and item.status is not None:
        yield {"kind": "record", "workflow": item.owner, "status": item.status, "to": target}


def _next(work: Work, app: str, release: int, move: Mapping[str, Any], after: UUID | None) -> list[UUID]:
    """The next ones to move, in the order of their ids."""
    model = work.model(app)
    if move["kind"] == "run":
        workflow = model.workflows[move["workflow"]]
        return runs.standing_in(work.connection, workflow.uid, [move["state"]], release, after, _CHUNK)
    finder = Finder(work, model, _CHUNK, after)
    if move["kind"] == "record":
        workflow = model.workflows[move["workflow"]]
        entity = model.entities[workflow.entity]
        finder.chosen(entity, entity.fields[workflow.status_field], move["status"], is_list=False)
    else:
        entity = model.entities[move["entity"]]
        item = entity.fields[move["field"]]
        finder.chosen(entity, item, move["option"], is_list=item.type.kind == "list")
    return list(finder.found)


def _move(work: Work, app: str, move: Mapping[str, Any], id_: UUID) -> None:
    model = work.model(app)
    if move["kind"] == "run":
        move_run(work, id_, model.workflows[move["workflow"]], {move["state"]: move["to"]})
    elif move["kind"] == "record":
        move_record(work, app, model.workflows[move["workflow"]], id_, move["to"])
    else:
        item = model.entities[move["entity"]].fields[move["field"]]
        value: Any = move["to"] or None
        if item.type.kind == "list":
            held = Finder(work, model, 1).value(model.entities[move["entity"]], item, id_) or ()
            value = tuple(dict.fromkeys(each if each != move["option"] else move["to"] for each in held if each != move["option"] or move["to"])) or None
        write_system(work, app, move["entity"], id_, {move["field"]: value})


def _chunks(ask: Callable[[UUID | None], list[UUID]]) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while found := ask(after):
        yield found
        after = found[-1]


def _sentence(error: EngineError) -> dict[str, str]:
    problem = error.problems[0]
    return {language: translate(problem.code, problem.values, language) for language in LANGUAGES}


def _refused(error: EngineError) -> Problem:
    return Problem("publishing.cannot_move", {"reason": _sentence(error)}, ("mapping",))
