"""Person rules by name: from `{"kind": "manager", "of": "initiator"}` to people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from engine.kernel.ids import find_id
from engine.workflow.definition import Definition
from engine.workflow.run import Run
from engine.workflow.surroundings import Surroundings

_LONGEST_CHAIN = 20


def people_of_rule(
    rule_key: str, definition: Definition, run: Run, around: Surroundings
) -> list[UUID]:
    """The people whom a rule names now, without duplicates, in the rule's order.

    Inactive people are among them; what to do about them is the step's policy.
    """
    return _Finder(rule_key, definition, run, around).find()


def people_of(
    who: Iterable[str], definition: Definition, run: Run, around: Surroundings
) -> list[UUID]:
    """The active people in a `who` list (initiator, owner, admin, assignee, role:…, rule:…, user:…).

    `any` names nobody in particular and adds no one.
    """
    found = _named(who, definition, run, around)
    return [person for person in dict.fromkeys(found) if around.people.is_active(person)]


def _named(
    who: Iterable[str], definition: Definition, run: Run, around: Surroundings
) -> list[UUID]:
    found: list[UUID] = []
    for name in who:
        kind, _, key = name.partition(":")
        if kind == "rule":
            found += people_of_rule(key, definition, run, around)
        elif kind == "role":
            found += around.people.role_holders(key)
        elif kind == "user":
            found += _present(around.people.find_user(key))
        elif kind == "initiator":
            found += _present(run.initiator_id)
        elif kind == "owner":
            found += _present(around.owner_id)
        elif kind == "admin":
            found += around.people.administrators()
        elif kind == "assignee":
            found += _assignees(definition, run, around)
    return found


def includes(
    who: Sequence[str], definition: Definition, run: Run, around: Surroundings
) -> bool:
    """Is the actor one of `who`? Parts of the product (the SLA, an installation) always are."""
    actor = around.actor
    if actor.is_system or "any" in who:
        return True
    if "admin" in who and actor.is_admin:
        return True
    others = [name for name in who if name != "admin"]
    return actor.user_id is not None and actor.user_id in _named(others, definition, run, around)


class _Finder:
    """One rule, to be looked up for one instance."""

    def __init__(self, key: str, definition: Definition, run: Run, around: Surroundings) -> None:
        self.key = key
        self.rule = definition.rules[key]
        self.run = run
        self.around = around
        self.people = around.people

    def find(self) -> list[UUID]:
        excluded = self._excluded()
        found = dict.fromkeys(_KINDS[self.rule["kind"]](self))
        people = [person for person in found if person not in excluded]
        if self.rule.get("order") == "name":
            people.sort(key=self.people.name)
        return people

    def user(self) -> Iterable[UUID]:
        return _present(self.people.find_user(self.rule["value"]))

    def role(self) -> Iterable[UUID]:
        return self.people.role_holders(self.rule["value"])

    def department(self) -> Iterable[UUID]:
        return self.people.department_members(self.rule["value"])

    def manager(self) -> Iterable[UUID]:
        person = self._subject()
        for _ in range(self.rule.get("levels", 1)):
            person = self.people.manager(person) if person else None
        return _present(person)

    def manager_chain(self) -> Iterable[UUID]:
        """Managers level by level: to the top, for so many levels, or until a condition holds.

        Whom the condition holds for is the last. A cycle in the data ends the chain.
        """
        until = self.rule.get("until")
        person = self._subject()
        chain: list[UUID] = []
        for _ in range(self.rule.get("levels", _LONGEST_CHAIN)):
            person = self.people.manager(person) if person else None
            if person is None or person in chain or person == self.run.initiator_id:
                break
            chain.append(person)
            if until and self.around.evaluate(until, person=person) is True:
                break
        return chain

    def department_head(self) -> Iterable[UUID]:
        person = self._subject()
        return self.people.department_heads(person)[:1] if person else ()

    def field(self) -> Iterable[UUID]:
        return _ids(self.around.value(self.rule["value"]))

    def previous_actor(self) -> Iterable[UUID]:
        return _present(self._previous())

    def initiator(self) -> Iterable[UUID]:
        return _present(self.run.initiator_id)

    def chosen(self) -> Iterable[UUID]:
        return _ids(self.run.memory.people.get(self.key, ()))

    def expression(self) -> Iterable[UUID]:
        return _ids(self.around.evaluate(self.rule["value"]))

    def _subject(self) -> UUID | None:
        """Whose manager or head: the initiator's, the owner's, the previous actor's, or that of the
        person in a user field."""
        name = self.rule.get("of", "initiator")
        if name == "initiator":
            return self.run.initiator_id
        if name == "owner":
            return self.around.owner_id
        return self._previous() if name == "previous_actor" else find_id(self.around.value(name))

    def _previous(self) -> UUID | None:
        """Who approved last on the path of this round; before that, the initiator."""
        approvals = self.run.memory.approvals
        return approvals[-1].user_id if approvals else self.run.initiator_id

    def _excluded(self) -> frozenset[UUID | None]:
        found: set[UUID | None] = set()
        approvals = self.run.memory.approvals
        for name in self.rule.get("exclude", ()):
            if name == "initiator":
                found.add(self.run.initiator_id)
            elif name == "previous_actors":
                found.update(item.user_id for item in approvals)
            else:  # step_actors
                found.update(item.user_id for item in approvals if item.state == self.run.state)
        return frozenset(found)


_KINDS: dict[str, Callable[[_Finder], Iterable[UUID]]] = {
    "user": _Finder.user,
    "role": _Finder.role,
    "department": _Finder.department,
    "manager": _Finder.manager,
    "manager_chain": _Finder.manager_chain,
    "department_head": _Finder.department_head,
    "field": _Finder.field,
    "previous_actor": _Finder.previous_actor,
    "initiator": _Finder.initiator,
    "initiator_choice": _Finder.chosen,
    "expr": _Finder.expression,
}


def _assignees(definition: Definition, run: Run, around: Surroundings) -> list[UUID]:
    """Who has to act now: holders of open slots; at an input state its owner."""
    state = definition.states[run.state]
    if state.type == "input":
        return people_of([one for one in state.owner if one != "assignee"], definition, run, around)
    slots = run.open_slots if run.visits else []
    people = [slot.user_id for slot in slots if slot.user_id is not None]
    if any(slot.user_id is None for slot in slots):
        people += around.people.administrators()
    return people


def _present(person: UUID | None) -> list[UUID]:
    return [] if person is None else [person]


def _ids(value: Any) -> list[UUID]:
    """The ids in a field's value: none, one or several."""
    items = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    return [found for item in items if (found := find_id(item)) is not None]
