"""The tree of departments, and who stands above whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypedDict, Unpack
from uuid import UUID

from engine.accounts import store
from engine.accounts.account import Department
from engine.accounts.own_work import touch
from engine.accounts.rights import require_admin
from engine.accounts.tree import climb, tops, would_circle
from engine.kernel.errors import Invalid, NotFound, Problem, raise_invalid
from engine.kernel.ids import new_id
from engine.storage import Work

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LONGEST_NAME = 120


class DepartmentChanges(TypedDict, total=False):
    """What may be changed about a department."""

    name: Mapping[str, str]
    parent: UUID | None
    head: UUID | None


def create_department(
    work: Work, key: str, name: Mapping[str, str] | str, *, parent: UUID | None = None, head: UUID | None = None
) -> UUID:
    """Add a department; a plain name counts for every language.

    Raises Forbidden unless the actor is an administrator, Invalid (`accounts.*`).
    """
    require_admin(work)
    touch(work)
    problems = []
    if not _KEY.fullmatch(key):
        problems.append(Problem("accounts.department_key", {"value": key[:80]}, ("key",)))
    elif store.department_key_taken(work.connection, key):
        problems.append(Problem("accounts.department_taken", {"value": key}, ("key",)))
    names = {"en": name} if isinstance(name, str) else dict(name)
    given: DepartmentChanges = {"name": names, "parent": parent, "head": head}
    raise_invalid([*problems, *_problems(work, None, given)])
    department_id = new_id()
    store.insert_department(
        work.connection,
        {"id": department_id, "key": key, "name": names, "parent_id": parent, "head_id": head},
    )
    work.log("department.created", subject=str(department_id), details={"key": key})
    return department_id


def change_department(work: Work, department_id: UUID, **changes: Unpack[DepartmentChanges]) -> None:
    """Change a department's name, parent or head; raises Forbidden, NotFound, Invalid."""
    require_admin(work)
    touch(work)
    get_department(work, department_id)
    raise_invalid(_problems(work, department_id, changes))
    columns = {"name": "name", "parent": "parent_id", "head": "head_id"}
    values = {columns[key]: value for key, value in changes.items()}
    if values:
        store.update_department(work.connection, department_id, values)
        details = {key: str(value) if isinstance(value, UUID) else value for key, value in changes.items()}
        work.log("department.changed", subject=str(department_id), details=details)


def remove_department(work: Work, department_id: UUID) -> None:
    """Remove a department nobody is in and none is below; raises Forbidden, NotFound, Invalid."""
    require_admin(work)
    touch(work)
    get_department(work, department_id)
    is_used = store.has_members(work.connection, department_id) or any(
        item.parent_id == department_id for item in store.departments(work.connection)
    )
    if is_used:
        raise Invalid(Problem("accounts.department_used"))
    store.update_department(work.connection, department_id, {"removed_at": work.now})
    work.log("department.removed", subject=str(department_id), details={})


def get_department(work: Work, department_id: UUID) -> Department:
    """A department, without those below; raises NotFound."""
    for item in store.departments(work.connection):
        if item.id == department_id:
            return item
    raise NotFound(Problem("accounts.no_such_department"))


def list_departments(work: Work) -> tuple[Department, ...]:
    """The departments as a tree: those at the top, each with those below it."""
    known = {item.id: item for item in store.departments(work.connection)}
    first = set(tops(known, {key: item.parent_id for key, item in known.items()}))
    return tuple(_with_below(item, known) for item in known.values() if item.id in first)


def department_head(work: Work, department_id: UUID) -> UUID | None:
    """The head of a department, or None when it has none or is no more."""
    known = {item.id: item for item in store.departments(work.connection)}
    return known[department_id].head_id if department_id in known else None


def department_heads(work: Work, user_id: UUID) -> list[UUID]:
    """The head of a person's department, then of the one above, and so on; gaps are skipped."""
    known = {item.id: item for item in store.departments(work.connection)}
    own = store.department_of(work.connection, user_id)
    if own not in known:
        return []
    chain = [own, *climb(own, lambda key: known[key].parent_id if key in known else None)]
    heads = [known[key].head_id for key in chain if key in known]
    return list(dict.fromkeys(head for head in heads if head is not None))


def department_members(work: Work, key: str) -> list[UUID]:
    """Active people of the department with this key (not of those below), by name."""
    for item in store.departments(work.connection):
        if item.key == key:
            return store.members(work.connection, item.id)
    return []


def department_names(work: Work) -> dict[UUID, Mapping[str, str]]:
    """Every department's name in its languages, by id."""
    return {item.id: item.name for item in store.departments(work.connection)}


def manager_of(work: Work, user_id: UUID, levels: int = 1) -> UUID | None:
    """The manager so many levels above a person, or None when the chain ends before."""
    chain = climb(user_id, lambda who: store.manager_of(work.connection, who), levels)
    return chain[levels - 1] if len(chain) >= levels > 0 else None


def managers_of(work: Work, user_id: UUID) -> list[UUID]:
    """Everybody above a person, the nearest first."""
    return climb(user_id, lambda who: store.manager_of(work.connection, who))


def role_holders(work: Work, app: str, role: str, *, everyone: bool = False) -> list[UUID]:
    """Who holds a role in an app, by name; `everyone` includes those who can't sign in."""
    return store.holders(work.connection, app, role, everyone=everyone)


def administrators(work: Work) -> list[UUID]:
    """Active administrators, by name."""
    return store.administrators(work.connection)


def _with_below(top: Department, known: Mapping[UUID, Department]) -> Department:
    below = tuple(_with_below(item, known) for item in known.values() if item.parent_id == top.id)
    return Department(top.id, top.key, top.name, top.parent_id, top.head_id, below)


def _problems(work: Work, department_id: UUID | None, given: DepartmentChanges) -> list[Problem]:
    found = []
    known = {item.id: item for item in store.departments(work.connection)}
    name: Any = given.get("name", {"en": "-"})
    texts = list(name.values()) if isinstance(name, Mapping) else []
    if not texts or not all(isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST_NAME for text in texts):
        found.append(Problem("accounts.department_name", {"count": _LONGEST_NAME}, ("name",)))
    parent, head = given.get("parent"), given.get("head")
    if parent is not None and parent not in known:
        found.append(Problem("accounts.no_such_department", {}, ("parent",)))
    elif department_id and would_circle(
        department_id, parent, lambda key: known[key].parent_id if key in known else None
    ):
        found.append(Problem("accounts.department_circle", {}, ("parent",)))
    if head is not None and store.find_user(work.connection, head) is None:
        found.append(Problem("accounts.no_such_user", {}, ("head",)))
    return found
