"""What every page of the designer needs: the engine, the work, and the words of the reader's language."""

from __future__ import annotations

from typing import Any

from flask import current_app, g

from engine import Engine, Forbidden, Problem, Work, pick, translate


def the_engine() -> Engine:
    """The engine of the running application."""
    return current_app.engine  # type: ignore[attr-defined,no-any-return]


def the_work() -> Work:
    """The request's unit of work, opened by the shell."""
    return current_app.open_work()  # type: ignore[attr-defined,no-any-return]


def only_administrators() -> None:
    """Raise Forbidden: making apps and taking them away is the administrators' part."""
    if not g.actor.is_admin:
        raise Forbidden(Problem("start.admins_only"))


def say(text: object) -> str:
    """A label in the reader's language."""
    return pick(text, g.language)


def sentence(problem: Any) -> str:
    """A problem or finding as a sentence."""
    return translate(problem.code, problem.values, g.language)


def lines(problems: Any) -> list[dict[str, str]]:
    """Problems as the summary part draws them: place and sentence."""
    return [{"label": "/".join(str(part) for part in problem.path), "message": sentence(problem), "href": ""} for problem in problems]
