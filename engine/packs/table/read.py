"""Reading the cells of a CSV or XLSX file, with limits that hold before anything is unpacked or parsed."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from engine.kernel.errors import Invalid, Problem

MOST_BYTES = 8_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST = 20_000, 100, 20_000
_ENTRIES, _UNPACKED, _RATIO = 400, 200_000_000, 120
"""A workbook is a zip: how many parts it may have, how large they may be in all, and how much smaller they may have been packed."""
_EMPTY_ROWS = 500
"""So many empty rows on end, and the sheet is taken to be over: formats often reach a million rows down."""
_ENCODINGS = ("utf-8", "gb18030")

Cell = str | int | float | bool | datetime | date | time | None


@dataclass(frozen=True)
class Table:
    """A sheet: its header, and its rows with the number that the file gives them."""

    sheets: tuple[str, ...]
    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_table(path: Path, name: str, sheet: str | None = None) -> Table:
    """The first sheet (or the one named) of a file; raises Invalid (`table.*`) for what is no table or too large."""
    if path.stat().st_size > MOST_BYTES:
        raise Invalid(Problem("table.too_large", {"size": MOST_BYTES // 1_000_000}))
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _workbook(path, sheet)
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # the binary format of before 2007, or a workbook with a password
        raise Invalid(Problem("table.old_excel"))
    return _made((Path(name).stem[:31],), Path(name).stem[:31], _csv_rows(path))


def _workbook(path: Path, wanted: str | None) -> Table:
    _check_zip(path)
    from openpyxl import load_workbook  # noqa: PLC0415  takes a tenth of a second, and few ever need it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        # As a stream: by its path openpyxl would go by the ending, which a stored upload has not.
        with warnings.catch_warnings(), path.open("rb") as file, closing(_opened(load_workbook, file)) as book:
            warnings.simplefilter("ignore")  # styles and extensions that it leaves out: nothing that a table needs
            names = tuple(str(each.title) for each in book.worksheets)
            if not names:
                raise Invalid(Problem("table.no_sheet"))
            name = wanted if wanted in names else names[0]
            page = book[name]
            page.reset_dimensions()  # what a file says about its size is often wrong
            return _made(names, name, _sheet_rows(page))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, SyntaxError) as error:
        raise Invalid(Problem("table.broken")) from error


def _opened(load: Any, file: IO[bytes]) -> Any:
    return load(file, read_only=True, data_only=True, keep_links=False)


def _sheet_rows(page: Any) -> Iterator[tuple[int, Iterable[Cell]]]:
    blank = 0
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        blank = 0 if any(cell is not None for cell in row) else blank + 1
        if blank > _EMPTY_ROWS:
            return
        yield number, row


def _check_zip(path: Path) -> None:
    """Refuse what would unpack to something huge, by what the archive says and by what its entries are."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            packed = max(1, path.stat().st_size)
            if len(entries) > _ENTRIES or total > _UNPACKED or (total > 10_000_000 and total / packed > _RATIO):
                raise Invalid(Problem("table.unpacks_too_large"))
            if any(entry.flag_bits & 1 for entry in entries):
                raise Invalid(Problem("table.has_password"))
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names or len(names) != len(entries):
                raise Invalid(Problem("table.broken"))
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    with archive.open(entry) as part:  # a document that declares entities can grow without end
                        if b"<!DOCTYPE" in part.read(2048).upper():
                            raise Invalid(Problem("table.broken"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid(Problem("table.broken")) from error


def _csv_rows(path: Path) -> Iterator[tuple[int, Iterable[Cell]]]:
    text = _text(path.read_bytes())
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
    except csv.Error as error:
        raise Invalid(Problem("table.broken")) from error


def _text(content: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if b"\0" in content[:4096]:
        raise Invalid(Problem("table.not_a_table"))
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(Problem("table.encoding"))


def _made(sheets: tuple[str, ...], sheet: str, rows: Iterator[tuple[int, Iterable[Cell]]]) -> Table:
    header: tuple[str, ...] = ()
    found: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in rows:
        cells = tuple(_cell(cell) for cell in row)
        if not any(cell is not None for cell in cells):
            continue
        if not header:
            header = _header(cells)
            continue
        if len(found) >= MOST_ROWS:
            raise Invalid(Problem("table.too_many_rows", {"count": MOST_ROWS}))
        found.append((number, (cells + (None,) * len(header))[: len(header)]))
    if not header:
        raise Invalid(Problem("table.empty"))
    if not found:
        raise Invalid(Problem("table.no_rows"))
    return Table(sheets, sheet, header, tuple(found))


def _header(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    last = max(index for index, cell in enumerate(cells) if cell is not None)
    if last >= MOST_COLUMNS:
        raise Invalid(Problem("table.too_many_columns", {"count": MOST_COLUMNS}))
    return tuple(" ".join(str("" if cell is None else cell).split())[:120] for cell in cells[: last + 1])


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()[:LONGEST]
        # Spreadsheets write errors and guarded formulas as text.
        return None if not text or text in ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!") else _unguarded(text)
    return cell if isinstance(cell, (bool, int, float, datetime, date, time)) else None


def _unguarded(text: str) -> str:
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text
