"""Installing a pack while nobody waits for the page: hundreds of samples are told, and that takes a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from engine.accounts.rights import require_admin
from engine.jobs import enqueue, job
from engine.kernel.errors import Invalid
from engine.packs.install_pack import install_pack
from engine.packs.modules import without
from engine.packs.overlay import complete
from engine.packs.plan_install import plan_install
from engine.packs.shelf import read_shelf
from engine.storage import Work

JOB = "packs.install"


def install_later(work: Work, key: str, *, samples: bool, leave_out: Iterable[str] = ()) -> tuple[str, UUID]:
    """Queue the installation of a shipped pack: (the app's key, the job). Raises NotFound, Forbidden, Invalid with what blocks it.

    Sample people get passwords that nobody knows: whoever wants to sign in as one sets another first.
    """
    require_admin(work)
    left_out = sorted(leave_out)
    pack = without(complete(read_shelf(key), read_shelf), left_out)
    plan = plan_install(work, pack)
    if plan.is_blocked:
        raise Invalid(*plan.blocks, *(finding.problem for finding in plan.findings if finding.severity == "error"))
    app = next(str(document["key"]) for document in pack.documents if document["kind"] == "app")
    payload = {"pack": key, "language": work.language, "samples": samples, "leave_out": left_out}
    return app, enqueue(work, JOB, payload, dedupe_key=f"{JOB}:{app}")


@job(JOB, as_owner=True, tries=2)
def install(work: Work, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Install a shipped pack; all of it, or nothing."""
    work.allow_time(600)
    people = install_pack(
        work, read_shelf(str(payload["pack"])), language=str(payload["language"]), samples=bool(payload["samples"]),
        people=bool(payload["samples"]), leave_out=[str(key) for key in payload["leave_out"]],
    )  # fmt: skip
    return {"people": len(people)}
