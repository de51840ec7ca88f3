"""The parts of a workflow document with their paths: edges, actions, forms, lists of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.kernel.errors import PathPart

Path = tuple[PathPart, ...]
Body = Mapping[str, Any]
Via = Literal["transition", "case", "otherwise", "outcome", "timer", "return", "global"]

INITIATOR = "initiator"
PREVIOUS = "previous"


@dataclass(frozen=True, eq=False)
class Edge:
    """A way from one state to another. `name` is the transition's, outcome's, case's or timer's."""

    source: str
    target: str
    via: Via
    name: str
    path: Path
    guard: str | None = None
    actions: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_automatic(self) -> bool:
        """Is it taken at once, with nobody deciding and nothing waited for?"""
        return self.via in {"case", "otherwise"}


def is_final(state: Mapping[str, Any]) -> bool:
    """Does a run end in this state?"""
    return bool(state["type"] == "final")


def is_choice(state: Mapping[str, Any]) -> bool:
    """Is this state left at once?"""
    return bool(state["type"] == "choice")


def verb_of(timer: Mapping[str, Any]) -> str:
    """What a timer does: remind, transfer, add, approve, reject or to."""
    return str(timer["do"] if isinstance(timer["do"], str) else next(iter(timer["do"])))


def edges_of(body: Body) -> tuple[Edge, ...]:
    """All edges of a workflow; targets may name states that don't exist."""
    found = [edge for name, state in body["states"].items() for edge in _forward(name, state)]
    found.extend(_global(body))
    forward = tuple(found)
    for name, state in body["states"].items():
        found.extend(_returns(body, name, state, forward))
    return tuple(found)


def _forward(name: str, state: Mapping[str, Any]) -> Iterator[Edge]:
    at: Path = ("states", name)
    for index, item in enumerate(state.get("transitions", ())):
        yield _edge(name, item, "transition", item["on"], (*at, "transitions", index))
    for index, item in enumerate(state.get("cases", ())):
        yield _edge(name, item, "case", str(index + 1), (*at, "cases", index))
    if "otherwise" in state:
        yield _edge(name, state["otherwise"], "otherwise", "otherwise", (*at, "otherwise"))
    for outcome, item in state.get("outcomes", {}).items():
        yield _edge(name, item, "outcome", outcome, (*at, "outcomes", outcome))
    for index, item in enumerate(state.get("timers", ())):
        if isinstance(item["do"], Mapping) and "to" in item["do"]:
            yield _edge(name, item["do"], "timer", item["id"], (*at, "timers", index, "do"))


def _edge(source: str, item: Mapping[str, Any], via: Via, name: str, path: Path) -> Edge:
    return Edge(source, item["to"], via, name, path, item.get("when"), tuple(item.get("do", ())))


def global_sources(body: Body, item: Mapping[str, Any]) -> tuple[str, ...]:
    """The states in which a global move is open."""
    if item.get("from"):
        return tuple(item["from"])
    return tuple(
        name for name, state in body["states"].items() if not is_final(state) and not is_choice(state)
    )


def _global(body: Body) -> Iterator[Edge]:
    for index, item in enumerate(body.get("global", ())):
        for source in global_sources(body, item):
            if source != item["to"]:
                yield _edge(source, item, "global", item["on"], ("global", index))


def _returns(body: Body, name: str, state: Mapping[str, Any], forward: tuple[Edge, ...]) -> Iterator[Edge]:
    for index, target in enumerate(state.get("return", {}).get("to", ())):
        path: Path = ("states", name, "return", "to", index)
        if target == INITIATOR:
            yield Edge(name, body["initial"], "return", target, path)
        elif target == PREVIOUS:
            for earlier in sorted(_human_predecessors(body, name, forward)):
                yield Edge(name, earlier, "return", target, path)
        else:
            yield Edge(name, target, "return", target, path)


def _human_predecessors(body: Body, name: str, forward: tuple[Edge, ...]) -> set[str]:
    """States in which people act from which `name` is reached through choices alone."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        for edge in forward:
            if edge.target != current or edge.source in seen or edge.via == "global":
                continue
            seen.add(edge.source)
            if is_choice(body["states"][edge.source]):
                waiting.append(edge.source)
            else:
                found.add(edge.source)
    return found


def actions_of(body: Body) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every action of a workflow."""
    for name, state in body["states"].items():
        for moment in ("enter", "exit"):
            for index, action in enumerate(state.get(moment, ())):
                yield ("states", name, moment, index), action
        for edge in _forward(name, state):
            for index, action in enumerate(edge.actions):
                yield (*edge.path, "do", index), action
    for place, item in enumerate(body.get("global", ())):
        for index, action in enumerate(item.get("do", ())):
            yield ("global", place, "do", index), action


def forms_of(body: Body) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """Every set of form rights: its path, its state, itself."""
    for name, state in body["states"].items():
        at: Path = ("states", name)
        if "form" in state:
            yield (*at, "form"), name, state["form"]
        for part in ("transitions", "participants"):
            for index, item in enumerate(state.get(part, ())):
                if "form" in item:
                    yield (*at, part, index, "form"), name, item["form"]


def people_of(body: Body) -> Iterator[tuple[Path, list[str]]]:
    """Every list of `who`."""
    if "by" in body.get("start", {}):
        yield ("start", "by"), body["start"]["by"]
    if "editors" in body.get("record", {}):
        yield ("record", "editors"), body["record"]["editors"]
    for index, item in enumerate(body.get("global", ())):
        yield ("global", index, "by"), item["by"]
    for name, state in body["states"].items():
        at: Path = ("states", name)
        if "owner" in state:
            yield (*at, "owner"), state["owner"]
        for index, item in enumerate(state.get("transitions", ())):
            yield (*at, "transitions", index, "by"), item["by"]
        for index, item in enumerate(state.get("timers", ())):
            if isinstance(item["do"], Mapping) and "remind" in item["do"]:
                yield (*at, "timers", index, "do", "remind"), item["do"]["remind"]
    for path, action in actions_of(body):
        if "notify" in action or "cc" in action:
            name = "notify" if "notify" in action else "cc"
            yield (*path, name), action[name]
        elif "email" in action:
            yield (*path, "email", "to"), action["email"]["to"]


def person_rules_of(body: Body) -> Iterator[tuple[Path, str]]:
    """Every use of a named person rule."""
    for path, people in people_of(body):
        for index, person in enumerate(people):
            if person.startswith("rule:"):
                yield (*path, index), person.removeprefix("rule:")
    for name, state in body["states"].items():
        at: Path = ("states", name)
        for index, item in enumerate(state.get("participants", ())):
            yield (*at, "participants", index, "rule"), item["rule"]
        for index, item in enumerate(state.get("timers", ())):
            for verb in ("transfer", "add"):
                if isinstance(item["do"], Mapping) and verb in item["do"]:
                    yield (*at, "timers", index, "do", verb), item["do"][verb]
        yield from _fallback((*at, "policy"), state.get("policy", {}))
    yield from _fallback(("defaults",), body.get("defaults", {}))


def _fallback(path: Path, policy: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    if isinstance(policy.get("on_empty"), Mapping):
        yield (*path, "on_empty", "fallback"), policy["on_empty"]["fallback"]
