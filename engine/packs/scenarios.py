"""Scenarios: acceptance cases of a pack as data, run by the real engine in a transaction that is always undone.

A scenario is a list of steps: somebody does something (which may have to be refused), or something is
expected of a record. `run_scenarios` tells each step as a sentence, with what was expected and what was
found; a scenario ends at its first step that fails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine import accounts, records, workflow
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import EngineError, Invalid, NotFound, Problem
from engine.kernel.messages import pick, translate
from engine.packs.pack import Pack
from engine.packs.people import existing_people, install_people
from engine.packs.scenario_file import Scenario
from engine.packs.scenario_words import ScenarioWords, shown
from engine.packs.values import Names
from engine.storage import Work

_ACTS = ("create", "change", "remove", "fire", "decide")
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?")


@dataclass(frozen=True)
class Step:
    """A step as it went: a sentence, and what is wrong (nothing, where it went as it should)."""

    sentence: str
    wrong: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a scenario went."""

    key: str
    label: str
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Did every step go as it should?"""
        return not any(step.wrong for step in self.steps)

    def lines(self) -> list[str]:
        """The outcome for a terminal."""
        found = [f"{'✓' if self.passed else '✗'} {self.label}"]
        for step in self.steps:
            found.append(f"    {'✗' if step.wrong else '·'} {step.sentence}")
            if step.wrong:
                found.append(f"      {step.wrong}")
        return found


class _Undo(Exception):
    """No error: the way out of a savepoint."""


def run_scenarios(work: Work, app: str, pack: Pack, language: str) -> tuple[Outcome, ...]:
    """Run all scenarios of a pack against an app as it is published now; nothing of it stays.

    People whom the scenarios name are created for the run where they don't exist. Raises Invalid for
    people.json that can't be taken.
    """
    found: list[Outcome] = []
    for scenario in pack.scenarios:
        try:
            with work.savepoint():
                found.append(_Run(work, app, pack, language).run(scenario))
                raise _Undo
        except _Undo:
            pass
    return tuple(found)


class _Run:
    """One scenario under way."""

    def __init__(self, work: Work, app: str, pack: Pack, language: str) -> None:
        self.work, self.app, self.language = work, app, language
        timezone = work.model(app).app.timezone
        self.names = Names(language, work.now, timezone)
        self.names.users, self.names.departments = existing_people(work)
        with work.acting_as(system_actor("install", language)):
            install_people(work, app, pack.people, self.names, lambda: None)
        self.words = ScenarioWords(work.model(app), language, self._name)
        self.entities = self.words.entities
        self.actors: dict[str, Actor] = {}
        self.now = work.now

    def run(self, scenario: Scenario) -> Outcome:
        """Step by step, to the end or to the first that fails."""
        steps: list[Step] = []
        for content in scenario.steps:
            step = self._step(content)
            steps.append(step)
            if step.wrong:
                break
        return Outcome(scenario.key, pick(scenario.label, self.language), tuple(steps))

    def _step(self, content: Mapping[str, Any]) -> Step:
        if "after" in content:
            self._wait(str(content["after"]))
        try:
            return self._expect(content["expect"]) if "expect" in content else self._act(content)
        except EngineError as error:  # the scenario itself names what isn't there
            return Step(self._say("pack.scenario_step", step=shown(content)), self._sentences(error))

    def _wait(self, duration: str) -> None:
        found = _DURATION.fullmatch(duration)
        if found is None:
            raise Invalid(Problem("pack.scenario"))
        days, hours, minutes = (int(part or 0) for part in found.groups())
        self.now += timedelta(days=days, hours=hours, minutes=minutes)
        with self.work.acting_as(system_actor("sla", self.language), now=self.now):
            workflow.fire_all_due(self.work)

    def _act(self, content: Mapping[str, Any]) -> Step:
        act = next(name for name in _ACTS if name in content)
        sentence = self.words.act(act, content)
        refused = content.get("refused")
        try:
            with self.work.savepoint(), self.work.acting_as(self._actor(content["by"]), now=self.now):
                getattr(self, f"_{act}")(content)
        except EngineError as error:
            if refused is None:
                return Step(sentence, self._say("pack.scenario_refused", reason=self._sentences(error)))
            codes = [problem.code for problem in error.problems]
            if refused is True or any(code.startswith(str(refused)) for code in codes):
                return Step(self._say("pack.scenario_and_refused", step=sentence, reason=self._sentences(error)))
            return Step(sentence, self._say("pack.scenario_other_refusal", wanted=str(refused), found=", ".join(codes)))
        if refused is not None:
            return Step(sentence, self._say("pack.scenario_not_refused"))
        return Step(sentence)

    # what people do ------------------------------------------------------------------------------
    def _create(self, content: Mapping[str, Any]) -> None:
        entity = content["create"]
        record = records.create_record(self.work, self.app, entity, self.names.resolve(content.get("values", {})))
        if "ref" in content:
            self.names.records[content["ref"]] = record.id
            self.entities[content["ref"]] = entity

    def _change(self, content: Mapping[str, Any]) -> None:
        entity, record = self._record(content["change"])
        records.change_record(self.work, self.app, entity, record, self.names.resolve(content.get("values", {})))

    def _remove(self, content: Mapping[str, Any]) -> None:
        entity, record = self._record(content["remove"])
        records.remove_record(self.work, self.app, entity, record)

    def _fire(self, content: Mapping[str, Any]) -> None:
        entity, record = self._record(content["on"])
        values = self.names.resolve(content.get("values", {})) or None
        workflow.fire_transition(self.work, self.app, entity, record, content["fire"], comment=self._comment(content), values=values)

    def _decide(self, content: Mapping[str, Any]) -> None:
        _, record = self._record(content["on"])
        task = workflow.open_task(self.work, record)
        if task is None:
            raise NotFound(Problem("pack.no_task", {"login": content["by"]}))
        values = self.names.resolve(content.get("values", {})) or None
        workflow.decide(self.work, task, content["decide"], comment=self._comment(content), values=values, to=self.names.resolve(content.get("to")))

    def _comment(self, content: Mapping[str, Any]) -> str:
        return str(self.names.resolve(content.get("comment", "")))

    # what is expected ----------------------------------------------------------------------------
    def _expect(self, expected: Mapping[str, Any]) -> Step:
        wrong: list[str] = []
        with self.work.acting_as(system_actor("install", self.language), now=self.now):
            if "on" in expected:
                wrong += self._standing(expected)
            if "count" in expected:
                wrong += self._count(expected["count"])
        for part, wanted in (("seen_by", True), ("not_seen_by", False)):
            for login in expected.get(part, ()):
                if self._sees(login, expected["on"]) is not wanted:
                    wrong.append(self._say(f"pack.scenario_{part}", who=self._name(login)))
        for login, fields in expected.get("hidden_for", {}).items():
            shown = [field for field in fields if field in self._fields_for(login, expected["on"])]
            wrong += self._compare(self._say("pack.scenario_hidden_for", who=self._name(login)), [], shown)
        return Step(self.words.expected(expected), "; ".join(wrong))

    def _standing(self, expected: Mapping[str, Any]) -> list[str]:
        entity, record = self._record(expected["on"])
        wrong: list[str] = []
        standing = workflow.describe(self.work, self.app, entity, record)
        if "state" in expected:
            wrong += self._compare(self._say("pack.scenario_state"), expected["state"], standing.state if standing else None)
        if "tasks" in expected:
            logins = {user: login for login, user in self.names.users.items()}
            found = sorted(logins.get(seat.user, "–") if seat.user else "admin" for seat in (standing.tasks if standing else ()))
            wrong += self._compare(self._say("pack.scenario_tasks"), sorted(expected["tasks"]), found)
        if "values" in expected:
            dumped = records.dump_record(records.get_record(self.work, self.app, entity, record))
            for key, value in self.names.resolve(expected["values"]).items():
                wrong += self._compare(self.words.field(entity, key), value, dumped.get(key))
        return wrong

    def _count(self, wanted: Mapping[str, Any]) -> list[str]:
        query = records.Query(filter=self._filter(str(wanted.get("filter", ""))), limit=1, count="exact")
        page = records.query_records(self.work, self.app, wanted["entity"], query)
        return self._compare(self.words.entity(wanted["entity"]), wanted["is"], page.count)

    def _filter(self, text: str) -> str:
        """A filter in which `@ref` stands for a record of the scenario."""
        return re.sub(r"@(\w+)", lambda match: f'"{self.names.resolve(match[0])}"', text)

    def _compare(self, what: str, wanted: Any, found: Any) -> list[str]:
        if wanted == found:
            return []
        return [self._say("pack.scenario_differs", what=what, wanted=shown(wanted, self.language), found=shown(found, self.language))]

    def _sees(self, login: str, ref: str) -> bool:
        try:
            self._fields_for(login, ref)
        except NotFound:
            return False
        return True

    def _fields_for(self, login: str, ref: str) -> set[str]:
        entity, record = self._record(ref)
        with self.work.acting_as(self._actor(login), now=self.now):
            return set(records.get_record(self.work, self.app, entity, record).values)

    # names ---------------------------------------------------------------------------------------
    def _record(self, ref: str) -> tuple[str, UUID]:
        key = str(ref).removeprefix("@")
        if key not in self.entities:
            raise Invalid(Problem("pack.unknown_name", {"name": str(ref)[:80]}))
        return self.entities[key], self.names.records[key]

    def _actor(self, login: str) -> Actor:
        if login not in self.names.users:
            raise Invalid(Problem("pack.unknown_name", {"name": f"@user:{login}"[:80]}))
        if login not in self.actors:
            self.actors[login] = accounts.find_actor(self.work, self.names.users[login])
        return self.actors[login]

    def _name(self, login: str) -> str:
        found = self.names.users.get(login)
        return accounts.names_of(self.work, [found]).get(found, login) if found else login

    def _say(self, code: str, **values: Any) -> str:
        return translate(code, values, self.language)

    def _sentences(self, error: EngineError) -> str:
        return " ".join(translate(problem.code, problem.values, self.language) for problem in error.problems)
