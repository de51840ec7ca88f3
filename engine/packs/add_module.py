"""A module that was left out, added later: the same merge as an upgrade, within one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.accounts.rights import require_admin
from engine.kernel.errors import Invalid, Problem
from engine.packs.modules import without
from engine.packs.pack import Manifest, Module, Pack
from engine.packs.prepare import prepare
from engine.packs.shelf import list_packs, read_shelf
from engine.packs.store import extras_of, setting_of
from engine.packs.upgrade.align import renewed
from engine.packs.upgrade.apply_upgrade import carry_out
from engine.packs.upgrade.entries import UpgradePlan
from engine.packs.upgrade.merge_app import Choices
from engine.packs.upgrade.plan_upgrade import Draft, draft_from
from engine.packs.upgrade.renames import Sides
from engine.packs.upgrade.versions import Versions, draft_blocks, installed_in
from engine.publishing import kept_documents
from engine.publishing.drafts import get_locked_app
from engine.publishing.history import CURRENT, documents_of
from engine.storage import Work


def modules_left_out(work: Work, app: str) -> tuple[Module, ...]:
    """The modules that the app does without and could get; raises NotFound."""
    here = installed_in(work, app)
    return tuple(module for module in _modules(here) if module.key in here["left_out"])


def plan_module(work: Work, app: str, module: str, choices: Choices | None = None) -> UpgradePlan:
    """What adding a module would take and ask; raises as `add_module`, but for what stands in the plan."""
    return _draft(work, app, module, choices or {}).plan


def add_module(work: Work, app: str, module: str, *, choices: Choices | None = None, note: str = "") -> int:
    """Add a module that was left out, with those that it can't be without; returns the release's number.

    What the company has changed since stays; it can be taken back as an upgrade can. Raises Invalid
    (`pack.no_module`, `pack.module_here`, and what stands against it), NotFound, Forbidden.
    """
    require_admin(work)
    get_locked_app(work, app)
    draft = _draft(work, app, module, choices or {})
    left = tuple(key for key in draft.versions.here["left_out"] if key not in _wanted(draft.versions.here, module))
    setting = replace(setting_of(draft.versions.here), left_out=left)
    return carry_out(work, app, draft, {}, note or module, scenarios=False, setting=setting)


def _draft(work: Work, app: str, module: str, choices: Choices) -> Draft:
    require_admin(work)
    here = installed_in(work, app)
    wanted = _wanted(here, module)
    whole = _whole(work, here)
    left = [key for key in here["left_out"] if key not in wanted]
    pack = without(whole, left)
    mine = tuple(documents_of(work, app, CURRENT).values())
    sides = Sides(tuple(kept_documents(work, here["base"])), mine, pack.documents)
    versions = Versions(here, pack, sides, here.get("uids", {}), (), tuple(draft_blocks(work, app)))
    return draft_from(work, app, versions, choices)


def _wanted(here: Mapping[str, Any], module: str) -> set[str]:
    """The module and those that it needs; raises Invalid."""
    known = {item.key: item for item in _modules(here)}
    if module not in known:
        raise Invalid(Problem("pack.no_module", {"key": module[:80]}))
    if module not in here["left_out"]:
        raise Invalid(Problem("pack.module_here", {"label": known[module].label}))
    found, waiting = set[str](), [module]
    while waiting:
        key = waiting.pop()
        if key not in found and key in known:
            found.add(key)
            waiting += known[key].requires
    return found


def _modules(here: Mapping[str, Any]) -> list[Module]:
    return [Module(**{**item, "documents": tuple(item["documents"]), "requires": tuple(item.get("requires", ()))}) for item in here.get("modules", ())]


def _whole(work: Work, here: Mapping[str, Any]) -> Pack:
    """The installed version with all its modules, as it stands in the app; raises Invalid where it isn't at hand any more."""
    documents = kept_documents(work, here.get("whole", {}))
    if documents:
        manifest = Manifest(here["uid"], here["key"], here["version"], here["label"], modules=tuple(_modules(here)))
        found = Pack(replace(manifest, **_rest(here)), tuple(documents), extras=extras_of(here))
    else:
        if not any(item.uid == here["uid"] and item.version == here["version"] for item in list_packs()):
            raise Invalid(Problem("pack.module_gone", {"version": here["version"]}))
        found = prepare(read_shelf(here["key"]), replace(setting_of(here), left_out=()))
    return found.with_documents(tuple(renewed(document, here.get("uids", {})) for document in found.documents))


def _rest(here: Mapping[str, Any]) -> dict[str, Any]:
    """What else the manifest said."""
    given = {key: here[key] for key in ("description", "licence", "icon") if key in here}
    lists = {key: tuple(here.get(key, ())) for key in ("languages", "leaves_out", "migrations")}
    return {**given, **lists, "requires": dict(here.get("requires", {})), "checksums": dict(here.get("checksums", {}))}
