"""The one map from the engine's errors to HTTP: a page for people, problem+json for programs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from engine import (
    Conflict,
    EngineError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unavailable,
    translate,
)
from runtime.shell.templating import choose_locale

log = logging.getLogger("formwork")

STATUS: dict[type[EngineError], int] = {
    Invalid: 422,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Unavailable: 503,
}


def status_of(error: EngineError) -> int:
    """The HTTP status of an engine error."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def install(app: Flask) -> None:
    """Answer every error in the form the client understands."""

    @app.errorhandler(EngineError)
    def engine_error(error: EngineError) -> Response:
        current = error.current if isinstance(error, Conflict) else None
        return answer(status_of(error), error.problems, current=current)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        response = answer(error.code or 500, [Problem(f"http.{error.code}")])
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After", "Location"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def bug(error: Exception) -> Response:
        number = secrets.token_hex(4)
        log.error("unexpected error %s at %s %s", number, request.method, request.path, exc_info=error)
        return answer(500, [Problem("http.500", {"number": number})])


def wants_json() -> bool:
    """Is the client a program?"""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(status: int, problems: Iterable[Problem], *, current: Any = None) -> Response:
    """The answer to an error."""
    problems = list(problems)
    language = g.get("language", "en")
    if wants_json():
        return problem_json(status, problems, language, current)
    title = translate(f"http.{status}", problems[0].values if problems else {}, language)
    sentences = [translate(problem.code, problem.values, language) for problem in problems]
    resend = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in ("csrf", "password")
    ] if status == 403 and any(problem.code == "shell.csrf" for problem in problems) else []
    choose_locale()  # whatever failed may have failed before the language was known
    page = render_template("shell/error.html", status=status, title=title, resend=resend,
                           sentences=[text for text in sentences if text != title])
    response = Response(page, status=status, content_type="text/html; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def problem_json(status: int, problems: list[Problem], language: str, current: Any = None) -> Response:
    """RFC 9457, with one entry per problem: code, path, message."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": translate(problems[0].code, problems[0].values, language) if problems else "",
        "errors": [problem_dict(problem, language) for problem in problems],
    }
    if current is not None:
        body["current"] = current
    response = Response(orjson.dumps(body), status=status, content_type="application/problem+json")
    if status == 503:
        response.headers["Retry-After"] = "5"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem_dict(problem: Problem, language: str) -> dict[str, Any]:
    """One problem as the API shows it."""
    return {
        "code": problem.code,
        "path": list(problem.path),
        "message": translate(problem.code, problem.values, language),
    }
