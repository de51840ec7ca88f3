"""Files of a pack, from a folder or from a zip that may be hostile.

A zip is read in memory and never extracted. Limits and rules follow what Python's zipfile lets pass:
of two entries with one name the last wins, `..` is stripped instead of refused, a declared size is
believed, a link becomes a plain file.
"""

from __future__ import annotations

import io
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path

from engine.kernel.errors import Invalid, Problem

MOST_FILES = 2_000
MOST_PACKED = 20 * 2**20
MOST_BYTES = 100 * 2**20
MOST_OF_ONE = 10 * 2**20
MOST_RATIO = 100
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}(/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}){0,4}")

Files = dict[str, bytes]


def read_files(source: Path | bytes) -> Files:
    """All files by their path inside the pack; raises Invalid (`pack.*`) for anything suspicious."""
    if isinstance(source, bytes):
        return _read_zip(source)
    if source.is_dir():
        return _read_folder(source)
    if not source.is_file():
        raise Invalid(Problem("pack.not_found", {"path": source.name}))
    if source.stat().st_size > MOST_PACKED:
        raise Invalid(Problem("pack.too_large", {"limit": MOST_PACKED // 2**20}))
    return _read_zip(source.read_bytes())


def _read_folder(folder: Path) -> Files:
    found: Files = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise Invalid(Problem("pack.link", {"name": name}))
        if path.is_dir() or any(part.startswith((".", "__")) for part in path.relative_to(folder).parts):
            continue
        size = path.stat().st_size
        total += size
        _check_sizes(name, size, total, len(found) + 1)
        _check_name(name)
        found[name] = path.read_bytes()
    return found


def _read_zip(content: bytes) -> Files:
    if len(content) > MOST_PACKED:
        raise Invalid(Problem("pack.too_large", {"limit": MOST_PACKED // 2**20}))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_entries(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Invalid(Problem("pack.not_a_zip", {"reason": str(error)[:200]})) from None


def _read_entries(archive: zipfile.ZipFile) -> Files:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > MOST_FILES:
        raise Invalid(Problem("pack.too_many_files", {"limit": MOST_FILES}))
    found: Files = {}
    seen: set[str] = set()
    total = 0
    for entry in entries:
        # zipfile cuts a name at NUL; the original shows what was meant to be hidden
        _check_name(entry.orig_filename)
        plain = unicodedata.normalize("NFKC", entry.filename).lower()
        if plain in seen:
            raise Invalid(Problem("pack.duplicate_file", {"name": entry.filename}))
        seen.add(plain)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Invalid(Problem("pack.link", {"name": entry.filename}))
        if entry.flag_bits & 0x1:
            raise Invalid(Problem("pack.encrypted", {"name": entry.filename}))
        total += entry.file_size
        _check_sizes(entry.filename, entry.file_size, total, len(found) + 1)
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 2**16:
            raise Invalid(Problem("pack.bomb", {"name": entry.filename}))
        with archive.open(entry) as stream:
            content = stream.read(MOST_OF_ONE + 1)  # the declared size is a claim; this is the cap
        if len(content) > MOST_OF_ONE:
            raise Invalid(Problem("pack.file_too_large", {"name": entry.filename, "limit": MOST_OF_ONE // 2**20}))
        found[entry.filename] = content
    return found


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise Invalid(Problem("pack.file_name", {"name": name[:120].replace("\x00", "␀")}))


def _check_sizes(name: str, size: int, total: int, count: int) -> None:
    if size > MOST_OF_ONE:
        raise Invalid(Problem("pack.file_too_large", {"name": name, "limit": MOST_OF_ONE // 2**20}))
    if total > MOST_BYTES:
        raise Invalid(Problem("pack.too_large", {"limit": MOST_BYTES // 2**20}))
    if count > MOST_FILES:
        raise Invalid(Problem("pack.too_many_files", {"limit": MOST_FILES}))
