"""The blueprint, who may call it, and how requests are read and answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import marshmallow
import orjson
from flask import Blueprint, Response, g, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import Unauthorized
from werkzeug.routing import BaseConverter

from engine import Invalid, Problem, read_json
from runtime.shell.application import READING, the_engine, the_work

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


class AppKey(BaseConverter):
    """An app's key in an address: none of the words that have addresses of their own."""

    regex = r"(?!(?:session|apps|inbox|tasks|jobs|design|packs)$)[^/]+"
    part_isolating = True


class RecordId(BaseConverter):
    """A record's id in an address, as against what one asks of the whole entity."""

    regex = r"(?!(?:schema|aggregate)$)[^/]+"
    part_isolating = True


@blueprint.record_once
def add_converters(state: BlueprintSetupState) -> None:
    """Let addresses use the converters; runs before the routes are added."""
    state.app.url_map.converters.update(app_key=AppKey, record_id=RecordId)  # type: ignore[attr-defined]


OPEN_ENDPOINTS = frozenset({"api.open_session"})
View = TypeVar("View", bound=Callable[..., Any])


class BadRequest(Invalid):
    """The request itself is malformed."""


@blueprint.before_request
def require_actor() -> Response | None:
    """Only people and programs that are known; then the stored answer of a repeated write."""
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    if g.actor.user_id is None:
        raise Unauthorized
    return _repeat()


def _repeat() -> Response | None:
    """The stored answer, when this write was done before under its Idempotency-Key."""
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method in READING:
        return None
    if len(key) > 200 or not key.isascii() or not key.isprintable():
        raise Invalid(Problem("request.key_unreadable", {}, ("Idempotency-Key",)))
    content = b"\n".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    g.idempotency_key = f"{g.actor.user_id}:{key}"
    stored = the_engine().claim_answer(the_work(), g.idempotency_key, hashlib.sha256(content).hexdigest())
    if stored is None:
        return None
    g.pop("idempotency_key")
    response = Response(stored.body, status=stored.status, content_type="application/json")
    response.headers["Idempotent-Replay"] = "true"
    return response


def endpoint(view: View) -> View:
    """Mark a view as one whose Python answer becomes JSON: a value, or (value, status)."""

    @wraps(view)
    def wrapped(*args: Any, **values: Any) -> Response:
        answer = view(*args, **values)
        if isinstance(answer, Response):
            return answer
        body, status = answer if isinstance(answer, tuple) else (answer, 200)
        return reply(body, status)

    return wrapped  # type: ignore[return-value]


def reply(body: Any, status: int = 200) -> Response:
    """A JSON answer; kept when the request came with an Idempotency-Key."""
    content = b"" if status == 204 else orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z, default=str)
    key = g.pop("idempotency_key", None)
    if key is not None and status < 400:
        the_engine().keep_answer(the_work(), key, status, content)
    return Response(content, status=status, content_type="application/json")


def body() -> Any:
    """The request's JSON, read strictly; raises Invalid."""
    if not request.is_json:
        raise Invalid(Problem("request.not_json"))
    return read_json(request.get_data())


def body_object() -> dict[str, Any]:
    """The request's JSON, which must be an object."""
    found = body()
    if not isinstance(found, dict):
        raise Invalid(Problem("request.not_object"))
    return found


def load(schema: type[marshmallow.Schema], given: Any = None) -> dict[str, Any]:
    """The request's JSON in a fixed shape; raises Invalid with one problem per field."""
    content = body() if given is None else given
    try:
        return schema(unknown=marshmallow.RAISE).load(content)  # type: ignore[no-any-return]
    except marshmallow.ValidationError as error:
        raise Invalid(*_problems(error.normalized_messages(), ())) from None


def _problems(messages: Any, path: tuple[str | int, ...]) -> list[Problem]:
    if isinstance(messages, dict):
        return [
            problem
            for key, value in messages.items()
            for problem in _problems(value, path if key == "_schema" else (*path, key))
        ]
    known = {"Unknown field.": "request.unknown_key", "Missing data for required field.": "request.missing_key"}
    return [Problem(known.get(str(text), "request.unreadable_value"), {"key": path[-1] if path else ""}, path)
            for text in messages]


def expected_rev(given: dict[str, Any] | None = None) -> int | None:
    """The rev that the client has seen: If-Match, or `rev` in the body (taken out of it)."""
    header = request.headers.get("If-Match")
    if header is not None:
        text = header.strip().removeprefix("W/").strip('"')
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise Invalid(Problem("request.rev_unreadable", {}, ("If-Match",)))
        return int(text)
    if given and "rev" in given:
        rev = given.pop("rev")
        if isinstance(rev, bool) or not isinstance(rev, int):
            raise Invalid(Problem("request.rev_unreadable", {}, ("rev",)))
        return rev
    return None
