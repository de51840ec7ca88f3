"""The Flask application class: one unit of work per request, committed in one place."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, request

from engine import Engine, Work
from runtime.settings import Settings

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Formwork(Flask):
    """Flask, with the engine, the settings and a unit of work around each view.

    The work is opened when the view (or the login check before it) first asks for it, and ends
    before the response leaves: an error, or an answer of 400 and above, takes everything back.
    """

    engine: Engine
    settings: Settings

    def open_work(self) -> Work:
        """The request's unit of work, for areas that may not import the shell."""
        return the_work()

    def preprocess_request(self) -> Any:
        try:
            given = super().preprocess_request()
        except BaseException as error:
            end_work(error)
            raise
        # Who answers before the view ends the work too: nothing else would.
        return None if given is None else self._ended(given)

    def dispatch_request(self) -> Any:
        try:
            given = super().dispatch_request()
        except BaseException as error:
            end_work(error)
            raise
        return self._ended(given)

    def _ended(self, given: Any) -> Response:
        """The answer, after the request's work has ended as the answer says."""
        response = self.make_response(given)
        end_work(_Abandoned() if response.status_code >= 400 else None)
        return response


class _Abandoned(Exception):
    """Stands for "the answer was an error" when a unit of work is taken back."""


def the_engine() -> Engine:
    """The engine of the running application."""
    return application().engine


def application() -> Formwork:
    """The running application."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001


def the_work() -> Work:
    """The request's unit of work, under the actor who signed in; opened at the first call."""
    if "work" not in g:
        writes = request.method not in READING and not getattr(g, "reads_only", False)
        manager = the_engine().work(g.actor, writes=writes)
        g.work = manager.__enter__()
        g.work_manager = manager  # only now: what could not be opened is not to be closed either
    return g.work  # type: ignore[no-any-return]


def end_work(error: BaseException | None) -> None:
    """Commit (no error) or take back the request's work; does nothing when none was opened."""
    manager = g.pop("work_manager", None)
    g.pop("work", None)
    if manager is None:
        return
    if error is None:
        manager.__exit__(None, None, None)
    else:
        manager.__exit__(type(error), error, None)


def plain(response: Response) -> Response:
    """Mark an answer as one that holds nothing personal and may be kept by caches."""
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
