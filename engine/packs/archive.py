"""Files of a pack, from a folder or from a zip that may be hostile.

A zip is read in memory and never extracted. What Python's zipfile lets pass is looked at before or beside it:
of two entries with one name the last wins, `..` is stripped instead of refused, a declared size is believed,
a link becomes a plain file, entries may lie on top of each other, and the list of entries is read as long as it
claims to be. What each hostile pack is answered stands in docs/reference/hostile_packs.md.
"""

from __future__ import annotations

import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from engine.kernel.errors import Invalid, Problem

MOST_FILES = 2_000
MOST_PACKED = 20 * 2**20
MOST_BYTES = 100 * 2**20
MOST_OF_ONE = 10 * 2**20
MOST_RATIO = 100
MOST_LISTING = 2 * 2**20
"""Bytes of a zip's list of entries: far more than 2,000 entries need."""
LONGEST_NAME = 120
NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}/){0,4}[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}", re.ASCII)
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.ASCII)
"""Names that Windows takes for devices, whatever follows the dot; packs are unzipped there too."""
_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR_64 = b"PK\x06\x07"
_HEADER = 30
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

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


# folders ------------------------------------------------------------------------------------------
def _read_folder(folder: Path) -> Files:
    found: Files = {}
    seen: set[str] = set()
    total = 0
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            raise Invalid(Problem("pack.link", {"name": shown(name)}))
        if not stat.S_ISREG(mode):
            raise Invalid(Problem("pack.special_file", {"name": shown(name)}))
        size = path.stat().st_size
        total += size
        _check_name(name, seen)
        _check_sizes(name, size, total, len(found) + 1)
        found[name] = path.read_bytes()
    return found


def _walk(folder: Path) -> Iterator[Path]:
    """Files and links, in order; not what is hidden, such as `.git`, nor what Python leaves behind."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")) and name not in links)
        yield from (Path(place) / name for name in sorted([*files, *links]) if not name.startswith((".", "__")))


# zips ---------------------------------------------------------------------------------------------
def _read_zip(content: bytes) -> Files:
    if len(content) > MOST_PACKED:
        raise Invalid(Problem("pack.too_large", {"limit": MOST_PACKED // 2**20}))
    _check_listing(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read_entries(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, UnicodeError) as error:
        raise Invalid(Problem("pack.not_a_zip", {"reason": shown(str(error))})) from None


def _check_listing(content: bytes) -> None:
    """Refuse what would make the library read an endless list, before it reads any."""
    if not content.startswith(b"PK\x03\x04"):  # nor anything that only ends like a zip
        raise Invalid(Problem("pack.not_a_zip", {"reason": "no PK\\3\\4 at the beginning"}))
    end = content.rfind(_END, max(0, len(content) - _END_SIZE - 2**16))
    if end < 0 or end + _END_SIZE > len(content):
        raise Invalid(Problem("pack.not_a_zip", {"reason": "no end of the list of entries"}))
    count, size, start = (int.from_bytes(content[end + at : end + to], "little") for at, to in ((10, 12), (12, 16), (16, 20)))
    if _LOCATOR_64 in content[max(0, end - 20) : end] or count == 2**16 - 1 or 2**32 - 1 in (size, start):
        raise Invalid(Problem("pack.zip64"))
    if count > MOST_FILES or size > MOST_LISTING:
        raise Invalid(Problem("pack.too_many_files", {"limit": MOST_FILES}))
    if start + size != end:
        raise Invalid(Problem("pack.not_a_zip", {"reason": "the list of entries is not where it should be"}))


def _read_entries(archive: zipfile.ZipFile) -> Files:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise Invalid(Problem("pack.too_many_files", {"limit": MOST_FILES}))
    seen: set[str] = set()
    total = 0
    for number, entry in enumerate(entries, 1):
        # zipfile cuts a name at NUL; the original shows what was meant to be hidden
        _check_name(entry.orig_filename.removesuffix("/"), seen)
        _check_kind(entry)
        total += entry.file_size
        _check_sizes(entry.filename, entry.file_size, total, number)
        if entry.file_size > MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 2**16:
            raise Invalid(Problem("pack.bomb", {"name": entry.filename}))
    _check_overlaps(entries)
    return {entry.filename: _content(archive, entry) for entry in entries if not entry.is_dir()}


def _check_kind(entry: zipfile.ZipInfo) -> None:
    name = {"name": entry.filename}
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise Invalid(Problem("pack.link", name))
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (entry.is_dir() and entry.file_size):
        raise Invalid(Problem("pack.special_file", name))
    if entry.flag_bits & 0x2041:  # encrypted, strongly encrypted, headers masked
        raise Invalid(Problem("pack.encrypted", name))
    if entry.compress_type not in _WAYS:
        raise Invalid(Problem("pack.compression", name))


def _check_overlaps(entries: list[zipfile.ZipInfo]) -> None:
    """Each entry has bytes of its own: entries over one another give gigabytes out of a few."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise Invalid(Problem("pack.overlap", {"name": entry.filename}))
        end = entry.header_offset + _HEADER + len(entry.orig_filename) + entry.compress_size


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        content = stream.read(MOST_OF_ONE + 1)  # the declared size is a claim; this is the cap
    if len(content) != entry.file_size:
        raise Invalid(Problem("pack.not_a_zip", {"reason": f"{entry.filename}: {len(content)} bytes instead of {entry.file_size}"}))
    return content


# both ---------------------------------------------------------------------------------------------
def _check_name(name: str, seen: set[str]) -> None:
    parts = name.split("/")
    is_odd = any(part.endswith(".") or _DEVICES.fullmatch(part.lower()) for part in parts)
    if len(name) > LONGEST_NAME or not NAME.fullmatch(name) or is_odd:
        raise Invalid(Problem("pack.file_name", {"name": shown(name)}))
    plain = unicodedata.normalize("NFKC", name).casefold()
    if plain in seen:
        raise Invalid(Problem("pack.duplicate_file", {"name": name}))
    seen.add(plain)


def shown(name: str) -> str:
    """A name from outside, for a sentence: short, and without what a terminal or a page would obey."""
    return "".join(character if character.isprintable() else "␀" for character in name[:LONGEST_NAME].encode("utf-8", "replace").decode())


def _check_sizes(name: str, size: int, total: int, count: int) -> None:
    if size > MOST_OF_ONE:
        raise Invalid(Problem("pack.file_too_large", {"name": name, "limit": MOST_OF_ONE // 2**20}))
    if total > MOST_BYTES:
        raise Invalid(Problem("pack.too_large", {"limit": MOST_BYTES // 2**20}))
    if count > MOST_FILES:
        raise Invalid(Problem("pack.too_many_files", {"limit": MOST_FILES}))
