"""The `formwork` command."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

import click

from engine import Engine, EngineError, Work, translate
from runtime.commands import upgrades  # noqa: F401 – adds its commands to the group
from runtime.commands.packs import pack as pack_commands
from runtime.commands.terminal import (
    LANGUAGES,
    data_option,
    new_password,
    open_engine,
    print_findings,
    problem_line,
    read_settings,
    reading,
    say,
    terminal_language,
    writing,
)
from runtime.settings import SettingsError

NO_PACK = "none"


class Command(click.Group):
    """The command group: shows the engine's problems as sentences instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except EngineError as error:
            for problem in error.problems:
                click.echo(problem_line(problem), err=True)
            sys.exit(1)
        except OSError as error:
            if error.filename is None:  # nothing that the one who typed it could mend
                raise
            click.echo(f"{error.filename}: {error.strerror}", err=True)
            sys.exit(1)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(2)


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="formwork")
def main() -> None:
    """Formwork: a CRM for your industry, and every bit of it yours to change."""
    gc.set_threshold(10_000, 10, 10)  # as in the server: definitions are many objects that stay, and looking through them takes a tenth of an install


main.add_command(pack_commands)


@main.command()
@click.option("--pack", default="manufacturing", show_default=True, help="Industry pack to install at the first start; none: choose it in the browser.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the pack and of the demonstration users.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("formwork-data"), show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--browser/--no-browser", default=None, help="Open a browser (default: on a desktop).")
def up(pack: str, lang: str | None, data: Path, host: str, port: int, browser: bool | None) -> None:
    """Install at the first start, then serve web and worker together."""
    language = lang or terminal_language()
    os.environ.setdefault("FORMWORK_WORKER", "1")
    os.environ.setdefault("FORMWORK_PUBLIC_URL", f"http://{host}:{port}")
    engine = open_engine(data)
    if engine.is_empty():
        _first_start(engine, pack, language)
    engine.close()
    address = f"http://{host}:{port}/"
    say("cli.serving", address=address)
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
        say("cli.installing", pack=pack)
    with writing(engine) as work:
        passwords = first_install(engine, work, pack, language)
    say("cli.accounts")
    width = max(len(login) for login, *_ in passwords)
    for login, password, name, title in passwords:
        click.echo(f"  {login:<{width}}  {password}  {name}{'  · ' + title if title else ''}")
    say("cli.accounts_once")


def first_install(engine: Engine, work: Work, pack: str, language: str) -> list[tuple[str, str, str, str]]:
    """An administrator and the pack (unless it is "none") with its people; returns (login, password, name, title) of each."""
    password = new_password()
    engine.accounts.create_user(
        work, "admin", translate("cli.administrator", {}, language), password, language=language, is_admin=True,
    )
    found = [("admin", password, translate("cli.administrator", {}, language), "")]
    if pack == NO_PACK:
        return found
    people = engine.packs.install_pack(work, engine.packs.read_shelf(pack), language=language, samples=True, people=True,
                                       password=new_password)
    return [*found, *[(person.login, person.password, person.name, person.title) for person in people]]


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes; more than one needs PostgreSQL.")
@click.option("--threads", default=4, show_default=True, help="Threads of each process.")
@data_option
def serve(host: str, port: int, workers: int, threads: int, data: Path | None) -> None:
    """Serve the web, without the worker (on SQLite with it: one process writes)."""
    engine = open_engine(data)
    if engine.database.dialect == "sqlite":
        os.environ.setdefault("FORMWORK_WORKER", "1")
        if workers > 1:
            raise click.UsageError(translate("cli.one_process", {}, terminal_language()))
    engine.close()
    from runtime.server import run

    run(host, port, workers=workers, threads=threads)


@main.command()
@data_option
def worker(data: Path | None) -> None:
    """Do the queued work: mails, webhooks, timers, recalculation."""
    engine = open_engine(data)
    if engine.database.dialect == "sqlite":
        raise click.UsageError(translate("cli.worker_inside", {}, terminal_language()))
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
    engine = open_engine(data)
    if not engine.is_empty():
        raise click.ClickException(translate("cli.not_empty", {}, terminal_language()))
    password = new_password()
    with writing(engine) as work:
        engine.accounts.create_user(work, admin, translate("cli.administrator", {}, terminal_language()), password,
                                    language=terminal_language(), is_admin=True)
    say("cli.created_user", login=admin, password=password)


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
    engine = open_engine(data)
    held: dict[str, list[str]] = {}
    for item in roles:
        app, _, role = item.partition(":")
        held.setdefault(app, []).append(role)
    password = new_password()
    with writing(engine) as work:
        engine.accounts.create_user(work, login, name, password, email=email, language=lang, is_admin=admin, roles=held)
    say("cli.created_user", login=login, password=password)


@user.command("list")
@data_option
def user_list(data: Path | None) -> None:
    """Everybody, with roles."""
    engine = open_engine(data)
    with reading(engine) as work:
        for person in engine.accounts.list_users(work):
            click.echo(f"{person.login}\t{person.name}\t{'admin' if person.is_admin else ''}\t{'' if person.is_active else 'inactive'}")


@user.command("password")
@click.argument("login")
@data_option
def user_password(login: str, data: Path | None) -> None:
    """Give a person a new password; prints it once."""
    engine = open_engine(data)
    password = new_password()
    with writing(engine) as work:
        engine.accounts.set_password(work, engine.accounts.find_user(work, login).id, password)
    say("cli.created_user", login=login, password=password)


@user.command("email")
@click.argument("login")
@click.argument("address")
@data_option
def user_email(login: str, address: str, data: Path | None) -> None:
    """Give a person an e-mail address."""
    engine = open_engine(data)
    with writing(engine) as work:
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
    engine = open_engine(data)
    with writing(engine) as work:
        person = engine.accounts.find_user(work, login)
        _, text = engine.accounts.create_token(work, person.id, name, days=days)
    click.echo(text)


@main.command()
@click.argument("app")
@click.argument("webhook")
@click.argument("url", default="")
@data_option
def webhook(app: str, webhook: str, url: str, data: Path | None) -> None:
    """Say where an app's webhook goes (no URL: back to the app's own address)."""
    engine = open_engine(data)
    with writing(engine) as work:
        engine.jobs.change_webhook(work, app, webhook, url=url)


@main.command()
@click.argument("app")
@data_option
def check(app: str, data: Path | None) -> None:
    """Lint an app's draft and say what publishing it would change."""
    engine = open_engine(data)
    with reading(engine) as work:
        report = engine.publishing.check(work, app)
    sys.exit(1 if print_findings(report.findings) else 0)


@main.command()
@data_option
def doctor(data: Path | None) -> None:
    """Look at the machine and the database and say what is wrong."""
    from runtime.doctor import examine

    results = examine(read_settings(data))
    for result in results:
        click.echo(f"{'ok  ' if result.is_good else 'BAD '} {translate(result.code, result.values, terminal_language())}")
    sys.exit(0 if all(result.is_good for result in results) else 1)
