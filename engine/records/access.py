"""What one unit of work may know of one app: its release, and the rights of whoever acts."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.definitions.model import Entity, Model
from engine.expressions import Expression
from engine.kernel.actor import Actor
from engine.kernel.errors import Forbidden, NotFound, Problem
from engine.permissions import Policy, policy
from engine.records.plan import EntityPlan, Plans, plans_of
from engine.storage import Tables, Work


@dataclass(frozen=True, eq=False)
class Access:
    """One app's current release as seen by one actor, for the length of one unit of work."""

    work: Work
    app: str
    model: Model
    plans: Plans
    tables: Tables
    policy: Policy
    actor: Actor

    @property
    def timezone(self) -> str:
        """The app's time zone: where its days begin."""
        return self.model.app.timezone

    @property
    def is_free(self) -> bool:
        """Is nothing forbidden to the actor: a part of the product, or an administrator?"""
        return self.policy.rights.is_free

    @cached_property
    def key(self) -> Hashable | None:
        """Tells apart what statements look like for different actors.

        None where a rule of permission depends on the moment, so that no statement can be kept.
        """
        if self.is_free:
            return ("free",)
        actor, roles = self.actor, self.rights_key
        if self.plans.kept.get(("timely", roles), self._has_timely_rule):
            return None
        return (roles, actor.user_id, actor.department_id, actor.departments, actor.name, actor.language)

    @cached_property
    def rights_key(self) -> Hashable:
        """Tells apart who may read and write which fields: a matter of roles alone."""
        return None if self.is_free else frozenset(self.policy.rights.roles)

    def _has_timely_rule(self) -> bool:
        """Does any rule of the actor's roles read the clock, or a field that does?"""
        volatile = {node.field for node in self.plans.graph.volatile}
        rules = [
            scope
            for role in self.policy.rights.roles.values()
            for grant in role.grants.values()
            for scope in (grant.read, grant.change, grant.remove)
            if isinstance(scope, Expression)
        ]
        return any(rule.is_volatile or not volatile.isdisjoint(part for name in rule.names for part in name.split(".")) for rule in rules)

    def plan(self, entity: str) -> EntityPlan:
        """How records of the entity are written; raises NotFound for an entity that isn't there."""
        found = self.plans.entities.get(entity)
        if found is None:
            raise NotFound(no_entity(entity))
        return found

    def entity(self, entity: str) -> Entity:
        """The entity; raises NotFound where there is none, or none for this actor."""
        plan = self.plan(entity)
        if not (self.policy.may("read", entity) or self.policy.may("create", entity)):
            raise NotFound(no_entity(entity))
        return plan.entity

    def demand(self, verb: str, entity: str) -> None:
        """Raise Forbidden when the actor may not do this to any record of the entity."""
        if not self.policy.may(verb, entity):
            raise Forbidden(Problem(f"record.may_not_{verb}", {"entity": self.model.entities[entity].label}))


def no_entity(entity: str) -> Problem:
    """The problem of an entity that isn't there, or not for this actor: the two look the same."""
    return Problem("record.no_entity", {"entity": entity[:80]})


def no_record() -> Problem:
    """The problem of a record that isn't there, or not for this actor."""
    return Problem("record.not_found")


def access_to(work: Work, app: str) -> Access:
    """The app as this unit of work sees it; raises NotFound for an app without a release."""
    model = work.model(app)
    found = work.cache.get(("records.access", app))
    if isinstance(found, Access) and found.model is model and found.actor is work.actor:
        return found
    made = Access(work, app, model, plans_of(model), work.tables(app), policy(work, app), work.actor)
    work.cache["records.access", app] = made
    return made


def actor_value(access: Access, name: str) -> Any:
    """What `actor.…` stands for."""
    actor = access.actor
    if name == "actor.roles":
        return tuple(sorted(actor.roles_in(access.app)))
    if name == "actor.id":
        return actor.user_id
    if name == "actor.department":
        return actor.department_id
    return {"actor.name": actor.name, "actor.language": actor.language}.get(name)
