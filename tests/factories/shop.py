"""A shop: accounts, orders with lines, products. Every way in which records depend on each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from engine.accounts import create_user
from engine.kernel.actor import Actor, system_actor
from engine.records import react
from engine.storage import Database, Work
from tests.factories.small_app import (
    APP,
    SYSTEM,
    a_field,
    a_role,
    a_view,
    an_app,
    an_entity,
    publish_documents,
    uid_of,
)

__all__ = ["APP", "SYSTEM", "Shop", "open_shop", "shop_documents", "system_actor"]


def _choices(*keys: str) -> dict[str, Any]:
    return {"options": [{"key": key, "label": {"en": key.title(), "zh-CN": f"选项{key}"}} for key in keys]}


def _of(entity: str, key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    return a_field(key, type_, uid=uid_of(f"shop/{entity}/{key}"), **more)


def shop_documents() -> list[dict[str, Any]]:
    """All documents of the shop."""
    account = an_entity(
        "account",
        _of("account", "name", searchable=True, required=True),
        _of("account", "code", searchable=True, unique=True),
        _of("account", "level", "choice", options=_choices("a", "b", "c")),
        _of("account", "discount", "percent"),
        _of("account", "secret", "money", searchable=True),
        _of("account", "owner", "user"),
        _of("account", "group", "reference", options={"entity": "account", "on_remove": "clear"}),
        _of("account", "turnover", "rollup", options={"entity": "sale", "via": "account", "function": "sum", "field": "net"}),
        _of("account", "open_sales", "rollup", filter='status <> "paid"',
            options={"entity": "sale", "via": "account", "function": "count"}),
        _of("account", "bonus", "formula", formula="turnover / 100", options={"result": "number", "scale": 2}),
        _of("account", "since", "date"),
        owner="owner",
    )
    contact = an_entity(
        "contact",
        _of("contact", "name", required=True, searchable=True),
        _of("contact", "account", "reference", options={"entity": "account", "on_remove": "cascade"}),
    )
    product = an_entity(
        "product",
        _of("product", "name", required=True, searchable=True),
        _of("product", "price", "money"),
        _of("product", "sold", "rollup", options={"entity": "line", "via": "product", "function": "sum", "field": "quantity"}),
    )
    sale = an_entity(
        "sale",
        _of("sale", "subject", required=True, searchable=True),
        _of("sale", "number", "number", options={"pattern": "S-{YYYY}-{0000}"}),
        _of("sale", "account", "reference", options={"entity": "account", "on_remove": "restrict"}),
        _of("sale", "contact", "reference", filter="account = record.account", options={"entity": "contact", "on_remove": "clear"}),
        _of("sale", "status", "choice", options=_choices("draft", "sent", "paid"), default='"draft"'),
        _of("sale", "tags", "choices", options=_choices("hot", "cold", "new")),
        _of("sale", "due_on", "date", default="add_days(today(), 14)"),
        _of("sale", "ends_at", "datetime"),
        _of("sale", "is_key", "yes_no"),
        _of("sale", "weight", "decimal", options={"scale": 3}),
        _of("sale", "rank", "integer"),
        _of("sale", "memo", "long_text", searchable=True),
        _of("sale", "owner", "user", default="actor.id"),
        _of("sale", "files", "file", options={"maximum": 2, "endings": [".pdf", ".png"]}),
        _of("sale", "lines", "rows", options={"entity": "line"}),
        _of("sale", "total", "rollup", options={"rows": "lines", "function": "sum", "field": "amount"}),
        _of("sale", "big_lines", "rollup", filter="quantity >= 10", options={"rows": "lines", "function": "count"}),
        _of("sale", "discount", "mirror", options={"via": "account", "field": "discount"}),
        _of("sale", "net", "formula", formula="total * (100 - if_blank(discount, 0)) / 100", options={"result": "number", "scale": 2}),
        _of("sale", "headline", "formula", formula='subject & " / " & account.name', options={"result": "text"}),
        _of("sale", "is_late", "formula", formula='due_on < today() and status <> "paid"', options={"result": "yes_no"}),
        owner="owner",
        rules=[
            {"key": "ends", "check": "ends_at > created_on", "when": "not is_blank(ends_at)",
             "message": {"en": "Must end later.", "zh-CN": "结束时间太早。"}, "fields": ["ends_at"]},
            {"key": "paid_stays", "check": 'is_new() or old.status <> "paid" or status = "paid"', "message": "Paid is paid.", "fields": ["status"]},
            {"key": "has_lines", "check": "count(lines) > 0", "when": "rank = 77", "message": "Needs a line.", "fields": ["lines"]},
        ],
        unique=[["account", "subject"]],
    )
    line = an_entity(
        "line",
        _of("line", "product", "reference", options={"entity": "product"}),
        _of("line", "quantity", "integer", required=True, options={"minimum": 0, "maximum": 1000000}),
        _of("line", "price", "money", default="product.price"),
        _of("line", "product_name", "mirror", options={"via": "product", "field": "name"}),
        _of("line", "amount", "formula", formula="quantity * price", options={"result": "number", "scale": 2}),
        part_of="sale",
    )
    return [
        an_app(), account, contact, product, sale, line,
        a_view("sales", "sale", "subject", "account", sort=["-total"], quick_filters=["status"]),
        *_roles(),
    ]


def _roles() -> list[dict[str, Any]]:
    every = {"read": "all", "create": True, "change": "all", "remove": "all"}
    return [
        a_role("manager", dict.fromkeys(("account", "contact", "product", "sale"), every)),
        a_role("seller", {
            "account": {**every, "fields": {"secret": "hidden"}},
            "contact": every, "product": {"read": "all"},
            "sale": {**every, "read": "own", "change": "own", "remove": "own", "fields": {"memo": "hidden", "rank": "read"}},
        }),
        a_role("outsider", {"sale": {**every, "otherwise": "write"}}),
        a_role("own_accounts", {"account": {**every, "read": "own", "change": "own"}, "sale": every, "contact": every, "product": every}),
    ]


class Shop:
    """A published shop with some people, and ways to work in it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people: dict[str, Actor] = {}

    @contextmanager
    def work(self, who: str = "", *, writes: bool = True) -> Iterator[Work]:
        """A unit of work of somebody; "" for the product itself."""
        with self.database.work(self.people.get(who, SYSTEM), writes=writes) as work:
            yield work

    def user(self, who: str) -> UUID:
        """Somebody's id."""
        found = self.people[who].user_id
        assert found is not None
        return found


def open_shop(database: Database, *more: dict[str, Any]) -> Shop:
    """Publish the shop, with changed documents where given, and let people in."""
    documents = {(item["kind"], item["key"]): item for item in [*shop_documents(), *more]}
    publish_documents(database, *documents.values())
    database.reactions = (react,)
    shop = Shop(database)
    with database.work(SYSTEM) as work:
        for login, role in {"maria": "manager", "sam": "seller", "sue": "seller", "otto": "outsider", "ann": "own_accounts"}.items():
            id_ = create_user(work, login, login.title(), None)
            shop.people[login] = Actor(id_, login.title(), roles={APP: frozenset({role})})
    shop.people["admin"] = dataclasses.replace(shop.people["maria"], is_admin=True, roles={})
    return shop
