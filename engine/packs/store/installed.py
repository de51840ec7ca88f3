"""Which packs are installed, and how far tasks have come that take several transactions."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from engine.packs.pack import Pack
from engine.packs.prepare import Setting
from engine.storage import Work
from engine.storage.system_tables import installed_pack, setting


def installed(work: Work) -> dict[str, Mapping[str, Any]]:
    """By app, what was installed: key, uid, version."""
    rows = work.connection.execute(sa.select(installed_pack.c.app, installed_pack.c.manifest))
    return {row.app: row.manifest for row in rows}


def note_installed(
    work: Work, app: str, pack: Pack, base: Mapping[str, str], setting: Setting, *, uids: Mapping[str, str] | None = None,
    whole: Mapping[str, str] | None = None,
) -> None:
    """Remember that an app came from a pack: its manifest, what it was made from, and the files beside the definitions.

    `base` are the hashes of the documents as they were installed, `setting` how; `uids` by which uids of its own
    the app knows things of the pack, `whole` the hashes of all documents where modules were left out.
    """
    manifest = {
        **asdict(pack.manifest), "left_out": list(setting.left_out), "base": dict(base),
        "own_key": setting.key, "mapping": dict(setting.mapping), "uids": dict(uids or {}), "whole": dict(whole or {}),
        "extras": {name: b64encode(content).decode() for name, content in pack.extras.items()},
    }
    write_installed(work, app, manifest)


def write_installed(work: Work, app: str, manifest: Mapping[str, Any]) -> None:
    """Write what is remembered of an app's pack."""
    values = {"uid": manifest["uid"], "version": manifest["version"], "installed_at": work.now, "manifest": dict(manifest)}
    found = work.connection.execute(installed_pack.update().where(installed_pack.c.app == app).values(**values))
    if not found.rowcount:
        work.connection.execute(installed_pack.insert().values(app=app, **values))


def setting_of(manifest: Mapping[str, Any]) -> Setting:
    """How an app's pack was installed."""
    return Setting(manifest.get("own_key", ""), tuple(manifest.get("left_out", ())), manifest.get("mapping", {}))


def forget_installed(work: Work, app: str) -> None:
    """The app goes its own way from now on."""
    work.connection.execute(installed_pack.delete().where(installed_pack.c.app == app))


def extras_of(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The files beside the definitions that an app was installed with."""
    return {name: b64decode(content) for name, content in manifest.get("extras", {}).items()}


def done_so_far(work: Work, key: str) -> Mapping[str, Any]:
    """How far a task that takes several transactions had come; empty when it has not begun."""
    found = work.connection.scalar(sa.select(setting.c.value).where(setting.c.key == key))
    return found if isinstance(found, Mapping) else {}


def note_done(work: Work, key: str, value: Mapping[str, Any]) -> None:
    """Remember how far a task has come, in the same transaction as what it did."""
    found = work.connection.execute(setting.update().where(setting.c.key == key).values(value=dict(value)))
    if not found.rowcount:
        work.connection.execute(setting.insert().values(key=key, value=dict(value)))


def forget_done(work: Work, key: str) -> None:
    """The task is over."""
    work.connection.execute(setting.delete().where(setting.c.key == key))
