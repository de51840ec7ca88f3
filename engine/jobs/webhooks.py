"""Webhooks: signed messages to other systems (https://www.standardwebhooks.com), sent as jobs.

An app says which webhooks it has; an administrator may give each another address here. Secrets are
made here, never travel with an app, and stay out of jobs and logs.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from standardwebhooks import Webhook

from engine.jobs import store
from engine.jobs.addresses import is_url
from engine.jobs.kind import job
from engine.jobs.payload import as_json
from engine.jobs.ports import ports_of
from engine.jobs.queue import enqueue
from engine.kernel.actor import system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem, Unavailable
from engine.kernel.ids import new_id
from engine.storage import Work

KIND = "webhook.send"
DELAYS = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds until the next attempt, after the first and so on; the standard's recommendation."""
_GONE = 410
_BOTH = 2  # secrets in use while receivers change from one to the next


@dataclass(frozen=True)
class Endpoint:
    """Where a webhook goes. `secrets` holds the newest first; `is_disabled` says that it is off."""

    url: str | None
    secrets: tuple[str, ...] = ()
    is_disabled: bool = False


@dataclass(frozen=True)
class WebhookPayload:
    """One message: what happened in which app, and when."""

    app: str
    webhook: str
    event_id: str
    event: str
    at: datetime
    data: Mapping[str, Any]


def send_webhook(
    work: Work, app: str, webhook: str, event: str, data: Mapping[str, Any], *, event_id: str | None = None
) -> UUID:
    """Queue a message to a webhook of an app; receivers tell repeated ones by the event id.

    Raises NotFound when the app has no such webhook.
    """
    if webhook not in work.model(app).app.webhooks:
        raise NotFound(Problem("webhook.unknown", {"webhook": webhook}))
    identity = event_id or str(new_id())
    payload = {
        "app": app, "webhook": webhook, "event_id": identity, "event": event, "at": work.now.isoformat(),
        "data": as_json(data),
    }
    return enqueue(work, KIND, payload, dedupe_key=f"{KIND}:{app}:{webhook}:{identity}")


def get_webhook(work: Work, app: str, webhook: str) -> Endpoint:
    """Where a webhook goes, with its secrets; raises Forbidden unless an administrator asks, NotFound."""
    _require_admin(work)
    return _endpoint(work, app, webhook)


def change_webhook(
    work: Work, app: str, webhook: str, *, url: str | None = None, is_disabled: bool | None = None
) -> None:
    """Give a webhook an address ("" for the app's own), or switch it off and on.

    Raises Forbidden, NotFound, Invalid for what is no address; whether it may be called is found out
    when it is.
    """
    _require_admin(work)
    if url and not is_url(url):
        raise Invalid(Problem("webhook.url", {"value": url[:80]}, ("url",)))
    found = _stored(work, app, webhook, locks=True)
    if url is not None:
        found["url"] = url
    if is_disabled is not None:
        found["is_disabled"] = is_disabled
    store.write_setting(work.connection, _key(app, webhook), found)
    details = {key: value for key, value in found.items() if key != "secrets"}
    work.log("webhook.changed", app=app, subject=webhook, details=details)


def renew_secret(work: Work, app: str, webhook: str) -> str:
    """A new secret; messages are signed with the one before as well, until there is a third.

    Raises Forbidden, NotFound.
    """
    _require_admin(work)
    return _renew(work, app, webhook)


@job(KIND, payload=WebhookPayload, tries=len(DELAYS) + 1, delays=DELAYS, writes=False)
def _send(work: Work, payload: WebhookPayload) -> dict[str, Any]:
    endpoint = _endpoint(work, payload.app, payload.webhook)
    if endpoint.is_disabled or not endpoint.url:
        raise Invalid(Problem("webhook.off", {"webhook": payload.webhook}))
    signing = endpoint.secrets or (_own(work, lambda own: _renew(own, payload.app, payload.webhook)),)
    content = {"type": payload.event, "timestamp": payload.at.isoformat(), "data": payload.data}
    body = orjson.dumps(content)
    answer = ports_of(work).outbound.post(endpoint.url, body, signed(payload.event_id, work.now, body, signing))
    if answer.status == _GONE:
        _own(work, lambda own: change_webhook(own, payload.app, payload.webhook, is_disabled=True))
        raise Invalid(Problem("webhook.gone", {"webhook": payload.webhook}))
    if not 200 <= answer.status < 300:
        raise Unavailable(Problem("webhook.refused", {"status": answer.status}))
    return {"status": answer.status}


def signed(event_id: str, at: datetime, body: bytes, keys: tuple[str, ...]) -> dict[str, str]:
    """The headers of a message: its id, the time of this attempt, and a signature by each secret."""
    signatures = [Webhook(key).sign(event_id, at, body.decode()) for key in keys]
    return {
        "Content-Type": "application/json", "webhook-id": event_id, "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _require_admin(work: Work) -> None:
    if not (work.actor.is_admin or work.actor.is_system):
        raise Forbidden(Problem("webhook.admins_only"))


def _endpoint(work: Work, app: str, webhook: str) -> Endpoint:
    found = _stored(work, app, webhook)
    url = found.get("url") or work.model(app).app.webhooks[webhook].get("url")
    return Endpoint(url, tuple(found.get("secrets", ())), bool(found.get("is_disabled")))


def _stored(work: Work, app: str, webhook: str, *, locks: bool = False) -> dict[str, Any]:
    if webhook not in work.model(app).app.webhooks:
        raise NotFound(Problem("webhook.unknown", {"webhook": webhook}))
    return dict(store.read_setting(work.connection, _key(app, webhook), locks=locks) or {})


def _renew(work: Work, app: str, webhook: str) -> str:
    found = _stored(work, app, webhook, locks=True)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    found["secrets"] = [secret, *found.get("secrets", ())][:_BOTH]
    store.write_setting(work.connection, _key(app, webhook), found)
    work.log("webhook.secret_renewed", app=app, subject=webhook)
    return secret


def _own(work: Work, change: Any) -> Any:
    """A small change in a work of its own: the job's own work only reads."""
    with work.database.work(system_actor(KIND), clock=SteppedClock(work.now)) as own:
        return change(own)


def _key(app: str, webhook: str) -> str:
    return f"webhook.{app}.{webhook}"
