"""What a set of roles may do in one release: verbs, scopes, fields. No person, no rows, no database.

Roles add up: what any of them grants is granted. Two rules keep that from opening more than is meant:

- A field's right comes from the roles that let its rows be read. A role that may only create counts
  for fields as long as no other role reads, or it would uncover fields of rows that it can't see.
- A value that is computed tells about what it is computed from. It is hidden where one of those fields
  is, unless a role names the computed field itself; a mirror shows the other record's own field, and is
  never more open than that.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Literal
from weakref import ReferenceType, ref

from engine.definitions.dependencies import computed_from
from engine.definitions.model import Entity, Field, Grant, Model
from engine.definitions.paths import computation_of
from engine.expressions import Expression
from engine.fields.capabilities import Computes, SystemValue

Right = Literal["hidden", "read", "write"]
Verb = Literal["read", "create", "change", "remove"]
Scope = str | Expression
_ORDER: Mapping[str, int] = {"hidden": 0, "read": 1, "write": 2}
_NOTHING = Grant()
_MOST_KEPT = 256


class Rights:
    """The rights of holders of some roles; `roles` None stands for those whom nothing is forbidden."""

    def __init__(self, model: Model, roles: Iterable[str] | None) -> None:
        self._entities = model.entities
        self._status = model.status_fields
        self._children = model.children
        self._all_roles = model.roles
        self.is_free = roles is None
        self.roles = {key: model.roles[key] for key in sorted(roles or ()) if key in model.roles}
        self._known: dict[tuple[str, str], Right] = {}
        self._open: set[tuple[str, str]] = set()  # being worked out: circles of formulas end there
        self._working = threading.RLock()

    def governing(self, entity: str) -> Entity:
        """The entity whose grants count: an owned row's are those of its owner."""
        found = self._entities[entity]
        while found.part_of is not None and found.part_of in self._entities:
            found = self._entities[found.part_of]
        return found

    def verb_for(self, verb: str, entity: str) -> str:
        """What one must be allowed to do to the owner in order to do `verb` to an owned row."""
        return verb if verb == "read" or self._entities[entity].part_of is None else "change"

    def grants(self, entity: str) -> dict[str, Grant]:
        """By role, the grant for an entity itself, where there is one."""
        return {key: role.grants[entity] for key, role in self.roles.items() if entity in role.grants}

    def scopes(self, verb: str, entity: str) -> dict[str, Scope]:
        """By role, for which records it allows a verb; roles that don't allow it are left out."""
        verb, owner = self.verb_for(verb, entity), self.governing(entity).key
        found = {key: scope_of(grant, verb) for key, grant in self.grants(owner).items()}
        return {key: scope for key, scope in found.items() if scope != "none"}

    def may(self, verb: str, entity: str) -> bool:
        """Does any role allow this for any record? Owned rows may be created along with their owner."""
        if entity not in self._entities:
            return False
        if self.is_free or self.scopes(verb, entity):
            return True
        is_row = self._entities[entity].part_of is not None
        return verb == "create" and is_row and bool(self.scopes("create", self.governing(entity).key))

    def field_right(self, entity: str, field: str) -> Right:
        """The right to a field; "hidden" for one that isn't there."""
        key = (entity, field)
        if key not in self._known:
            item = self._entities[entity].fields.get(field) if entity in self._entities else None
            if item is None:
                return "hidden"
            with self._working:
                if key in self._open:
                    return "hidden"
                self._open.add(key)
                try:
                    self._known[key] = self._field_right(entity, item)
                finally:
                    self._open.discard(key)
        return self._known[key]

    def is_fixed(self, entity: str, item: Field) -> bool:
        """Is this a value that nobody writes: computed, kept by the system, or moved by a workflow?"""
        return isinstance(item.type, (Computes, SystemValue)) or item.key in self._status.get(entity, ())

    def granted(self, role: str, entity: str, field: str) -> Right:
        """What one role says about a field, as if it could see every row and write it."""
        grant = self._all_roles[role].grants.get(entity, _NOTHING)
        return _as_right(grant.fields.get(field, grant.otherwise))

    def names(self, role: str, entity: str, field: str) -> bool:
        """Does a role name this very field?"""
        return field in self._all_roles[role].grants.get(entity, _NOTHING).fields

    def _field_right(self, entity: str, item: Field) -> Right:
        fixed = self.is_fixed(entity, item)
        if self.is_free:
            return "read" if fixed else "write"
        right = self._by_roles(entity, item)
        if fixed or not (self.may("create", entity) or self.may("change", entity)):
            return least(right, "read")
        return right

    def _by_roles(self, entity: str, item: Field) -> Right:
        owner = self.governing(entity).key
        readers = [role for role, grant in self.grants(owner).items() if scope_of(grant, "read") != "none"]
        creators = [role for role, grant in self.grants(owner).items() if grant.create]
        if readers or creators:
            said = [self._said(role, entity, item) for role in readers or creators]
            return most(self._capped(role, entity, right) for role, right in zip(readers or creators, said, strict=True))
        # Somebody who sees single records because a task there is theirs: what no role hides.
        everybody = [key for key, role in self._all_roles.items() if scope_of(role.grants.get(owner, _NOTHING), "read") != "none"]
        return least("read", *(self._said(role, entity, item) for role in everybody))

    def _said(self, role: str, entity: str, item: Field) -> Right:
        """What a role says about a field, with what the field is computed from in mind."""
        right = least(self.granted(role, entity, item.key), self._rows_right(role, entity))
        computation = computation_of(item)
        if computation in (None, "number") or right == "hidden":
            return right
        if computation != "mirror" and self.names(role, entity, item.key):
            return right
        return right if self._may_know(entity, item) else "hidden"

    def _rows_right(self, role: str, entity: str) -> Right:
        """Owned rows are as open as the field of the owner that holds them."""
        found: Right = "write"
        here = self._entities[entity]
        while here.part_of is not None and here.part_of in self._entities:
            owner = here.part_of
            holding = [item.key for child, item in self._children[owner] if child == here.key]
            found = least(found, most(self.granted(role, owner, key) for key in holding))
            here = self._entities[owner]
        return found

    def _capped(self, role: str, entity: str, right: Right) -> Right:
        """A role that may not write any record may not write any field."""
        grant = self.grants(self.governing(entity).key)[role]
        may_write = grant.create or scope_of(grant, "change") != "none"
        return right if may_write else least(right, "read")

    def _may_know(self, entity: str, item: Field) -> bool:
        """Are all values visible that a computed one is made of?"""
        sources = computed_from(self._entities, entity, item, item.formula, item.filter)
        if computation_of(item) == "mirror":  # it tells what stands there, not which record it is
            sources -= {(entity, str(item.options.get("via")))}
        return all(
            (owner == entity or self.may("read", owner)) and self.field_right(owner, key) != "hidden"
            for owner, key in sources
        )


def scope_of(grant: Grant, verb: str) -> Scope:
    """For which records a grant allows a verb."""
    if verb == "create":
        return "all" if grant.create else "none"
    found: Scope = getattr(grant, verb)
    return found


def most(rights: Iterable[Right]) -> Right:
    """The most open right; "hidden" if there is none."""
    return max(rights, key=_ORDER.__getitem__, default="hidden")


def least(*rights: Right) -> Right:
    """The least open right."""
    return min(rights, key=_ORDER.__getitem__)


def _as_right(text: str) -> Right:
    return "write" if text == "write" else "read" if text == "read" else "hidden"


_Key = tuple[int, frozenset[str] | None]
_kept: OrderedDict[_Key, tuple[ReferenceType[Model], Rights]] = OrderedDict()
_lock = threading.Lock()


def rights_of(model: Model, roles: frozenset[str] | None) -> Rights:
    """The rights of a set of roles, worked out once per release and process."""
    key = (id(model), roles)
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0]() is model:
            _kept.move_to_end(key)
            return found[1]
        made = Rights(model, roles)
        _kept[key] = (ref(model), made)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made
