"""The engine as others use it: one object that opens the database and hands out the rooms' use cases.

`designer/` and `runtime/` import only what `engine/__init__.py` takes from here (and the templates of
`engine.rendering`). A room is an attribute: `engine.records.create_record(work, …)`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from engine import accounts, audit, jobs, packs, permissions, publishing, records, workflow
from engine.definitions import document_schema, uses
from engine.definitions.model import App, Form, Model
from engine.expressions import compile as compile_expression
from engine.fields import PALETTE
from engine.fields.palette import palette_json
from engine.jobs import FileMail, Mail, Outbound, Ports, SmtpMail, Worker
from engine.kernel.actor import Actor
from engine.kernel.clock import Clock, SystemClock
from engine.kernel.errors import NotFound, Problem, raise_invalid
from engine.kernel.ids import find_id
from engine.kernel.messages import pick
from engine.permissions import Policy
from engine.storage import Database, Reaction, Work
from engine.storage.idempotency import Answer, claim, keep

REACTIONS: tuple[Reaction, ...] = (
    records.react,   # values of other records that follow from the changed ones
    workflow.react,  # running approvals whose record was changed or removed
    audit.note_administrators,  # what they do to records is told there, too
)
"""What happens when records change, in this order, in the same transaction (decision 0010)."""

ANONYMOUS = Actor(user_id=None, name="")
"""Somebody who has not signed in: holds no rights at all."""

TRUE = compile_expression("true", {})


@jobs.job("accounts.clean_up", every=timedelta(hours=1))
def end_stale_sessions(work: Work, _: Mapping[str, Any]) -> dict[str, int]:
    """Forget sessions whose time is over: they open nothing any more, and need not be kept."""
    return {"count": accounts.end_stale_sessions(work)}


class Options(Protocol):
    """What the operator decides about the ways out."""

    public_url: str
    allow_internal: tuple[str, ...]
    smtp_url: str
    mail_from: str


class Engine:
    """One installation, seen by one process. Safe to share between threads."""

    accounts = accounts
    audit = audit
    jobs = jobs
    packs = packs
    permissions = permissions
    publishing = publishing
    records = records
    workflow = workflow

    def __init__(self, url: str, *, data: Path, options: Options | None = None, clock: Clock | None = None, pool: int = 4) -> None:
        """Open the database at `url`; files go to `data`. The schema is not touched: see `database.migrate`."""
        self.clock = clock or SystemClock()
        self.data = data
        self.options = options
        self.database = Database(url, data=data, reactions=REACTIONS, pool=pool)

    def work(self, actor: Actor, *, writes: bool) -> Work:
        """A unit of work for an actor, to be entered with `with`."""
        return self.database.work(actor, clock=self.clock, writes=writes)

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def is_empty(self) -> bool:
        """Has nobody been created yet?"""
        with self.work(ANONYMOUS, writes=False) as work:
            return accounts.is_empty(work)

    # signing in ---------------------------------------------------------------------------------
    def sign_in(self, login: str, password: str) -> UUID:
        """The person with this login and password; raises Invalid. In a work of its own: hashing takes long."""
        with self.work(ANONYMOUS, writes=False) as work:
            return accounts.check_login(work, login, password)

    # apps and navigation ------------------------------------------------------------------------
    def apps(self, work: Work) -> list[App]:
        """The published apps in which the actor may read anything, by label."""
        found = []
        for entry in publishing.list_apps(work):
            if not entry.release:
                continue
            model = work.model(entry.key)
            policy = permissions.policy(work, entry.key)
            if any(policy.may("read", key) for key, entity in model.entities.items() if not entity.part_of):
                found.append(model.app)
        return sorted(found, key=lambda app: pick(app.label, work.language))

    def may_design(self, work: Work, app: str) -> bool:
        """May the actor change an app's draft?"""
        if work.actor.is_admin or work.actor.is_system:
            return True
        if not work.release_number(app):
            return False
        roles = work.model(app).roles
        return any(roles[key].may_design for key in work.actor.roles_in(app) if key in roles)

    def designs_any(self, work: Work) -> bool:
        """May the actor change the draft of any app, or make the first one?"""
        return work.actor.is_admin or any(self.may_design(work, entry.key) for entry in publishing.list_apps(work))

    def navigation(self, work: Work, language: str, current: str | None) -> list[dict[str, Any]]:
        """Groups and items of every app's navigation that the actor may open; `current` is "app/entity"."""
        groups: list[dict[str, Any]] = []
        for app in self.apps(work):
            model, policy = work.model(app.key), permissions.policy(work, app.key)
            for group in app.navigation or ({"items": [{"entity": key} for key in model.entities]},):
                items = [item for each in group["items"] if (item := _item(model, policy, each, language, current))]
                if items:
                    groups.append({"label": pick(group.get("label", app.label), language), "items": items})
        return groups

    # the designer -------------------------------------------------------------------------------
    def document_schema(self, kind: str) -> Mapping[str, Any]:
        """The JSON Schema of a kind of document."""
        return document_schema(kind)

    def palette(self, work: Work) -> list[dict[str, Any]]:
        """The field types in words, with options that a property panel can be drawn from."""
        return palette_json(work.language)

    def field_types(self) -> list[dict[str, str]]:
        """The field types of the palette, in order."""
        return [{"key": kind.key, "kind": kind.kind} for group in PALETTE for kind in group.types]

    def uses_of(self, work: Work, app: str, kind: str, key: str) -> list[dict[str, str]]:
        """Who uses a document of the draft: kind, key and place of each use."""
        documents = [
            publishing.get_document(work, app, entry.kind, entry.key).document
            for entry in publishing.list_documents(work, app)
        ]
        found = {
            (use.kind, use.key, "/".join(str(part) for part in use.path))
            for use in uses(documents).of(kind, key)
            if (use.kind, use.key) != (kind, key)
        }
        return [{"kind": kind, "key": key, "place": place} for kind, key, place in sorted(found)]

    def uses_json(self, work: Work, app: str) -> list[dict[str, Any]]:
        """Who uses what in the draft, for every field, option, entity, form and role at once; raises NotFound, Forbidden."""
        documents = [item["document"] for item in publishing.draft_json(work, app)]
        return [
            {"target": list(use.target), "kind": use.kind, "key": use.key, "path": list(use.path)}
            for use in uses(documents)
        ]

    def difference(self, work: Work, app: str, from_: str, to: str) -> tuple[Any, ...]:
        """The difference of two releases ("current", "draft" or a number)."""
        return publishing.diff(work, app, _side(from_), _side(to))

    # small things for pages ---------------------------------------------------------------------
    def small_form(self, model: Model, entity: str, keys: Iterable[str], required: Iterable[str]) -> Form | None:
        """A form of just these fields, for a dialog; None when there are none."""
        needed = set(required)
        target = model.entities[entity]
        items: list[dict[str, Any]] = []
        expressions = {}
        for key in keys:
            field = target.fields[key]
            if field.type.kind == "rows":
                child = model.entities[field.options["entity"]]
                items.append({"rows": key, "fields": [item for item in child.fields if item not in SYSTEM_FIELDS]})
            else:
                items.append({"field": key, "width": 2, **({"required": "true"} if key in needed else {})})
                if key in needed:
                    expressions["true"] = TRUE
        if not items:
            return None
        layout = {"tabs": [{"key": "main", "label": "", "sections": [{"key": "main", "label": "", "columns": 2, "items": items}]}]}
        return Form(key="step", entity=entity, label="", purpose="step", roles=(), layout=layout, expressions=expressions)

    def open_policy(self, policy: Policy, entity: str, keys: frozenset[str]) -> Any:
        """A policy that lets a step of the workflow write the fields it asks for."""
        return _OpenPolicy(policy, entity, keys)

    def hiding_policy(self, policy: Policy, entity: str, keys: frozenset[str]) -> Any:
        """A policy that leaves fields off the page that the record's step hides."""
        return _HidingPolicy(policy, entity, keys) if keys else policy

    def title_of(self, model: Model, entity: str, values: Mapping[str, Any], titles: Mapping[str, Any]) -> str:
        """What a record is called: its title field, shown as text."""
        definition = model.entities[entity]
        title = titles.get(definition.title) or values.get(definition.title)
        return str(title) if title not in (None, "") else "–"

    # requests that come twice -------------------------------------------------------------------
    def claim_answer(self, work: Work, key: str, digest: str) -> Answer | None:
        """The stored answer of a request that came before with this key; None when it is new."""
        return claim(work, key, digest)

    def keep_answer(self, work: Work, key: str, status: int, body: bytes) -> None:
        """Store the answer of a request under its key."""
        keep(work, key, Answer(status, body))

    # the worker ---------------------------------------------------------------------------------
    def worker(self) -> Worker:
        """A worker with the operator's ways out."""
        return Worker(self.database, clock=self.clock, ports=self.ports(), find_actor=accounts.find_actor)

    def run_worker(self, stop: threading.Event) -> None:
        """Do what is queued until `stop` is set."""
        self.worker().run_forever(stop)

    def ports(self) -> Ports:
        """Mail and HTTP as the operator set them up; without SMTP, mails are written to `outbox/`."""
        options = self.options
        allowed = frozenset(options.allow_internal) if options else frozenset()
        return Ports(_mail(options, self.data), Outbound(allowed=allowed))


SYSTEM_FIELDS = frozenset({"created_by", "created_on", "changed_by", "changed_on"})


class _OpenPolicy:
    """A person's policy, with the fields that a workflow step asks for open to writing."""

    def __init__(self, policy: Policy, entity: str, keys: frozenset[str]) -> None:
        self._policy, self._entity, self._keys = policy, entity, keys

    def field_right(self, entity_key: str, field_key: str) -> str:
        right = self._policy.field_right(entity_key, field_key)
        if entity_key == self._entity and field_key in self._keys:
            return "write"
        return right


class _HidingPolicy:
    """A person's policy without the fields that a workflow step hides."""

    def __init__(self, policy: Policy, entity: str, keys: frozenset[str]) -> None:
        self._policy, self._entity, self._keys = policy, entity, keys

    def field_right(self, entity_key: str, field_key: str) -> str:
        if entity_key == self._entity and field_key in self._keys:
            return "hidden"
        return self._policy.field_right(entity_key, field_key)


def _item(model: Model, policy: Policy, item: Mapping[str, Any], language: str, current: str | None) -> dict[str, Any] | None:
    view = model.views.get(item.get("view", ""))
    entity = model.entities.get(view.entity if view else item.get("entity", ""))
    if entity is None or entity.part_of or not policy.may("read", entity.key):
        return None
    app = model.app.key
    href = f"/a/{app}/{entity.key}" + (f"?view={view.key}" if view else "")
    label = pick(view.label if view else entity.plural or entity.label, language)
    return {"href": href, "icon": entity.icon or "box", "label": label, "is_current": not view and current == f"{app}/{entity.key}"}


def _side(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def _mail(options: Options | None, data: Path) -> Mail:
    if options is None or not options.smtp_url:
        return FileMail(data / "outbox", options.mail_from if options else "formwork@localhost")
    parts = urlsplit(options.smtp_url)
    raise_invalid([] if parts.scheme in ("smtp", "smtps") and parts.hostname else [Problem("mail.bad_address")])
    secure = parts.scheme == "smtps"
    return SmtpMail(
        host=parts.hostname or "", sender=options.mail_from, port=parts.port or (465 if secure else 587),
        security="tls" if secure else "starttls", login=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def required_id(text: object, code: str = "record.not_found") -> UUID:
    """The id in an address; raises NotFound for text that is none."""
    found = find_id(text)
    if found is None:
        raise NotFound(Problem(code))
    return found
