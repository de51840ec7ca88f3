"""The three versions of an installed pack's documents, and what forbids an upgrade before anything is compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definitions import Document
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.json import content_hash
from engine.packs.manifest import version_of
from engine.packs.pack import Pack
from engine.packs.prepare import prepare
from engine.packs.store import installed, setting_of
from engine.packs.upgrade.align import aligned, renewed
from engine.packs.upgrade.renames import Sides
from engine.publishing import count_changes, kept_documents
from engine.publishing.history import CURRENT, documents_of
from engine.storage import Work


@dataclass(frozen=True)
class Versions:
    """What an upgrade starts from. `pack` is the new version as it is to stand in the app, `uids` see `align`."""

    here: Mapping[str, Any]
    pack: Pack
    sides: Sides
    uids: Mapping[str, str]
    steps: tuple[Mapping[str, Any], ...]
    """Steps that the pack declares for everybody who comes from the installed version."""
    blocks: tuple[Problem, ...] = field(default=())
    whole: tuple[Document, ...] = ()
    """The new version with the modules that are left out, where some are."""


def read_versions(work: Work, app: str, pack: Pack) -> Versions:
    """The installed version, the app, and the new version; raises NotFound (`pack.not_installed`), Forbidden, Invalid.

    What forbids the upgrade is in `blocks`; the sides are empty where the packs have nothing to do with each other.
    """
    here = installed_in(work, app)
    mine = tuple(documents_of(work, app, CURRENT).values())
    if here["uid"] != pack.manifest.uid:
        block = Problem("pack.upgrade_other_pack", {"here": here["label"], "label": pack.manifest.label})
        return Versions(here, pack, Sides((), (), ()), {}, (), (block,))
    try:
        ready = prepare(pack, setting_of(here))
    except Invalid as error:
        return Versions(here, pack, Sides((), (), ()), {}, (), error.problems)
    base = tuple(kept_documents(work, here["base"]))
    steps = steps_between(pack, here["version"], pack.manifest.version)
    known = {**here.get("uids", {}), **_declared(steps, ready.documents, base)}
    theirs, uids = aligned(ready.documents, base, mine, known)
    sides = Sides(base, mine, theirs)
    blocks = (*_version_blocks(here, pack, sides), *draft_blocks(work, app))
    return Versions(here, ready, sides, uids, steps, blocks, _whole(pack, here, uids))


def _whole(pack: Pack, here: Mapping[str, Any], uids: Mapping[str, str]) -> tuple[Document, ...]:
    setting = setting_of(here)
    if not setting.left_out:
        return ()
    return tuple(renewed(document, uids) for document in prepare(pack, replace(setting, left_out=())).documents)


def installed_in(work: Work, app: str) -> Mapping[str, Any]:
    """What is noted of the app's pack; raises NotFound (`pack.not_installed`)."""
    work.release_number(app)
    here = installed(work).get(app)
    if here is None:
        raise NotFound(Problem("pack.not_installed", {"app": app}))
    return here


def steps_between(pack: Pack, from_: str, to: str) -> tuple[Mapping[str, Any], ...]:
    """The declared steps of every version after `from_` and up to `to`, in the order of the versions."""
    chosen = [item for item in pack.manifest.migrations if version_of(from_) < version_of(item["to"]) <= version_of(to)]
    return tuple(step for item in sorted(chosen, key=lambda item: version_of(item["to"])) for step in item["steps"])


def _declared(steps: Sequence[Mapping[str, Any]], theirs: Sequence[Document], base: Sequence[Document]) -> dict[str, str]:
    """Renames that an author declares, where the field was made anew and its uid doesn't say so."""
    found: dict[str, str] = {}
    for step in steps:
        if "rename" not in step:
            continue
        old, new = (_field(side, step["rename"], key) for side, key in ((base, step["field"]), (theirs, step["key"])))
        if old is not None and new is not None and old["uid"] != new["uid"]:
            found[new["uid"]] = old["uid"]
    return found


def _field(documents: Sequence[Document], place: str, key: str) -> Mapping[str, Any] | None:
    entity = next((item for item in documents if f"{item['kind']}/{item['key']}" == place), None)
    return next((item for item in entity["fields"] if item["key"] == key), None) if entity else None


def _version_blocks(here: Mapping[str, Any], pack: Pack, sides: Sides) -> Iterator[Problem]:
    old, new = version_of(here["version"]), version_of(pack.manifest.version)
    values = {"from": here["version"], "to": pack.manifest.version, "version": pack.manifest.version}
    if new < old:
        yield Problem("pack.upgrade_downgrade", values)
    elif new == old:
        is_same = hashes_of(sides.theirs) == hashes_of(sides.base)
        yield Problem("pack.upgrade_same" if is_same else "pack.upgrade_same_version", values)


def hashes_of(documents: Sequence[Document]) -> dict[str, str]:
    """Documents' hashes by `kind/key`."""
    return {f"{item['kind']}/{item['key']}": content_hash(item) for item in documents}


def draft_blocks(work: Work, app: str) -> Iterator[Problem]:
    """What nobody has published yet would be lost between the versions."""
    count = count_changes(work, app)
    if count:
        yield Problem("pack.upgrade_draft", {"count": count})
