"""Steps of scenarios as people say them: labels of entities, fields, transitions and states instead of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.definitions import Model
from engine.kernel.messages import pick, translate

Who = Callable[[str], str]


class ScenarioWords:
    """Says what a step does and what one expects; `who` gives the name behind a login."""

    def __init__(self, model: Model, language: str, who: Who) -> None:
        self.model, self.language, self.who = model, language, who
        self.entities: dict[str, str] = {}
        """Entities by the names that the scenario gives its records."""

    def act(self, act: str, content: Mapping[str, Any]) -> str:
        """What somebody does."""
        ref = str(content.get("ref", "")) if act == "create" else str(content.get("on", content[act])).removeprefix("@")
        entity = content[act] if act == "create" else self.entities.get(ref, "")
        words = [self.entity(entity), ref]
        if act == "fire":
            words.append(f"“{self.transition(entity, content['fire'])}”")
        elif act == "decide":
            words.append(self.say(f"pack.scenario_word_{content['decide']}"))
        return self.say(f"pack.scenario_{act}", who=self.who(content["by"]), what=" ".join(word for word in words if word))

    def expected(self, expected: Mapping[str, Any]) -> str:
        """What is expected, part by part."""
        ref = str(expected.get("on", "")).removeprefix("@")
        entity = self.entities.get(ref, "")
        what = self.say("pack.scenario_join", parts=list(self._expected(entity, expected)))
        subject = " ".join(word for word in (self.entity(entity), ref) if word)
        return self.say("pack.scenario_expect", what=f"{subject}: {what}" if subject else what)

    def _expected(self, entity: str, expected: Mapping[str, Any]) -> Iterator[str]:
        if "state" in expected:
            yield f"{self.say('pack.scenario_state')} {self.state(entity, expected['state'])}"
        if "tasks" in expected:
            yield f"{self.say('pack.scenario_tasks')} {shown([self.who(login) for login in expected['tasks']])}"
        for key, value in expected.get("values", {}).items():
            yield f"{self.field(entity, key)} = {shown(value, self.language)}"
        for part in ("seen_by", "not_seen_by"):
            if part in expected:
                yield self.say(f"pack.scenario_expect_{part}", who=[self.who(login) for login in expected[part]])
        for login, fields in expected.get("hidden_for", {}).items():
            yield self.say("pack.scenario_expect_hidden", who=self.who(login), fields=[self.field(entity, key) for key in fields])
        if "count" in expected:
            count = expected["count"]
            yield f"{self.entity(count['entity'])} × {count['is']}" + (f" ({count['filter']})" if count.get("filter") else "")

    def entity(self, key: str) -> str:
        """An entity's label; the key where there is none."""
        return pick(self.model.entities[key].label, self.language) if key in self.model.entities else key

    def field(self, entity: str, key: str) -> str:
        """A field's label; the key where there is none."""
        found = self.model.entities[entity].fields.get(key) if entity in self.model.entities else None
        return pick(found.label, self.language) if found and found.label else key

    def transition(self, entity: str, key: str) -> str:
        """A transition's label; the key where there is none."""
        for workflow in self.model.workflows_of.get(entity, ()):
            parts = [*(state.get("transitions", ()) for state in workflow.body["states"].values()), workflow.body.get("global", ())]
            for item in (item for part in parts for item in part):
                if item.get("on") == key and item.get("label"):
                    return pick(item["label"], self.language)
        return key

    def state(self, entity: str, key: str) -> str:
        """A state's label; the key where there is none."""
        for workflow in self.model.workflows_of.get(entity, ()):
            state = workflow.body["states"].get(key)
            if state:
                return pick(state.get("label", key), self.language)
        return key

    def say(self, code: str, **values: Any) -> str:
        """A sentence in the language of the run."""
        return translate(code, values, self.language)


def shown(value: Any, language: str = "en") -> str:
    """A value of a scenario, for people."""
    if isinstance(value, Mapping):
        if value and set(value) <= {"zh-CN", "en"}:
            return pick(value, language)
        return ", ".join(f"{key} {shown(item, language)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item, language) for item in value) or "–"
    return "–" if value is None else str(value)
