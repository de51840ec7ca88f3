"""Schemathesis over the application: every operation that a person's description names.

Tests call `run` with few examples, `benchmarks/schemathesis_run.py` with many. What schemathesis makes up
seldom names a record that there is; a part of the well-formed requests is therefore given ids and values
of the sample records, so that the answers to good requests are checked too.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.web.conftest import Client

LEFT_OUT = (
    "positive_data_acceptance",  # a record that fits its schema may still refer to what isn't there or break a rule: 422, as documented
    "ignored_auth",              # its probes can't call a WSGI application; test_pages.py walks every address as a stranger instead
)


@dataclass
class Outcome:
    """What a run found."""

    operations: int = 0
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    good: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


def run(app: Any, login: str, *, examples: int, only: str | None = None, leave_out: str | None = None, stateful: bool = False,
        phases: tuple[str, ...] = ("examples", "coverage", "fuzzing"), seed: int = 1) -> Outcome:
    """Send what schemathesis makes up, as `login`; collects everything that fails a check."""
    client = Client(app, login)
    config = SchemathesisConfig(seed=seed)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config, headers=client.headers)
    project = schema.config
    project.update(headers=client.headers)
    project.generation.update(max_examples=examples, no_shrink=True, database="none")
    for name in ("examples", "coverage", "fuzzing"):
        getattr(project.phases, name).enabled = name in phases
    project.phases.stateful.enabled = stateful
    for name in LEFT_OUT:
        getattr(project.checks, name).enabled = False
    if only:
        schema = schema.include(path_regex=only)
    if leave_out:
        schema = schema.exclude(path_regex=leave_out)
    _real.clear()
    _real.update(samples(client, schema.raw_schema["paths"]))
    found = Outcome(operations=sum(1 for _ in schema.get_all_operations()))
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(found, event)
        elif isinstance(event, events.NonFatalError):
            found.failures.append(f"{event.label}: {event.value!r}"[:1500])
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def samples(client: Client, paths: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Some records of each entity, with their owned rows; tasks and documents under the first part of their address."""
    found: dict[str, list[dict[str, Any]]] = {"/tasks": client.get("/inbox").json["items"]}
    for path in paths:
        if re.fullmatch(r"/design/\w+", path):
            found[path] = client.get(path).json["items"]
        elif path.endswith("/schema"):
            base = path.removesuffix("/schema")
            ids = [item["id"] for item in client.get(f"{base}?limit=8").json["items"]]
            found[base] = [client.get(f"{base}/{id}").json for id in ids]
    return found


_real: dict[str, list[dict[str, Any]]] = {}
_chance = random.Random(1)
_numbers = itertools.count()


@schemathesis.hook("before_call")
def make_some_real(context: Any, case: Any, kwargs: Any) -> None:
    """Give well-formed requests something that there is, and each its own Idempotency-Key.

    A key that comes again with another request is a conflict (409), and hypothesis likes the same few.
    """
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and key.isascii() and key.isprintable() and 0 < len(key) < 180:
        case.headers["Idempotency-Key"] = f"{key}{next(_numbers)}"
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE or _chance.random() < 0.3:
        return
    base = max((base for base in _real if case.path.startswith(f"{base}/") or case.path == base), key=len, default="")
    if not _real.get(base):
        return
    record = _chance.choice(_real[base])
    for name in ("id", "kind", "key"):
        if name in (case.path_parameters or {}) and name in record:
            case.path_parameters[name] = record[name]
    if "If-Match" in (case.headers or {}) and _chance.random() < 0.7:
        case.headers["If-Match"] = f'"{record.get("rev", 1)}"'
    if isinstance(case.body, dict):
        for name in case.body:
            if record.get(name) is not None and _chance.random() < 0.8:
                case.body[name] = [{**row, "id": None} for row in record[name]] if _has_rows(record[name]) else record[name]


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _note(found: Outcome, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    found.requests += len(recorder.interactions)
    for interaction in recorder.interactions.values():
        status = interaction.response.status_code if interaction.response else 0
        found.statuses[status] += 1
        if 200 <= status < 300:
            found.good.add(recorder.label)
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                found.failures.append(
                    f"{event.phase.name} {recorder.label}: {check.name}: {failure.title}: {failure.message}"[:900]
                    + f"\n    {check.failure_info.code_sample}"[:600])
