"""Demonstration people: departments, users, managers and roles of a pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import accounts
from engine.kernel.errors import Problem, raise_invalid
from engine.kernel.messages import pick
from engine.packs.prepare import Mapped
from engine.packs.values import Names
from engine.storage import Work


@dataclass(frozen=True)
class NewPerson:
    """Somebody who was created, with the first password: to be shown once."""

    login: str
    name: str
    title: str
    password: str


def install_people(
    work: Work, app: str, people: Mapping[str, Any], names: Names, password: Callable[[], str | None], mapping: Mapped | None = None,
) -> list[NewPerson]:
    """Create departments and users, then what refers from one to another.

    A login or department that exists is taken as it is (its roles in the app are added), and so is the one that
    `mapping` puts in its place; one that it puts nothing in the place of is left out. Somebody without a password
    can't sign in. Raises Invalid.
    """
    meet_people(work, names, mapping or {})
    made = _departments(work, people.get("departments", ()), names)
    found: list[NewPerson] = []
    fresh: list[Mapping[str, Any]] = []
    for row in people.get("users", ()):
        login = row["login"]
        if f"user:{login}" in names.absent:
            continue
        if login in names.users:
            _add_roles(work, names.users[login], app, row.get("roles", ()))
            continue
        first = password()
        name, title = pick(row["name"], names.language), pick(row.get("title", ""), names.language)
        names.users[login] = accounts.create_user(
            work, login, name, first, language=row.get("language", names.language), title=title or None, timezone=names.timezone,
            department=names.departments.get(row.get("department", "")), roles={app: list(row.get("roles", ()))},
        )
        fresh.append(row)
        found.append(NewPerson(login, name, title, first or ""))
    _link(work, fresh, [row for row in people.get("departments", ()) if row["key"] in made], names)
    return found


def meet_people(work: Work, names: Names, mapping: Mapped) -> None:
    """Let names stand for those who are here, and for those whom `mapping` puts in their place.

    Raises Invalid (`pack.mapping_user`, `pack.mapping_department`) for somebody who isn't here.
    """
    users, departments = existing_people(work)
    problems: list[Problem] = []
    for part, known, named in (("users", users, "user"), ("departments", departments, "department")):
        for key, here in mapping.get(part, {}).items():
            if here is None:
                names.absent.add(f"{named}:{key}")
            elif here in known:
                known[key] = known[here]
            else:
                problems.append(Problem(f"pack.mapping_{named}", {"name": str(here)[:80]}, ("mapping", part, key)))
    raise_invalid(problems)
    names.users.update(users)
    names.departments.update(departments)


def give_roles(work: Work, app: str, roles: Mapping[str, Any]) -> None:
    """Let people who are here hold roles of the app: {role: logins}. Raises Invalid for somebody or a role that isn't here."""
    users, _ = existing_people(work)
    known = work.model(app).roles
    problems = [Problem("pack.mapping_role", {"name": role[:80]}, ("mapping", "roles", role)) for role in roles if role not in known]
    problems += [
        Problem("pack.mapping_user", {"name": str(login)[:80]}, ("mapping", "roles", role))
        for role, logins in roles.items() for login in logins if login not in users
    ]
    raise_invalid(problems)
    for role, logins in roles.items():
        for login in logins:
            _add_roles(work, users[login], app, [role])


def _departments(work: Work, rows: Iterable[Mapping[str, Any]], names: Names) -> list[str]:
    made = []
    for row in rows:
        if row["key"] not in names.departments and f"department:{row['key']}" not in names.absent:
            parent = names.departments.get(row.get("parent", ""))
            names.departments[row["key"]] = accounts.create_department(work, row["key"], _both(row["name"]), parent=parent)
            made.append(row["key"])
    return made


def _add_roles(work: Work, user_id: UUID, app: str, roles: Iterable[str]) -> None:
    held = accounts.get_user(work, user_id).roles.get(app, ())
    if not set(roles) <= set(held):
        accounts.set_roles(work, user_id, app, sorted({*held, *roles}))


def _link(work: Work, users: list[Mapping[str, Any]], departments: list[Mapping[str, Any]], names: Names) -> None:
    for row in users:
        manager = names.users.get(row.get("manager", ""))
        if manager is not None:
            accounts.change_user(work, names.users[row["login"]], manager=manager)
    for row in departments:
        head = names.users.get(row.get("head", ""))
        if head is not None:
            accounts.change_department(work, names.departments[row["key"]], head=head)


def flat(tree: Any) -> list[Any]:
    """Departments of a tree as a list, parents first."""
    found = []
    for item in tree:
        found += [item, *flat(item.below)]
    return found


def _both(name: Any) -> Any:
    return dict(name) if isinstance(name, Mapping) else name


def existing_people(work: Work) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """Users by login and departments by key, as they stand."""
    users = {user.login: user.id for user in accounts.list_users(work)}
    return users, {item.key: item.id for item in flat(accounts.list_departments(work))}
