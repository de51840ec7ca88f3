"""JSON answers of the designer's own addresses, and the JSON that comes in."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from engine import Invalid, Problem, read_json, translate


def answer(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(orjson.dumps(value, default=str), status=status, content_type="application/json")


def body() -> dict[str, Any]:
    """The request's JSON object; raises Invalid."""
    found = read_json(request.get_data(cache=False).decode("utf-8", "replace"))
    if not isinstance(found, dict):
        raise Invalid(Problem("request.not_object"))
    return found


def problem_json(problem: Problem, language: str) -> dict[str, Any]:
    """One problem as scripts read it."""
    return {"code": problem.code, "path": list(problem.path), "message": translate(problem.code, problem.values, language)}
