"""People as the machine asks for them, answered by the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from engine import accounts
from engine.kernel.errors import NotFound
from engine.storage import Work


class AccountsDirectory:
    """The Directory of one app during one unit of work; what was asked once is remembered."""

    def __init__(self, work: Work, app: str) -> None:
        self._work = work
        self._app = app
        self._active: dict[UUID, bool] = {}
        self._names: dict[UUID, str] = {}

    def find_user(self, login: str) -> UUID | None:
        try:
            return accounts.find_user(self._work, login).id
        except NotFound:
            return None

    def role_holders(self, role: str) -> Sequence[UUID]:
        return accounts.role_holders(self._work, self._app, role)

    def department_members(self, key: str) -> Sequence[UUID]:
        return accounts.department_members(self._work, key)

    def manager(self, user_id: UUID) -> UUID | None:
        return accounts.manager_of(self._work, user_id)

    def department_heads(self, user_id: UUID) -> Sequence[UUID]:
        return accounts.department_heads(self._work, user_id)

    def administrators(self) -> Sequence[UUID]:
        return accounts.administrators(self._work)

    def is_active(self, user_id: UUID) -> bool:
        if user_id not in self._active:
            self._active[user_id] = accounts.is_active(self._work, user_id)
        return self._active[user_id]

    def learn_names(self, ids: Iterable[UUID | None]) -> None:
        """Ask for several names at once, before they are needed one by one."""
        missing = {person for person in ids if person is not None} - self._names.keys()
        if missing:
            self._names.update(accounts.names_of(self._work, missing))

    def name(self, user_id: UUID) -> str:
        if user_id not in self._names:
            self._names.update(accounts.names_of(self._work, [user_id]))
        return self._names.get(user_id, "")
