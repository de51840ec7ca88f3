"""Carrying out an upgrade: release, records, scenarios, and the way back; all in one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.accounts.rights import require_admin
from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.packs.pack import Pack
from engine.packs.prepare import Setting
from engine.packs.scenarios import run_scenarios
from engine.packs.store import note_done, note_installed, setting_of
from engine.packs.upgrade.entries import UpgradePlan
from engine.packs.upgrade.merge_app import Choices
from engine.packs.upgrade.migrations import (
    Move,
    declared_moves,
    held_by_moves,
    prepare_steps,
    write_prepared,
)
from engine.packs.upgrade.migrations.moves import STAY
from engine.packs.upgrade.plan_upgrade import Draft, draft_from
from engine.packs.upgrade.versions import Versions, hashes_of, read_versions
from engine.publishing import keep_documents
from engine.publishing.drafts import get_locked_app, manifest_of, replace_draft
from engine.publishing.publish import release_documents
from engine.publishing.stranded import STATE
from engine.storage import Work

SNAPSHOT = "packs.upgrade:"
_TIME = 900

States = Mapping[str, Mapping[str, str]]
"""By workflow and state, or entity/field and option, where records go; "@stay" leaves them."""


def apply_upgrade(
    work: Work, app: str, pack: Pack, *, choices: Choices | None = None, states: States | None = None, note: str = "", scenarios: bool = True,
) -> int:
    """Upgrade an app; returns the number of the release that is current then.

    `states` says where records go whose state or option the result hasn't; the pack's own declarations are
    followed where it says nothing. With `scenarios` the new version's acceptance cases are run against the result
    and one that fails keeps the upgrade out. Raises Invalid with all that stands against it: conflicts that nobody
    decided, downgrades, faults, values that a record can't take; NotFound, Forbidden, Conflict. A failure
    leaves nothing, for everything happens in the given work.
    """
    require_admin(work)
    get_locked_app(work, app)
    versions = read_versions(work, app, pack)
    return carry_out(work, app, draft_from(work, app, versions, choices or {}), states or {}, note, scenarios=scenarios)


def carry_out(work: Work, app: str, draft: Draft, states: States, note: str, *, scenarios: bool, setting: Setting | None = None) -> int:
    """Make the plan's documents the release; see `apply_upgrade`. `setting`, where the pack stands in the app in another way now."""
    raise_invalid(objections(draft.plan))
    work.allow_time(_TIME)
    before, versions = work.model(app), draft.versions
    number = before.release
    mapping = _mapping(draft, states)
    moves = held_by_moves(work, app, before, draft.stranded, mapping, draft.places.after) if draft.places else []
    prepared = prepare_steps(work, app, draft.steps, draft.places) if draft.places else None
    released = _release(work, app, draft, mapping, note)
    written = write_prepared(work, app, prepared) if prepared is not None else {}
    base = keep_documents(work, versions.sides.theirs)
    whole = keep_documents(work, versions.whole) if versions.whole else versions.here.get("whole", {})
    note_installed(work, app, versions.pack, base, setting or setting_of(versions.here), uids=versions.uids, whole=whole)
    _remember(work, app, versions, (number, released), written, moves)
    if scenarios:
        _prove(work, app, versions.pack)
    details = {"from": versions.here["version"], "to": versions.pack.manifest.version, "release": released}
    work.log("pack.upgraded", app=app, subject=f"release/{released}", details=details)
    return released


def objections(plan: UpgradePlan) -> Iterable[Problem]:
    """Everything that stands against carrying a plan out."""
    yield from plan.blocks
    for item in plan.conflicts:
        yield Problem("pack.upgrade_conflict", {"document": item.document_label, "place": item.place, "id": item.id}, ("choices", item.id))
    yield from (finding.problem for finding in plan.findings if finding.severity == "error")
    for impact in plan.impact:
        if impact.level == "blocking":
            yield Problem(impact.code, impact.values, (impact.kind, impact.key, *impact.path))


def _mapping(draft: Draft, states: States) -> dict[str, str]:
    """Where records go, as the publish takes it: what was chosen, else what the pack declares; options may stay as they are."""
    declared = declared_moves(draft.versions.steps, draft.places) if draft.places else {}
    found: dict[str, str] = {}
    known = {(item.owner, item.key) for item in draft.stranded}
    problems = [
        Problem("pack.upgrade_state", {"owner": owner, "key": key}, ("states", owner, key))
        for owner, some in states.items() for key in some if (owner, key) not in known
    ]
    raise_invalid(problems)
    for item in draft.stranded:
        name = f"{item.kind}/{item.owner}/{item.key}"
        target = states.get(item.owner, {}).get(item.key, declared.get(name))
        if target is None and item.kind != STATE:
            target = STAY
        if target is not None:
            found[name] = target
    return found


def _release(work: Work, app: str, draft: Draft, mapping: Mapping[str, str], note: str) -> int:
    entry = get_locked_app(work, app)
    documents = draft.merged.documents
    if hashes_of(documents) == manifest_of(work, app, entry.release):
        return entry.release  # everything stays as it is; only what counts as installed is another version
    manifest = draft.versions.pack.manifest
    origin = {"pack": manifest.key, "version": manifest.version, "upgrade_from": draft.versions.here["version"]}
    number = release_documents(work, entry, documents, note or manifest.version, origin, mapping)
    replace_draft(work, app, {(item["kind"], item["key"]): item for item in documents})
    return number


def _remember(
    work: Work, app: str, versions: Versions, numbers: tuple[int, int], written: Mapping[str, Any], moves: Sequence[Move]
) -> None:
    """Keep what leads back, until the next upgrade."""
    note_done(work, f"{SNAPSHOT}{app}", {
        "release": numbers[0], "upgraded": numbers[1], "at": work.now.isoformat(), "manifest": dict(versions.here),
        "written": written, "moves": [move.as_json() for move in moves],
    })


def _prove(work: Work, app: str, pack: Pack) -> None:
    failed = [outcome for outcome in run_scenarios(work, app, pack, work.language) if not outcome.passed]
    if failed:
        raise Invalid(*(
            Problem("pack.scenario_failed", {"label": outcome.label, "reason": " ".join(outcome.lines()[-2:]).strip()}, ("scenarios", outcome.key))
            for outcome in failed
        ))
