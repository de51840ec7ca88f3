"""Why somebody may or may not do something: every rule that speaks for it or not, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.definitions.paths import computation_of
from engine.expressions import Expression
from engine.kernel.actor import Actor
from engine.kernel.errors import Forbidden, Problem
from engine.permissions.policy import Policy, policy_of
from engine.storage import Work


@dataclass(frozen=True)
class Reason:
    """One rule: a message code with values, and whether it speaks for allowing. `role` is the key of
    the role that says so, `scope` for which records it does."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_for: bool = True
    role: str = ""
    scope: str | Expression = ""


@dataclass(frozen=True)
class Explanation:
    """The answer, the same that a page would get, and the reasons."""

    is_allowed: bool
    reasons: tuple[Reason, ...]


def explain(
    work: Work, app: str, verb: str, entity: str, *, record_id: UUID | None = None, field: str | None = None,
    actor: Actor | None = None, is_settled: bool = False,
) -> Explanation:
    """Why an actor (whoever asks, if not given) may or may not do `verb`.

    With `record_id` for that record, with `field` for that field (read or change), else for any record.
    `is_settled`: whoever calls has made sure that it may be asked.
    Raises Forbidden when somebody but an administrator asks about others, NotFound for an unknown app.
    """
    about = actor or work.actor
    if about is not work.actor and not is_settled and not (work.actor.is_admin or work.actor.is_system):
        raise Forbidden(Problem("permissions.others"))
    policy = policy_of(work, app, about)
    if entity not in policy.model.entities:
        return Explanation(is_allowed=False, reasons=(Reason("permissions.no_entity", {}, is_for=False),))
    if field is not None:
        return _of_field(policy, verb, entity, field)
    allowed, reasons = _of_rows(policy, verb, entity, record_id)
    return Explanation(allowed, tuple(reasons))


def _of_rows(
    policy: Policy, verb: str, entity: str, record_id: UUID | None
) -> tuple[bool, list[Reason]]:
    if record_id is None:
        allowed = policy.may(verb, entity)
    else:
        allowed = policy.holds(entity, record_id, lambda table: policy.row_predicate(verb, entity, table))
    if policy.rights.is_free:
        return allowed, [_free(policy.actor)]
    reasons = list(_roles(policy, verb, entity, record_id))
    if verb == "read" and _has_task(policy, entity, record_id):
        reasons.append(Reason("permissions.task"))
    if not allowed and any(reason.is_for for reason in reasons):
        reasons.append(Reason("permissions.must_read_too", {}, is_for=False))
    return allowed, reasons


def _roles(policy: Policy, verb: str, entity: str, record_id: UUID | None) -> Iterator[Reason]:
    if not policy.rights.roles:
        yield Reason("permissions.no_role", {}, is_for=False)
    scopes = policy.rights.scopes(verb, entity)
    for key, role in policy.rights.roles.items():
        scope = scopes.get(key, "none")
        applies = scope != "none"
        if applies and record_id is not None:
            applies = policy.holds(entity, record_id, _by_role(policy, key, verb, entity))
        name = "rule" if isinstance(scope, Expression) else scope
        values = {"role": role.label, "rule": scope.text if isinstance(scope, Expression) else ""}
        yield Reason(f"permissions.scope_{name}", values, is_for=applies, role=key, scope=scope)


def _by_role(policy: Policy, role: str, verb: str, entity: str) -> Any:
    return lambda table: policy.role_predicate(role, verb, entity, table)


def _has_task(policy: Policy, entity: str, record_id: UUID | None) -> bool:
    if record_id is None:
        return not policy.rights.may("read", entity) and policy.may("read", entity)
    return policy.holds(entity, record_id, lambda table: policy.task_predicate(entity, table))


def _of_field(policy: Policy, verb: str, entity: str, key: str) -> Explanation:
    right = policy.field_right(entity, key)
    allowed = right != "hidden" if verb == "read" else right == "write"
    item = policy.model.entities[entity].fields.get(key)
    if item is None:
        return Explanation(is_allowed=False, reasons=(Reason("permissions.no_field", {}, is_for=False),))
    reasons: list[Reason] = []
    if policy.rights.is_free:
        reasons.append(_free(policy.actor))
    elif not policy.rights.roles:
        reasons.append(Reason("permissions.no_role", {}, is_for=False))
    for name, role in policy.rights.roles.items():
        said = policy.rights.granted(name, entity, key)
        is_for = said != "hidden" if verb == "read" else said == "write"
        reasons.append(Reason(f"permissions.field_{said}", {"role": role.label}, is_for=is_for, role=name))
    if not allowed and verb != "read" and policy.rights.is_fixed(entity, item):
        reasons.append(Reason("permissions.field_fixed", {}, is_for=False))
    elif right == "hidden" and computation_of(item) in ("formula", "mirror", "rollup"):
        reasons.append(Reason("permissions.field_computed", {}, is_for=False))
    elif not allowed and any(reason.is_for for reason in reasons):
        reasons.append(Reason("permissions.field_capped", {}, is_for=False))
    return Explanation(allowed, tuple(reasons))


def _free(actor: Actor) -> Reason:
    return Reason("permissions.system" if actor.is_system else "permissions.admin")
