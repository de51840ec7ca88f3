"""Packs that mean harm, each with what it has to be answered. docs/reference/hostile_packs.md is made from this."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.packs.signature import signed
from engine.packs.write_files import zip_of

MANIFEST: dict[str, Any] = {
    "format": 1, "uid": "6f2b8a9e-3c41-4d7e-9b5a-1f0c7d2e8a64", "key": "small", "version": "1.0.0", "label": "Small", "languages": ["en"],
}
APP: dict[str, Any] = {
    "kind": "app", "key": "small", "uid": "7f2b8a9e-3c41-4d7e-9b5a-1f0c7d2e8a64", "schema": 1, "label": "Small", "languages": ["en"],
    "default_language": "en", "currency": "CNY", "timezone": "UTC", "navigation": [],
}
PEOPLE: dict[str, Any] = {"users": [{"login": "a", "name": "A"}]}
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 8, 8, 8, 2, 0, 0, 0)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@dataclass(frozen=True)
class Case:
    """A hostile pack: what it tries, how it is made, and the code of the answer."""

    group: str
    title: str
    code: str
    make: Callable[[], bytes]


def good(**changes: Any) -> dict[str, bytes]:
    """The files of a small sound pack, with changes to its manifest."""
    return {"pack.json": _json({**MANIFEST, **changes}), "app.json": _json(APP)}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def packed(*extra: tuple[zipfile.ZipInfo | str, bytes], **changes: Any) -> bytes:
    """A zip of the small pack with more entries, in their order, as zipfile writes it."""
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of duplicate names, which are the point
        for name, content in [*good(**changes).items(), *extra]:
            archive.writestr(name, content)
    return stream.getvalue()


def with_file(name: str, content: bytes, **changes: Any) -> Callable[[], bytes]:
    """A maker of the small pack with one more (or another) file."""
    return lambda: zip_of({**good(**changes), name: content})


@dataclass
class Entry:
    """An entry of a zip as it lies in the file; what is None follows from the data."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0
    size: int | None = None
    packed_size: int | None = None
    checksum: int | None = None
    attributes: int = 0o100644 << 16
    extra: bytes = b""
    local_name: bytes | None = None
    offset: int | None = None
    stream: bytes | None = None


def raw(*entries: Entry, count: int | None = None, tail: bytes = b"", head: bytes = b"", listing_at: int = 0) -> bytes:
    """A zip written by hand, that may say what isn't so."""
    body, listing = bytearray(head), bytearray()
    plain = [Entry(name.encode(), content) for name, content in good().items()]
    for entry in [*plain, *entries]:
        stream = entry.stream or (_deflated(entry.data) if entry.method == 8 else entry.data)
        checksum = zlib.crc32(entry.data) if entry.checksum is None else entry.checksum
        size = len(entry.data) if entry.size is None else entry.size
        packed_size = len(stream) if entry.packed_size is None else entry.packed_size
        offset = len(body) if entry.offset is None else entry.offset
        common = struct.pack("<HHHHHIII", 20, entry.flags, entry.method, 0, 33, checksum, packed_size, size)
        if entry.offset is None:
            name = entry.name if entry.local_name is None else entry.local_name
            body += b"PK\x03\x04" + common + struct.pack("<HH", len(name), 0) + name + stream
        listing += b"PK\x01\x02" + struct.pack("<H", 3 << 8 | 20) + common
        listing += struct.pack("<HHHHHII", len(entry.name), len(entry.extra), 0, 0, 0, entry.attributes, offset) + entry.name + entry.extra
    number = len(plain) + len(entries) if count is None else count
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, number & 0xFFFF, number & 0xFFFF, len(listing), len(body) + listing_at, 0)
    return bytes(body + listing + tail + end)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def _link() -> bytes:
    return raw(Entry(b"roles/a.json", b"/etc/passwd", attributes=0o120777 << 16))


def _nested() -> bytes:
    return packed(("records/inner.zip", packed()))


def _overlapping() -> bytes:
    """One stream of zeros that many entries point to: kilobytes that say they are gigabytes."""
    zeros = Entry(b"roles/r0.json", b"\0" * 60_000)
    stream = _deflated(zeros.data)
    start = sum(30 + len(name) + len(_deflated(content)) for name, content in good().items())
    others = [
        Entry(f"roles/r{number}.json".encode(), size=60_000, packed_size=len(stream), checksum=zlib.crc32(zeros.data), offset=start)
        for number in range(1, 1500)
    ]
    return raw(zeros, *others)


def _endless_listing() -> bytes:
    """A list of entries as long as a pack may be, whose end says that it holds one."""
    return raw(*[Entry(f"roles/r{number}.json".encode(), b"", 0, size=0) for number in range(30_000)], count=1)


def _zip64_end() -> bytes:
    wide = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**50, 2**60)
    return raw(tail=wide + struct.pack("<4sIQI", b"PK\x06\x07", 0, 0, 1), count=0xFFFF)


def _zip64_entry() -> bytes:
    return raw(Entry(b"roles/a.json", b"{}", size=2**32 - 1, extra=struct.pack("<HHQ", 1, 8, 2**60)))


def _signed(change: Callable[[dict[str, bytes]], None]) -> Callable[[], bytes]:
    def make() -> bytes:
        files = signed(good(), KEY)
        change(files)
        return zip_of(files)

    return make


def _change_manifest(files: dict[str, bytes]) -> None:
    files["pack.json"] = files["pack.json"].replace(b"1.0.0", b"1.0.1")


def _take_other_key(files: dict[str, bytes]) -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key().public_bytes_raw()
    files["signature.json"] = _json({**json.loads(files["signature.json"]), "key": b64encode(other).decode()})


def _sign_unsummed() -> bytes:
    files = good()
    key = b64encode(KEY.public_key().public_bytes_raw()).decode()
    files["signature.json"] = _json({"algorithm": "ed25519", "key": key, "signature": b64encode(KEY.sign(files["pack.json"])).decode()})
    return zip_of(files)


def _weak_signature() -> bytes:
    return zip_of({**good(), "signature.json": _json({"algorithm": "none", "key": "", "signature": ""})})


def _png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def _lying_sums() -> bytes:
    return zip_of(good(checksums={"app.json": "0" * 64}))


NAMES = {
    "a path that climbs out": "../evil.json",
    "a path that climbs out further in": "roles/../../evil.json",
    "an absolute path": "/etc/passwd",
    "a drive letter": "C:/evil.json",
    "a path with backslashes": "roles\\..\\evil.json",
    "a network share": "//server/share.json",
    "a hidden file": "roles/.hidden.json",
    "a name with a space": "roles/a b.json",
    "a name with letters that look like others": "roles/аdmin.json",
    "a name in full-width letters, the same as another once normalised": "ａpp.json",
    "a name that runs backwards on the screen": "roles/a\u202enosj.json",
    "a name with a line feed": "roles/a\nb.json",
    "a name with an escape sequence of terminals": "roles/\x1b[2Ja.json",
    "a name like an option": "-rf.json",
    "a device of Windows": "roles/con.json",
    "a name that Windows would shorten": "roles/a.json.",
    "a name of 200 letters": f"roles/{'a' * 200}.json",
    "folders ten deep": "a/" * 10 + "a.json",
}


def cases() -> Iterator[Case]:  # noqa: PLR0915  a table
    """All of them, by group."""
    for title, name in NAMES.items():
        yield Case("Names", title, "pack.file_name", lambda name=name: packed((name, b"{}")))
    yield Case("Names", "a name cut at a NUL", "pack.file_name", lambda: raw(Entry(b"roles/a.json\0.exe", b"{}")))
    yield Case("Names", "a folder whose name climbs out", "pack.file_name", lambda: raw(Entry(b"../", b"", 0, attributes=0o040755 << 16)))
    yield Case("Names", "two entries of one name", "pack.duplicate_file", lambda: packed(("app.json", b"{}")))
    yield Case("Names", "two names that differ by case only", "pack.duplicate_file", lambda: packed(("roles/a.json", b"{}"), ("roles/A.json", b"{}")))
    yield Case("Names", "a file and a folder of one name", "pack.duplicate_file", lambda: packed(("app.json/", b"")))
    yield Case("Names", "another name before the entry than in the list", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", b"{}", local_name=b"roles/b.json")))

    yield Case("Kinds of entries", "a symbolic link", "pack.link", _link)
    yield Case("Kinds of entries", "a device", "pack.special_file", lambda: raw(Entry(b"roles/a.json", b"", 0, attributes=0o020666 << 16)))
    yield Case("Kinds of entries", "a named pipe", "pack.special_file", lambda: raw(Entry(b"roles/a.json", b"", 0, attributes=0o010666 << 16)))
    yield Case("Kinds of entries", "a folder with content", "pack.special_file", lambda: raw(Entry(b"roles/", b"{}")))
    yield Case("Kinds of entries", "an encrypted entry", "pack.encrypted", lambda: raw(Entry(b"roles/a.json", b"{}", flags=1)))
    yield Case("Kinds of entries", "a strongly encrypted entry", "pack.encrypted", lambda: raw(Entry(b"roles/a.json", b"{}", flags=0x40)))
    yield Case("Kinds of entries", "an entry packed with LZMA", "pack.compression", lambda: raw(Entry(b"roles/a.json", b"{}", 14)))
    yield Case("Kinds of entries", "an entry packed in an unknown way", "pack.compression", lambda: raw(Entry(b"roles/a.json", b"{}", 99)))

    yield Case("Bombs", "nine megabytes of zeros in nine kilobytes", "pack.bomb", with_file("roles/a.json", b"\0" * (9 * 2**20)))
    yield Case("Bombs", "one file that claims ten gigabytes", "pack.file_too_large", _zip64_entry)
    yield Case("Bombs", "1,500 entries over one another", "pack.overlap", _overlapping)
    yield Case("Bombs", "2,100 files", "pack.too_many_files", lambda: packed(*[(f"roles/r{number}.json", b"{}") for number in range(2100)]))
    yield Case("Bombs", "30,000 entries, said to be one", "pack.too_many_files", _endless_listing)
    yield Case("Bombs", "eleven files of nearly ten megabytes", "pack.too_large",
               lambda: raw(*[Entry(f"roles/r{number}.json".encode(), b"", 0, size=10 * 2**20 - 1, packed_size=10 * 2**18) for number in range(11)]))
    yield Case("Bombs", "a zip of 21 megabytes", "pack.too_large", lambda: packed() + b"\0" * (21 * 2**20))
    yield Case("Bombs", "a zip in the zip", "pack.unknown_file", _nested)
    yield Case("Bombs", "JSON nested 100,000 deep", "json.depth", lambda: raw(Entry(b"roles/a.json", b"[" * 100_000 + b"]" * 100_000, 0)))
    yield Case("Bombs", "a definition nested 60 deep", "definition.too_deep",
               with_file("roles/a.json", b'{"kind": "role", "key": "a", "schema": 1, "x": ' + b"[" * 60 + b"]" * 60 + b"}"))
    yield Case("Bombs", "a JSON file of three megabytes", "pack.file_too_large", lambda: raw(Entry(b"roles/a.json", b"[" + b"1," * 1_500_000 + b"1]", 0)))
    yield Case("Bombs", "600,000 empty lists", "pack.too_many_values",
               lambda: raw(*[Entry(f"records/{number}.json".encode(), b"[" + b"[]," * 200_000 + b"[]]", 0) for number in range(3)]))
    yield Case("Bombs", "a number of a million digits", "json.number", lambda: raw(Entry(b"roles/a.json", b'{"a": ' + b"9" * 1_000_000 + b"}", 0)))

    yield Case("Lies", "a smaller size than the content has", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", b"{}" + b" " * 5000, size=10)))
    yield Case("Lies", "a larger size than the content has", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", b"{}", size=5000)))
    yield Case("Lies", "a wrong CRC", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", b"{}", checksum=1)))
    yield Case("Lies", "a stream that isn't deflated", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", b"{}", stream=b"\xff" * 50)))
    yield Case("Lies", "an entry beyond the end", "pack.not_a_zip", lambda: raw(Entry(b"roles/a.json", size=2, packed_size=2, offset=2**31)))
    yield Case("Lies", "sizes in ZIP64 that nobody has", "pack.zip64", _zip64_end)
    yield Case("Lies", "a list of entries that isn't where it should be", "pack.not_a_zip", lambda: raw(listing_at=7))
    yield Case("Lies", "a list of entries that breaks off", "pack.not_a_zip", lambda: packed()[:-40] + packed()[-22:])

    yield Case("Other formats", "nothing at all", "pack.not_a_zip", lambda: b"")
    yield Case("Other formats", "text", "pack.not_a_zip", lambda: b"not a zip")
    yield Case("Other formats", "a gzipped tar", "pack.not_a_zip", lambda: b"\x1f\x8b\x08" + b"\0" * 200)
    yield Case("Other formats", "a program with a zip behind it", "pack.not_a_zip", lambda: b"MZ" + b"\0" * 200 + packed())
    yield Case("Other formats", "a zip that breaks off", "pack.not_a_zip", lambda: packed()[:-30])
    yield Case("Other formats", "the beginning of a zip only", "pack.not_a_zip", lambda: b"PK\x03\x04")

    yield Case("Files", "no pack.json", "pack.no_manifest", lambda: zip_of({"app.json": _json(APP)}))
    yield Case("Files", "no app.json", "pack.no_app", lambda: zip_of({"pack.json": _json(MANIFEST)}))
    yield Case("Files", "the pack's folder zipped instead of what is in it", "pack.in_a_folder", lambda: zip_of({f"small/{name}": content for name, content in good().items()}))
    yield Case("Files", "a program", "pack.unknown_file", with_file("scripts/run.py", b"import os"))
    yield Case("Files", "a JSON file where packs have none", "pack.unknown_file", with_file("settings/secret.json", b"{}"))
    yield Case("Files", "a picture of SVG, which can hold scripts", "pack.no_picture", with_file("pictures/a.svg", b"<svg onload='alert(1)'/>"))
    yield Case("Files", "a page called a picture", "pack.no_picture", with_file("pictures/a.png", b"<html><script>alert(1)</script>"))
    yield Case("Files", "a picture of two megabytes", "pack.picture_too_large", lambda: raw(Entry(b"pictures/a.png", PNG + b"\0" * (2 * 2**20), 0)))
    yield Case("Files", "a picture that claims 100,000 pixels a side", "pack.picture_too_large", with_file("pictures/a.png", _png(100_000, 100_000)))
    yield Case("Files", "text that isn't UTF-8", "json.encoding", with_file("README.md", b"\xff\xfe"))
    yield Case("Files", "JSON that isn't UTF-8", "json.encoding", with_file("roles/a.json", b'{"a": "\xff"}'))
    yield Case("Files", "a key twice in one object", "json.duplicate_key", with_file("roles/a.json", b'{"kind": "role", "kind": "entity"}'))
    yield Case("Files", "a number that is none", "json.constant", with_file("roles/a.json", b'{"a": NaN}'))
    yield Case("Files", "half a character", "json.character", with_file("roles/a.json", b'{"a": "\\ud800"}'))
    yield Case("Files", "JSON that breaks off", "json.syntax", with_file("roles/a.json", b'{"a": '))
    yield Case("Files", "an entity among the roles", "pack.wrong_kind", with_file("roles/a.json", b'{"kind": "entity", "key": "a", "schema": 1}'))
    yield Case("Files", "a definition with a key that nobody knows", "definition.unknown_key", with_file("app.json", _json({**APP, "surprise": 1})))
    yield Case("Files", "a webhook to the inside of the machine", "definition.bad_pattern",
               with_file("app.json", _json({**APP, "webhooks": {"w": {"label": "W", "url": "file:///etc/passwd"}}})))
    yield Case("Files", "a person who brings a password", "definition.unknown_key", with_file("people.json", _json({"users": [{"login": "a", "name": "A", "password": "x"}]})))
    yield Case("Files", "a person who is made an administrator", "definition.unknown_key", with_file("people.json", _json({"users": [{"login": "a", "name": "A", "is_admin": True}]})))
    yield Case("Files", "records that are none", "definition.wrong_type", with_file("records/a.json", b'{"entity": "a", "records": [1]}'))
    yield Case("Files", "a scenario with a step that nobody knows", "definition.unknown_key", with_file("scenarios/a.json", b'{"label": "A", "steps": [{"run": "rm"}]}'))

    yield Case("pack.json", "something else than an object", "pack.manifest_not_object", lambda: zip_of({**good(), "pack.json": b"[]"}))
    yield Case("pack.json", "a format of the future", "pack.format", lambda: packed(format=2))
    yield Case("pack.json", "a product version of the future", "pack.too_new", lambda: packed(requires={"formwork": ">=99.0"}))
    yield Case("pack.json", "a key that nobody knows", "pack.manifest_unknown", lambda: packed(surprise=1))
    yield Case("pack.json", "a key that leads elsewhere", "pack.key", lambda: packed(key="../../etc"))
    yield Case("pack.json", "a version that is none", "pack.version", lambda: packed(version="1.0.0-beta"))
    yield Case("pack.json", "a pack that requires itself", "pack.requires_itself", lambda: packed(requires={"small": ">=1.0"}))
    yield Case("pack.json", "a migration step that nobody knows", "definition.unknown_key", lambda: packed(migrations=[{"to": "1.0.0", "steps": [{"run": "DROP TABLE"}]}]))
    yield Case("pack.json", "a migration to a version of the future", "pack.migration_ahead",
               lambda: packed(migrations=[{"to": "9.0.0", "steps": [{"state": "workflow/a", "from": "b", "to": "c"}]}]))

    yield Case("Checksums and signatures", "a file changed after the checksums were made", "pack.checksum_wrong", _lying_sums)
    yield Case("Checksums and signatures", "a file that nobody summed", "pack.checksum_unlisted", _signed(lambda files: files.update({"people.json": _json(PEOPLE)})))
    yield Case("Checksums and signatures", "a summed file that is gone", "pack.no_app", _signed(lambda files: files.pop("app.json")))
    yield Case("Checksums and signatures", "pack.json changed after it was signed", "pack.signature_wrong", _signed(_change_manifest))
    yield Case("Checksums and signatures", "the signature of somebody else", "pack.signature_wrong", _signed(_take_other_key))
    yield Case("Checksums and signatures", "a signature that covers no file", "pack.signature_unsummed", _sign_unsummed)
    yield Case("Checksums and signatures", "a signature of another kind", "definition.not_offered", _weak_signature)
