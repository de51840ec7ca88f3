"""Mail as a job: queued with what has happened, sent after it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.jobs.kind import job
from engine.jobs.mail import Letter, check
from engine.jobs.ports import ports_of
from engine.jobs.queue import enqueue
from engine.kernel.ids import new_id
from engine.storage import Work

KIND = "mail.send"


@dataclass(frozen=True)
class MailPayload:
    """A letter, as JSON keeps it."""

    event_id: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: datetime
    html: str | None = None


def send_mail(
    work: Work, to: Iterable[str], subject: str, text: str, *, html: str | None = None, event_id: str | None = None
) -> UUID:
    """Queue a mail; raises Invalid (`mail.*`). The same `event_id` is never queued while it waits."""
    event = event_id or str(new_id())
    check(Letter(event, tuple(to), subject, text, work.now, html))
    payload = {
        "event_id": event, "to": list(to), "subject": subject, "text": text, "html": html, "at": work.now.isoformat(),
    }
    return enqueue(work, KIND, payload, dedupe_key=f"{KIND}:{event}")


@job(KIND, payload=MailPayload, writes=False)
def _send(work: Work, payload: MailPayload) -> None:
    ports_of(work).mail.send(
        Letter(payload.event_id, payload.to, payload.subject, payload.text, payload.at, payload.html)
    )
