"""The `formwork` command."""

from __future__ import annotations

import os
import secrets
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

import click

from engine import Engine, EngineError, Work, system_actor, translate
from runtime.settings import Settings, SettingsError

LANGUAGES = ("zh-CN", "en")
NO_PACK = "none"


def _language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh-CN" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def _say(code: str, **values: Any) -> None:
    click.echo(translate(code, values, _language()))


class Command(click.Group):
    """The command group: shows the engine's problems as sentences instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except EngineError as error:
            for problem in error.problems:
                place = "/".join(str(part) for part in problem.path)
                sentence = translate(problem.code, problem.values, _language())
                click.echo(f"{place}: {sentence}" if place else sentence, err=True)
            sys.exit(1)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(2)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="formwork")
def main() -> None:
    """Formwork: a CRM for your industry, and every bit of it yours to change."""


def _settings(data: Path | None = None) -> Settings:
    if data is not None:
        os.environ["FORMWORK_DATA"] = str(data)
    return Settings.read()


def _open(data: Path | None = None) -> Engine:
    settings = _settings(data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = Engine(settings.url, data=settings.data, options=settings)
    engine.database.migrate()
    if settings.public_url:
        with _writing(engine) as work:
            engine.workflow.set_public_url(work, settings.public_url)
    return engine


data_option = click.option("--data", type=click.Path(path_type=Path), help="Data folder (FORMWORK_DATA).")


def _writing(engine: Engine) -> Any:
    return engine.work(system_actor("command_line", _language()), writes=True)


@main.command()
@click.option("--pack", default="manufacturing", show_default=True, help="Industry pack to install at the first start; none: choose it in the browser.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the pack and of the demonstration users.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("formwork-data"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--browser/--no-browser", default=None, help="Open a browser (default: on a desktop).")
def up(pack: str, lang: str | None, data: Path, host: str, port: int, browser: bool | None) -> None:
    """Install at the first start, then serve web and worker together."""
    language = lang or _language()
    os.environ.setdefault("FORMWORK_WORKER", "1")
    os.environ.setdefault("FORMWORK_PUBLIC_URL", f"http://{host}:{port}")
    engine = _open(data)
    if engine.is_empty():
        _first_start(engine, pack, language)
    engine.close()
    address = f"http://{host}:{port}/"
    _say("cli.serving", address=address)
    wanted = browser if browser is not None else bool(os.environ.get("DISPLAY")) or sys.platform in ("darwin", "win32")
    if wanted:
        threading.Thread(target=_open_browser, args=(address,), daemon=True).start()
    from runtime.server import run

    run(host, port)


def _open_browser(address: str) -> None:
    for _ in range(100):
        time.sleep(0.2)
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 – our own address
                webbrowser.open(address)
                return
        except OSError:
            continue


def _first_start(engine: Engine, pack: str, language: str) -> None:
    if pack != NO_PACK:
        _say("cli.installing", pack=pack)
    with _writing(engine) as work:
        passwords = first_install(engine, work, pack, language)
    _say("cli.accounts")
    width = max(len(login) for login, *_ in passwords)
    for login, password, name, title in passwords:
        click.echo(f"  {login:<{width}}  {password}  {name}{'  · ' + title if title else ''}")
    _say("cli.accounts_once")


def first_install(engine: Engine, work: Work, pack: str, language: str) -> list[tuple[str, str, str, str]]:
    """An administrator and the pack (unless it is "none") with its people; returns (login, password, name, title) of each."""
    password = _password()
    engine.accounts.create_user(
        work, "admin", translate("cli.administrator", {}, language), password, language=language, is_admin=True,
    )
    found = [("admin", password, translate("cli.administrator", {}, language), "")]
    if pack == NO_PACK:
        return found
    people = engine.packs.install_pack(work, engine.packs.read_shelf(pack), language=language, samples=True, people=True,
                                       password=_password)
    return [*found, *[(person.login, person.password, person.name, person.title) for person in people]]


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(3))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes; more than one needs PostgreSQL.")
@click.option("--threads", default=4, show_default=True, help="Threads of each process.")
@data_option
def serve(host: str, port: int, workers: int, threads: int, data: Path | None) -> None:
    """Serve the web, without the worker (on SQLite with it: one process writes)."""
    engine = _open(data)
    if engine.database.dialect == "sqlite":
        os.environ.setdefault("FORMWORK_WORKER", "1")
        if workers > 1:
            raise click.UsageError(translate("cli.one_process", {}, _language()))
    engine.close()
    from runtime.server import run

    run(host, port, workers=workers, threads=threads)


@main.command()
@data_option
def worker(data: Path | None) -> None:
    """Do the queued work: mails, webhooks, timers, recalculation."""
    engine = _open(data)
    if engine.database.dialect == "sqlite":
        raise click.UsageError(translate("cli.worker_inside", {}, _language()))
    stop = threading.Event()
    import signal

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    engine.run_worker(stop)


@main.command()
@data_option
@click.option("--admin", default="admin", show_default=True, help="Login of the administrator to create.")
def init(data: Path | None, admin: str) -> None:
    """Create the database and an administrator, without any pack."""
    engine = _open(data)
    if not engine.is_empty():
        raise click.ClickException(translate("cli.not_empty", {}, _language()))
    password = _password()
    with _writing(engine) as work:
        engine.accounts.create_user(work, admin, translate("cli.administrator", {}, _language()), password,
                                    language=_language(), is_admin=True)
    _say("cli.created_user", login=admin, password=password)


@main.group()
def user() -> None:
    """People who may sign in."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--email")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en")
@click.option("--admin", is_flag=True)
@click.option("--role", "roles", multiple=True, metavar="APP:ROLE")
@data_option
def user_add(login: str, name: str, email: str | None, lang: str, admin: bool, roles: tuple[str, ...],
             data: Path | None) -> None:
    """Create a person; prints the first password once."""
    engine = _open(data)
    held: dict[str, list[str]] = {}
    for item in roles:
        app, _, role = item.partition(":")
        held.setdefault(app, []).append(role)
    password = _password()
    with _writing(engine) as work:
        engine.accounts.create_user(work, login, name, password, email=email, language=lang, is_admin=admin, roles=held)
    _say("cli.created_user", login=login, password=password)


@user.command("list")
@data_option
def user_list(data: Path | None) -> None:
    """Everybody, with roles."""
    engine = _open(data)
    with engine.work(system_actor("command_line"), writes=False) as work:
        for person in engine.accounts.list_users(work):
            click.echo(f"{person.login}\t{person.name}\t{'admin' if person.is_admin else ''}\t{'' if person.is_active else 'inactive'}")


@user.command("password")
@click.argument("login")
@data_option
def user_password(login: str, data: Path | None) -> None:
    """Give a person a new password; prints it once."""
    engine = _open(data)
    password = _password()
    with _writing(engine) as work:
        engine.accounts.set_password(work, engine.accounts.find_user(work, login).id, password)
    _say("cli.created_user", login=login, password=password)


@user.command("email")
@click.argument("login")
@click.argument("address")
@data_option
def user_email(login: str, address: str, data: Path | None) -> None:
    """Give a person an e-mail address."""
    engine = _open(data)
    with _writing(engine) as work:
        engine.accounts.change_user(work, engine.accounts.find_user(work, login).id, email=address)


@main.group()
def token() -> None:
    """Tokens with which programs use the API."""


@token.command("add")
@click.argument("login")
@click.option("--name", default="command line", show_default=True)
@click.option("--days", default=90, show_default=True, help="Days until it expires.")
@data_option
def token_add(login: str, name: str, days: int, data: Path | None) -> None:
    """Create a token that acts as a person; prints it once."""
    engine = _open(data)
    with _writing(engine) as work:
        person = engine.accounts.find_user(work, login)
        _, text = engine.accounts.create_token(work, person.id, name, days=days)
    click.echo(text)


@main.group()
def pack() -> None:
    """Industry packs: list, check, plan, install, export."""


@pack.command("list")
def pack_list() -> None:
    """Packs that came with Formwork."""
    for item in Engine.packs.list_packs():
        click.echo(f"{item.key}\t{item.version}\t{translate_text(item.label)}")


def translate_text(text: Any) -> str:
    """A label in the terminal's language."""
    from engine import pick

    return pick(text, _language())


@pack.command("check")
@click.argument("source")
def pack_check(source: str) -> None:
    """Read a folder, a zip or a shipped pack and report every problem."""
    findings = Engine.packs.check_pack(Engine.packs.find_source(source), Engine.packs.read_shelf)
    for finding in findings:
        place = "/".join([finding.kind, finding.key, *[str(part) for part in finding.path]])
        click.echo(f"{finding.severity}: {place}: {translate(finding.code, finding.values, _language())}")
    errors = sum(finding.severity == "error" for finding in findings)
    _say("cli.checked", errors=errors, warnings=len(findings) - errors)
    sys.exit(1 if errors else 0)


@pack.command("plan")
@click.argument("source")
@data_option
def pack_plan(source: str, data: Path | None) -> None:
    """Say what installing would add, change and clash with; changes nothing."""
    engine = _open(data)
    with engine.work(system_actor("command_line"), writes=False) as work:
        plan = engine.packs.plan_install(work, engine.packs.read_pack(engine.packs.find_source(source)))
    for line in plan.lines(_language()):
        click.echo(line)
    sys.exit(1 if plan.is_blocked else 0)


@pack.command("install")
@click.argument("source")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--samples/--no-samples", default=True)
@click.option("--people/--no-people", default=False, help="Create the pack's demonstration users too.")
@data_option
def pack_install(source: str, lang: str, samples: bool, people: bool, data: Path | None) -> None:
    """Install a folder, a zip or a shipped pack, in one transaction."""
    engine = _open(data)
    with _writing(engine) as work:
        created = engine.packs.install_pack(work, engine.packs.read_pack(engine.packs.find_source(source)), language=lang, samples=samples,
                                            people=people, password=_password)
    for person in created:
        click.echo(f"  {person.login}  {person.password}  {person.name}")
    _say("cli.installed", pack=source)


@pack.command("export")
@click.argument("app")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
def pack_export(app: str, target: Path, data: Path | None) -> None:
    """Write an app's published definitions to a folder, or to a file that ends in .zip."""
    engine = _open(data)
    with engine.work(system_actor("command_line"), writes=False) as work:
        files = engine.packs.export_pack(work, app)
    engine.packs.write_pack(files, target)
    _say("cli.exported", app=app, target=str(target), count=len(files))


@main.command()
@click.argument("app")
@click.argument("webhook")
@click.argument("url", default="")
@data_option
def webhook(app: str, webhook: str, url: str, data: Path | None) -> None:
    """Say where an app's webhook goes (no URL: back to the app's own address)."""
    engine = _open(data)
    with _writing(engine) as work:
        engine.jobs.change_webhook(work, app, webhook, url=url)


@main.command()
@click.argument("app")
@data_option
def check(app: str, data: Path | None) -> None:
    """Lint an app's draft and say what publishing it would change."""
    engine = _open(data)
    with engine.work(system_actor("command_line"), writes=False) as work:
        report = engine.publishing.check(work, app)
    for finding in report.findings:
        place = "/".join([finding.kind, finding.key, *[str(part) for part in finding.path]])
        click.echo(f"{finding.severity}: {place}: {translate(finding.code, finding.values, _language())}")
    errors = sum(finding.severity == "error" for finding in report.findings)
    _say("cli.checked", errors=errors, warnings=len(report.findings) - errors)
    sys.exit(1 if errors else 0)


@main.command()
@data_option
def doctor(data: Path | None) -> None:
    """Look at the machine and the database and say what is wrong."""
    from runtime.doctor import examine

    results = examine(_settings(data))
    for result in results:
        click.echo(f"{'ok  ' if result.is_good else 'BAD '} {translate(result.code, result.values, _language())}")
    sys.exit(0 if all(result.is_good for result in results) else 1)
