"""An app whose entity has every kind of field, for tests that must hold for all of them."""

from __future__ import annotations

import copy
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engine.fields import PALETTE

OPTIONS: dict[str, dict[str, Any]] = {
    "text": {"max_length": 80},
    "integer": {"minimum": 0, "maximum": 1000},
    "money": {"minimum": 0},
    "percent": {"minimum": 0, "maximum": 100},
    "choice": {
        "options": [
            {"key": "draft", "label": {"en": "Draft", "zh-CN": "草稿"}, "colour": "grey"},
            {"key": "sent", "label": {"en": "Sent", "zh-CN": "已发送"}, "colour": "blue"},
            {"key": "lost", "label": {"en": "Lost", "zh-CN": "丢单"}, "colour": "red", "retired": True},
        ]
    },
    "choices": {
        "options": [{"key": "key", "label": "Key account"}, {"key": "export", "label": "Export"}]
    },
    "reference": {"entity": "account", "on_remove": "restrict"},
    "rows": {"entity": "kitchen_line"},
    "formula": {"result": "number", "scale": 2},
    "rollup": {"rows": "a_rows", "function": "sum", "field": "amount"},
    "mirror": {"via": "a_reference", "field": "level"},
    "number": {"pattern": "KS-{YYYY}{MM}-{0000}"},
    "file": {"maximum": 3, "endings": [".pdf", ".png"]},
}
"""Options of the fields that have some."""


def key_of(type_key: str) -> str:
    """Key of the field with this type."""
    return f"a_{type_key}"


def _uid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://formwork.example/kitchen/{name}"))


def _field(entity: str, key: str, type_key: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
    label = {"en": key.removeprefix("a_").replace("_", " ").capitalize(), "zh-CN": f"字段 {key}"}
    found = {"key": key, "uid": _uid(f"{entity}/{key}"), "type": type_key, "label": label, **more}
    if options:
        found["options"] = copy.deepcopy(options)
    return found


def _entity(key: str, title: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    label = {"en": key.replace("_", " ").capitalize(), "zh-CN": f"实体 {key}"}
    return {
        "kind": "entity", "key": key, "uid": _uid(key), "schema": 1, "label": label,
        "title": title, "fields": fields, **more,
    }  # fmt: skip


def kitchen_sink() -> dict[str, Any]:
    """The entity: one field `a_<type>` of every type in the palette."""
    more: dict[str, dict[str, Any]] = {
        "text": {"searchable": True, "required": True},
        "formula": {"formula": "a_money * (100 - if_blank(a_percent, 0)) / 100"},
    }
    fields = [
        _field("kitchen_sink", key_of(entry.key), entry.key, OPTIONS.get(entry.key, {}), **more.get(entry.key, {}))
        for group in PALETTE
        for entry in group.types
    ]
    return _entity("kitchen_sink", "a_text", fields)


def kitchen_line() -> dict[str, Any]:
    """Its owned rows."""
    fields = [
        _field("kitchen_line", "name", "text", {}, required=True),
        _field("kitchen_line", "amount", "money", {}),
    ]
    return _entity("kitchen_line", "name", fields, part_of="kitchen_sink")


def account() -> dict[str, Any]:
    """What its reference points to."""
    levels = {"options": [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]}
    fields = [
        _field("account", "name", "text", {}, required=True),
        _field("account", "level", "choice", levels),
    ]
    return _entity("account", "name", fields)


def app() -> dict[str, Any]:
    """The app that holds them."""
    return {
        "kind": "app", "key": "kitchen", "uid": _uid("app"), "schema": 1,
        "label": {"en": "Kitchen sink", "zh-CN": "样例应用"},
        "languages": ["zh-CN", "en"], "default_language": "en", "currency": "CNY",
        "timezone": "Asia/Shanghai",
    }  # fmt: skip


def documents() -> list[dict[str, Any]]:
    """All documents of the app."""
    return [app(), account(), kitchen_line(), kitchen_sink()]


def values() -> dict[str, Any]:
    """Raw values, as JSON, for every field that people fill in and that refers to nothing."""
    return {
        "a_text": "Pump P-200", "a_long_text": "First line\nSecond line", "a_email": "li.wei@example.com",
        "a_phone": "0512-6666-8888", "a_url": "https://example.com/p-200", "a_integer": 12,
        "a_decimal": "1.50", "a_money": "620000.00", "a_percent": "12.50", "a_rating": 4,
        "a_yes_no": True, "a_choice": "draft", "a_choices": ["key", "export"],
        "a_date": "2026-11-24", "a_datetime": "2026-11-24T08:30:00Z",
        "a_rows": [{"name": "Pump", "amount": "500000.00"}, {"name": "Freight", "amount": "1200.00"}],
        "a_file": [],
    }  # fmt: skip
