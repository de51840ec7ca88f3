"""Packs that mean harm are refused with a reason, in bounded memory, and never by a crash."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from engine.kernel.errors import Invalid
from engine.packs import check_pack, read_pack, read_shelf, shelf_path, write_pack, zip_of

GOOD = {
    "pack.json": {"format": 1, "uid": "6f2b8a9e-3c41-4d7e-9b5a-1f0c7d2e8a64", "key": "small", "version": "1.0.0", "label": "Small", "languages": ["en"]},
    "app.json": {"kind": "app", "key": "small", "uid": "7f2b8a9e-3c41-4d7e-9b5a-1f0c7d2e8a64", "schema": 1, "label": "Small", "languages": ["en"],
                 "default_language": "en", "currency": "CNY", "timezone": "UTC", "navigation": []},
}


def a_zip(extra: list[tuple[zipfile.ZipInfo | str, bytes]] = (), **changes: object) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of duplicate names, which is the point here
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in GOOD.items():
                archive.writestr(name, json.dumps({**content, **(changes if name == "pack.json" else {})}))
            for name, content in extra:
                archive.writestr(name, content)
    return stream.getvalue()


def codes(content: bytes) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_pack(content)
    return [problem.code for problem in caught.value.problems]


def test_a_plain_pack_is_read():
    assert read_pack(a_zip()).manifest.key == "small"


@pytest.mark.parametrize("name", ["../evil.json", "a/../../evil.json", "/etc/passwd", "C:\\evil.json", "entities\\x.json", "entities/.hidden.json", "entities/a b.json", "实体/x.json"])
def test_names_that_lead_elsewhere_are_refused(name):
    assert codes(a_zip([(name, b"{}")])) == ["pack.file_name"]


def test_two_entries_of_one_name_are_refused():
    assert codes(a_zip([("app.json", b"{}")])) == ["pack.duplicate_file"]
    assert codes(a_zip([("roles/a.json", b"{}"), ("roles/A.json", b"{}")])) == ["pack.duplicate_file"]


def test_a_link_is_refused():
    link = zipfile.ZipInfo("roles/a.json")
    link.external_attr = 0o120777 << 16
    assert codes(a_zip([(link, b"/etc/passwd")])) == ["pack.link"]


def test_ten_gigabytes_of_zeros_are_refused_without_being_unpacked():
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b"\0" * 2**20
    stream = b"".join(packed.compress(block) for _ in range(64)) + packed.flush()
    # The headers claim 10 GB; the stream itself would give 64 MB before it ends.
    content = bytearray(a_zip([("roles/zeros.json", b"\0" * (9 * 2**20))]))
    assert codes(bytes(content)) == ["pack.bomb"]
    claimed = io.BytesIO()
    with zipfile.ZipFile(claimed, "w") as archive:
        for name, text in GOOD.items():
            archive.writestr(name, json.dumps(text))
        entry = zipfile.ZipInfo("roles/zeros.json")
        archive.writestr(entry, stream)
        entry.file_size = 10 * 2**30
        archive.filelist[-1].file_size = 10 * 2**30
    assert codes(claimed.getvalue()) == ["pack.file_too_large"]


def test_a_lie_about_the_size_is_found_out():
    content = bytearray(a_zip([("roles/a.json", b"{}" + b" " * 100_000)]))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24:at + 28] = (10).to_bytes(4, "little")
    assert codes(bytes(content)) == ["pack.not_a_zip"]


def test_too_many_files_are_refused():
    assert codes(a_zip([(f"roles/r{number}.json", b"{}") for number in range(2100)])) == ["pack.too_many_files"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"\0" * 1000])
def test_rubbish_is_refused(content):
    assert codes(content) == ["pack.not_a_zip"]


def test_a_pack_of_the_future_is_refused():
    assert codes(a_zip(format=2)) == ["pack.format"]
    assert codes(a_zip(requires={"formwork": ">=99.0"})) == ["pack.too_new"]
    assert codes(a_zip(surprise=1)) == ["pack.manifest_unknown"]


def test_bad_json_is_reported_under_its_file():
    with pytest.raises(Invalid) as caught:
        read_pack(a_zip([("roles/a.json", b'{"kind": "role", "kind": "role"}')]))
    assert caught.value.problems[0].path[0] == "roles/a.json"


def test_files_at_other_places_are_refused():
    assert codes(a_zip([("scripts/run.py", b"import os")])) in (["json.syntax"], ["pack.unknown_file"])


def test_the_shipped_packs_have_no_findings():
    assert check_pack(shelf_path("manufacturing"), read_shelf) == ()


def test_writing_a_pack_twice_gives_the_same_bytes(tmp_path: Path):
    files = {path.relative_to(shelf_path("manufacturing")).as_posix(): path.read_bytes()
             for path in sorted(shelf_path("manufacturing").rglob("*.json"))}
    assert zip_of(files) == zip_of(dict(reversed(files.items())))
    write_pack(files, tmp_path / "out")
    assert read_pack(tmp_path / "out").documents == read_shelf("manufacturing").documents
