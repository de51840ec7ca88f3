"""Texts of the draft as a table for translators: out as CSV, in again with every doubtful row named."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions.merge import place_label
from engine.definitions.model import Document
from engine.definitions.texts import shapes_json, texts_of
from engine.kernel.errors import Invalid, Problem
from engine.kernel.messages import pick, translate
from engine.publishing import store
from engine.publishing.rights import require_designer
from engine.storage import Work

PATH, PLACE = "path", "place"
MOST_BYTES, MOST_ROWS, LONGEST = 8_000_000, 50_000, 10_000
_DANGEROUS = "=+-@\t\r\n\0＝＋－＠"
"""A spreadsheet takes a cell that begins so for a formula: it gets an apostrophe on the way out, and loses it on the way in."""
_ONE_LINE = frozenset({"label", "plural", "subject"})


@dataclass
class Texts:
    """Every text of a draft: by path, its words by language and where people find it."""

    languages: tuple[str, ...]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def texts_json(work: Work, app: str) -> dict[str, Any]:
    """What the grid of translations begins with: where texts are, and what is published: {path: text}.

    Raises NotFound, Forbidden.
    """
    require_designer(work, app)
    published: dict[str, Any] = {}
    if work.release_number(app):
        for document in work.model(app).documents.values():
            published |= {place.path: place.text for place in texts_of(document)}
            if document["kind"] == "locale":
                published |= {f"{document['language']}:{path}": text for path, text in document["texts"].items()}
    return {"shapes": shapes_json(), "published": published}


def translations_csv(work: Work, app: str) -> bytes:
    """The texts as UTF-8 with a byte order mark, which Excel needs: path, place, one column a language.

    Raises NotFound, Forbidden.
    """
    found = _texts(work, app)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([PATH, PLACE, *found.languages])
    for path, words in found.words.items():
        writer.writerow([path, _safe(found.places[path]), *(_safe(words.get(language, "")) for language in found.languages)])
    return codecs.BOM_UTF8 + out.getvalue().encode()


def read_translations(work: Work, app: str, content: bytes) -> dict[str, Any]:
    """What a table would change, and what is wrong with which row; nothing is written.

    {"rows", "changes": [{"path", "place", "language", "before", "after"}], "problems": [{"row", "message"}]}.
    An empty cell changes nothing. Raises Invalid for a file that is no such table, NotFound, Forbidden.
    """
    found = _texts(work, app)
    rows = list(_rows(content))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if PATH not in header:
        raise Invalid(Problem("translations.no_path_column", {"column": PATH}))
    columns = {name: at for at, name in enumerate(header) if name in found.languages}
    if not columns:
        raise Invalid(Problem("translations.no_language_column", {"languages": list(found.languages)}))
    reading = _Reading(found, header, columns)
    strangers = [name for name in header if name and name not in columns and name not in (PATH, PLACE)]
    for name in strangers:
        reading.problem(1, "translations.unknown_column", column=name[:40])
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            reading.row(number, row)
    return {
        "rows": max(0, len(rows) - 1), "changes": reading.changes,
        "problems": [{"row": row, "message": translate(code, values, work.language)} for row, code, values in reading.problems],
    }  # fmt: skip


class _Reading:
    """A table as it is read, row by row."""

    def __init__(self, texts: Texts, header: list[str], columns: Mapping[str, int]) -> None:
        self.texts, self.header, self.columns = texts, header, columns
        self.at = header.index(PATH)
        self.seen: dict[str, int] = {}
        self.changes: list[dict[str, str]] = []
        self.problems: list[tuple[int, str, dict[str, Any]]] = []

    def problem(self, number: int, code: str, **values: Any) -> None:
        self.problems.append((number, code, values))

    def row(self, number: int, row: list[str]) -> None:
        if len(row) != len(self.header):
            self.problem(number, "translations.cells", count=len(row), expected=len(self.header))
            return
        path = row[self.at].strip()
        words = self.texts.words.get(path)
        if words is None:
            self.problem(number, "translations.unknown_path", path=path[:120])
        elif path in self.seen:
            self.problem(number, "translations.twice", row=self.seen[path])
        else:
            self.seen[path] = number
            for language, at in self.columns.items():
                self.cell(number, path, language, words.get(language, ""), row[at])

    def cell(self, number: int, path: str, language: str, before: str, raw: str) -> None:
        after = _plain(raw).replace("\r\n", "\n").replace("\r", "\n").strip()
        if not after or after == before.strip():
            return
        if len(after) > LONGEST:
            self.problem(number, "translations.too_long", language=language, count=LONGEST)
        elif any(ord(sign) < 32 and sign not in "\n\t" for sign in after) or "\ufffd" in after:
            self.problem(number, "translations.bad_signs", language=language)
        elif "\n" in after and path.rpartition("/")[2] in _ONE_LINE:
            self.problem(number, "translations.one_line", language=language)
        else:
            self.changes.append({"path": path, "place": self.texts.places[path], "language": language, "before": before, "after": after})


def _texts(work: Work, app: str) -> Texts:
    require_designer(work, app)
    documents: list[Document] = [item.document for item in store.list_drafts(work, app)]
    settings: Document = next((item for item in documents if item["kind"] == "app"), {"languages": []})
    locales = {item["language"]: item["texts"] for item in documents if item["kind"] == "locale"}
    found = Texts((*settings["languages"], *sorted(set(locales) - set(settings["languages"]))))
    for document in documents:
        for place in texts_of(document):
            own = place.text if isinstance(place.text, Mapping) else dict.fromkeys(settings["languages"], place.text)
            words = {language: str(own.get(language) or locales.get(language, {}).get(place.path) or "") for language in found.languages}
            found.words[place.path] = {language: text for language, text in words.items() if text}
            name = translate(f"design.kind_one_{document['kind']}", {}, work.language)
            label = pick(document.get("label", document["key"]), work.language) or document["key"]
            found.places[place.path] = f"{name} {label} › {place_label(document, place.at, work.language)}"
    return found


def _rows(content: bytes) -> Iterator[list[str]]:
    """The cells of a file as Excel, WPS and others write it; raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(Problem("translations.too_large", {"size": MOST_BYTES // 1_000_000}))
    if content.startswith(b"PK\x03\x04"):
        raise Invalid(Problem("translations.not_csv"))
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for count, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)):
            if count > MOST_ROWS:
                raise Invalid(Problem("translations.too_many_rows", {"count": MOST_ROWS}))
            yield row
    except csv.Error as error:
        raise Invalid(Problem("translations.broken_csv", {"reason": str(error)})) from error


def _decoded(content: bytes) -> str:
    """The text: what the byte order mark says, else UTF-8, else what Chinese Windows writes."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(Problem("translations.encoding"))


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; one that looks like a guarded one is guarded, too."""
    bare = text.lstrip()
    return f"'{text}" if (bare and bare[0] in _DANGEROUS) or _is_guarded(text) else text


def _plain(text: str) -> str:
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    bare = text.lstrip("'").lstrip()
    return text.startswith("'") and bare != "" and bare[0] in _DANGEROUS
