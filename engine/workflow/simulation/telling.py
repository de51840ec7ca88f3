"""A simulation in words: where it is and why, who would be asked, what would be done and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any
from uuid import UUID

from engine.definitions.labels import Labels, word
from engine.definitions.paths import kind_of_path
from engine.definitions.wording import (
    duration_in_words,
    listed,
    people_in_words,
    rule_in_words,
    timer_in_words,
)
from engine.kernel.messages import pick, translate
from engine.workflow.decisions import return_targets
from engine.workflow.definition import Case, Definition, Edge, State, Transition
from engine.workflow.moves import Named, moves_of
from engine.workflow.people_rules import people_of
from engine.workflow.people_values import person_values
from engine.workflow.run import Run, Slot, Visit
from engine.workflow.simulation.script import Turn
from engine.workflow.simulation.simulate import Simulation
from engine.workflow.simulation.surroundings import Effect
from engine.workflow.texts import moment, show

_MOST_PEOPLE = 30
_PLAIN_VIA = ("rule", "carried", "transfer", "timer")


def simulation_json(simulation: Simulation, labels: Labels) -> dict[str, Any]:
    """The simulation as JSON, in the reader's language."""
    return _Teller(simulation, labels).told()


class _Teller:
    def __init__(self, simulation: Simulation, labels: Labels) -> None:
        self.simulation = simulation
        self.labels = labels
        self.language = labels.language
        self.around = simulation.around
        self.record = simulation.around.record
        self.definition: Definition = simulation.definition
        self.people = simulation.around.people
        self.zone = simulation.around.work.actor.timezone

    def say(self, code: str, **values: Any) -> str:
        return translate(f"simulation.{code}", values, self.language)

    def told(self) -> dict[str, Any]:
        simulation, run = self.simulation, self.simulation.run
        self.people.learn_names([run.initiator_id, *(slot.user_id for slot in run.slots)])
        visits = [self.visit(run, visit) for visit in sorted(run.visits, key=lambda visit: visit.number)]
        return {
            "person": {"id": str(simulation.starter.user_id or ""), "name": simulation.starter.name},
            "initiator": self.name(run.initiator_id),
            "unreadable": [pick(self.around.label(key), self.language) for key in self.record.unreadable if key in self.used_fields()],
            "visits": visits,
            "turns": [self.turn(turn, visit) for turn, visit in simulation.turns],
            "here": self.here(),
            "refused": self.refused(),
            "taken": self.taken(run),
        }

    def used_fields(self) -> frozenset[str]:
        """First steps of every name that the workflow reads."""
        names = (name for expression in self.simulation.workflow.expressions.values() for name in expression.names)
        return frozenset(name.removeprefix("old.").partition(".")[0] for name in names)

    # visits --------------------------------------------------------------------------------------
    def visit(self, run: Run, visit: Visit) -> dict[str, Any]:
        state = self.definition.states[visit.state]
        slots = sorted((slot for slot in run.slots if slot.visit_id == visit.id), key=lambda slot: slot.position)
        return {
            "number": visit.number, "round": visit.round, "state": self.state(state),
            "result": word(f"workflow.word.{visit.result}", self.language) if visit.result else None,
            "cases": list(self.cases(state, visit, run)) if state.type == "choice" else [],
            "conditions": list(self.conditions(state, visit)),
            "seats": [self.seat(state, slot, place, run) for place, slot in enumerate(slots)],
            "decide": word(f"wording.decide.{state.decide.mode}", self.language) if state.type == "approval" and len(slots) > 1 else None,
            "nobody": self.nobody(state) if state.type == "approval" else None,
            "timers": [self.timer(state, timer.key, timer.fire_at, timer.status) for timer in run.timers if timer.visit_id == visit.id],
            "effects": [self.effect(effect) for effect in self.around.effects if effect.visit == visit.number],
            "filled": [pick(self.around.label(key), self.language) for key, at in self.around.filled.items() if at == visit.number],
        }

    def state(self, state: State) -> dict[str, Any]:
        status = self.labels.option(self.definition.entity, self.definition.status_field, state.status) if state.status else None
        return {"key": state.key, "label": pick(state.label, self.language), "type": state.type, "status": status}

    def cases(self, state: State, visit: Visit, run: Run) -> Iterator[dict[str, Any]]:
        """Every way out of a choice: what it asks, what came out, and the one that was taken."""
        results = {asked.expression: asked.result for asked in self.around.asked if asked.visit == visit.number}
        following = next((one.state for one in run.visits if one.number == visit.number + 1), None)
        is_taken = False
        for case in state.cases:
            holds = results.get(case.when)
            taken = holds is True and not is_taken and following == case.edge.to
            is_taken = is_taken or taken
            yield {**self.condition(case.when, holds, is_asked=case.when in results), "to": self.target(case), "taken": taken}
        if state.otherwise is not None:
            yield {"words": self.say("otherwise"), "result": None, "reads": [], "to": self.target(state.otherwise),
                   "taken": following is not None and not is_taken}

    def target(self, way: Case | Edge) -> dict[str, str]:
        key = way.edge.to if isinstance(way, Case) else way.to
        return {"key": key, "label": pick(self.definition.states[key].label, self.language)}

    def conditions(self, state: State, visit: Visit) -> Iterator[dict[str, Any]]:
        """Conditions of moves and of person rules that were asked during a visit."""
        own = {move.when: pick(move.label, self.language) for move in moves_of(self.definition, state) if move.when}
        if self.definition.start_when:
            own.setdefault(self.definition.start_when, self.say("start"))
        for participant in state.participants:
            until = self.definition.rules.get(participant.rule, {}).get("until")
            if until:
                own.setdefault(until, rule_in_words(participant.rule, self.definition.key, self.labels))
        seen = set()
        for asked in self.around.asked:
            key = (asked.expression, asked.person)
            if asked.visit == visit.number and asked.expression in own and key not in seen:
                seen.add(key)
                who = self.name(asked.person) if asked.person else ""
                yield {**self.condition(asked.expression, asked.result), "about": own[asked.expression], "person": who}

    def condition(self, text: str, result: Any, *, is_asked: bool = True) -> dict[str, Any]:
        """A condition in words, what came out, and the values that it read."""
        entity = self.definition.entity
        names = sorted(self.simulation.workflow.expressions[text].names)
        reads = [{"label": self.labels.expression(name, entity), "value": self.shown(name)} for name in names]
        held = None if not is_asked else result is True
        return {"words": self.labels.expression(text, entity), "result": held, "reads": reads}

    def shown(self, name: str) -> str:
        """A name's value for people to read."""
        with self.around.quietly():
            root = name.partition(".")[0]
            value = self.around.record.look(name) if root not in ("initiator", "person") else None
            if root == "initiator":
                value = person_values(self.around.work, "initiator", self.simulation.run.initiator_id, [name]).get(name)
        return self.value(name, value)

    def value(self, name: str, value: Any) -> str:
        if value is None or value in ("", ()):
            return self.say("empty")
        if isinstance(value, str):
            return self.labels.option(self.definition.entity, name, value) or value
        if isinstance(value, UUID):
            title = self.record.titles.get(name)
            return str(title) if title else self.people.name(value) or self.say("a_record")
        if isinstance(value, tuple):
            if kind_of_path(self.simulation.model.entities, self.definition.entity, name) == "rows":
                return self.say("rows", count=len(value))
            return listed([self.value(name, each) for each in value], self.language)
        return show(value, self.language, self.zone)

    # people --------------------------------------------------------------------------------------
    def name(self, user_id: UUID | None) -> str:
        return self.people.name(user_id) if user_id else translate("workflow.administrators", None, self.language)

    def names(self, people: Iterable[UUID]) -> str:
        return listed([self.name(person) for person in people], self.language) or self.say("nobody")

    def seat(self, state: State, slot: Slot, place: int, run: Run) -> dict[str, Any]:
        name = self.name(slot.user_id)
        if slot.user_id is None and slot.status == "auto_approved":
            name = translate("workflow.automatic", None, self.language)
        return {
            "seat": place, "user": str(slot.user_id) if slot.user_id else None, "name": name, "rule": self.rule(state, slot),
            "status": slot.status, "word": translate(f"workflow.slot.{slot.status}", None, self.language),
            "is_open": slot.status == "open" and slot.visit_id == run.visit.id and not run.is_ended,
        }

    def rule(self, state: State, slot: Slot) -> str:
        """By which rule somebody sits here."""
        rules = [part.rule for part in state.participants if part.group in slot.groups]
        words = listed([rule_in_words(rule, self.definition.key, self.labels) for rule in dict.fromkeys(rules)], self.language)
        if slot.via in _PLAIN_VIA:
            return words if slot.via == "rule" else self.say(f"via.{slot.via}", rule=words)
        behalf = self.name(slot.on_behalf_of) if slot.on_behalf_of else ""
        fallback = rule_in_words(state.policy.fallback, self.definition.key, self.labels) if state.policy.fallback else ""
        return word(f"simulation.via.{slot.via}", self.language, rule=words, name=behalf, fallback=fallback) or words

    def nobody(self, state: State) -> str:
        policy = state.policy
        people = rule_in_words(policy.fallback, self.definition.key, self.labels) if policy.fallback else ""
        return translate(f"wording.empty_policy.{policy.on_empty}", {"people": people}, self.language)

    # timers and effects --------------------------------------------------------------------------
    def timer(self, state: State, key: str, at: Any, status: str) -> dict[str, Any]:
        body: Mapping[str, Any] = next((each for each in self.simulation.workflow.body["states"][state.key].get("timers", ()) if each["id"] == key), {})
        words = timer_in_words(body, self.definition.key, self.labels) if body else key
        repeat = body.get("repeat")
        if repeat:
            words += self.say("repeats", every=duration_in_words(repeat["every"], self.language), count=repeat["max"])
        return {"key": key, "words": words, "at": moment(at, self.zone), "status": status}

    def effect(self, effect: Effect) -> str:
        values = {
            "people": self.names(effect.people), "text": effect.text,
            "entity": self.labels.document("entity", effect.text), "webhook": self.webhook(effect.text),
            "fields": listed([self.assigned(effect, key, value) for key, value in (effect.values or {}).items()], self.language),
        }
        code = f"effect.{effect.kind}"
        if effect.kind == "tell":
            code = f"tell.{effect.text.rpartition('.')[2]}"
        elif effect.kind in ("notify", "mail") and not effect.text:
            code += "_plain"
        return self.say(code, **values)

    def assigned(self, effect: Effect, key: str, value: Any) -> str:
        entity = effect.text if effect.kind == "create" else self.definition.entity
        shown = self.value(key, value) if entity == self.definition.entity else show(value, self.language, self.zone) or self.say("empty")
        return f"“{self.labels.field(entity, key)}” = {shown}"

    def webhook(self, key: str) -> str:
        found = self.labels.app.get("webhooks", {}).get(key, {})
        return self.labels.say(found.get("label"), key)

    # where it stands, and how it came there ------------------------------------------------------
    def here(self) -> dict[str, Any]:
        run, state = self.simulation.run, self.simulation.machine.state
        armed = [timer for timer in run.armed if timer.visit_id == run.visit.id]
        targets = return_targets(self.simulation.machine) if "return" in state.policy.allow else {}
        return {
            "state": self.state(state), "is_final": state.type == "final",
            "outcome": word(f"workflow.word.{state.outcome}", self.language) if state.outcome else None,
            "moves": [] if run.is_ended else [self.move(move) for move in moves_of(self.definition, state)],
            "seats": [self.open_seat(state, slot, place) for place, slot in enumerate(run.seats) if slot.status == "open" and not run.is_ended],
            "returns": [{"key": key, "label": self.returned(key, step.state)} for key, step in targets.items()],
            "timers": [] if run.is_ended else [self.timer(state, timer.key, timer.fire_at, timer.status) for timer in sorted(armed, key=lambda one: one.fire_at)],
        }

    def open_seat(self, state: State, slot: Slot, place: int) -> dict[str, Any]:
        form = state.form_for(slot.groups)
        fields = [key for key in dict.fromkeys((*form.require, *form.edit)) if key in self.record.entity.fields]
        return {**self.seat(state, slot, place, self.simulation.run), "fields": [{"key": key, "required": key in form.require} for key in fields]}

    def returned(self, key: str, state: str) -> str:
        label = pick(self.definition.states[state].label, self.language)
        target = word(f"workflow.target.{key}", self.language)
        return self.say("return_to", target=target, state=label) if target else label

    def move(self, move: Named) -> dict[str, Any]:
        run = self.simulation.run
        people = people_of(move.by, self.definition, run, self.around)[:_MOST_PEOPLE]
        asked = None
        if move.when:
            with self.around.quietly():
                asked = self.condition(move.when, self.around.evaluate(move.when))
        starter = self.simulation.starter
        first = starter.user_id if "any" in move.by or starter.user_id in people or starter.is_system else next(iter(people), None)
        if first is None and "admin" in move.by:
            first = next(iter(self.people.administrators()), None)
        return {
            "name": move.name, "label": pick(move.label, self.language), "to": self.target(move.edge),
            "by": people_in_words(move.by, self.definition.key, self.labels), "who": str(first) if first else None,
            "who_name": self.name(first) if first else self.say("nobody"),
            "people": [{"id": str(person), "name": self.name(person)} for person in people],
            "when": asked, "is_global": not isinstance(move, Transition),
            "require": [pick(self.around.label(key), self.language) for key in (move.form.require if isinstance(move, Transition) else ())],
        }

    def turn(self, turn: Turn, visit: int) -> dict[str, Any]:
        state = next(one.state for one in self.simulation.run.visits if one.number == visit)
        return {"visit": visit, "state": pick(self.definition.states[state].label, self.language)}

    def refused(self) -> dict[str, Any] | None:
        error, run = self.simulation.refused, self.simulation.attempt
        if error is None:
            return None
        problems = [{"code": each.code, "path": list(each.path), "message": translate(each.code, each.values, self.language)} for each in error.problems]
        known = {visit.id for visit in self.simulation.run.visits}
        further = [visit for visit in (run.visits if run else ()) if visit.id not in known]
        attempt = [self.visit(run, visit) for visit in sorted(further, key=lambda one: one.number)] if run else []
        return {"turn": self.simulation.failed_at, "problems": problems, "attempt": attempt}

    def way_out(self, run: Run, visit: Visit) -> str:
        """By which case a choice was left: "cases/1", "otherwise"; "" for other states."""
        state = self.definition.states[visit.state]
        if state.type != "choice":
            return ""
        cases = list(self.cases(state, visit, run))
        place = next((at for at, case in enumerate(cases) if case["taken"]), len(cases))
        return f"cases/{place}" if place < len(state.cases) else "otherwise"

    def taken(self, run: Run) -> dict[str, Any]:
        """States and edges on the way, for a drawing to show."""
        path: list[Visit] = sorted(run.visits, key=lambda visit: visit.number)
        edges = [{"from": one.state, "to": other.state, "by": self.way_out(run, one)} for one, other in pairwise(path)]
        return {"states": [visit.state for visit in path], "edges": edges, "current": run.state}


def fields_looked_at(definition: Definition, names: Iterable[str]) -> list[str]:
    """Own fields that decide something on the way: in conditions, as people, as required ones."""
    required = [key for state in definition.states.values() for move in state.transitions for key in move.form.require]
    people = [rule["value"] for rule in definition.rules.values() if rule["kind"] == "field"]
    dated = [timer.field for state in definition.states.values() for timer in state.timers if timer.field]
    firsts = [name.removeprefix("old.").partition(".")[0] for name in names]
    return list(dict.fromkeys([*firsts, *people, *dated, *required]))
