"""The interpreter's heart, pure: entering and leaving states, and the macro-step after a command.

After every command the machine runs until nothing automatic is left to do: a choice is evaluated, a
finished approval is left by its outcome, an approval is entered with people found and timers armed.
What it knows of the record and does to it goes through `Surroundings`; it knows no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.errors import Invalid, Problem
from engine.kernel.ids import new_id
from engine.workflow.clocks import arm, due_at
from engine.workflow.definition import Definition, Edge, State
from engine.workflow.participants import line_up
from engine.workflow.run import OPEN, Approval, Event, Frame, Run, Slot, Step, Visit
from engine.workflow.seating import describe_slot, make_slots
from engine.workflow.step_result import satisfied_groups, step_result
from engine.workflow.surroundings import Surroundings

__all__ = ["Machine", "end_round", "step_result"]


@dataclass
class Machine:
    """One command's work on one instance.

    `passed` holds the states that this command has already passed by itself, `verdict` a result that
    entering a step has settled before anybody was asked, `arriving` the return that comes straight
    back.
    """

    definition: Definition
    run: Run
    around: Surroundings
    passed: set[str] = field(default_factory=set)
    verdict: str | None = None
    arriving: Frame | None = None

    @property
    def state(self) -> State:
        """The current state."""
        return self.definition.states[self.run.state]

    def note(self, kind: str, via: str = "human", **details: Any) -> None:
        """Append an event to the timeline."""
        actor = self.around.actor
        self.run.events.append(
            Event(kind, self.run.state, actor.system or via, details, actor.user_id, actor.name)
        )

    # the macro-step ------------------------------------------------------------------------------

    def settle(self) -> None:
        """Go on until somebody has to act, or the instance has ended.

        Raises Invalid: no case of a choice holds (`workflow.no_case`), two do under `unique`
        (`workflow.two_cases`), or the limit of automatic steps is reached
        (`workflow.too_many_steps`); the command as a whole is refused then.
        """
        for _ in range(self.definition.max_auto_steps + 1):
            state = self.state
            if state.type == "choice":
                self.take_choice()
            elif state.type == "approval":
                result = self.verdict or step_result(self.run.seats, state.decide)
                self.verdict = None
                if result == "open":
                    return
                self.finish(result)
            else:
                return
        raise Invalid(Problem("workflow.too_many_steps", {"limit": self.definition.max_auto_steps}))

    def take_choice(self) -> None:
        """Leave a choice by the case that holds."""
        self.leave(self._chosen(self.state), "chosen")

    def finish(self, result: str) -> None:
        """Leave an approval by its outcome, or straight back to the step that returned it."""
        state = self.state
        if not any(slot.status in ("approved", "rejected") for slot in self.run.seats):
            self.passed.add(state.key)
        edge = state.outcomes.get(result, state.outcomes["rejected"])
        frame = self.run.memory.frame
        if frame is not None and frame.target == state.key:
            edge = Edge(self.resume(is_mended=result == "approved") or edge.to, edge.actions)
        self.leave(edge, result)

    def leave(self, edge: Edge, result: str) -> None:
        """Close the visit, run the actions on the way, and enter the next state."""
        state = self.state
        self.close(result)
        self.around.perform(self.run, state.exit)
        self.around.perform(self.run, edge.actions)
        self.enter(edge.to)

    def close(self, result: str) -> None:
        """End the visit: unanswered slots and armed timers end with it."""
        run, now = self.run, self.around.now
        for slot in run.seats:
            if slot.status in OPEN:
                slot.status, slot.decided_at = "not_needed", now
        for timer in run.armed:
            timer.status = "cancelled"
        visit = run.visit
        visit.closed_at, visit.result = now, result
        if self.state.type == "approval":
            self.note("closed", "rule", visit=visit.number, result=result)

    def enter(self, key: str) -> None:
        """Begin a visit: people found, slots opened, timers armed, then the state's own actions."""
        run, memory = self.run, self.run.memory
        state = self.definition.states[key]
        previous = self._previous_human()
        memory.path = [*_before(memory.path, key), Step(key, memory.visits + 1)]
        memory.visits += 1
        run.state = key
        run.visits.append(Visit(new_id(), key, memory.visits, run.round, self.around.now))
        if state.type == "approval":
            self._seat(state, previous)
        elif state.type != "choice":
            self.note("entered", "rule", visit=memory.visits)
        run.timers.extend(arm(state, run, self.around))
        self.set_due()
        self.around.perform(run, state.enter)
        if state.type == "approval":
            memory.has_asked = True
            self.announce(run.open_slots)
        elif state.type == "final":
            self._end(state)
        elif state.type == "input" and memory.is_submitted and self.is_start(key):
            end_round(run)

    def resume(self, *, is_mended: bool) -> str | None:
        """The step to come straight back to, unless a field it watches has changed meanwhile."""
        memory = self.run.memory
        frame, memory.frame = memory.frame, None
        if frame is None or not is_mended:
            return None
        watched = tuple(frame.watched)
        if dict(self.around.snapshot(watched)) != dict(frame.watched):
            self.note("rerun", "rule", to=frame.step)
            return None
        here = Step(self.run.state, self.run.visit.number)
        path = [here if step.state == here.state else step for step in frame.path]
        memory.path = _before(path, frame.step)
        keeps_step = frame.direct_to == "returner"
        kept = [
            item for item in frame.approvals
            if item.state != frame.target and (keeps_step or item.state != frame.step)
        ]
        memory.approvals = [*kept, *(item for item in memory.approvals if item not in kept)]
        self.arriving = frame
        self.note("resumed", "rule", to=frame.step)
        return frame.step

    # slots ---------------------------------------------------------------------------------------

    def open_next(self) -> None:
        """In a sequential step, open the first waiting slot when no other is open."""
        if self.state.decide.mode != "sequential" or self.run.open_slots:
            return
        waiting = next((slot for slot in self.run.seats if slot.status == "waiting"), None)
        if waiting is not None:
            waiting.status, waiting.opened_at = "open", self.around.now
            self.set_due()

    def relieve(self) -> None:
        """In a `groups` step, free those whose groups all have what they need."""
        decide = self.state.decide
        if decide.mode != "groups" or decide.wait_for_all:
            return
        satisfied = satisfied_groups(self.run.seats, decide)
        for slot in self.run.seats:
            if slot.status in OPEN and set(slot.groups) <= satisfied:
                slot.status, slot.decided_at = "not_needed", self.around.now

    def remember(self, slot: Slot) -> None:
        """From here on in this round, this person's approval counts, for dedupe and for returns."""
        if slot.user_id is not None:
            watched = self.around.snapshot(self.definition.record.watched)
            visit = self.run.visit
            self.run.memory.approvals.append(Approval(slot.user_id, visit.state, visit.number, watched))

    def announce(self, slots: Sequence[Slot]) -> None:
        """Tell people that something waits for them."""
        people = [slot.user_id for slot in slots if slot.user_id is not None]
        if any(slot.user_id is None for slot in slots):
            people += self.around.people.administrators()
        if people:
            self.around.tell(self.run, "workflow.task_waiting", tuple(dict.fromkeys(people)))

    def set_due(self) -> None:
        """Show at each task when something happens without it."""
        moment = due_at(self.state, self.run)
        for slot in self.run.open_slots:
            slot.due_at = moment

    def is_start(self, key: str) -> bool:
        """Is this where rounds begin?"""
        submission = self.run.memory.submission
        return key == self.definition.initial or (submission is not None and submission[0] == key)

    # ---------------------------------------------------------------------------------------------

    def _seat(self, state: State, previous: Step | None) -> None:
        run, now = self.run, self.around.now
        found = line_up(
            state, self.definition, run, self.around,
            previous=previous, may_skip=state.key not in self.passed,
        )
        arriving = self.arriving if self.arriving and self.arriving.step == state.key else None
        self.arriving = None
        slots = make_slots(found.seats, run.visit.id, state, now, arriving)
        run.slots.extend(slots)
        for slot in slots:
            if slot.status == "auto_approved":
                self.remember(slot)
        self.verdict = found.verdict
        if found.verdict is None and state.decide.mode != "sequential":
            for slot in slots:
                if slot.status == "waiting":
                    slot.status, slot.opened_at = "open", now
            self.relieve()
        elif found.verdict is None:
            self.open_next()
        people = [describe_slot(slot) for slot in run.seats]
        self.note("entered", "rule", visit=run.memory.visits, people=people)

    def _chosen(self, state: State) -> Edge:
        """The edge of the case that holds; under `unique` exactly one may."""
        holding = []
        for case in state.cases:
            if self.around.evaluate(case.when) is True:
                holding.append(case)
                if state.hit == "first":
                    break
        if len(holding) > 1:
            raise Invalid(Problem("workflow.two_cases", {"state": state.label}))
        edge = holding[0].edge if holding else state.otherwise
        if edge is None:
            raise Invalid(Problem("workflow.no_case", {"state": state.label}))
        self.note("chosen", "rule", to=edge.to, when=holding[0].when if holding else None)
        return edge

    def _previous_human(self) -> Step | None:
        states = self.definition.states
        return next((step for step in reversed(self.run.memory.path) if states[step.state].is_human), None)

    def _end(self, state: State) -> None:
        run = self.run
        run.outcome, run.ended_at = state.outcome, self.around.now
        run.visit.closed_at, run.visit.result = self.around.now, state.outcome
        run.memory.frame = None
        self.note("ended", "rule", outcome=state.outcome)


def end_round(run: Run) -> None:
    """The round is over: earlier decisions no longer count, and the next submission begins a new
    one if this one has asked anybody."""
    memory = run.memory
    memory.is_repeat = memory.is_repeat or memory.has_asked
    memory.is_submitted = memory.has_asked = memory.has_decision = False
    memory.approvals, memory.path = [], memory.path[-1:]
    memory.frame = None


def _before(path: Iterable[Step], key: str) -> list[Step]:
    """The path up to an earlier stop at the same state: coming back cuts the detour off."""
    found: list[Step] = []
    for step in path:
        if step.state == key:
            break
        found.append(step)
    return found
