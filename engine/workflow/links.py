"""The address of a record, for mails: the server's public address and the page's path."""

from __future__ import annotations

from uuid import UUID

from engine.storage import Work
from engine.workflow.store import notices

_KEY = "public_url"


def link_to(work: Work, app: str, entity: str, record_id: UUID) -> str:
    """Where people find a record; without a public address only the path."""
    return f"{public_url(work)}/a/{app}/{entity}/{record_id}"


def public_url(work: Work) -> str:
    """The address under which people reach this server, without a slash at the end; "" if unknown."""
    if _KEY not in work.cache:
        work.cache[_KEY] = str(notices.read_setting(work.connection, _KEY) or "").rstrip("/")
    found: str = work.cache[_KEY]
    return found


def set_public_url(work: Work, url: str) -> None:
    """Remember the server's address, for links in mails."""
    if public_url(work) != url.rstrip("/"):
        notices.write_setting(work.connection, _KEY, url.rstrip("/"))
        work.cache[_KEY] = url.rstrip("/")
