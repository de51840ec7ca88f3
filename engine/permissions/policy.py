"""What an actor may do in an app, during one unit of work: the one place that everybody asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.definitions.model import Model
from engine.kernel.actor import Actor
from engine.permissions.rights import Right, Rights, rights_of
from engine.permissions.store import Condition, Rows, any_row, holds
from engine.storage import Work

_Grounds = Callable[[str, str, Any], Condition]


class Policy:
    """An actor's rights in one release of an app.

    Parts of the product and administrators may read and write everything (the audit trail says so);
    what nobody writes, they don't write either.
    """

    def __init__(
        self, model: Model, actor: Actor, *, tables: Mapping[str, Any], dialect: str, now: datetime,
        connection: Callable[[], Any],
    ) -> None:
        self.model = model
        self.actor = actor
        is_free = actor.is_system or actor.is_admin
        self.rights: Rights = rights_of(model, None if is_free else actor.roles_in(model.app.key))
        self._rows = Rows(model, tables, actor, dialect, now)
        self._connection = connection
        self._with_tasks: dict[str, bool] = {}
        self._is_open: dict[str, bool] = {}
        self._fields: dict[tuple[str, str], frozenset[str]] = {}

    def may(self, verb: str, entity: str) -> bool:
        """May the actor do this to any record of the entity at all?

        `verb` is "read", "create", "change" or "remove". Who holds no role that reads may still read
        the records on which a task of theirs waits.
        """
        if self.rights.may(verb, entity):
            return True
        return verb == "read" and entity in self.model.entities and self._reads_by_task(entity)

    def row_predicate(self, verb: str, entity_key: str, table: Any) -> Condition:
        """The records of `table` (the entity's table or an alias of it) to which the actor may do this.

        To change or remove a record one must also be able to read it. Owned rows go by their owner.
        """
        return self._at_owner(verb, entity_key, table, self._granted)

    def role_predicate(self, role: str, verb: str, entity_key: str, table: Any) -> Condition:
        """The records of `table` to which one role by itself allows this."""

        def by_role(inner: str, entity: str, rows: Any) -> Condition:
            scope = self.rights.scopes(inner, entity).get(role, "none")
            return self._rows.any_of([scope], entity, rows)

        return self._at_owner(verb, entity_key, table, by_role)

    def task_predicate(self, entity_key: str, table: Any) -> Condition:
        """The records of `table` that the actor may read because of a task or a copy."""

        def by_task(_: str, entity: str, rows: Any) -> Condition:
            found = self._rows.by_reason(entity, rows)
            return self._rows.any_of([], entity, rows) if found is None else found

        return self._at_owner("read", entity_key, table, by_task)

    def field_right(self, entity_key: str, field_key: str) -> Right:
        """"hidden", "read" or "write"; "hidden" for a field that isn't there, or in an entity of which
        the actor may neither see nor create a record."""
        if entity_key not in self._is_open:
            self._is_open[entity_key] = self.may("read", entity_key) or self.may("create", entity_key)
        return self.rights.field_right(entity_key, field_key) if self._is_open[entity_key] else "hidden"

    def readable(self, entity_key: str) -> frozenset[str]:
        """The fields that the actor may read."""
        return self._with_right("read", entity_key)

    def writable(self, entity_key: str) -> frozenset[str]:
        """The fields that the actor may write."""
        return self._with_right("write", entity_key)

    @property
    def may_design(self) -> bool:
        """May the actor change the app's definitions?"""
        return self.rights.is_free or any(role.may_design for role in self.rights.roles.values())

    def holds(self, entity_key: str, record_id: UUID, condition: Callable[[Any], Condition]) -> bool:
        """Does a condition over the entity's table hold for one record?"""
        table = self._rows.alias(entity_key)
        return holds(self._connection(), table, record_id, condition(table))

    def _granted(self, verb: str, entity: str, table: Any) -> Condition:
        if self.rights.is_free:
            return self._rows.any_of(["all"], entity, table)
        granted = self._rows.any_of(self.rights.scopes(verb, entity).values(), entity, table)
        if verb == "read":
            extra = self._rows.by_reason(entity, table)
            return granted if extra is None else granted | extra
        return granted if verb == "create" else granted & self._granted("read", entity, table)

    def _at_owner(self, verb: str, entity: str, table: Any, grounds: _Grounds) -> Condition:
        """What counts for an entity; for owned rows what counts for the owner of each, however far up."""
        owner = self.model.entities[entity].part_of
        if owner is None or owner not in self.model.entities:
            return grounds(verb, entity, table)
        alias = self._rows.alias(owner)
        inner = self._at_owner(self.rights.verb_for(verb, entity), owner, alias, grounds)
        return self._rows.of_owner(inner, alias, table)

    def _reads_by_task(self, entity: str) -> bool:
        """Is there any record that the actor may read for another reason than a role?"""
        owner = self.rights.governing(entity).key
        if owner not in self._with_tasks:
            table = self._rows.alias(owner)
            extra = self._rows.by_reason(owner, table)
            self._with_tasks[owner] = extra is not None and any_row(self._connection(), table, extra)
        return self._with_tasks[owner]

    def _with_right(self, right: str, entity: str) -> frozenset[str]:
        key = (right, entity)
        if key not in self._fields:
            enough = {"read", "write"} if right == "read" else {"write"}
            fields = self.model.entities[entity].fields
            self._fields[key] = frozenset(name for name in fields if self.field_right(entity, name) in enough)
        return self._fields[key]


def policy(work: Work, app: str) -> Policy:
    """The actor's policy in an app's current release, the same one throughout the work.

    Raises NotFound for an app without a release.
    """
    return policy_of(work, app, work.actor)


def policy_of(work: Work, app: str, actor: Actor) -> Policy:
    """Anybody's policy, to look through their eyes; whoever calls must have the right to."""
    model = work.model(app)
    key = ("permissions.policy", app)
    found = work.cache.get(key)
    if isinstance(found, Policy) and found.model is model and found.actor is actor:
        return found
    made = Policy(
        model, actor, tables=work.tables(app).entity, dialect=work.dialect, now=work.now,
        connection=lambda: work.connection,
    )
    if actor is work.actor:
        work.cache[key] = made
    return made
