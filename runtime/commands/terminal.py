"""What every command needs: the terminal's language, sentences, the engine, a first password."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from engine import Engine, Problem, pick, system_actor, translate
from runtime.settings import Settings

LANGUAGES = ("zh-CN", "en")
ACTOR = "command_line"

data_option = click.option("--data", type=click.Path(path_type=Path), help="Data folder (FORMWORK_DATA).")


def terminal_language() -> str:
    """The language of the environment's locale."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "zh-CN" if os.environ[name].lower().startswith("zh") else "en"
    return "en"


def say(code: str, **values: Any) -> None:
    """Print a sentence."""
    click.echo(sentence(code, **values))


def sentence(code: str, **values: Any) -> str:
    """A sentence in the terminal's language."""
    return translate(code, values, terminal_language())


def label_of(text: Any) -> str:
    """A label in the terminal's language."""
    return pick(text, terminal_language())


def problem_line(problem: Problem) -> str:
    """A problem with its place, on one line."""
    place = "/".join(str(part) for part in problem.path)
    text = translate(problem.code, problem.values, terminal_language())
    return f"{place}: {text}" if place else text


def print_findings(findings: Iterable[Any]) -> int:
    """Print what the checks found, with counts at the end; returns how many are errors."""
    findings = list(findings)
    for finding in findings:
        place = "/".join([finding.kind, finding.key, *[str(part) for part in finding.path]])
        click.echo(f"{finding.severity}: {place}: {translate(finding.code, finding.values, terminal_language())}")
    errors = sum(finding.severity == "error" for finding in findings)
    say("cli.checked", errors=errors, warnings=len(findings) - errors)
    return errors


def read_settings(data: Path | None = None) -> Settings:
    """The settings, with the data folder given on the command line."""
    if data is not None:
        os.environ["FORMWORK_DATA"] = str(data)
    return Settings.read()


def open_engine(data: Path | None = None) -> Engine:
    """The engine over the installation's database, brought up to date; closed when the command ends."""
    settings = read_settings(data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = Engine(settings.url, data=settings.data, options=settings)
    engine.database.migrate()
    if settings.public_url:
        with writing(engine) as work:
            engine.workflow.set_public_url(work, settings.public_url)
    click.get_current_context().call_on_close(engine.close)  # in whatever way
    return engine


def writing(engine: Engine) -> Any:
    """A unit of work that writes, for whoever sits at the machine."""
    return engine.work(system_actor(ACTOR, terminal_language()), writes=True)


def reading(engine: Engine) -> Any:
    """A unit of work that reads."""
    return engine.work(system_actor(ACTOR, terminal_language()), writes=False)


def new_password() -> str:
    """A first password that can be read aloud."""
    return "-".join(secrets.token_hex(2) for _ in range(3))


__all__ = [
    "ACTOR", "LANGUAGES", "data_option", "label_of", "new_password", "open_engine", "print_findings", "problem_line",
    "read_settings", "reading", "say", "sentence", "terminal_language", "writing",
]
