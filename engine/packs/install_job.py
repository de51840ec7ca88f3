"""Installing a pack while nobody waits for the page: hundreds of samples are told, and that takes a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from engine.accounts.rights import require_admin
from engine.jobs import enqueue, job
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.ids import find_id
from engine.packs.install_pack import install_pack
from engine.packs.overlay import complete
from engine.packs.pack import Pack
from engine.packs.plan_install import plan_install
from engine.packs.prepare import app_of
from engine.packs.publishers import judged
from engine.packs.read_pack import read_pack
from engine.packs.shelf import read_shelf
from engine.records import open_file
from engine.storage import Work

JOB = "packs.install"
Source = Mapping[str, str]
"""Where a pack is: {"shelf": key} or {"file": id of an upload}."""


def read_source(work: Work, source: Source) -> Pack:
    """The pack at a place; raises NotFound, Invalid with all that is wrong in it, Forbidden unless an administrator asks."""
    require_admin(work)
    if "shelf" in source:
        return read_shelf(source["shelf"])
    file_id = find_id(source.get("file"))
    if file_id is None:
        raise NotFound(Problem("file.not_found"))
    stored, path = open_file(work, file_id)
    return judged(work, _read_file(stored.sha256, path))


@lru_cache(maxsize=4)
def _read_file(_sha256: str, path: Path) -> Pack:
    """An upload as a pack; whoever looks at a plan comes back with every choice, and the file is the same."""
    return read_pack(path.read_bytes())


def completed(pack: Pack) -> Pack:
    """The pack with the documents of the shipped packs that it builds on; raises Invalid."""
    return complete(pack, read_shelf)


def install_later(  # noqa: PLR0913 - each is a choice of the page's
    work: Work, source: Source | str, *, samples: bool, people: bool | None = None, language: str = "", leave_out: Iterable[str] = (),
    key: str = "", label: Any = None, mapping: Mapping[str, Any] | None = None, detached: bool = False,
) -> tuple[str, UUID]:
    """Queue an installation: (the app's key, the job). Raises NotFound, Forbidden, Invalid with what blocks it.

    `source` is a shipped pack's key, or a place (see `Source`); the rest as `install_pack` takes it, with the
    sample people coming along with the samples unless `people` says otherwise. They get passwords that nobody
    knows: whoever wants to sign in as one sets another first.
    """
    require_admin(work)
    place: Source = {"shelf": source} if isinstance(source, str) else source
    left_out = sorted(leave_out)
    pack = read_source(work, place)
    app = key or str(app_of(pack.documents)["key"])
    plan = plan_install(work, pack, key=key or None, leave_out=left_out, mapping=mapping)
    if plan.is_blocked:
        raise Invalid(*(_placed(problem) for problem in plan.blocks), *(finding.problem for finding in plan.findings if finding.severity == "error"))
    payload = {
        "source": dict(place), "language": language or work.language, "samples": samples, "people": samples if people is None else people,
        "leave_out": left_out, "key": key or None, "label": label, "mapping": mapping, "detached": detached,
    }  # fmt: skip
    return app, enqueue(work, JOB, payload, dedupe_key=f"{JOB}:{app}")


def _placed(problem: Problem) -> Problem:
    """What another key would mend is said at the key."""
    return replace(problem, path=("key",)) if problem.code in ("pack.app_exists", "pack.uid_exists", "pack.key") else problem


@job(JOB, as_owner=True, tries=2)
def install(work: Work, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Install a pack; all of it, or nothing."""
    work.allow_time(600)
    more = {name: payload[name] for name in ("key", "label", "mapping", "detached") if payload.get(name)}
    # A pack from elsewhere proves itself, unless it stands in the app in another way than its scenarios know.
    proves = "file" in payload["source"] and not payload["leave_out"] and not payload.get("mapping")
    people = install_pack(
        work, read_source(work, payload["source"]), language=str(payload["language"]), samples=bool(payload["samples"]),
        people=bool(payload["people"]), leave_out=[str(key) for key in payload["leave_out"]], scenarios=proves, **more,
    )  # fmt: skip
    return {"people": len(people)}
