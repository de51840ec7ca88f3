"""The accounts' tables: the only SQL of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.accounts.account import Credentials, Department, Person, SessionEntry, Token, User
from engine.storage.system_tables import api_token, department, role_holder, session, user

_PERSON = (user.c.id, user.c.login, user.c.name, user.c.title, user.c.department_id, user.c.is_active)
_USER = tuple(user.c[name] for name in User.__dataclass_fields__ if name != "roles")
_TOKEN = tuple(api_token.c[name] for name in Token.__dataclass_fields__)
_SESSION = tuple(session.c[name] for name in SessionEntry.__dataclass_fields__)

Connection = sa.Connection

# What every step of a workflow asks, built once.
_ID = sa.bindparam("user_id", type_=user.c.id.type)
_IS_ACTIVE = sa.select(user.c.is_active).where(user.c.id == _ID)
_NAMES = sa.select(user.c.id, user.c.name).where(user.c.id.in_(sa.bindparam("ids", expanding=True, type_=user.c.id.type)))
_MANAGER = sa.select(user.c.manager_id).where(user.c.id == _ID)
_HOLDERS = (
    sa.select(user.c.id).join(role_holder, role_holder.c.user_id == user.c.id)
    .where(role_holder.c.app == sa.bindparam("app", type_=sa.Text()), role_holder.c.role == sa.bindparam("role", type_=sa.Text()))
    .order_by(user.c.name, user.c.id)
)
_ACTIVE_HOLDERS = _HOLDERS.where(user.c.is_active)
_ADMINISTRATORS = sa.select(user.c.id).where(user.c.is_admin, user.c.is_active).order_by(user.c.name, user.c.id)


# people -----------------------------------------------------------------------------------------
def find_user(connection: Connection, user_id: UUID) -> User | None:
    """The person with this id, with roles."""
    return next(iter(_users(connection, sa.select(*_USER).where(user.c.id == user_id))), None)


def find_user_by_login(connection: Connection, login: str) -> User | None:
    """The person with this (normal) login, with roles."""
    return next(iter(_users(connection, sa.select(*_USER).where(user.c.login == login))), None)


def list_users(connection: Connection) -> list[User]:
    """Everybody, by name."""
    return _users(connection, sa.select(*_USER).order_by(user.c.name, user.c.id))


def _users(connection: Connection, statement: sa.Select[Any]) -> list[User]:
    rows = connection.execute(statement).mappings().all()
    roles: dict[UUID, dict[str, set[str]]] = {}
    held = sa.select(role_holder.c.user_id, role_holder.c.app, role_holder.c.role)
    if len(rows) == 1:
        held = held.where(role_holder.c.user_id == rows[0]["id"])
    for owner, app, role in connection.execute(held) if rows else ():
        roles.setdefault(owner, {}).setdefault(app, set()).add(role)
    return [
        User(**row, roles={app: frozenset(keys) for app, keys in roles.get(row["id"], {}).items()})
        for row in rows
    ]


def find_people(
    connection: Connection, text: str, limit: int, ids: Sequence[UUID] | None, *, everyone: bool
) -> list[Person]:
    """People whose name or login holds the text, those whose name begins with it first."""
    found = sa.select(*_PERSON)
    if not everyone:
        found = found.where(user.c.is_active)
    if ids is not None:
        found = found.where(user.c.id.in_(ids))
    first: sa.ColumnElement[Any] = user.c.name
    if text:
        begins = sa.func.lower(user.c.name).startswith(text.lower(), autoescape=True)
        found = found.where(
            sa.or_(
                begins,
                sa.func.lower(user.c.name).contains(text.lower(), autoescape=True),
                user.c.login.contains(text.casefold(), autoescape=True),
            )
        )
        first = sa.case((begins, 0), else_=1)
    rows = connection.execute(found.order_by(first, user.c.name, user.c.id).limit(limit))
    return [Person(*row) for row in rows]


def names_of(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of some people."""
    return {row.id: row.name for row in connection.execute(_NAMES, {"ids": list(ids)})}


def is_active(connection: Connection, user_id: UUID) -> bool:
    """Is there such a person, and may they sign in?"""
    return connection.scalar(_IS_ACTIVE, {"user_id": user_id}) is True


def insert_user(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a person."""
    connection.execute(sa.insert(user).values(**values))


def update_user(
    connection: Connection, user_id: UUID, values: Mapping[str, Any], rev: int | None
) -> bool:
    """Change a person, at a revision if one is given; was there one to change?"""
    found = sa.update(user).where(user.c.id == user_id)
    if rev is not None:
        found = found.where(user.c.rev == rev)
    return connection.execute(found.values(**values, rev=user.c.rev + 1)).rowcount == 1


def login_owner(connection: Connection, login: str) -> UUID | None:
    """Whose login this is."""
    return connection.scalar(sa.select(user.c.id).where(user.c.login == login))


def manager_of(connection: Connection, user_id: UUID) -> UUID | None:
    """A person's manager."""
    return connection.scalar(_MANAGER, {"user_id": user_id})


def department_of(connection: Connection, user_id: UUID) -> UUID | None:
    """A person's department."""
    return connection.scalar(sa.select(user.c.department_id).where(user.c.id == user_id))


def members(connection: Connection, department_id: UUID) -> list[UUID]:
    """Active people of a department, by name."""
    found = sa.select(user.c.id).where(user.c.department_id == department_id, user.c.is_active)
    return list(connection.scalars(found.order_by(user.c.name, user.c.id)))


def administrators(connection: Connection) -> list[UUID]:
    """Active administrators, by name."""
    return list(connection.scalars(_ADMINISTRATORS))


def any_user(connection: Connection) -> bool:
    """Is there anybody at all?"""
    return connection.scalar(sa.select(user.c.id).limit(1)) is not None


# signing in -------------------------------------------------------------------------------------
def find_credentials(connection: Connection, login: str) -> Credentials | None:
    """What is known about a login."""
    columns = (user.c.id, user.c.password, user.c.is_active, user.c.failed_logins, user.c.locked_until)
    row = connection.execute(sa.select(*columns).where(user.c.login == login)).first()
    return Credentials(*row) if row else None


def password_of(connection: Connection, user_id: UUID) -> str | None:
    """A person's password hash."""
    return connection.scalar(sa.select(user.c.password).where(user.c.id == user_id))


def count_attempt(connection: Connection, user_id: UUID) -> int:
    """Count one failed attempt more, in the database, so that none is missed; how many now?"""
    found = sa.update(user).where(user.c.id == user_id).values(failed_logins=user.c.failed_logins + 1)
    return connection.scalar(found.returning(user.c.failed_logins)) or 0


def set_attempts(
    connection: Connection, user_id: UUID, failed: int, until: datetime | None
) -> None:
    """Keep how often signing in failed in a row and until when it pauses."""
    found = sa.update(user).where(user.c.id == user_id)
    connection.execute(found.values(failed_logins=failed, locked_until=until))


def set_password(connection: Connection, user_id: UUID, password: str) -> None:
    """Keep a new hash; a new password ends a pause."""
    found = sa.update(user).where(user.c.id == user_id)
    connection.execute(found.values(password=password, failed_logins=0, locked_until=None))


# roles ------------------------------------------------------------------------------------------
def replace_roles(
    connection: Connection, user_id: UUID, roles: Mapping[str, Iterable[str]], app: str | None = None
) -> None:
    """Give a person exactly these roles, in one app or everywhere."""
    gone = sa.delete(role_holder).where(role_holder.c.user_id == user_id)
    connection.execute(gone if app is None else gone.where(role_holder.c.app == app))
    rows = [
        {"user_id": user_id, "app": key, "role": role}
        for key, held in roles.items()
        for role in sorted(set(held))
    ]
    if rows:
        connection.execute(sa.insert(role_holder), rows)


def holders(connection: Connection, app: str, role: str, *, everyone: bool) -> list[UUID]:
    """Who holds a role, by name."""
    return list(connection.scalars(_HOLDERS if everyone else _ACTIVE_HOLDERS, {"app": app, "role": role}))


# departments ------------------------------------------------------------------------------------
def departments(connection: Connection) -> list[Department]:
    """Every department, without the tree."""
    names = (department.c.id, department.c.key, department.c.name, department.c.parent_id, department.c.head_id)
    found = sa.select(*names).where(department.c.removed_at.is_(None)).order_by(department.c.key)
    return [Department(*row) for row in connection.execute(found)]


def department_key_taken(connection: Connection, key: str) -> bool:
    """Does any department, removed ones included, have this key?"""
    return connection.scalar(sa.select(department.c.id).where(department.c.key == key)) is not None


def insert_department(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a department."""
    connection.execute(sa.insert(department).values(**values))


def update_department(connection: Connection, department_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a department."""
    connection.execute(sa.update(department).where(department.c.id == department_id).values(**values))


def has_members(connection: Connection, department_id: UUID) -> bool:
    """Is anybody, active or not, in this department?"""
    found = sa.select(user.c.id).where(user.c.department_id == department_id).limit(1)
    return connection.scalar(found) is not None


# sessions ---------------------------------------------------------------------------------------
def insert_session(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a session."""
    connection.execute(sa.insert(session).values(**values))


def find_session(connection: Connection, token_hash: str) -> SessionEntry | None:
    """The session with this token."""
    row = connection.execute(sa.select(*_SESSION).where(session.c.token_hash == token_hash)).first()
    return SessionEntry(*row) if row else None


def list_sessions(connection: Connection, user_id: UUID) -> list[SessionEntry]:
    """A person's sessions, the newest first."""
    found = sa.select(*_SESSION).where(session.c.user_id == user_id)
    return [SessionEntry(*row) for row in connection.execute(found.order_by(session.c.created_at.desc()))]


def see_session(connection: Connection, token_hash: str, at: datetime) -> None:
    """Keep when a session was last used."""
    found = sa.update(session).where(session.c.token_hash == token_hash)
    connection.execute(found.values(seen_at=at))


def update_session(connection: Connection, token_hash: str, values: Mapping[str, Any]) -> None:
    """Change a session."""
    connection.execute(sa.update(session).where(session.c.token_hash == token_hash).values(**values))


def delete_session(connection: Connection, token_hash: str) -> bool:
    """End a session; was there one?"""
    return connection.execute(sa.delete(session).where(session.c.token_hash == token_hash)).rowcount > 0


def delete_sessions(connection: Connection, user_id: UUID, keep: str | None = None) -> int:
    """End a person's sessions, except perhaps one."""
    found = sa.delete(session).where(session.c.user_id == user_id)
    if keep is not None:
        found = found.where(session.c.token_hash != keep)
    return connection.execute(found).rowcount


def delete_stale_sessions(connection: Connection, now: datetime, unseen_since: datetime) -> int:
    """End the sessions whose time is over."""
    over = sa.or_(session.c.expires_at <= now, session.c.seen_at <= unseen_since)
    return connection.execute(sa.delete(session).where(over)).rowcount


# tokens -----------------------------------------------------------------------------------------
def insert_token(connection: Connection, values: Mapping[str, Any]) -> None:
    """Add a token."""
    connection.execute(sa.insert(api_token).values(**values))


def find_token(connection: Connection, token_hash: str) -> Token | None:
    """The token with this hash."""
    row = connection.execute(sa.select(*_TOKEN).where(api_token.c.token_hash == token_hash)).first()
    return Token(*row) if row else None


def get_token(connection: Connection, token_id: UUID) -> Token | None:
    """The token with this id."""
    row = connection.execute(sa.select(*_TOKEN).where(api_token.c.id == token_id)).first()
    return Token(*row) if row else None


def list_tokens(connection: Connection, user_id: UUID) -> list[Token]:
    """A person's tokens, the newest first."""
    found = sa.select(*_TOKEN).where(api_token.c.user_id == user_id)
    return [Token(*row) for row in connection.execute(found.order_by(api_token.c.created_at.desc()))]


def update_token(connection: Connection, token_id: UUID, values: Mapping[str, Any]) -> None:
    """Keep when a token was used or revoked."""
    connection.execute(sa.update(api_token).where(api_token.c.id == token_id).values(**values))
