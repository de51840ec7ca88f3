"""From a draft to a release: checked, tables altered, switched, in one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions import Document, Finding, Model
from engine.definitions.build import build_surveyed
from engine.definitions.lint import lint_survey
from engine.definitions.survey import survey
from engine.jobs import KINDS, enqueue
from engine.kernel.errors import Conflict, Invalid, Problem
from engine.kernel.json import content_hash
from engine.publishing import store
from engine.publishing.drafts import get_locked_app, manifest_of
from engine.publishing.entries import AppEntry, Level, Report
from engine.publishing.impact import find_impact
from engine.publishing.later import INDEXES
from engine.publishing.moving import carry_out, read_mapping
from engine.publishing.recompute import stale_entities
from engine.publishing.removal_impact import find_removals, find_saved_views
from engine.publishing.renaming import carry_renames
from engine.publishing.rights import require_designer
from engine.publishing.stranded import find_stranded, find_written_statuses
from engine.storage import TablePlan, Work, apply_plan, plan_tables

RECOMPUTE = "records.recompute"
CONVERT = "records.convert_field"
_ORDER: tuple[Level, ...] = ("blocking", "warning", "note")
_TIME = 900  # seconds; a large table may get a new index


def check(work: Work, app: str) -> Report:
    """What publishing the draft would find and do; changes nothing.

    Raises Forbidden, NotFound.
    """
    require_designer(work, app)
    return check_documents(work, app, [item.document for item in store.list_drafts(work, app)])


def check_documents(work: Work, app: str, documents: list[Document]) -> Report:
    """The same for other documents than the draft's, which have been checked for their own shape."""
    return examine_documents(work, app, documents)[0]


def examine_documents(work: Work, app: str, documents: list[Document]) -> tuple[Report, Model | None]:
    """The same with the model that was built on the way; None where the documents make none."""
    surveyed = survey(documents, are_checked=True)
    findings = lint_survey(surveyed)
    before = current_model(work, app)
    impact = [*find_removals(work, before, documents), *find_saved_views(work, before, documents)] if before else []
    try:
        model = build_surveyed(surveyed)
    except Invalid:
        return Report(findings, tuple(impact)), None  # the findings say why
    plan = plan_tables(work.connection, model)
    if before:
        impact += find_impact(work, before, model)
        impact += find_written_statuses(work, before, model)
    impact.sort(key=lambda item: _ORDER.index(item.level))
    return Report((*findings, *plan.findings), tuple(impact), plan.steps), model


@dataclass(frozen=True)
class Seen:
    """What an author looked at before deciding: the current release, and the draft's number (None: no matter)."""

    release: int
    draft_rev: int | None = None


def publish(
    work: Work, app: str, note: str = "", *, origin: Mapping[str, Any] | None = None,
    mapping: Mapping[str, Any] | None = None, seen: Seen | None = None,
) -> int:
    """Make the draft the next release and return its number.

    `mapping` says where records go whose state or option the draft takes away; without one they stay as they are.
    Raises Invalid with every error of the check (nothing is changed then), or `publishing.nothing_changed`;
    Conflict when somebody published or changed the draft since what was `seen`; Forbidden; NotFound.
    """
    require_designer(work, app)
    entry = get_locked_app(work, app)
    check_seen(work, entry, seen)
    documents = [item.document for item in store.list_drafts(work, app)]
    return release_documents(work, entry, documents, note, origin, mapping)


def check_seen(work: Work, entry: AppEntry, seen: Seen | None) -> None:
    """Raise Conflict when the app isn't what its author has looked at."""
    if seen is None:
        return
    if entry.release != seen.release:
        release = store.find_release(work, entry.key, entry.release)
        author = store.names_of(work, [release.author_id]) if release else {}
        name = author.get(release.author_id, "") if release and release.author_id else ""
        raise Conflict(Problem("publishing.released_meanwhile", {"number": entry.release, "name": name}))
    if seen.draft_rev is not None and entry.draft_rev != seen.draft_rev:
        raise Conflict(Problem("publishing.draft_changed_meanwhile"))


def release_documents(
    work: Work, entry: AppEntry, documents: Iterable[Document], note: str, origin: Mapping[str, Any] | None,
    mapping: Mapping[str, Any] | None = None,
) -> int:
    """Make documents the next release of an app that is locked; see `publish`.

    What is current comes from the locked row: since this work began, somebody else may have published.
    """
    app = entry.key
    found = {f"{item['kind']}/{item['key']}": item for item in documents}
    hashes = {name: content_hash(document) for name, document in found.items()}
    if hashes == manifest_of(work, app, entry.release):
        raise Invalid(Problem("publishing.nothing_changed"))
    number = store.newest_number(work, app) + 1
    before = work.model_of(app, entry.release) if entry.release else None
    model, plan = _prepare(work, app, list(found.values()), number)
    moves, count = _moves(work, before, model, mapping)
    work.touch("releases")  # before the tables: whoever changes accounts takes the same order
    work.allow_time(_TIME)
    apply_plan(work, replace(plan, before=entry.release))
    store.insert_blobs(work, {hashes[name]: document for name, document in found.items()})
    store.insert_release(work, app, number, hashes, note, origin)
    store.switch(work, app, number)
    work.adopt(model)
    work.log("app.published", app=app, subject=f"release/{number}", details={"note": note, "origin": origin})
    if before is not None:
        carry_renames(work, before, model)
    _queue_conversions(work, app, plan)
    _queue_recompute(work, before, model, plan)
    if plan.later:
        enqueue(work, INDEXES, {"app": app}, dedupe_key=f"{INDEXES}:{app}")
    carry_out(work, model, moves, count)
    return number


def _moves(work: Work, before: Model | None, model: Model, mapping: Mapping[str, Any] | None) -> tuple[list[dict[str, Any]], int]:
    """What the author's mapping asks for, and how many it concerns; raises Invalid for one that leaves something out.

    Where runs under way would stand still on the new options, the publish is refused.
    """
    if before is None or mapping is None:
        return [], 0
    blocked = list(find_written_statuses(work, before, model))
    if blocked:
        raise Invalid(*(Problem(item.code, item.values, (item.kind, item.key, *item.path)) for item in blocked))
    stranded = find_stranded(work, before, model)
    return read_mapping(mapping, stranded), sum(item.running + item.records for item in stranded)


def current_model(work: Work, app: str) -> Model | None:
    """The model of the current release, or None when nothing is published."""
    return work.model(app) if work.release_number(app) else None


def _prepare(work: Work, app: str, documents: list[Document], number: int) -> tuple[Model, TablePlan]:
    surveyed = survey(documents)
    _refuse(lint_survey(surveyed))
    model = build_surveyed(surveyed, release=number, release_id=f"{app}/{number}")
    plan = plan_tables(work.connection, model)
    _refuse(plan.findings)
    return model, plan


def _refuse(findings: Iterable[Finding]) -> None:
    errors = [finding.problem for finding in findings if finding.severity == "error"]
    if errors:
        raise Invalid(*errors)


def _queue_conversions(work: Work, app: str, plan: TablePlan) -> None:
    """Fields that are of another type now get their values from the old column."""
    for table, column in plan.conversions if CONVERT in KINDS else ():
        enqueue(work, CONVERT, {"app": app, "table": table, "column": column}, dedupe_key=f"{CONVERT}:{table}/{column}")


def _queue_recompute(work: Work, before: Model | None, model: Model, plan: TablePlan) -> None:
    """Values that follow from others may follow in another way now."""
    if RECOMPUTE not in KINDS:  # records is not part of this process
        return
    for stale in stale_entities(before, model, plan):
        payload = {"app": model.app.key, "entity": stale.entity, "search": stale.search}
        key = f"{RECOMPUTE}:{model.app.key}/{stale.entity}/{stale.search}"
        enqueue(work, RECOMPUTE, payload, dedupe_key=key)
