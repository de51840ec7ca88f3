"""Carry out a plan: definitions published, people created, samples told; all in one unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.packs.modules import without
from engine.packs.overlay import complete
from engine.packs.pack import Pack
from engine.packs.people import NewPerson, existing_people, install_people
from engine.packs.plan_install import plan_install
from engine.packs.samples import install_samples
from engine.packs.scenarios import run_scenarios
from engine.packs.shelf import read_shelf
from engine.packs.store import note_installed
from engine.packs.values import Names
from engine.publishing import create_app, keep_documents, publish, put_document
from engine.storage import Work


def _password() -> str:
    return secrets.token_urlsafe(9)


def install_pack(
    work: Work, pack: Pack, *, language: str, samples: bool = True, people: bool = True,
    password: Callable[[], str] = _password, leave_out: Iterable[str] = (), scenarios: bool = False,
) -> list[NewPerson]:
    """Install a pack as a new app; returns the people created, with their first passwords.

    Sample records that name people are installed only together with them (or where they exist). `leave_out`
    names modules to do without. With `scenarios` the pack's acceptance cases are run first, in the same
    transaction, and one that fails keeps the pack out. Raises Invalid with what blocks it, Forbidden unless an administrator or the system asks. A failure leaves
    nothing, for everything happens in the given work.
    """
    pack = without(complete(pack, read_shelf), leave_out := tuple(leave_out))
    plan = plan_install(work, pack)
    if plan.is_blocked:
        raise Invalid(*plan.blocks, *(finding.problem for finding in plan.findings if finding.severity == "error"))
    app_document = next(document for document in pack.documents if document["kind"] == "app")
    app = app_document["key"]
    create_app(work, app_document)
    for document in pack.documents:
        if document["kind"] != "app":
            put_document(work, app, document)
    publish(work, app, pack.manifest.version, origin={"pack": pack.manifest.key, "version": pack.manifest.version})
    note_installed(work, app, pack, keep_documents(work, pack.documents), left_out=leave_out)
    if scenarios:
        _prove(work, app, pack, language)
    names = Names(language, work.now, app_document["timezone"])
    names.users, names.departments = existing_people(work)
    created = install_people(work, app, pack.people, names, password) if people else []
    if samples and all(row["login"] in names.users for row in pack.people.get("users", ())):
        install_samples(work, app, pack.samples, names)
    work.log("pack.installed", app=app, details={"version": pack.manifest.version})
    return created


def _prove(work: Work, app: str, pack: Pack, language: str) -> None:
    failed = [outcome for outcome in run_scenarios(work, app, pack, language) if not outcome.passed]
    raise_invalid(
        Problem("pack.scenario_failed", {"label": outcome.label, "reason": " ".join(outcome.lines()[-2:]).strip()})
        for outcome in failed
    )
