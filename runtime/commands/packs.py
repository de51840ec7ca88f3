"""`formwork pack …`: what a consultant does with packs, good to use beside a repository.

Exit codes: 0 done and nothing to complain about, 1 refused or something is wrong, 2 the command was not understood.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from engine import Engine, Work
from runtime.commands.terminal import (
    LANGUAGES,
    data_option,
    label_of,
    new_password,
    open_engine,
    print_findings,
    problem_line,
    reading,
    say,
    sentence,
    terminal_language,
    writing,
)

packs = Engine.packs
path_argument = click.Path(path_type=Path)


@click.group()
def pack() -> None:
    """Packs: make, check, test, install, carry on."""


@pack.command("new")
@click.argument("folder", type=path_argument)
@click.option("--key", help="Key of the pack and of its app [default: the folder's name].")
@click.option("--label", "labels", multiple=True, metavar="[LANG=]TEXT", help="Name of the pack, for each language or for all.")
@click.option("--lang", "languages", type=click.Choice(LANGUAGES), multiple=True, help="Languages of the pack [default: both].")
def pack_new(folder: Path, key: str | None, labels: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Write a small sound pack to begin with into an empty FOLDER."""
    key = key or folder.name.lower().replace("-", "_")
    packs.new_pack(folder, key, _label(labels) or key.replace("_", " ").capitalize(), languages or LANGUAGES)
    say("cli.pack_new", folder=str(folder))


def _label(texts: Iterable[str]) -> Any:
    """A label out of `zh-CN=…` and `en=…`, or one for all languages."""
    found: dict[str, str] = {}
    for text in texts:
        language, equals, rest = text.partition("=")
        if not equals or language not in LANGUAGES:
            return text
        found[language] = rest
    return found or None


@pack.command("list")
@click.option("--installed", is_flag=True, help="What is installed here, instead of what came with Formwork.")
@data_option
def pack_list(installed: bool, data: Path | None) -> None:
    """Packs that came with Formwork, or that are installed."""
    if not installed:
        for item in packs.list_packs():
            click.echo(f"{item.key}\t{item.version}\t{label_of(item.label)}")
        return
    engine = open_engine(data)
    with reading(engine) as work:
        for app, item in sorted(engine.packs.list_installed(work).items()):
            click.echo(f"{app}\t{item['key']} {item['version']}\t{label_of(item['label'])}")


@pack.command("check")
@click.argument("source")
def pack_check(source: str) -> None:
    """Read a folder, a zip or a shipped pack and report every problem."""
    found = packs.find_source(source)
    findings = packs.check_pack(found, packs.read_shelf)
    if not any(finding.kind == "pack" for finding in findings):
        click.echo(packs.read_pack(found).signature.sentence(terminal_language()))
    sys.exit(1 if print_findings(findings) else 0)


@pack.command("test")
@click.argument("source")
@click.option("--lang", "languages", type=click.Choice(LANGUAGES), multiple=True, help="Languages to test in [default: the pack's].")
@click.option("--scenario", "only", multiple=True, metavar="KEY", help="Only these scenarios.")
@click.option("--samples/--no-samples", default=True, show_default=True, help="Install the sample records, too: a story that breaks off is an error.")
def pack_test(source: str, languages: tuple[str, ...], only: tuple[str, ...], samples: bool) -> None:
    """Install a pack into a throw-away database and run its scenarios, telling every step."""
    found = packs.read_pack(packs.find_source(source))
    known = {scenario.key for scenario in found.scenarios}
    if missing := sorted(set(only) - known):
        raise click.UsageError(sentence("cli.pack_no_scenario", keys=missing, known=sorted(known)))
    failed = sum(_tested(found, language, set(only) or known, samples=samples) for language in languages or found.manifest.languages)
    sys.exit(1 if failed else 0)


def _tested(found: Any, language: str, keys: set[str], *, samples: bool) -> int:
    say("cli.pack_testing", label=label_of(found.manifest.label), version=found.manifest.version, language=language)
    with tempfile.TemporaryDirectory(prefix="formwork-test-", ignore_cleanup_errors=True) as folder:
        engine = Engine(f"sqlite:///{Path(folder) / 'formwork.db'}", data=Path(folder))
        with closing(engine):
            engine.database.migrate()
            with writing(engine) as work:
                engine.packs.install_pack(work, found, language=language, samples=samples, people=True)
                app = next(document["key"] for document in found.documents if document["kind"] == "app")
                chosen = found.with_scenarios(keys)
                outcomes = engine.packs.run_scenarios(work, app, chosen, terminal_language())
    for outcome in outcomes:
        for line in outcome.lines():
            click.echo(line)
    failed = sum(not outcome.passed for outcome in outcomes)
    say("cli.pack_tested", count=len(outcomes) - failed, failed=failed)
    return failed


@pack.command("plan")
@click.argument("source")
@click.option("--key", help="Another key for the app than the pack's.")
@click.option("--without", "leave_out", multiple=True, metavar="MODULE", help="Modules to leave out.")
@click.option("--map", "mapped", multiple=True, metavar="KIND:NAME=HERE", help="See `pack install`.")
@data_option
def pack_plan(source: str, key: str | None, leave_out: tuple[str, ...], mapped: tuple[str, ...], data: Path | None) -> None:
    """Say what installing would add, change and clash with; changes nothing."""
    engine = open_engine(data)
    with reading(engine) as work:
        found = read_source(work, source)
        plan = engine.packs.plan_install(work, found, key=key, leave_out=leave_out, mapping=mapping_of(mapped))
        here = [app for app, item in engine.packs.list_installed(work).items() if item["uid"] == found.manifest.uid]
    click.echo(found.signature.sentence(terminal_language()))
    for line in plan.lines(terminal_language()):
        click.echo(line)
    for app in here:
        say("cli.pack_is_here", app=app, source=source)
    sys.exit(1 if plan.is_blocked else 0)


def read_source(work: Work, source: str) -> Any:
    """The pack at a path or on the shelf, with what this installation thinks of its signer."""
    return packs.judged(work, packs.read_pack(packs.find_source(source)))


def mapping_of(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """A mapping out of `user:sales1=li`, `department:sales=`, `role:manager=li,wang`."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, equals, here = text.partition("=")
        kind, colon, key = name.partition(":")
        if not equals or not colon or kind not in ("user", "department", "role"):
            raise click.UsageError(sentence("cli.pack_mapping", text=text))
        found.setdefault(f"{kind}s", {})[key] = [one for one in here.split(",") if one] if kind == "role" else here or None
    return found


@pack.command("install")
@click.argument("source")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the samples and of the demonstration people.")
@click.option("--samples/--no-samples", default=True, show_default=True)
@click.option("--people/--no-people", default=False, show_default=True, help="Create the pack's demonstration users too.")
@click.option("--key", help="Another key for the app than the pack's.")
@click.option("--label", "labels", multiple=True, metavar="[LANG=]TEXT", help="Another name for the app.")
@click.option("--without", "leave_out", multiple=True, metavar="MODULE", help="Modules to leave out; they can be added later.")
@click.option("--map", "mapped", multiple=True, metavar="KIND:NAME=HERE",
              help="Who stands in for whom: user:sales1=li, department:sales=east, role:manager=li,wang; nothing behind = means nobody.")
@click.option("--scenarios/--no-scenarios", default=True, show_default=True, help="Run the pack's scenarios first; one that fails keeps the pack out.")
@click.option("--detached", is_flag=True, help="A copy that goes its own way: no upgrades.")
@data_option
def pack_install(
    source: str, lang: str, samples: bool, people: bool, key: str | None, labels: tuple[str, ...], leave_out: tuple[str, ...],
    mapped: tuple[str, ...], scenarios: bool, detached: bool, data: Path | None,
) -> None:
    """Install a folder, a zip or a shipped pack, in one transaction."""
    engine = open_engine(data)
    with writing(engine) as work:
        found = read_source(work, source)
        click.echo(found.signature.sentence(terminal_language()))
        created = engine.packs.install_pack(
            work, found, language=lang, samples=samples, people=people, password=new_password, key=key, label=_label(labels),
            leave_out=leave_out, mapping=mapping_of(mapped), scenarios=scenarios, detached=detached,
        )
        app = key or next(document["key"] for document in found.documents if document["kind"] == "app")
        left_behind = samples and bool(found.samples) and not engine.packs.has_samples(work, app)
    for person in created:
        click.echo(f"  {person.login}  {person.password}  {person.name}")
    if left_behind:
        say("cli.pack_no_samples")
    say("cli.installed", pack=label_of(found.manifest.label))


@pack.command("export")
@click.argument("app")
@click.argument("target", type=path_argument)
@click.option("--only", multiple=True, metavar="KIND/KEY", help="Only this definition and what it needs, such as entity/quotation.")
@click.option("--with-pages", is_flag=True, help="With --only: the forms, views and workflows of its entities, too.")
@click.option("--records", "entities", multiple=True, metavar="ENTITY", help="Records of this entity and those they refer to, instead of the samples.")
@click.option("--personal", is_flag=True, help="Let addresses, telephone numbers, users and what is marked as personal go along.")
@click.option("--version", help="Version of the pack [default: the installed one].")
@click.option("--label", "labels", multiple=True, metavar="[LANG=]TEXT", help="Another name for the pack.")
@click.option("--replace", is_flag=True, help="Bring a folder that holds a pack up to date; hidden files stay.")
@data_option
def pack_export(
    app: str, target: Path, only: tuple[str, ...], with_pages: bool, entities: tuple[str, ...], personal: bool, version: str | None,
    labels: tuple[str, ...], replace: bool, data: Path | None,
) -> None:
    """Write an app's published definitions to a folder, or to a file that ends in .zip."""
    engine = open_engine(data)
    with reading(engine) as work:
        chosen = list(only)
        if with_pages:
            chosen += engine.packs.companions_of(work.model(app).documents.values(), only)
        found = engine.packs.plan_export(
            work, app, only=chosen if only else None, records=entities or None, personal=personal, version=version, label=_label(labels),
        )
    for line in found.lines(terminal_language()):
        click.echo(line)
    packs.write_pack(found.files, target, replace=replace)
    say("cli.exported", app=app, target=str(target), count=len(found.files))


@pack.command("sign")
@click.argument("source", type=path_argument, required=False)
@click.option("--key", "key_file", type=path_argument, help="Private key to sign with.")
@click.option("--new-key", type=path_argument, help="Make a key first: the private one in this file, the public one beside it as .pub.")
def pack_sign(source: Path | None, key_file: Path | None, new_key: Path | None) -> None:
    """Sign a folder or zip with a publisher's key, or make such a key."""
    if (key_file is None) == (new_key is None):
        raise click.UsageError(sentence("cli.pack_one_key"))
    if new_key is not None:
        public = packs.new_keypair(new_key)
        say("cli.pack_key", path=str(new_key), key=public, fingerprint=packs.fingerprint(public))
        key_file = new_key
    elif source is None:
        raise click.UsageError(sentence("cli.pack_sign_what"))
    if source is not None and key_file is not None:
        public = packs.sign(source, key_file)
        say("cli.pack_signed", source=str(source), fingerprint=packs.fingerprint(public))


@pack.command("trust")
@click.argument("name", required=False)
@click.argument("key", required=False)
@click.option("--forget", is_flag=True, help="Trust NAME no longer.")
@data_option
def pack_trust(name: str | None, key: str | None, forget: bool, data: Path | None) -> None:
    """Trust what NAME signs with KEY (a .pub file, or its line); without both, list whom this installation trusts."""
    if name is not None and (key is None) != forget:
        raise click.UsageError(sentence("cli.pack_trust_what"))
    engine = open_engine(data)
    with writing(engine) as work:
        if name is None:
            for known, public in engine.packs.trusted_publishers(work).items():
                click.echo(f"{known}\t{packs.fingerprint(public)}\t{public}")
        elif forget:
            engine.packs.forget_publisher(work, name)
            say("cli.pack_forgotten", name=name)
        elif key is not None:
            path = Path(key)
            engine.packs.trust_publisher(work, name, path.read_text("ascii", "replace")[:1000] if path.is_file() else key)
            say("cli.pack_trusted", name=name)


__all__ = ["mapping_of", "pack", "path_argument", "problem_line", "read_source"]
