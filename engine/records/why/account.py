"""The answer to "why can't they?": what roles say, what a record's values make of it, and a workflow's lock.

It asks the same policy that reading and writing ask, so that it can't say something else; what it adds are
words and values. A test compares it with what really happens, person by person and record by record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from engine import accounts
from engine.definitions.in_words import in_words
from engine.definitions.model import Text
from engine.definitions.names import Names
from engine.expressions import Expression
from engine.kernel.actor import Actor
from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem
from engine.kernel.messages import pick, translate
from engine.permissions import Reason, explain, policy_of
from engine.records.access import Access, access_to
from engine.records.change_record import REMOVAL
from engine.records.query.statements import OPEN
from engine.records.store.load import load
from engine.records.why.facts import Fact, Facts
from engine.storage import Work

VERBS = ("read", "create", "change", "remove")
About = Literal["records", "field", "lock"]


@dataclass(frozen=True)
class Ground:
    """One rule that speaks for or against: a message code with values, and what it rests on here."""

    about: About
    code: str
    values: Mapping[str, Any]
    is_for: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Account:
    """The answer, the same that a page would get, and every rule that has a say."""

    is_allowed: bool
    who: Text
    grounds: tuple[Ground, ...]


def explain_access(
    work: Work, app: str, entity: str, verb: str, *, user_id: UUID | None = None, role: str | None = None,
    record_id: UUID | None = None, field: str | None = None,
) -> Account:  # fmt: skip
    """Why a person (oneself, if neither is given), or whoever holds just one role, may or may not do something.

    Only administrators may ask about others and about single records, whose values the answer quotes; who
    designs the app may ask about its roles. Raises Forbidden, NotFound, Invalid for a verb that isn't one.
    """
    if verb not in VERBS:
        raise Invalid(Problem("why.no_verb", {"verb": verb[:40]}, ("verb",)))
    access = access_to(work, app)
    if entity not in access.model.entities:
        raise NotFound(Problem("why.no_entity", {}, ("entity",)))
    if (record_id or user_id not in (None, work.actor.user_id)) and not access.is_free:
        raise Forbidden(Problem("why.admins_only"))
    actor = _actor(access, user_id, role)
    if record_id is not None and verb == "create":
        record_id = None  # it is about records that are yet to be
    who = access.model.roles[role].label if role else actor.name
    values = load(access, entity, [record_id]).get(record_id) if record_id else None
    if record_id is not None and values is None:
        return Account(is_allowed=False, who=who, grounds=(Ground("records", "why.no_record", {}, is_for=False),))
    return _Asking(access, actor, entity, verb, values).account(who, record_id, field)


def why_json(work: Work, app: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the words of the reader: {"allowed", "who", "grounds": [{"about", "for", "text", "facts"}]}."""
    found = explain_access(
        work, app, str(given.get("entity") or ""), str(given.get("verb") or "read"), user_id=given.get("user_id"),
        role=given.get("role") or None, record_id=given.get("record_id"), field=given.get("field") or None,
    )  # fmt: skip
    return {
        "allowed": found.is_allowed, "who": pick(found.who, work.language),
        "grounds": [
            {"about": each.about, "for": each.is_for, "text": translate(each.code, each.values, work.language),
             "facts": [{"label": fact.label, "value": fact.value} for fact in each.facts]}
            for each in found.grounds
        ],
    }  # fmt: skip


def _actor(access: Access, user_id: UUID | None, role: str | None) -> Actor:
    work = access.work
    if role is not None:
        if not policy_of(work, access.app, work.actor).may_design:
            raise Forbidden(Problem("why.designers_only"))
        if role not in access.model.roles:
            raise NotFound(Problem("permissions.no_such_role", {"role": role[:80]}, ("role",)))
        return Actor(None, role, work.language, roles={access.app: frozenset({role})})
    if user_id is None or user_id == work.actor.user_id:
        return work.actor
    return accounts.find_actor(work, user_id)


class _Asking:
    """One question, as its answer is put together."""

    def __init__(self, access: Access, actor: Actor, entity: str, verb: str, values: Mapping[str, Any] | None) -> None:
        self.access, self.actor, self.verb = access, actor, verb
        self.entity = access.model.entities[entity]
        self.values = values
        self.facts = Facts(access, actor, entity, values)
        self.policy = policy_of(access.work, access.app, actor)

    def account(self, who: Text, record_id: UUID | None, field: str | None) -> Account:
        rows = self._explained(record_id=record_id)
        grounds = [*self._rows_follow(), *(self._ground("records", reason) for reason in rows.reasons)]
        allowed = rows.is_allowed
        if field is not None:
            verb = "read" if self.verb == "read" else "change"
            said = self._explained(verb=verb, field=field)
            grounds += [self._ground("field", reason) for reason in said.reasons]
            allowed = allowed and said.is_allowed and self.verb != "remove"
        lock = self._lock(field)
        if lock is not None:
            grounds.append(lock)
            allowed = allowed and lock.is_for
        return Account(allowed, who, tuple(grounds))

    def _explained(self, *, verb: str | None = None, record_id: UUID | None = None, field: str | None = None) -> Any:
        work = self.access.work
        return explain(
            work, self.access.app, verb or self.verb, self.entity.key, record_id=record_id, field=field, actor=self.actor,
            is_settled=True,
        )  # fmt: skip

    def _ground(self, about: About, reason: Reason) -> Ground:
        values = dict(reason.values)
        if isinstance(reason.scope, Expression):
            values["rule"] = self._in_words(reason.scope)
        facts = self.facts.of(reason.scope) if about == "records" and self.values is not None else ()
        return Ground(about, reason.code, values, reason.is_for, facts)

    def _in_words(self, rule: Expression) -> str:
        model = self.access.model
        names = Names(model.entities, self.policy.rights.governing(self.entity.key).key, "list")
        roles = {key: role.label for key, role in model.roles.items()}
        return in_words(rule, names, self.access.work.language, roles=roles, timezone=model.app.timezone)

    def _rows_follow(self) -> Iterator[Ground]:
        """Owned rows have no rights of their own."""
        owner = self.policy.rights.governing(self.entity.key)
        if owner.key != self.entity.key:
            asked = self.policy.rights.verb_for(self.verb, self.entity.key)
            values = {"entity": self.entity.label, "owner": owner.label}
            yield Ground("records", "why.rows_change" if asked != self.verb else "why.rows_follow", values, is_for=True)

    def _lock(self, field: str | None) -> Ground | None:
        """What a workflow has to say: it closes a record but for some fields, for everybody."""
        left = self.values[OPEN] if self.values is not None and self.verb in ("change", "remove") else None
        if left is None:
            return None
        fields = [self.entity.fields[key].label for key in left if key in self.entity.fields]
        if self.verb == "remove":
            is_open, code = REMOVAL in left, "why.lock_remove"
        elif field is not None:
            is_open, code = field in left, "why.lock_field"
        else:
            is_open, code = bool(fields), "why.lock_some" if fields else "why.lock_all"
        if is_open and code in ("why.lock_remove", "why.lock_field"):
            code += "_open"
        workflow, state = self._state()
        listed = translate("why.and", {}, self.access.work.language).join(pick(label, self.access.work.language) for label in fields)
        return Ground("lock", code, {"workflow": workflow, "state": state, "fields": listed}, is_for=is_open)

    def _state(self) -> tuple[Text, Text]:
        """The workflow that drives the record, and the state in which it is."""
        for workflow in self.access.model.workflows_of.get(self.entity.key, ()):
            key = (self.values or {}).get(workflow.status_field)
            if key is not None:
                return workflow.label, self.facts.shown(workflow.status_field, key)
        return "–", "–"
