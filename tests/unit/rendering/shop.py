"""A small app for rendering tests: orders with lines, rules, formulas, roll-ups and a status."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engine.definitions import Model, build_model


def uid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"shop/{name}"))


def field(entity: str, key: str, type_: str, **more: Any) -> dict[str, Any]:
    label = {"en": key.replace("_", " ").capitalize(), "zh-CN": f"中文{key}"}
    return {"key": key, "uid": uid(f"{entity}/{key}"), "type": type_, "label": label, **more}


def options(*keys: str) -> dict[str, Any]:
    return {
        "options": [
            {"key": key, "label": {"en": key.capitalize(), "zh-CN": f"选项{key}"}, "colour": "blue"}
            for key in keys
        ]
    }


def entity(key: str, title: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "kind": "entity",
        "key": key,
        "uid": uid(key),
        "schema": 1,
        "label": {"en": key, "zh-CN": key},
        "title": title,
        "fields": fields,
        **more,
    }


ACCOUNT = entity(
    "account",
    "name",
    [
        field("account", "name", "text"),
        field("account", "level", "choice", options=options("a", "b")),
        field("account", "secret", "text"),
    ],
)
PRODUCT = entity(
    "product", "name", [field("product", "name", "text"), field("product", "price", "money")]
)
LINE = entity(
    "line",
    "product",
    [
        field("line", "product", "reference", options={"entity": "product"}, required=True),
        field("line", "quantity", "integer", default="1"),
        field("line", "price", "money", default="product.price"),
        field("line", "cost", "money"),
        field(
            "line",
            "subtotal",
            "formula",
            options={"result": "number", "scale": 2},
            formula="quantity * price",
        ),
        field(
            "line",
            "cost_subtotal",
            "formula",
            options={"result": "number", "scale": 2},
            formula="quantity * cost",
        ),
    ],
    part_of="order",
)
ORDER = entity("order", "number", [
    field("order", "number", "number", options={"pattern": "SO-{0000}"}),
    field("order", "subject", "text", required=True, help={"en": "Short", "zh-CN": "简短"}),
    field("order", "account", "reference", options={"entity": "account"}),
    field("order", "contact", "reference", options={"entity": "account"}, filter="name = record.subject"),
    field("order", "status", "choice", options=options("draft", "sent")),
    field("order", "result", "choice", options=options("open", "won", "lost")),
    field("order", "reason", "text"),
    field("order", "urgent", "yes_no"),
    field("order", "tags", "choices", options=options("new", "key")),
    field("order", "due", "date", default="add_days(today(), 7)"),
    field("order", "meeting", "datetime"),
    field("order", "lines", "rows", options={"entity": "line"}),
    field("order", "total", "rollup", options={"rows": "lines", "function": "sum", "field": "subtotal"}),
    field("order", "cost", "rollup", options={"rows": "lines", "function": "sum", "field": "cost_subtotal"}),
    field("order", "margin", "formula", options={"result": "number", "scale": 2}, formula="total - cost"),
    field("order", "level", "mirror", options={"via": "account", "field": "level"}),
    field("order", "files", "file"),
])  # fmt: skip
FORM = {
    "kind": "form", "key": "order", "uid": uid("form"), "schema": 1, "entity": "order", "label": {"en": "Order", "zh-CN": "订单"}, "purpose": "full",
    "tabs": [
        {"key": "main", "label": {"en": "Main", "zh-CN": "主要"}, "sections": [
            {"key": "head", "label": {"en": "Head", "zh-CN": "抬头"}, "columns": 2, "items": [
                {"field": "number"}, {"field": "subject", "width": 2}, {"field": "account"}, {"field": "status"}, {"field": "result"},
                {"field": "reason", "visible": 'result = "lost"', "required": 'result = "lost"', "read_only": 'account.level = "b"'},
                {"field": "due"}, {"field": "total"}, {"field": "margin"}, {"text": {"en": "Mind the date", "zh-CN": "注意日期"}}]},
            {"key": "lines", "columns": 1, "items": [{"rows": "lines", "fields": ["product", "quantity", "price", "subtotal"]}]}]},
        {"key": "more", "label": {"en": "More", "zh-CN": "更多"}, "sections": [
            {"key": "vip", "columns": 1, "visible": 'account.secret = "x"', "items": [{"field": "urgent"}]},
            {"key": "rest", "columns": 1, "collapsed": True, "items": [{"field": "tags"}]},
            {"key": "later", "columns": 1, "visible": "not is_new()", "items": [{"text": {"en": "How it went", "zh-CN": "进展"}}]}]},
    ],
}  # fmt: skip
WORKFLOW = {
    "kind": "workflow", "key": "flow", "uid": uid("flow"), "schema": 1, "dsl": "formwork.workflow/1", "label": "Flow", "entity": "order",
    "status_field": "status", "initial": "draft",
    "states": {
        "draft": {"type": "input", "status": "draft", "owner": ["initiator"], "label": "Draft",
                  "transitions": [{"on": "send", "to": "sent", "label": "Send", "by": ["initiator"]}]},
        "sent": {"type": "final", "status": "sent", "label": "Sent", "outcome": "approved"},
    },
}  # fmt: skip
APP = {
    "kind": "app", "key": "shop", "uid": uid("app"), "schema": 1, "label": "Shop", "languages": ["zh-CN", "en"], "default_language": "en",
    "currency": "CNY", "timezone": "Asia/Shanghai",
}  # fmt: skip


def documents() -> list[dict[str, Any]]:
    return [APP, ACCOUNT, PRODUCT, LINE, ORDER, FORM, WORKFLOW]


def model() -> Model:
    return build_model(documents())


def policy(**rights: str) -> Any:
    """Everything may be written, save the fields named: `order__cost="hidden"`."""
    known = {tuple(key.split("__")): right for key, right in rights.items()}
    return SimpleNamespace(
        field_right=lambda entity_key, field_key: known.get((entity_key, field_key), "write")
    )
