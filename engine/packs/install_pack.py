"""Carry out a plan: definitions published, people created, samples told; all in one unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.definitions import Document, load_document
from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.packs.modules import without
from engine.packs.pack import Pack
from engine.packs.people import NewPerson, give_roles, install_people, meet_people
from engine.packs.plan_install import plan_install
from engine.packs.prepare import Setting, app_of, check_mapping, prepare, relabelled
from engine.packs.samples import install_samples
from engine.packs.scenarios import run_scenarios
from engine.packs.store import note_installed
from engine.packs.values import Names
from engine.publishing import create_app, keep_documents, publish
from engine.publishing.drafts import replace_draft
from engine.storage import Work


def _password() -> str:
    return secrets.token_urlsafe(9)


def install_pack(  # noqa: PLR0913 - each is a choice of the page's
    work: Work, pack: Pack, *, language: str, samples: bool = True, people: bool = True,
    password: Callable[[], str] = _password, leave_out: Iterable[str] = (), scenarios: bool = False,
    key: str | None = None, label: Any = None, mapping: Mapping[str, Any] | None = None, detached: bool = False,
) -> list[NewPerson]:
    """Install a pack as a new app; returns the people created, with their first passwords.

    Sample records that name people are installed only together with them (or where they exist, or `mapping` puts
    others in their place, or nobody). `leave_out` names modules to do without. `key` and `label` give the app
    another key and name than the pack's. A `detached` app goes its own way: no upgrades, and it begins in
    `language`. With `scenarios` the pack's acceptance cases are run first, in the same transaction, and one that
    fails keeps the pack out. Raises Invalid with what blocks it, Forbidden unless an administrator or the system
    asks. A failure leaves nothing, for everything happens in the given work.
    """
    setting = Setting(key or "", tuple(sorted(leave_out)), check_mapping(mapping))
    whole = prepare(pack, replace(setting, left_out=()))
    pack = without(whole, setting.left_out)
    plan = plan_install(work, pack)
    if plan.is_blocked:
        raise Invalid(*plan.blocks, *(finding.problem for finding in plan.findings if finding.severity == "error"))
    app_document = app_of(pack.documents)
    app = app_document["key"]
    _publish(work, pack, label, language if detached else "")
    if not detached:
        kept = keep_documents(work, whole.documents) if setting.left_out else {}
        note_installed(work, app, pack, keep_documents(work, pack.documents), setting, whole=kept)
    names = Names(language, work.now, app_document["timezone"])
    meet_people(work, names, setting.mapping)
    if scenarios:
        _prove(work, app, pack, language)
    tells = samples and all(people or _is_met(row["login"], names) for row in pack.people.get("users", ()))
    # Stories are told by people with the roles of the story, be they new or here already.
    created = install_people(work, app, pack.people, names, password, setting.mapping) if people or tells else []
    give_roles(work, app, setting.mapping.get("roles", {}))
    if tells:
        install_samples(work, app, pack.samples, names)
    work.log("pack.installed", app=app, details={"pack": pack.manifest.key, "version": pack.manifest.version, "detached": detached})
    return created


def _publish(work: Work, pack: Pack, label: Any, language: str) -> None:
    document = relabelled(app_of(pack.documents), label)
    if language in document["languages"]:
        document = {**document, "default_language": language}
    create_app(work, document)
    replace_draft(work, document["key"], {(each["kind"], each["key"]): each for each in (document, *_others(pack))})
    publish(work, document["key"], pack.manifest.version, origin={"pack": pack.manifest.key, "version": pack.manifest.version})


def _others(pack: Pack) -> list[Document]:
    return [load_document(each) for each in pack.documents if each["kind"] != "app"]


def _is_met(login: str, names: Names) -> bool:
    return login in names.users or f"user:{login}" in names.absent


def _prove(work: Work, app: str, pack: Pack, language: str) -> None:
    failed = [outcome for outcome in run_scenarios(work, app, pack, language) if not outcome.passed]
    raise_invalid(
        Problem("pack.scenario_failed", {"label": outcome.label, "reason": " ".join(outcome.lines()[-2:]).strip()})
        for outcome in failed
    )
