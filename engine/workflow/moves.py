"""Moves that people ask for by name: transitions out of input states, withdraw and recall. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, raise_invalid
from engine.workflow.definition import Definition, Edge, GlobalMove, State, StepForm, Transition
from engine.workflow.machine import Machine
from engine.workflow.people_rules import includes
from engine.workflow.preview import look_ahead

Named = Transition | GlobalMove


def moves_of(definition: Definition, state: State) -> Iterator[Named]:
    """The moves that a state has, whoever asks: its own first, then the global ones."""
    yield from state.transitions
    if state.type == "final":
        return
    for move in definition.moves:
        is_source = state.key in move.sources if move.sources else state.type != "choice"
        if is_source and move.edge.to != state.key:
            yield move


def open_moves(machine: Machine) -> list[Named]:
    """The moves that the actor may make now."""
    return [
        move for move in moves_of(machine.definition, machine.state)
        if _is_in_time(machine, move) and _is_for_actor(machine, move) and _holds(machine, move.when)
    ]


def fire(
    machine: Machine, name: str, *, comment: str = "", people: Mapping[str, Sequence[UUID]] | None = None
) -> None:
    """Make a move and everything automatic that follows.

    Raises NotFound for a name the workflow does not have, Conflict when the instance stands
    elsewhere by now or a decision has closed the way back, Forbidden for somebody else's move, and
    Invalid for a condition, a required field or a comment that is missing.
    """
    move = _find(machine, name)
    if not _is_for_actor(machine, move):
        raise Forbidden(Problem("workflow.not_your_move", {"move": move.label}))
    if not _is_in_time(machine, move):
        raise Conflict(Problem("workflow.decided_meanwhile", {"move": move.label, **machine.around.last_word(machine.run)}))
    if not _holds(machine, move.when):
        raise Invalid(Problem("workflow.condition_not_met", {"move": move.label}))
    if isinstance(move, GlobalMove):
        _withdraw(machine, move, comment)
    else:
        raise_invalid(missing(machine, move.form, comment, is_refusal=False))
        _submit(machine, move, comment, people or {})
    machine.settle()


def missing(machine: Machine, form: StepForm, comment: str, *, is_refusal: bool) -> Iterator[Problem]:
    """What a form still asks for: a comment, and (unless somebody refuses) fields."""
    needs_comment = form.comment == "always" or (is_refusal and form.comment == "on_reject")
    if needs_comment and not comment.strip():
        yield Problem("workflow.comment_required", {}, ("comment",))
    if not is_refusal:
        for name in form.require:
            if is_blank(machine.around.value(name)):
                yield Problem("workflow.field_required", {"field": machine.around.label(name)}, (name,))


def is_blank(value: Any) -> bool:
    """Is a field empty? Zero and "no" are answers."""
    return value is None or (isinstance(value, (str, list, tuple)) and len(value) == 0)


def _find(machine: Machine, name: str) -> Named:
    move = next((one for one in moves_of(machine.definition, machine.state) if one.name == name), None)
    if move is not None:
        return move
    elsewhere = (
        one.label
        for state in machine.definition.states.values()
        for one in moves_of(machine.definition, state)
        if one.name == name
    )
    label = next(elsewhere, None)
    if label is None:
        raise NotFound(Problem("workflow.unknown_move", {"move": name}))
    raise Conflict(
        Problem("workflow.moved_on", {"move": label, "state": machine.state.label, **machine.around.last_word(machine.run)})
    )


def _is_in_time(machine: Machine, move: Named) -> bool:
    if isinstance(move, Transition) or move.until == "final":
        return True
    return not machine.run.memory.has_decision


def _is_for_actor(machine: Machine, move: Named) -> bool:
    """Is the actor named in `by`? The first move of all also has to meet `start`."""
    if not includes(move.by, machine.definition, machine.run, machine.around):
        return False
    start_by = machine.definition.start_by
    is_first = not machine.run.memory.is_submitted and not machine.run.memory.is_repeat
    if not start_by or not is_first:
        return True
    return includes(start_by, machine.definition, machine.run, machine.around)


def _holds(machine: Machine, condition: str | None) -> bool:
    return condition is None or machine.around.evaluate(condition) is True


def _submit(
    machine: Machine, move: Transition, comment: str, people: Mapping[str, Sequence[UUID]]
) -> None:
    run, memory = machine.run, machine.run.memory
    is_first = not memory.is_submitted and not memory.is_repeat
    if is_first and not _holds(machine, machine.definition.start_when):
        raise Invalid(Problem("workflow.condition_not_met", {"move": move.label}))
    _choose(machine, move, people)
    is_resubmission = memory.submission == (run.state, move.name)
    if not memory.is_submitted:
        _begin_round(machine, move)
    machine.note(
        "fired", move=move.name, label=move.label, to=move.edge.to, comment=comment, round=run.round
    )
    edge = move.edge
    frame = memory.frame
    if frame is not None and frame.target == run.state and is_resubmission:
        edge = Edge(machine.resume(is_mended=True) or edge.to, edge.actions)
    machine.leave(edge, move.name)


def _choose(machine: Machine, move: Transition, people: Mapping[str, Sequence[UUID]]) -> None:
    """Keep the people whom the initiator chooses; those chosen before stay where none are given.

    Raises Invalid for people who can't act, and for a step on the way that lacks some.
    """
    definition, run, directory = machine.definition, machine.run, machine.around.people
    rules = {key: rule for key, rule in definition.rules.items() if rule["kind"] == "initiator_choice"}
    problems = []
    for key, chosen in people.items():
        wrong = [person for person in chosen if not directory.is_active(person)]
        too_many = key in rules and len(chosen) > rules[key].get("max", len(chosen))
        if key not in rules or wrong or too_many:
            names = [directory.name(person) for person in wrong or chosen]
            problems.append(Problem("workflow.not_a_candidate", {"name": names, "rule": key}, ("people", key)))
        run.memory.people[key] = [str(person) for person in chosen]
    raise_invalid(problems)
    if not rules:
        return
    for step in look_ahead(definition, run, machine.around, first=move.edge):
        for participant in step.state.participants:
            least = rules.get(participant.rule, {}).get("min", 1)
            if participant.rule in rules and len(run.memory.people.get(participant.rule, ())) < least:
                problems.append(
                    Problem("workflow.choose_people", {"state": step.state.label}, ("people", participant.rule))
                )
    raise_invalid(problems)


def _begin_round(machine: Machine, move: Transition) -> None:
    run, memory = machine.run, machine.run.memory
    if memory.is_repeat:
        if run.round >= machine.definition.max_rounds:
            raise Conflict(Problem("workflow.too_many_rounds", {"limit": machine.definition.max_rounds}))
        run.round += 1
        memory.is_repeat = False
    memory.is_submitted = True
    memory.submission = (run.state, move.name)
    memory.submitted_at = machine.around.now
    run.initiator_id = machine.around.actor.user_id or run.initiator_id


def _withdraw(machine: Machine, move: GlobalMove, comment: str) -> None:
    is_withdrawal = machine.is_start(move.edge.to)
    machine.note(
        "withdrawn" if is_withdrawal else "fired",
        move=move.name, label=move.label, to=move.edge.to, comment=comment, round=machine.run.round,
    )
    machine.run.memory.frame = None
    machine.leave(move.edge, "withdrawn" if is_withdrawal else move.name)
