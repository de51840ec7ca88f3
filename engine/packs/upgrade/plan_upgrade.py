"""What upgrading an app to a new version of its pack would do; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.accounts.rights import require_admin
from engine.definitions import Document, Finding, Model, validate
from engine.definitions.finding import from_problems
from engine.definitions.model import Text
from engine.kernel.errors import Problem
from engine.packs.pack import Pack
from engine.packs.upgrade.entries import CHOICES, Merged, UpgradePlan
from engine.packs.upgrade.merge_app import Choices, merge_app
from engine.packs.upgrade.migrations import Places, Step, read_steps, tell_steps
from engine.packs.upgrade.versions import Versions, read_versions
from engine.publishing.entries import Impact
from engine.publishing.publish import examine_documents
from engine.publishing.stranded import STATE, Stranded, find_stranded
from engine.storage import Work


@dataclass(frozen=True)
class Draft:
    """A plan with what is needed to carry it out."""

    plan: UpgradePlan
    versions: Versions
    merged: Merged
    stranded: tuple[Stranded, ...] = ()
    steps: tuple[Step, ...] = ()
    places: Places | None = None


def plan_upgrade(work: Work, app: str, pack: Pack, choices: Choices | None = None) -> UpgradePlan:
    """What would be taken, kept and has to be decided, and what it would do to what is here.

    `choices` by the items' ids: "mine" or "theirs". Raises NotFound (`pack.not_installed`), Forbidden unless an
    administrator or the system asks. What forbids the upgrade is in the plan.
    """
    return draft_upgrade(work, app, pack, choices or {}).plan


def draft_upgrade(work: Work, app: str, pack: Pack, choices: Choices) -> Draft:
    """The plan, and what carries it out."""
    require_admin(work)
    return draft_from(work, app, read_versions(work, app, pack), choices)


def draft_from(work: Work, app: str, versions: Versions, choices: Choices) -> Draft:
    """The same from versions that have been read."""
    plan = UpgradePlan(app, versions.here["version"], versions.pack.manifest.version, blocks=versions.blocks)
    merged = merge_app(versions.sides, choices, work.language)
    plan = replace(plan, items=merged.items, blocks=(*plan.blocks, *_unknown(choices, merged)))
    if not merged.documents:
        return Draft(plan, versions, merged)
    shapes = _shape_findings(merged.documents, versions)
    if shapes:
        return Draft(replace(plan, findings=shapes), versions, merged)
    report, after = examine_documents(work, app, list(merged.documents))
    plan = replace(plan, findings=report.findings, impact=report.impact)
    if after is None:
        return Draft(plan, versions, merged)
    return _with_records(work, app, Draft(plan, versions, merged), after)


def _is_filled(impact: Impact, steps: Iterable[Step]) -> bool:
    """Is a field without values no matter, since the pack brings some along for all records that lack one?"""
    return impact.code == "publishing.required" and any(
        step.kind == "default" and step.target is not None and (step.entity.key, ("fields", step.target.key)) == (impact.key, impact.path)
        for step in steps
    )


def _with_records(work: Work, app: str, draft: Draft, after: Model) -> Draft:
    """What becomes of the records: migrations in words, and where those go that would be left without a place."""
    before, versions = work.model(app), draft.versions
    stranded = find_stranded(work, before, after)
    places = Places(versions.sides, before, after)
    steps, problems = read_steps(versions.steps, places)
    told = tell_steps(work, steps, versions.steps, stranded, places, work.language) if versions.steps else ()
    plan = replace(
        draft.plan, blocks=(*draft.plan.blocks, *problems), migrations=told, labels=_labels(stranded),
        impact=tuple(item for item in draft.plan.impact if not _is_filled(item, steps)),
        removed_states=_targets([item for item in stranded if item.kind == STATE]),
        removed_options=_targets([item for item in stranded if item.kind != STATE]),
    )
    return replace(draft, plan=plan, stranded=stranded, steps=tuple(steps), places=places)


def _unknown(choices: Choices, merged: Merged) -> list[Problem]:
    """Choices that say nothing: a page or a command was asked for another version."""
    known = {item.id for item in merged.items}
    return [
        Problem("pack.upgrade_choice", {"id": str(id_)[:120]}, ("choices", str(id_)))
        for id_, choice in choices.items() if id_ not in known or choice not in CHOICES
    ]


def _shape_findings(documents: Sequence[Document], versions: Versions) -> tuple[Finding, ...]:
    """What the kinds' schemas refuse in documents that came out of a merge."""
    sound = {id(document) for side in versions.sides for document in side}
    return tuple(
        finding for document in documents if id(document) not in sound
        for finding in from_problems(document["kind"], document["key"], validate(document))
    )


def _targets(stranded: Sequence[Stranded]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for item in stranded:
        found.setdefault(item.owner, {})[item.key] = tuple(key for key, _ in item.choices)
    return found


def _labels(stranded: Sequence[Stranded]) -> Mapping[str, Text]:
    found: dict[str, Text] = {}
    for item in stranded:
        found[item.owner] = item.owner_label
        found[f"{item.owner}/{item.key}"] = item.label
        found.update({f"{item.owner}/{key}": label for key, label in item.choices})
    return found
