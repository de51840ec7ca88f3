"""Demonstration people: departments, users, managers and roles of a pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import accounts
from engine.kernel.messages import pick
from engine.packs.values import Names
from engine.storage import Work


@dataclass(frozen=True)
class NewPerson:
    """Somebody who was created, with the first password: to be shown once."""

    login: str
    name: str
    title: str
    password: str


def install_people(work: Work, app: str, people: Mapping[str, Any], names: Names, password: Callable[[], str | None]) -> list[NewPerson]:
    """Create departments and users, then what refers from one to another.

    A login or department that exists is taken as it is (its roles in the app are added). Somebody without
    a password can't sign in. Raises Invalid.
    """
    language = names.language
    known = {item.key: item.id for item in flat(accounts.list_departments(work))}
    for row in people.get("departments", ()):
        if row["key"] not in known:
            known[row["key"]] = accounts.create_department(
                work, row["key"], _both(row["name"]), parent=known.get(row.get("parent", ""))
            )
    names.departments.update(known)
    found: list[NewPerson] = []
    existing = {user.login: user.id for user in accounts.list_users(work)}
    for row in people.get("users", ()):
        login = row["login"]
        if login in existing:
            names.users[login] = existing[login]
            accounts.set_roles(work, existing[login], app, row.get("roles", ()))
            continue
        first = password()
        name, title = pick(row["name"], language), pick(row.get("title", ""), language)
        names.users[login] = accounts.create_user(
            work, login, name, first, language=row.get("language", language), title=title or None, timezone=names.timezone,
            department=known.get(row.get("department", "")), roles={app: list(row.get("roles", ()))},
        )
        found.append(NewPerson(login, name, title, first or ""))
    _link(work, people, names)
    return found


def _link(work: Work, people: Mapping[str, Any], names: Names) -> None:
    for row in people.get("users", ()):
        manager = names.users.get(row.get("manager", ""))
        if manager is not None:
            accounts.change_user(work, names.users[row["login"]], manager=manager)
    for row in people.get("departments", ()):
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
