"""Which packs are installed: the only SQL of this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.packs.pack import Manifest
from engine.storage import Work
from engine.storage.system_tables import installed_pack


def installed(work: Work) -> dict[str, Mapping[str, Any]]:
    """By app, what was installed: key, uid, version."""
    rows = work.connection.execute(sa.select(installed_pack.c.app, installed_pack.c.manifest))
    return {row.app: row.manifest for row in rows}


def note_installed(work: Work, app: str, manifest: Manifest) -> None:
    """Remember that an app came from a pack."""
    work.connection.execute(
        installed_pack.insert().values(
            app=app, uid=manifest.uid, version=manifest.version, installed_at=work.now,
            manifest={"key": manifest.key, "uid": manifest.uid, "version": manifest.version, "label": manifest.label,
                      "description": manifest.description, "languages": list(manifest.languages),
                      "requires": dict(manifest.requires), "licence": manifest.licence},
        )
    )
