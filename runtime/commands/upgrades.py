"""`formwork pack upgrade | return | diff`: a new version of a pack, the way back, and two sides beside each other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from engine import Engine, Work, canonical, translate
from runtime.commands.packs import pack, packs, read_source
from runtime.commands.terminal import (
    data_option,
    label_of,
    open_engine,
    problem_line,
    reading,
    say,
    sentence,
    terminal_language,
    writing,
)

SHORT = 100
"""Letters of a value that are shown."""
_MARKS = {"taken": "<", "added": "+", "removed": "-", "kept": "=", "both_same": "=", "removed_here": "=", "conflict": "!", "changed": "~"}


@pack.command("upgrade")
@click.argument("app")
@click.argument("source")
@click.option("--choose", "chosen", multiple=True, metavar="ID=mine|theirs", help="What stays of a conflict, or of any other place.")
@click.option("--all", "rest", type=click.Choice(["mine", "theirs"]), help="The same for every conflict that --choose says nothing about.")
@click.option("--state", "moves", multiple=True, metavar="OWNER/KEY=TO", help="Where records go whose state or option is gone: approval/checked=waiting.")
@click.option("--safe", is_flag=True, help="Only if nothing is in conflict.")
@click.option("--dry-run", is_flag=True, help="Say what would be done and stop.")
@click.option("--all-places", is_flag=True, help="Name places that stay as they are, too.")
@click.option("--note", default="", help="A word for the release.")
@click.option("--scenarios/--no-scenarios", default=True, show_default=True, help="Run the new version's scenarios; one that fails keeps the upgrade out.")
@data_option
def pack_upgrade(
    app: str, source: str, chosen: tuple[str, ...], rest: str | None, moves: tuple[str, ...], safe: bool, dry_run: bool, all_places: bool, note: str,
    scenarios: bool, data: Path | None,
) -> None:
    """Bring APP to the version of its pack in SOURCE; what was changed here stays unless you say otherwise."""
    choices, states = _choices(chosen), _moves(moves)
    engine = open_engine(data)
    with (reading if dry_run else writing)(engine) as work:
        found = read_source(work, source)
        plan = engine.packs.plan_upgrade(work, app, found, choices)
        if rest:
            choices = {**{item.id: rest for item in plan.conflicts}, **choices}
            plan = engine.packs.plan_upgrade(work, app, found, choices)
        click.echo(found.signature.sentence(terminal_language()))
        _print_plan(plan, all_places=all_places)
        if safe and any(item.status == "conflict" for item in plan.items):
            say("cli.upgrade_not_safe")
            sys.exit(1)
        if dry_run or not plan.can_apply:
            say("cli.upgrade_ready" if plan.can_apply else "cli.upgrade_not_ready")
            sys.exit(0 if plan.can_apply else 1)
        number = engine.packs.apply_upgrade(work, app, found, choices=choices, states=states, note=note, scenarios=scenarios)
    say("cli.upgraded", app=app, version=plan.to_version, number=number)


def _choices(texts: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        id_, _, choice = text.rpartition("=")
        if not id_ or choice not in ("mine", "theirs"):
            raise click.UsageError(sentence("cli.upgrade_choice", text=text))
        found[id_] = choice
    return found


def _moves(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """By owner ("approval", or "account/level") and key, where records go."""
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        name, equals, to = text.partition("=")
        owner, slash, key = name.rpartition("/")
        if not equals or not slash or not to:
            raise click.UsageError(sentence("cli.upgrade_state", text=text))
        found.setdefault(owner, {})[key] = to
    return found


def _print_plan(plan: Any, *, all_places: bool) -> None:
    say("cli.upgrade_from", app=plan.app, before=plan.from_version, after=plan.to_version)
    quiet = () if all_places else ("kept", "both_same", "removed_here")
    for document, items in _by_document(item for item in plan.items if item.status not in quiet):
        click.echo(document)
        for item in items:
            _print_item(item)
    kept = sum(item.status in ("kept", "removed_here") for item in plan.items)
    if kept:
        say("cli.upgrade_kept", count=kept)
    for line in plan.migrations:
        click.echo(f"  · {line}")
    _print_gone(plan, {**plan.removed_states, **plan.removed_options})
    for impact in plan.impact:
        click.echo(f"  {impact.kind}/{impact.key}: {translate(impact.code, impact.values, terminal_language())}")
    for finding in plan.findings:
        click.echo(f"{finding.severity}: {finding.kind}/{finding.key}: {translate(finding.code, finding.values, terminal_language())}")
    for problem in plan.blocks:
        click.echo(problem_line(problem), err=True)


def _by_document(items: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Items under the document that they belong to, as people and as files call it."""
    for document, found in groupby(items, key=lambda item: item.document):
        some = list(found)
        yield f"{label_of(some[0].document_label)} ({document})", some


def _print_item(item: Any) -> None:
    """A place on one line; a conflict with all sides and what to type."""
    place = item.place or sentence("cli.whole_document")
    if item.status != "conflict":
        click.echo(f"  {_MARKS[item.status]} {place}: {_told(item, 'mine', 'theirs')}")
        return
    chosen = sentence("cli.upgrade_chosen", choice=item.choice) if item.choice else sentence("cli.upgrade_undecided", id=item.id)
    click.echo(f"  {_MARKS['conflict']} {place}: {chosen}")
    for side in ("base", "mine", "theirs"):
        click.echo(f"      {sentence(f'cli.upgrade_{side}')}: {_side(item, side)}")
    for reason in item.because:
        click.echo(f"      {reason}")


def _print_gone(plan: Any, gone: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
    for owner, keys in gone.items():
        for key, targets in keys.items():
            label, name = (label_of(plan.labels.get(part, part)) for part in (owner, f"{owner}/{key}"))
            say("cli.upgrade_gone", owner=label, key=name, name=f"{owner}/{key}", targets=list(targets))


def _told(item: Any, before: str, after: str) -> str:
    """What was there and what comes, as far as there is anything."""
    if before in item.absent:
        return _side(item, after)
    if after in item.absent:
        return _side(item, before)
    return f"{_side(item, before)} → {_side(item, after)}"


def _side(item: Any, side: str) -> str:
    if side in item.absent:
        return sentence("cli.nothing")
    return shown(getattr(item, side))


def shown(value: Any) -> str:
    """A value of a definition on one short line."""
    if isinstance(value, Mapping) and value and set(value) <= {"zh-CN", "en"}:
        value = label_of(value)
    if isinstance(value, Mapping) and "label" in value:
        value = label_of(value["label"])
    text = value if isinstance(value, str) else " ".join(canonical(value).decode().split())
    text = " ".join(text.split())
    text = text if len(text) <= SHORT else f"{text[:SHORT]}…"
    return f"“{text}”" if isinstance(value, str) else text


@pack.command("return")
@click.argument("app")
@click.option("--dry-run", is_flag=True, help="Say whether it can be done and stop.")
@data_option
def pack_return(app: str, dry_run: bool, data: Path | None) -> None:
    """Take APP's last upgrade back: definitions and records as they were before."""
    engine = open_engine(data)
    with (reading if dry_run else writing)(engine) as work:
        if dry_run:
            problems = engine.packs.return_problems(work, app)
            for problem in problems:
                click.echo(problem_line(problem), err=True)
            if not problems:
                say("cli.return_ready")
            sys.exit(1 if problems else 0)
        number = engine.packs.return_upgrade(work, app)
        version = engine.packs.list_installed(work)[app]["version"]
    say("cli.returned", app=app, version=version, number=number)


@pack.command("diff")
@click.argument("left")
@click.argument("right")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where there are differences.")
@data_option
def pack_diff(left: str, right: str, exit_code: bool, data: Path | None) -> None:
    """Show what differs from LEFT to RIGHT: folders, zips, shipped packs, or apps as app:KEY, app:KEY@RELEASE, app:KEY@draft."""
    if any(side.startswith("app:") for side in (left, right)):
        engine = open_engine(data)
        with reading(engine) as work:
            sides = [_documents(engine, work, side) for side in (left, right)]
    else:  # two packs need no installation
        sides = [packs.completed(packs.read_pack(packs.find_source(side))).documents for side in (left, right)]
    found = packs.compare(*sides, terminal_language())
    for document, items in _by_document(found):
        click.echo(document)
        for item in items:
            click.echo(f"  {_MARKS[item.status]} {item.place or sentence('cli.whole_document')}: {_told(item, 'left', 'right')}")
    say("cli.differences", count=len(found))
    sys.exit(1 if found and exit_code else 0)


def _documents(engine: Engine, work: Work, side: str) -> Any:
    if not side.startswith("app:"):
        return engine.packs.documents_of(work, pack=packs.read_pack(packs.find_source(side)))
    app, _, release = side.removeprefix("app:").partition("@")
    number: str | int = int(release) if release.isascii() and release.isdigit() else release or "current"
    return engine.packs.documents_of(work, app=app, release=number)
