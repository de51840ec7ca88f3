"""Files of a pack to a folder or a zip: the same bytes for the same files, whenever and wherever."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from engine.kernel.errors import Conflict, Problem
from engine.packs.archive import read_files

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip can hold: no clock in the bytes


def write_pack(files: Mapping[str, bytes], target: Path, *, replace: bool = False) -> None:
    """Write files to a folder, or to a zip when the name says so.

    Raises Conflict for a folder that isn't empty; with `replace` a folder that holds a pack is brought to
    these files, and what isn't the pack's (hidden files, such as a repository) stays.
    """
    if target.suffix == ".zip":
        target.write_bytes(zip_of(files))
        return
    if target.exists() and any(target.iterdir()):
        if not replace or not (target / "pack.json").is_file():
            raise Conflict(Problem("pack.folder_not_empty", {"path": target.name}))
        _clear(target, set(files))
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def _clear(folder: Path, kept: set[str]) -> None:
    """Remove the pack's files that are no longer in it."""
    for name in read_files(folder).keys() - kept:
        if name.partition("/")[0] in _OWN:
            (folder / name).unlink()


_OWN = ("entities", "forms", "views", "workflows", "roles", "locales", "records", "scenarios", "people.json", "signature.json")


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip with the same bytes for the same files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # or the bytes would tell Windows from the rest
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()
