"""What `formwork doctor` looks at."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import Engine, EngineError
from runtime.settings import Settings
from runtime.shell.assets import manifest

# SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the
# wrong moment (fixed in 3.51.3). One writer connection in one process stays clear of it.
SAFE_SQLITE = (3, 51, 3)


@dataclass(frozen=True)
class Result:
    """One finding: a sentence and whether it is good news."""

    is_good: bool
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def examine(settings: Settings) -> list[Result]:
    """Look at Python, SQLite, the assets, the disk and the database."""
    return list(_examine(settings))


def _examine(settings: Settings) -> Iterator[Result]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Result(sys.version_info >= (3, 11), "doctor.python", {"version": version})
    safe = sqlite3.sqlite_version_info >= SAFE_SQLITE
    yield Result(is_good=True, code="doctor.sqlite" if safe else "doctor.sqlite_one_writer", values={"version": sqlite3.sqlite_version})
    yield Result(bool(manifest()), "doctor.assets" if manifest() else "doctor.no_assets")
    folder = settings.data if settings.data.exists() else settings.data.resolve().parent
    free = shutil.disk_usage(folder).free // 2**20
    yield Result(free > 500, "doctor.disk", {"free": free})
    try:
        engine = Engine(settings.url, data=settings.data, options=settings)
        try:
            is_current = engine.database.is_current()
            yield Result(is_current, "doctor.database" if is_current else "doctor.not_migrated", {"dialect": engine.database.dialect})
        finally:
            engine.close()
    except EngineError as error:
        yield Result(is_good=False, code=error.problems[0].code, values=error.problems[0].values)
