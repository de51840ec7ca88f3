"""Files: stored by a name of ours, checked by content, opened only through a record that may be read."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.kernel.errors import Invalid, NotFound
from engine.records import (
    Query,
    change_record,
    create_record,
    describe_files,
    dump_record,
    get_json,
    open_file,
    query_json,
    remove_record,
    store_file,
    sweep_files,
)
from tests.factories.records import make, problems
from tests.factories.shop import APP, Shop

PDF = b"%PDF-1.7 content"


def upload(shop: Shop, who: str = "sam", name: str = "offer.pdf", content: bytes = PDF) -> UUID:
    with shop.work(who) as work:
        return store_file(work, io.BytesIO(content), name).id


def opened(shop: Shop, id_: UUID, who: str) -> bytes:
    with shop.work(who, writes=False) as work:
        return open_file(work, id_)[1].read_bytes()


def test_an_upload_is_its_senders_until_a_record_takes_it(shop: Shop, mark: str) -> None:
    file = upload(shop)
    assert opened(shop, file, "sam") == PDF
    assert problems(NotFound, lambda: opened(shop, file, "maria")) == {("file.not_found", ())}

    sale = make(shop, "sale", who="sam", subject=mark, files=[file])

    assert opened(shop, file, "maria") == PDF
    assert problems(NotFound, lambda: opened(shop, file, "sue")) == {("file.not_found", ())}
    assert problems(NotFound, lambda: opened(shop, uuid4(), "maria")) == {("file.not_found", ())}
    with shop.work("maria") as work:
        assert describe_files(work, [file])[file].name == "offer.pdf"
        change_record(work, APP, "sale", sale, {"files": []})
    assert problems(NotFound, lambda: opened(shop, file, "sam")) == {("file.not_found", ())}
    with shop.work("maria") as work:
        change_record(work, APP, "sale", sale, {"files": [str(file)]})
        remove_record(work, APP, "sale", sale)
    assert problems(NotFound, lambda: opened(shop, file, "sam")) == {("file.not_found", ())}


def test_files_of_others_and_of_other_records_can_not_be_taken(shop: Shop, mark: str) -> None:
    theirs, mine = upload(shop, "sue"), upload(shop)
    make(shop, "sale", who="sam", subject=mark, files=[mine])

    for file in (theirs, mine, uuid4()):
        assert problems(Invalid, lambda file=file: make(shop, "sale", who="sam", subject=f"{mark} b", files=[file])) == {("file.missing", ("files",))}


def test_a_field_takes_only_the_endings_and_the_number_it_says(shop: Shop, mark: str) -> None:
    text = upload(shop, name="notes.TXT", content="笔记".encode())
    many = [upload(shop) for _ in range(3)]

    assert problems(Invalid, lambda: make(shop, "sale", who="sam", subject=mark, files=[text])) == {("file.ending", ("files",))}
    assert problems(Invalid, lambda: make(shop, "sale", who="sam", subject=mark, files=many)) == {("field.file.too_many", ("files",))}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.pdf", b"MZ\x90", "file.active_content"), ("a.pdf", b"<!DOCTYPE html>", "file.active_content"), ("a.txt", b" \n<script>", "file.active_content"),
     ("a.png", PDF, "file.content_differs"), ("a.txt", b"a\x00b", "file.content_differs"), ("a.docx", b"hello", "file.content_differs"),
     ("a.pdf", b"", "file.empty"), ("a", b"#!/bin/sh", "file.active_content"), ("a.svg", b"<svg onload=1>", "file.active_content")],
)
def test_content_that_is_not_what_it_says_is_refused_and_leaves_nothing(shop: Shop, name: str, content: bytes, code: str) -> None:
    folder = shop.database.data
    assert folder is not None
    before = sorted(folder.glob("files/*/*"))

    assert problems(Invalid, lambda: upload(shop, name=name, content=content)) == {(code, ())}
    assert sorted(folder.glob("files/*/*")) == before


def test_a_file_has_a_limit(shop: Shop) -> None:
    with shop.work("sam") as work:
        assert problems(Invalid, lambda: store_file(work, io.BytesIO(b"x" * 2_000), "a.txt", limit=1_000)) == {("file.too_large", ())}


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\temp\\合同.txt", "合同.txt"), ("a\u202efdp.exe", "afdp.exe"), ("\x00", "file"), ("  ..  ", "file"),
     ("é" * 300 + ".txt", "é" * 196 + ".txt"), ("", "file")],
)
def test_a_name_is_shown_without_what_could_mislead(shop: Shop, raw: str, shown: str) -> None:
    with shop.work("sam") as work:
        assert store_file(work, io.BytesIO(b"text"), raw).name == shown


def test_uploads_that_nobody_took_are_swept_away_after_a_day(shop: Shop, mark: str) -> None:
    left, taken = upload(shop), upload(shop)
    make(shop, "sale", who="sam", subject=mark, files=[taken])

    with shop.work() as work, work.acting_as(work.actor, now=work.now + timedelta(days=2)):
        sweep_files(work, {})

    assert problems(NotFound, lambda: opened(shop, left, "sam")) == {("file.not_found", ())}
    assert opened(shop, taken, "sam") == PDF
    folder = shop.database.data
    assert folder is not None
    assert not list(folder.glob(f"files/*/{left.hex}"))


def test_the_same_file_can_be_listed_by_rows_created_along(shop: Shop, mark: str) -> None:
    file = upload(shop, "maria")
    with shop.work("maria") as work:
        record = create_record(work, APP, "sale", {"subject": mark, "files": [str(file)], "lines": [{"quantity": 1}]})

    assert record.values["files"] == (file,)


def test_files_are_named_beside_their_ids_however_they_are_read(shop: Shop, mark: str) -> None:
    file = upload(shop, "maria")
    with shop.work("maria") as work:
        record = create_record(work, APP, "sale", {"subject": mark, "files": [str(file)]})
        expected = [{"id": str(file), "name": "offer.pdf", "size": len(PDF)}]

        assert record.titles["files"] == expected
        assert get_json(work, APP, "sale", record.id) == dump_record(record)
        [found] = query_json(work, APP, "sale", Query(filter=f'subject = "{mark}"')).items
        assert found["_titles"]["files"] == expected
