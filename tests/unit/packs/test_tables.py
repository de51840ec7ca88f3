"""Columns of a table: what they are taken for, and how their cells are read."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from engine.definitions import lint
from engine.definitions.lint.reserved_key import RESERVED
from engine.kernel.errors import Invalid
from engine.packs.table.convert import TYPES, Unreadable, convert
from engine.packs.table.documents import Names, documents_of
from engine.packs.table.guess import guess, title_of
from engine.packs.table.read import Table, read_table

ZONE = "Asia/Shanghai"
MORNING = datetime(2020, 1, 2)  # noqa: DTZ001  as a spreadsheet gives it


def table(**columns: list[object]) -> Table:
    names = tuple(columns)
    return Table(("s",), "s", names, tuple((number + 2, tuple(row)) for number, row in enumerate(zip(*columns.values(), strict=True))))


def guessed(header: str, *cells: object) -> str:
    return guess(table(**{header: list(cells)}), RESERVED, ZONE)[0].type


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("公司名称", ("北京甲", "上海乙", "广州丙"), "text"),
        ("级别", ("A", "B", "A", "A", "B", "C"), "choice"),
        ("name", ("x", "x", "x", "y", "y", "y"), "text"),  # what names records is no choice, however often it repeats
        ("手机", (13800138000, 13900139000), "phone"),
        ("mobile", ("138 0013 8000", "+86 139-0013-9000"), "phone"),
        ("邮箱", ("a@b.cn", "c@d.com"), "email"),
        ("官网", ("www.example.com", "https://a.cn/x"), "url"),
        ("成立日期", (MORNING, MORNING.replace(year=2021)), "date"),
        ("日期", ("2026-01-02", "2026/3/4", "2026年5月6日"), "date"),
        ("created", ("2026-01-02 08:30", "2026-01-03 09:15"), "datetime"),
        ("合同金额", ("¥1,200.50", "3,000"), "money"),
        ("amount", (12.5, 8), "money"),
        ("人数", (12, 80), "integer"),
        ("重量", (1.25, 3), "decimal"),
        ("折扣", ("12.5%", "8%"), "percent"),
        ("启用", (True, False), "yes_no"),
        ("是否开票", ("是", "否", "是"), "yes_no"),
        ("备注", ("需回访", "需回访"), "long_text"),
        ("国家", ("中国",) * 9, "text"),
        ("重点客户", ("是", "否") * 30 + ("也许",), "yes_no"),
        ("标记", (1, 0, 1), "integer"),
        ("年采购额", (1.5, 2), "money"),
        ("联系人", ("王伟", "李芳") * 10, "text"),
        ("邮编", ("010000", "200000"), "text"),
        ("编号", (1001, 1002), "text"),
        ("备注", ("好" * 300, "一般"), "long_text"),
        ("说明", ("第一行\n第二行", "x"), "long_text"),
    ],
)
def test_a_column_is_taken_for_what_it_is(header, cells, expected):
    assert guessed(header, *cells) == expected


def test_a_few_odd_cells_do_not_change_the_guess():
    assert guessed("人数", *range(40), "约三十") == "integer"
    assert guessed("人数", *range(10), "约三十", "不详") == "text"


@pytest.mark.parametrize(
    ("type_", "cell", "expected"),
    [
        ("integer", "１２，345", 12345), ("integer", 3.0, 3), ("money", "¥1,234.50", "1234.50"), ("money", "12.5万", "125000.0"), ("decimal", "(3.5)", "-3.5"),
        ("money", 0.1 + 0.2, "0.30"), ("percent", "12.5%", "12.5"), ("date", "2026年3月4日", "2026-03-04"), ("date", date(2026, 1, 2), "2026-01-02"),
        ("datetime", "2026-01-02 08:30", "2026-01-02T00:30:00Z"), ("yes_no", "否", False), ("yes_no", 1, True), ("url", "www.a.cn", "https://www.a.cn"),
        ("text", 13800138000.0, "13800138000"), ("text", " a \n b ", "a b"), ("phone", 13800138000, "13800138000"), ("email", "a@b.cn", "a@b.cn"), ("date", None, None),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_people_write_it(type_, cell, expected):
    assert convert(cell, type_, {}, ZONE) == expected


@pytest.mark.parametrize(("type_", "cell"), [("integer", "12.5"), ("integer", "many"), ("money", "1.234.5"), ("money", "1e999"), ("decimal", True), ("date", "2026-13-01"),
                                             ("date", "31.12."), ("datetime", "soon"), ("yes_no", "maybe"), ("email", "a@b"), ("url", "example"), ("phone", "call me"), ("text", "x" * 256),
                                             ("choice", "Z"), ("decimal", "0.12345"), ("money", "9" * 19)])
def test_a_cell_that_is_no_such_value_is_told_apart(type_, cell):
    with pytest.raises(Unreadable):
        convert(cell, type_, {"options": [{"key": "a", "label": "A"}]} if type_ == "choice" else {}, ZONE)


def test_keys_come_from_pinyin_never_clash_and_are_never_taken_words():
    columns = guess(table(**{"客户名称": ["a"], "客户 名称": ["b"], "id": [1], "2026年": [2], "🙂": ["x"], "Name (EN)": ["c"]}), RESERVED, ZONE)
    keys = [column.key for column in columns]
    assert keys[0] == "kehumingcheng"
    assert len(set(keys)) == len(keys)
    assert not RESERVED & set(keys)
    assert all(key[0].isalpha() for key in keys)


def test_the_app_it_becomes_has_nothing_to_complain_about():
    columns = guess(table(公司名称=[f"公司{n}" for n in range(30)], 级别=["A", "B", "C"] * 10, 金额=[100.5] * 30, 备注=["x\ny"] * 30, 邮箱=["a@b.cn"] * 30), RESERVED, ZONE)
    title = columns[title_of(columns)]
    title.required = True
    documents = documents_of(Names("crm", "客户管理", "customer", "客户", title.key), columns, timezone=ZONE, language="zh-CN")
    assert lint(documents) == ()
    assert [document["type"] for document in documents if document["kind"] == "view"] == ["list", "board"]
    assert {column.type for column in columns} <= set(TYPES)


def workbook(tmp_path: Path, rows: list[list[object]], name: str = "stored") -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    for row in rows:
        sheet.append(row)
    book.create_sheet("其他").append(["x"])
    path = tmp_path / name
    book.save(path)  # an upload is stored without an ending
    return path


def test_a_workbook_is_read_past_empty_rows_and_with_its_row_numbers(tmp_path):
    found = read_table(workbook(tmp_path, [[], ["名称", None, "金额"], ["甲", None, 1], [], ["乙", "x", None, "beyond"]]), "book.xlsx")
    assert found.sheets == ("客户", "其他")
    assert found.header == ("名称", "", "金额")
    assert found.rows == ((3, ("甲", None, 1)), (5, ("乙", "x", None)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_that_people_have(tmp_path, encoding):
    path = tmp_path / "客户.csv"
    path.write_bytes("名称;金额\n甲;1,5\n'=x;2\n".encode(encoding))
    found = read_table(path, "客户.csv")
    assert (found.header, found.rows) == (("名称", "金额"), ((2, ("甲", "1,5")), (3, ("=x", "2"))))
    assert found.sheet == "客户"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return out.getvalue()


def archive_of_nothing() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"), (b"\n\n", "table.empty"), (b"a,b\n", "table.no_rows"), (b"PK\x03\x04 not really", "table.broken"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.old_excel"),
        (b"\x00\x01\x02\x03", "table.not_a_table"), (b"x" * 8_000_001, "table.too_large"), (("," * 101 + "z\n1\n").encode(), "table.too_many_columns"),
        (b"a\n" + b"1\n" * 20_001, "table.too_many_rows"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_the_reason(tmp_path, content, code):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        read_table(path, "x.csv")
    assert caught.value.problems[0].code == code


@pytest.mark.parametrize(("make", "code"), [(bomb, "table.unpacks_too_large"), (with_entities, "table.broken"), (archive_of_nothing, "table.broken")])
def test_an_archive_that_means_harm_is_refused_before_it_is_unpacked(tmp_path, make, code):
    path = tmp_path / "x.xlsx"
    path.write_bytes(make())
    with pytest.raises(Invalid) as caught:
        read_table(path, "x.xlsx")
    assert caught.value.problems[0].code == code
