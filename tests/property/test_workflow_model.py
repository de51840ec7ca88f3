"""The machine against a small reference model: random steps, random people, random commands.

The model knows nothing of slots, visits, paths or events: it holds seats as sets of people and says
from the definition of each mode what must have happened. Whatever is done, both must agree on where
the instance stands, who has to act, and whether a command is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.kernel.actor import system_actor
from engine.kernel.errors import EngineError
from engine.workflow.decisions import approve, reject, send_back, transfer
from engine.workflow.fire_timer import fire_timer
from engine.workflow.machine import Machine
from engine.workflow.moves import fire
from tests.factories.workflow_world import NAMES, a_case, a_flow, a_step, who

PEOPLE = "abcd"


@dataclass
class Step:
    """One approval step as it is drawn."""

    mode: str
    reject_at: str
    waits: bool
    people: str
    groups: tuple[str, ...]
    needs: dict[str, int]
    escalates: bool

    def body(self, following: str) -> dict[str, object]:
        lines = [
            {"rule": person, "group": group, "need": self.needs[group]}
            for person, group in zip(self.people, self.groups, strict=True)
        ]
        timers = [{"id": "up", "after": "PT4H", "do": {"add": "e"}}] if self.escalates else []
        return a_step(
            *lines, mode=self.mode, timers=timers,
            decide={"reject_at": self.reject_at, "wait_for_all": self.waits},
            outcomes={"approved": {"to": following}}, **{"return": {"to": ["initiator", "previous"]}},
        )


@st.composite
def steps(draw: st.DrawFn) -> Step:
    mode = draw(st.sampled_from(["any", "all", "sequential", "groups"]))
    people = "".join(draw(st.permutations(PEOPLE)))[: draw(st.integers(1, 4))]
    groups = tuple(draw(st.sampled_from("xy")) for _ in people) if mode == "groups" else tuple(people)
    needs = {group: draw(st.integers(1, groups.count(group))) if mode == "groups" else 1 for group in groups}
    return Step(
        mode, draw(st.sampled_from(["first", "all", "impossible"])), draw(st.booleans()), people, groups,
        needs, draw(st.booleans()),
    )


@dataclass
class Seat:
    people: set[str]
    group: str
    status: str = "open"


@dataclass
class Model:
    """What should be."""

    drawn: list[Step]
    place: int = -1  # -1: draft, len(drawn): approved, -2: rejected, -3: discarded
    round: int = 1
    seats: list[Seat] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    has_decision: bool = False
    hours: int = 0
    has_escalated: bool = False

    @property
    def name(self) -> str:
        if self.place == len(self.drawn):
            return "yes"
        return {-1: "draft", -2: "no", -3: "gone"}.get(self.place, f"s{self.place}")

    @property
    def is_asking(self) -> bool:
        return 0 <= self.place < len(self.drawn)

    def open_people(self) -> list[str]:
        return sorted(person for seat in self.seats if seat.status == "open" for person in seat.people)

    def enter(self, place: int) -> None:
        self.place, self.seats, self.answers = place, [], []
        self.hours, self.has_escalated = 0, False
        if self.is_asking:
            step = self.drawn[place]
            self.seats = [Seat({who_}, group) for who_, group in zip(step.people, step.groups, strict=True)]
            if step.mode == "sequential":
                for seat in self.seats[1:]:
                    seat.status = "waiting"

    def answer(self, person: str, word: str) -> None:
        seat = next(one for one in self.seats if person in one.people and one.status == "open")
        seat.status, self.has_decision = word, True
        self.answers.append(word)
        step = self.drawn[self.place]
        if step.mode == "sequential":
            following = next((one for one in self.seats if one.status == "waiting"), None)
            if following:
                following.status = "open"
        if step.mode == "groups" and not step.waits:
            for one in self.seats:
                if one.status == "open" and self.count("yes", one.group) >= step.needs[one.group]:
                    one.status = "free"
        result = self.result(step)
        if result == "yes":
            self.enter(self.place + 1)
        elif result == "no":
            self.enter(-2)

    def count(self, word: str, group: str) -> int:
        return sum(one.group == group and one.status == word for one in self.seats)

    def result(self, step: Step) -> str:
        left = [seat for seat in self.seats if seat.status in ("open", "waiting")]
        yes, no = self.answers.count("yes"), self.answers.count("no")
        if left and step.waits:
            return ""
        if step.mode == "any" and step.reject_at == "first":
            return self.answers[0]
        if step.mode == "any":
            return "yes" if yes else ("" if left else "no")
        if step.mode in ("all", "sequential"):
            if no and (step.reject_at != "all" or not left):
                return "no"
            return "" if left else "yes"
        if no and step.reject_at == "first":
            return "no"
        if no and step.reject_at == "all" and not yes and not left:
            return "no"
        enough = all(self.count("yes", group) >= need for group, need in step.needs.items())
        if step.reject_at == "impossible" and any(
            self.count("yes", group) + self.count("open", group) < need for group, need in step.needs.items()
        ):
            return "no"
        return "yes" if enough else ("" if left else "no")


class WorkflowModel(RuleBasedStateMachine):
    """Random commands by random people; the machine and the model must agree after each."""

    @initialize(drawn=st.lists(steps(), min_size=1, max_size=3))
    def begin(self, drawn: list[Step]) -> None:
        names = [f"s{number}" for number in range(len(drawn))]
        bodies = {
            name: step.body(following)
            for name, step, following in zip(names, drawn, [*names[1:], "yes"], strict=True)
        }
        self.case = a_case(a_flow(bodies, limits={"max_rounds": 1000}))
        self.model = Model(drawn)
        self.rounds_asked = False

    def attempt(self, name: str, command: object, *arguments: object) -> bool:
        try:
            command(self.case.machine(name), *arguments)  # type: ignore[operator]
        except EngineError:
            return False
        return True

    def slot(self, name: str) -> object:
        found = [slot for slot in self.case.run.seats if slot.user_id == who(name)]
        open_ones = [slot for slot in found if slot.status == "open"]
        return (open_ones or found or [None])[0]

    @rule()
    def submit(self) -> None:
        done = self.attempt("i", fire, "submit")
        assert done == (self.model.place == -1)
        if done:
            if self.rounds_asked:
                self.model.round += 1
            self.rounds_asked = True
            self.model.has_decision = False
            self.model.enter(0)

    @rule(person=st.sampled_from([*PEOPLE, "e", "i", "z"]), verb=st.sampled_from(["yes", "no"]))
    def decide(self, person: str, verb: str) -> None:
        slot = self.slot(person)
        if slot is None:
            assert person not in self.model.open_people()
            return
        done = self.attempt(person, approve if verb == "yes" else reject, slot.id)
        assert done == (person in self.model.open_people()), (person, self.model)
        if done:
            self.model.answer(person, verb)

    @precondition(lambda self: self.model.is_asking)
    @rule(person=st.sampled_from(PEOPLE), other=st.sampled_from(PEOPLE))
    def decide_for_another(self, person: str, other: str) -> None:
        slot = self.slot(other)
        if slot is not None and slot.user_id != who(person):
            assert not self.attempt(person, approve, slot.id)

    @precondition(lambda self: self.model.is_asking)
    @rule(person=st.sampled_from(PEOPLE), to=st.sampled_from(["initiator", "previous"]))
    def go_back(self, person: str, to: str) -> None:
        slot = self.slot(person)
        if slot is None:
            return
        done = self.attempt(person, send_back, slot.id, to)
        assert done == (person in self.model.open_people())
        if done:
            self.model.has_decision = True
            self.model.enter(-1 if to == "initiator" else self.model.place - 1)

    @precondition(lambda self: self.model.is_asking)
    @rule(person=st.sampled_from(PEOPLE), successor=st.sampled_from([*PEOPLE, "i", "z"]))
    def hand_on(self, person: str, successor: str) -> None:
        slot = self.slot(person)
        if slot is None:
            return
        done = self.attempt(person, transfer, slot.id, who(successor))
        seated = {one for seat in self.model.seats if seat.status != "free" for one in seat.people}
        fits = successor != "i" and successor not in seated
        assert done == (person in self.model.open_people() and fits), (person, successor, self.model)
        if done:
            seat = next(one for one in self.model.seats if person in one.people and one.status == "open")
            seat.people = seat.people - {person} | {successor}

    @rule(person=st.sampled_from(["i", "a", "root"]), verb=st.sampled_from(["withdraw", "recall"]))
    def take_back(self, person: str, verb: str) -> None:
        done = self.attempt(person, fire, verb)
        mine = (person, verb) in (("i", "withdraw"), ("root", "recall"))
        is_early = verb == "recall" or not self.model.has_decision
        assert done == (self.model.is_asking and mine and is_early)
        if done:
            self.model.enter(-1)

    @rule(hours=st.integers(1, 5))
    def pass_time(self, hours: int) -> None:
        self.case.pass_time(hours)
        self.model.hours += hours
        self.case.world.actor = system_actor("sla")
        fired = [
            fire_timer(Machine(self.case.definition, self.case.run, self.case.world), timer.id)
            for timer in list(self.case.run.armed)
        ]
        model = self.model
        is_due = model.is_asking and model.drawn[model.place].escalates and model.hours >= 4
        assert any(fired) == (is_due and not model.has_escalated)
        if any(fired):
            model.has_escalated = True
            if not any("e" in seat.people and seat.status != "free" for seat in model.seats):
                for seat in model.seats:
                    if seat.status == "open":
                        seat.people.add("e")

    @invariant()
    def they_agree(self) -> None:
        run = getattr(self, "case", None) and self.case.run
        if not run:
            return
        assert run.state == self.model.name
        assert run.round == self.model.round
        assert sorted(NAMES[slot.user_id] for slot in run.open_slots) == self.model.open_people()

    @invariant()
    def nobody_is_stuck_and_the_end_is_clean(self) -> None:
        run = getattr(self, "case", None) and self.case.run
        if not run:
            return
        stale = [slot for slot in run.slots if slot.visit_id != run.visit.id]
        assert not [slot for slot in stale if slot.status in ("open", "waiting")]
        assert [visit.closed_at is None for visit in run.visits].count(True) == (not run.is_ended)
        if self.model.is_asking:
            assert run.open_slots
        if run.is_ended:
            assert not run.open_slots
            assert not run.armed


WorkflowModel.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestWorkflowModel = WorkflowModel.TestCase
