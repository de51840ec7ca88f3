"""The app that a table becomes: an entity, forms, a list, a board where there is a choice, and a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions import Document
from engine.kernel.ids import new_id
from engine.kernel.messages import LANGUAGES, catalogue
from engine.packs.table.guess import Column

_FILTERED = {"choice", "yes_no", "date", "datetime"}
_LISTED, _ON_CARD, _QUICK = 8, 4, 4


@dataclass(frozen=True)
class Names:
    """Keys and labels of the app and of its one entity, and the key of the field that names records."""

    app: str
    label: str
    entity: str
    name: str
    title: str


def documents_of(names: Names, columns: Sequence[Column], *, timezone: str, language: str) -> list[Document]:
    """Everything but the records, ready to be published."""
    app, label, entity, name, title, icon = names.app, names.label, names.entity, names.name, names.title, "table"
    kept = [column for column in columns if not column.skip]
    ordered = sorted(kept, key=lambda column: column.key != title)
    boards = [column for column in kept if column.type == "choice" and 2 <= len(column.options["options"]) <= 12]
    found = [
        _document("app", app, label=label, icon=icon, languages=list(LANGUAGES), default_language=language, currency="CNY", timezone=timezone,
                  navigation=[{"label": label, "items": [{"view": f"{entity}_list"}, *({"view": f"{entity}_board"} for _ in boards[:1])]}]),
        _document("entity", entity, label=name, plural=name, icon=icon, title=title, fields=[_field(column, is_title=column.key == title) for column in ordered]),
        _document("form", f"{entity}_full", entity=entity, label=name, purpose="full", tabs=[_tab(ordered)]),
        _document("form", f"{entity}_quick", entity=entity, label=_texts("quick", name), purpose="quick", tabs=[_tab(_first(ordered, _QUICK))]),
        _document("view", f"{entity}_list", entity=entity, type="list", label=_texts("list", name), default=True,
                  columns=[column.key for column in ordered if column.type != "long_text"][:_LISTED],
                  quick_filters=[column.key for column in kept if column.type in _FILTERED][:4]),
    ]  # fmt: skip
    for column in boards[:1]:
        lines = [each.key for each in ordered if each.key not in (title, column.key) and each.type != "long_text"][:_ON_CARD]
        sums = [each.key for each in kept if each.type == "money"][:2]
        found.append(_document("view", f"{entity}_board", entity=entity, type="board", label=_texts("board", name), columns=lines or [title],
                               board={"by": column.key}, **({"sums": sums} if sums else {})))
    found.append(_document("role", "member", label=_texts("member", name), description=_texts("member_more", name),
                           entities={entity: {"read": "all", "create": True, "change": "all", "remove": "own"}}))
    return found


def _document(kind: str, key: str, **body: Any) -> Document:
    return {"kind": kind, "key": key, "uid": str(new_id()), "schema": 1, **body}


def _texts(code: str, name: str) -> dict[str, str]:
    return {language: catalogue(language)[f"table.{code}"].replace("{name}", name) for language in LANGUAGES}


def _field(column: Column, *, is_title: bool) -> dict[str, Any]:
    return {
        "key": column.key, "uid": str(new_id()), "type": column.type, "label": column.label,
        **({"required": True} if column.required or is_title else {}), **({"unique": True} if column.unique else {}),
        **({"searchable": True} if is_title or column.type in ("email", "phone") else {}), **({"options": column.options} if column.options else {}),
    }  # fmt: skip


def _tab(columns: Sequence[Column]) -> dict[str, Any]:
    short = [column for column in columns if column.type != "long_text"]
    items: list[dict[str, Any]] = [{"field": column.key} for column in short]
    items += [{"field": column.key, "width": 2} for column in columns if column.type == "long_text"]
    return {"key": "main", "label": _texts("main_tab", ""), "sections": [{"key": "main", "columns": 2, "items": items}]}


def _first(columns: Sequence[Column], count: int) -> list[Column]:
    needed = [column for column in columns if column.required]
    return [*needed, *(column for column in columns if column not in needed)][: max(count, len(needed))]
