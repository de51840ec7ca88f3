"""Create, change and find people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Unpack
from uuid import UUID

from engine.accounts import logins, passwords, store
from engine.accounts.account import Changes, Details, Person, User
from engine.accounts.own_work import touch
from engine.accounts.rights import (
    require_admin,
    require_person,
    require_self_or_admin,
    require_signed_in,
)
from engine.accounts.tree import would_circle
from engine.kernel.errors import Conflict, Invalid, NotFound, Problem, raise_invalid
from engine.kernel.ids import new_id
from engine.storage import Work

_COLUMNS = {"department": "department_id", "manager": "manager_id"}
_ENDS_SESSIONS = frozenset({"roles", "is_admin", "is_active", "login"})


def create_user(
    work: Work, login: str, name: str, password: str | None = None, **details: Unpack[Details]
) -> UUID:
    """Add a person; without a password they can't sign in yet.

    Raises Forbidden unless the actor is an administrator, Invalid (`accounts.*`) with everything
    that is wrong.
    """
    require_admin(work)
    touch(work)
    given = _normal({"login": login, "name": name, **details})
    problems = [*_problems(work, None, given)]
    if password is not None:
        problems += passwords.problems_of(password, given["login"])
    raise_invalid(problems)
    user_id = new_id()
    roles = given.pop("roles", {})
    hashed = passwords.hash_password(password) if password is not None else None
    store.insert_user(
        work.connection,
        {**_as_columns(given), "id": user_id, "password": hashed, "created_at": work.now},
    )
    store.replace_roles(work.connection, user_id, roles)
    work.log("user.created", subject=str(user_id), details={"login": given["login"]})
    return user_id


def change_user(work: Work, user_id: UUID, *, rev: int | None = None, **changes: Unpack[Changes]) -> None:
    """Change what an administrator may change about a person; `roles` replaces those held.

    Other roles, another login, more or fewer rights end the person's sessions. Raises Forbidden,
    NotFound, Invalid (`accounts.*`), and Conflict when the person changed since revision `rev`.
    """
    require_admin(work)
    touch(work)
    before = get_user(work, user_id)
    given = _normal(changes)
    raise_invalid([*_problems(work, before, given)])
    roles = given.pop("roles", None)
    if not store.update_user(work.connection, user_id, _as_columns(given), rev):
        raise Conflict(Problem("accounts.changed_meanwhile", {"name": before.name}))
    if roles is not None:
        store.replace_roles(work.connection, user_id, roles)
    after = get_user(work, user_id)
    differences = dict(_differences(before, after))
    if differences:
        work.log("user.changed", subject=str(user_id), details=differences)
    if _ENDS_SESSIONS & differences.keys():
        store.delete_sessions(work.connection, user_id)


def set_roles(work: Work, user_id: UUID, app: str, roles: Iterable[str]) -> None:
    """Give a person exactly these roles in one app; raises Forbidden or NotFound."""
    held = {key: sorted(found) for key, found in get_user(work, user_id).roles.items()}
    change_user(work, user_id, roles={**held, app: list(roles)})


def change_preferences(
    work: Work, *, language: str | None = None, theme: str | None = None, timezone: str | None = None
) -> None:
    """Change one's own language, theme or time zone; raises Forbidden for strangers, Invalid."""
    user_id = work.actor.user_id
    if user_id is None:
        require_signed_in(work)  # a part of the product passes, and has no preferences
        return
    wanted = {"language": language, "theme": theme, "timezone": timezone}
    given: dict[str, Any] = {key: value for key, value in wanted.items() if value is not None}
    raise_invalid(logins.problems_of(given))
    if given:
        touch(work)
        store.update_user(work.connection, user_id, given, None)
        work.log("user.preferences_changed", subject=str(user_id), details=given)


def set_password(
    work: Work, user_id: UUID, password: str, *, current: str | None = None, keep: str | None = None
) -> None:
    """Give a person a new password and end their sessions (but the one whose hash is `keep`).

    One's own password needs the `current` one. Raises Forbidden, NotFound, Invalid.
    """
    require_self_or_admin(work, user_id)
    require_person(work)
    touch(work)
    person = get_user(work, user_id)
    if work.actor.user_id == user_id and not passwords.fits(
        store.password_of(work.connection, user_id), current or ""
    ):
        raise Invalid(Problem("accounts.current_password", {}, ("current",)))
    raise_invalid(passwords.problems_of(password, person.login))
    store.set_password(work.connection, user_id, passwords.hash_password(password))
    store.delete_sessions(work.connection, user_id, keep)
    work.log("user.password_changed", subject=str(user_id), details={})


def get_user(work: Work, user_id: UUID) -> User:
    """A person, active or not; raises NotFound."""
    found = store.find_user(work.connection, user_id)
    if found is None:
        raise NotFound(Problem("accounts.no_such_user"))
    return found


def find_user(work: Work, login: str) -> User:
    """The person with a login, however it is written; raises NotFound."""
    found = store.find_user_by_login(work.connection, logins.normal_login(login))
    if found is None:
        raise NotFound(Problem("accounts.no_such_user"))
    return found


def list_users(work: Work) -> list[User]:
    """Everybody with everything, by name; raises Forbidden unless the actor is an administrator."""
    require_admin(work)
    return store.list_users(work.connection)


def find_people(
    work: Work, text: str = "", *, limit: int = 20, ids: Iterable[UUID] | None = None, everyone: bool = False
) -> list[Person]:
    """People to choose from, by a part of the name or login; for everyone who has signed in.

    `everyone` includes those who may no longer sign in. Raises Forbidden for strangers.
    """
    require_signed_in(work)
    wanted = list(ids) if ids is not None else None
    return store.find_people(work.connection, logins.normal_name(text), limit, wanted, everyone=everyone)


def list_people(work: Work) -> list[Person]:
    """Everybody who may sign in, by name; raises Forbidden for strangers."""
    return find_people(work, limit=10_000)


def names_of(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of people, active or not, by id; unknown ids are left out."""
    wanted = set(ids)
    return store.names_of(work.connection, wanted) if wanted else {}


def is_active(work: Work, user_id: UUID) -> bool:
    """Is there such a person, and may they sign in?"""
    return store.is_active(work.connection, user_id)


def is_empty(work: Work) -> bool:
    """Is there nobody yet?"""
    return not store.any_user(work.connection)


def _normal(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = values.keys() - Changes.__annotations__.keys()
    if unknown:
        raise TypeError(f"a person has no {', '.join(sorted(unknown))}")
    found = dict(values)
    if "login" in found:
        found["login"] = logins.normal_login(found["login"])
    for key in ("name", "title"):
        if found.get(key) is not None:
            found[key] = logins.normal_name(found[key])
    for key in ("email", "title"):
        if key in found:
            found[key] = (found[key] or "").strip() or None
    return found


def _as_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_COLUMNS.get(key, key): value for key, value in values.items()}


def _problems(work: Work, before: User | None, given: dict[str, Any]) -> Iterator[Problem]:
    yield from logins.problems_of(given)
    user_id = before.id if before else None
    if "login" in given:
        owner = store.login_owner(work.connection, given["login"])
        if owner is not None and owner != user_id:
            yield Problem("accounts.login_taken", {"value": given["login"]}, ("login",))
    wanted = given.get("department")
    if wanted is not None and all(item.id != wanted for item in store.departments(work.connection)):
        yield Problem("accounts.no_such_department", {}, ("department",))
    yield from _manager_problems(work, user_id, given.get("manager"))
    if before is not None and before.is_admin and before.is_active:
        stays = given.get("is_admin", True) and given.get("is_active", True)
        if not stays and store.administrators(work.connection) == [before.id]:
            yield Problem("accounts.last_admin", {"name": before.name})


def _manager_problems(work: Work, user_id: UUID | None, manager: UUID | None) -> Iterator[Problem]:
    if manager is None:
        return
    if store.find_user(work.connection, manager) is None:
        yield Problem("accounts.no_such_user", {}, ("manager",))
    elif user_id and would_circle(user_id, manager, lambda who: store.manager_of(work.connection, who)):
        yield Problem("accounts.manager_circle", {}, ("manager",))


def _differences(before: User, after: User) -> Iterator[tuple[str, list[Any]]]:
    """What changed, as JSON values for the audit trail."""
    for key in Changes.__annotations__:
        old, new = (_plain(getattr(item, _COLUMNS.get(key, key))) for item in (before, after))
        if old != new:
            yield key, [old, new]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {app: sorted(roles) for app, roles in sorted(value.items())}
    return value
