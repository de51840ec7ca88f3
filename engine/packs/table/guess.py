"""What a column is: its type by what its cells hold, helped by what its header says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.kernel.pinyin import spelled
from engine.packs.table.convert import (
    NO,
    YES,
    Unreadable,
    as_text,
    convert,
    has_time,
    number_of,
)
from engine.packs.table.read import Cell, Table

MOST_CHOICES = 20
COLOURS = ("blue", "green", "amber", "purple", "cyan", "red", "teal", "orange", "pink", "lime", "violet", "yellow", "grey")
_ENOUGH = 0.95
"""So many of a column's cells have to fit a type for it to be guessed; the others are listed for the author to see."""
_MONEY = re.compile(r"金额|额$|单价|总价|价格|费用|成本|预算|营收|收入|额度|报价|amount|price|cost|revenue|budget|fee|salary|total|value", re.IGNORECASE)
_PHONE = re.compile(r"电话|手机|联系方式|传真|phone|mobile|tel|fax", re.IGNORECASE)
_NAMED = re.compile(r"编号|编码|代码|单号|证号|账号|邮编|身份证|(^|\W|_)(id|no|code|number|sku|zip)(\W|_|$)", re.IGNORECASE)
_TITLE = re.compile(r"(客户|公司|企业|单位|产品|项目|联系人|学员|会员|患者)?(名称|姓名|全称|简称|名字|标题|主题)$|^(name|title|subject|company|customer|account|client)", re.IGNORECASE)
_PERSON = re.compile(r"联系人|负责人|经办人|业务员|销售员|经理|contact|person|owner|manager|salesperson", re.IGNORECASE)
_NOTE = re.compile(r"备注|说明|描述|note|remark|comment|description", re.IGNORECASE)
_CHOICE = re.compile(r"状态|阶段|级别|等级|类型|类别|分类|行业|来源|性别|区域|地区|省份|渠道|status|stage|level|type|category|industry|source|region|priority|segment|tier", re.IGNORECASE)
_CURRENCY = re.compile(r"[¥￥$€£元]")


@dataclass
class Column:
    """A column of the table and what it becomes; the author may change all of it."""

    at: int
    header: str
    key: str
    label: str
    type: str = "text"
    options: dict[str, Any] = field(default_factory=dict)
    skip: bool = False
    unique: bool = False
    required: bool = False


def guess(table: Table, reserved: frozenset[str], timezone: str) -> list[Column]:
    """A column each, with keys that don't clash."""
    found: list[Column] = []
    taken = set(reserved)
    for at, header in enumerate(table.header):
        cells = [row[at] for _, row in table.rows if row[at] is not None]
        key = key_of(header, f"field_{at + 1}", taken)
        taken.add(key)
        column = Column(at, header, key, header or key)
        if cells:
            column.type, column.options = _type_of(header, cells, timezone)
        else:
            column.skip = not header  # a column without a header or a value is a leftover
        found.append(column)
    return found


def title_of(columns: Sequence[Column]) -> int:
    """Which column records are called by: the one that says so, else the first text."""
    texts = [column for column in columns if column.type == "text" and not column.skip]
    named = next((column for column in texts if _TITLE.search(column.label)), None)
    return (named or (texts or list(columns))[0]).at


def key_of(words: str, otherwise: str, taken: set[str] | frozenset[str]) -> str:
    """A key made of words, Chinese ones by their pinyin; one that is free."""
    plain = (spelled(words).partition(" ")[0] or words).lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    made = made if made and made[0].isalpha() else (f"n_{made}" if made else otherwise)
    key, number = made, 2
    while key in taken:
        key, number = f"{made}_{number}", number + 1
    return key


def choices_of(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """The options of a choice: what the column holds, the most frequent first."""
    counted = Counter(" ".join(as_text(cell).split()) for cell in cells if cell is not None)
    taken: set[str] = set()
    options = []
    for index, (label, _) in enumerate(counted.most_common()):
        key = key_of(label, f"option_{index + 1}", taken)
        taken.add(key)
        options.append({"key": key, "label": label[:200], "colour": COLOURS[index % len(COLOURS)]})
    return options


def _type_of(header: str, cells: Sequence[Cell], timezone: str) -> tuple[str, dict[str, Any]]:
    texts = [as_text(cell) for cell in cells]
    distinct = set(texts)
    if _is_yes_no(cells, texts):
        return "yes_no", {}
    for type_ in ("email", "url"):
        if _fits(cells, type_, {}, timezone):
            return type_, {}
    if _is_phone(header, texts) and _fits(cells, "phone", {}, timezone):
        return "phone", {}
    if not _NAMED.search(header) and not any(re.fullmatch(r"0\d+", text) for text in texts):
        numeric = _numeric(header, cells, texts)
        if numeric:
            return numeric
    if _most(cells, lambda cell: convert(cell, "date", {}, timezone)):
        return ("datetime" if sum(_has_time(cell) for cell in cells) > len(cells) / 2 else "date"), {}
    return _textual(header, texts, distinct)


def _textual(header: str, texts: Sequence[str], distinct: set[str]) -> tuple[str, dict[str, Any]]:
    longest = max(map(len, texts))
    if _NOTE.search(header):
        return "long_text", {}
    few = 2 <= len(distinct) <= MOST_CHOICES and longest <= 40 and not any("\n" in text for text in texts)
    repeated = len(texts) >= 3 * len(distinct) or (bool(_CHOICE.search(header)) and len(texts) > len(distinct))
    if few and repeated and not any(other.search(header) for other in (_TITLE, _NAMED, _PERSON)):
        return "choice", {"options": choices_of(list(texts))}
    if longest > 255 or sum("\n" in text for text in texts) > 0:
        return "long_text", {}
    return "text", {}


def _numeric(header: str, cells: Sequence[Cell], texts: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    if sum(text.rstrip().endswith(("%", "％")) for text in texts) >= _ENOUGH * len(texts):
        return "percent", {}
    numbers: list[Decimal] = []
    for cell in cells:
        try:
            numbers.append(number_of(cell))
        except Unreadable:
            continue
    if len(numbers) < _ENOUGH * len(cells):
        return None
    if all(re.fullmatch(r"(19|20)\d{6}", text) for text in texts):
        return None  # dates without signs between
    scale = min(6, max(max(0, -int(number.normalize().as_tuple().exponent)) for number in numbers))
    if _MONEY.search(header) or sum(bool(_CURRENCY.search(text)) for text in texts) > len(texts) / 2:
        return "money", ({"scale": scale} if scale > 2 else {})
    if scale == 0:
        return ("integer", {}) if all(abs(number) < 10**15 for number in numbers) else None
    return "decimal", ({"scale": scale} if scale > 2 else {})


def _is_yes_no(cells: Sequence[Cell], texts: Sequence[str]) -> bool:
    if all(isinstance(cell, bool) for cell in cells):
        return True
    said = [text.lower() in YES | NO for text in texts]
    # Ones and noughts alone are numbers; a few words on many rows that aren't both are a choice.
    return sum(said) >= _ENOUGH * len(texts) and any(text not in ("0", "1") for text, fits in zip(texts, said, strict=True) if fits)


def _is_phone(header: str, texts: Sequence[str]) -> bool:
    mobile = sum(bool(re.fullmatch(r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}", text)) for text in texts)
    return bool(_PHONE.search(header)) or mobile >= 0.8 * len(texts)


def _fits(cells: Sequence[Cell], type_: str, options: dict[str, Any], timezone: str) -> bool:
    return _most(cells, lambda cell: convert(cell, type_, options, timezone))


def _most(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> bool:
    bad, allowed = 0, len(cells) * (1 - _ENOUGH)
    for cell in cells:
        try:
            read(cell)
        except Unreadable:
            bad += 1
            if bad > allowed:
                return False
    return True


def _has_time(cell: Cell) -> bool:
    try:
        return has_time(cell)
    except Unreadable:
        return False
