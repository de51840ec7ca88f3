"""Where a record stands, who has to act, what I may do, and the path behind and ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from engine.definitions.model import Model, Workflow
from engine.fields.capabilities import Offers
from engine.kernel.errors import NotFound
from engine.kernel.messages import pick, translate
from engine.records import require_record
from engine.records.access import no_record
from engine.records.change_record import REMOVAL
from engine.storage import Work
from engine.workflow.decisions import return_targets
from engine.workflow.definition import Definition, State, StepForm, Transition
from engine.workflow.instances import Instance, find_instance, get_instance, instance_at, known_id
from engine.workflow.moves import Named, open_moves
from engine.workflow.preview import look_ahead
from engine.workflow.read_access import takes_part
from engine.workflow.run import Memory, Slot, Step
from engine.workflow.standing import Asks, Move, Seat, Standing
from engine.workflow.store import lists, runs


def describe(
    work: Work, app: str, entity: str, record_id: UUID | str, workflow: str | None = None
) -> Standing | None:
    """Where a record stands in its workflow (the first of the entity's, unless one is named).

    None where no workflow drives the entity. Raises NotFound for a record that the actor may not see.
    """
    id_ = known_id(record_id)
    drives = [one for one in work.model(app).workflows_of.get(entity, ()) if workflow in (None, one.key)]
    left = [] if drives else runs.open_on(work.connection, id_)
    if not drives and not left:
        return None
    require_record(work, app, entity, id_)
    # A workflow that was taken out goes on where it is under way.
    found = _current(work, app, drives[0], id_) if drives else instance_at(work, left[0])
    return _Describer(found).standing()


def standing_json(work: Work, app: str, entity: str, record_id: UUID | str) -> dict[str, Any]:
    """Where a record stands, as JSON; raises NotFound also where there is no workflow."""
    found = describe(work, app, entity, record_id)
    if found is None:
        raise NotFound(no_record())
    language = work.language
    return {
        "workflow": found.workflow, "state": found.state, "label": pick(found.label, language),
        "status": found.status, "is_final": found.is_final, "outcome": found.outcome, "round": found.round,
        "moves": [
            {
                "name": move.name, "label": pick(move.label, language), "require": list(move.require),
                "comment_required": move.comment_required, "confirm": move.confirm,
            }
            for move in found.transitions
        ],
        "tasks": [
            {
                "id": str(seat.id), "user": str(seat.user) if seat.user else None, "name": seat.name,
                "since": _iso(seat.since), "due": _iso(seat.due),
            }
            for seat in found.tasks
        ],
        "my_task": str(found.my_task) if found.my_task else None,
        "decisions": sorted(found.decisions),
        "path": [dict(step) for step in found.path],
        "locked": found.locked,
        "editable_fields": None if found.editable_fields is None else sorted(found.editable_fields),
    }


def _current(work: Work, app: str, workflow: Workflow, record_id: UUID) -> Instance:
    """The open instance; else the one that ended in the state where the record still stands; else the
    one that would begin now."""
    found = find_instance(work, app, workflow, record_id, locks=False)
    if not found.is_new:
        return found
    latest = lists.latest_on(work.connection, workflow.uid, record_id)
    if latest is None:
        return found
    ended = get_instance(work, latest)
    status = ended.door.value(ended.definition.status_field)
    return ended if ended.state.status == status and ended.state.type == "final" else found


class _Describer:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.work = instance.work
        self.definition: Definition = instance.definition
        self.run = instance.run
        self.machine = instance.machine()
        self.people = instance.around.people
        self.language = instance.work.language

    def standing(self) -> Standing:
        run, state, actor = self.run, self.instance.state, self.work.actor
        self.people.learn_names([run.initiator_id, *(slot.user_id for slot in run.seats)])
        seats = tuple(self._seat(slot) for slot in run.seats)
        mine = next((slot for slot in run.open_slots if self._is_mine(slot)), None)
        moves = [] if run.is_ended else open_moves(self.machine)
        is_initiator = actor.user_id is not None and actor.user_id == run.initiator_id
        open_fields = self.instance.door.open_fields
        form = state.form_for(mine.groups) if mine else StepForm()
        return Standing(
            workflow=self.definition.key, name=self.definition.label, state=state.key, label=state.label,
            status=state.status, colour=self._colour(state), is_final=state.type == "final",
            outcome=run.outcome or state.outcome, round=run.round,
            instance_id=None if self.instance.is_new else run.id,
            initiator=run.initiator_id, initiator_name=self._name(run.initiator_id),
            transitions=tuple(self._move(move) for move in moves),
            tasks=tuple(seat for seat in seats if seat.status == "open"), seats=seats,
            my_task=mine.id if mine else None, decisions=dict(self._decisions(mine)) if mine else {},
            can_withdraw=any(self._leads_to_start(move) for move in moves),
            can_remind=bool(run.open_slots) and (is_initiator or actor.is_admin),
            can_copy=not self.instance.is_new and (is_initiator or actor.is_admin or takes_part(self.work, run.id)),
            path=tuple(self._path()),
            editable_fields=None if open_fields is None else frozenset(open_fields) - {REMOVAL},
            task_fields=frozenset((*form.edit, *form.require)),
            hidden_fields=frozenset((form if mine else state.form).hide),
            locked=open_fields is not None,
        )

    def _is_mine(self, slot: Slot) -> bool:
        actor = self.work.actor
        return actor.is_admin if slot.user_id is None else slot.user_id == actor.user_id

    def _name(self, user_id: UUID | None) -> str:
        return self.people.name(user_id) if user_id else ""

    def _seat(self, slot: Slot) -> Seat:
        name = self._name(slot.user_id) or translate(
            "workflow.automatic" if slot.status == "auto_approved" else "workflow.administrators", None, self.language
        )
        return Seat(
            slot.id, slot.user_id, name, slot.status, slot.opened_at, slot.due_at, slot.via,
            slot.comment, slot.decided_at,
        )

    def _move(self, move: Named) -> Move:
        if not isinstance(move, Transition):
            return Move(name=move.name, label=move.label, targets=self._targets(move.edge.to))
        return Move(
            require=move.form.require, edit=move.form.edit, comment_required=move.form.comment == "always",
            name=move.name, label=move.label, confirm=move.confirm, choices=tuple(self._choices()),
            targets=self._targets(move.edge.to),
        )

    def _targets(self, key: str) -> tuple[str, ...]:
        """The statuses of the first states in which the record can come to rest; a state without one
        leaves the record's status as it is."""
        found: dict[str, None] = {}
        waiting, seen = [key], set()
        while waiting:
            state = self.definition.states[waiting.pop(0)]
            if state.key in seen:
                continue
            seen.add(state.key)
            if state.type == "choice":
                edges = [*(case.edge for case in state.cases), *([state.otherwise] if state.otherwise else [])]
                waiting.extend(edge.to for edge in edges)
            else:
                found[state.status or str(self.instance.door.value(self.definition.status_field) or "")] = None
        return tuple(found)

    def _choices(self) -> Iterator[Mapping[str, Any]]:
        """Person rules from which the initiator may choose, with those chosen before."""
        for key, rule in self.definition.rules.items():
            if rule["kind"] == "initiator_choice":
                yield {
                    "rule": key, "from": list(rule.get("from", ())), "min": rule.get("min", 0),
                    "max": rule.get("max"), "chosen": list(self.run.memory.people.get(key, ())),
                }

    def _leads_to_start(self, move: Named) -> bool:
        return not isinstance(move, Transition) and self.machine.is_start(move.edge.to)

    def _decisions(self, slot: Slot) -> Iterator[tuple[str, Asks]]:
        state = self.instance.state
        form = state.form_for(slot.groups)
        refusal = form.comment in ("always", "on_reject")
        yield "approve", Asks(form.require, form.edit, form.comment == "always")
        yield "reject", Asks((), form.edit, refusal)
        targets = return_targets(self.machine)
        if targets and "return" in state.policy.allow and state.returns:
            named = tuple({"key": key, "label": self._target(key, step.state)} for key, step in targets.items())
            yield "return", Asks((), form.edit, refusal, named, state.returns.resume)
        if "transfer" in state.policy.allow or slot.user_id is None:
            yield "transfer", Asks()
        if "comment" in state.policy.allow:
            yield "comment", Asks((), form.edit, comment_required=True)

    def _target(self, key: str, state: str) -> Any:
        label = self.definition.states[state].label
        if key not in ("initiator", "previous"):
            return label
        word = translate(f"workflow.target.{key}", None, self.language)
        return f"{word}: {pick(label, self.language)}"

    def _colour(self, state: State) -> str:
        """The colour of the state's status in the record's status field."""
        model: Model = self.instance.door.pinned
        field = model.entities[self.definition.entity].fields.get(self.definition.status_field)
        if field is None or not isinstance(field.type, Offers):
            return ""
        options = {option["key"]: option for option in field.type.choices(field.options)}
        return str(options.get(state.status or "", {}).get("colour") or "")

    # the path ------------------------------------------------------------------------------------

    def _path(self) -> Iterator[Mapping[str, Any]]:
        yield from self._behind()
        yield self._here()
        if not self.run.is_ended and self.instance.state.type != "final":
            for step in look_ahead(self.definition, self.run, self.instance.around):
                names = [self._name(person) or translate("workflow.administrators", None, self.language)
                         for person in step.people]
                yield self._step(step.state, "ahead", names)

    def _behind(self) -> Iterator[Mapping[str, Any]]:
        if self.instance.is_new:
            yield from self._assumed()
            return
        answers = self._answers()
        for step in self.run.memory.path[:-1]:
            state = self.definition.states.get(step.state)
            if state is not None and state.type != "choice":
                yield self._step(state, "done", answers.get(step.visit, []))

    def _assumed(self) -> Iterator[Mapping[str, Any]]:
        """A record without an instance (an imported one, say) is taken to have come the usual way."""
        here, initial = self.run.state, self.definition.states[self.definition.initial]
        if here == initial.key:
            return
        start = replace(self.run, state=initial.key, memory=Memory(visits=1, path=[Step(initial.key, 1)]))
        way = [initial, *(step.state for step in look_ahead(self.definition, start, self.instance.around))]
        keys = [state.key for state in way]
        for state in way[: keys.index(here)] if here in keys else ():
            yield self._step(state, "done", [])

    def _here(self) -> Mapping[str, Any]:
        state = self.instance.state
        if state.type != "final":
            names = [self._seat(slot).name for slot in self.run.open_slots]
            return self._step(state, "current", names)
        return self._step(state, "good" if state.outcome == "approved" else "bad", [])

    def _answers(self) -> dict[int, list[str]]:
        """By visit, the names of those who approved it."""
        numbers = {row.id: row.number for row in lists.visits_of(self.work.connection, self.run.id)}
        found: dict[int, list[str]] = {}
        answers = lists.answers_of(self.work.connection, self.run.id)
        self.people.learn_names(row.user_id for row in answers)
        for row in answers:
            if row.status in ("approved", "auto_approved"):
                name = self._name(row.user_id) or translate("workflow.automatic", None, self.language)
                found.setdefault(numbers[row.visit_id], []).append(name)
        return found

    def _step(self, state: State, position: str, names: list[str]) -> Mapping[str, Any]:
        joiner = "、" if self.language.startswith("zh") else ", "
        shown = list(dict.fromkeys(names))
        note = joiner.join(shown[:3]) + (" …" if len(shown) > 3 else "")
        return {"is": position, "key": state.key, "label": pick(state.label, self.language), "note": note}


def _iso(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
