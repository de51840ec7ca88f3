"""Typed settings, read once from the environment; an unknown FORMWORK_ name is refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

PREFIX = "FORMWORK_"
# Read by the build hook and by the tests, not by the server.
_ELSEWHERE = {"SKIP_UI", "NODE", "UI_CACHE", "UI_OUT", "REQUIRE_ALL", "TEST_POSTGRESQL", "LONG", "AGREEMENT_RECORDS"}


class SettingsError(RuntimeError):
    """A setting is unknown or can't be read; the process must not start with it."""


@dataclass(frozen=True)
class Settings:
    """Everything that the operator decides. Each field is FORMWORK_<NAME> in the environment."""

    data: Path = Path("formwork-data")
    """Folder for SQLite, files and the outbox."""
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite in the data folder."""
    public_url: str = ""
    """Address under which people reach this server, for links in mails; empty: http://127.0.0.1:<port>."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names that are answered; empty: any."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only; switch on behind TLS."""
    worker: bool = False
    """Run the worker as a thread of the web process (`formwork up` does)."""
    allow_internal: tuple[str, ...] = ()
    """host:port pairs inside the own network that webhooks may call."""
    smtp_url: str = ""
    """smtp://user:password@host:port, or smtps://…; empty: mails are written to the outbox folder."""
    mail_from: str = "formwork@localhost"
    max_body: int = 8 * 1024 * 1024
    """Bytes of one request's body."""
    max_file: int = 25 * 1024 * 1024
    """Bytes of one uploaded file."""
    designer: bool = True
    """Serve the designer too; an operator-only server leaves it out."""

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from the environment; raises SettingsError with the offending name."""
        environment = os.environ if environment is None else environment
        known = {field.name.upper(): field for field in fields(cls)}
        values: dict[str, object] = {}
        for name, text in environment.items():
            if not name.startswith(PREFIX) or name.removeprefix(PREFIX) in _ELSEWHERE:
                continue
            field = known.get(name.removeprefix(PREFIX))
            if field is None:
                raise SettingsError(f"{name} is not a setting; known are: {', '.join(PREFIX + key for key in known)}")
            values[field.name] = _convert(name, str(field.type), text)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'formwork.db'}"


def _convert(name: str, kind: str, text: str) -> object:
    if kind == "bool":
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise SettingsError(f"{name} must be 1 or 0, not {text!r}")
        return text.lower() in {"1", "true", "yes"}
    if kind == "int":
        if not text.isascii() or not text.isdigit():
            raise SettingsError(f"{name} must be a whole number, not {text!r}")
        return int(text)
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return Path(text) if kind == "Path" else text
