"""A small pack: accounts, quotes with lines and an approval, people, samples that tell a story, a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from engine.kernel.json import canonical
from engine.packs import Pack, read_pack, zip_of
from tests.factories.small_app import a_field, a_role, a_view, an_app, an_entity, uid_of

PACK_UID = uid_of("pack")
Documents = dict[str, dict[str, Any]]


def _text(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-CN": zh}


def _choices(*keys: str) -> dict[str, Any]:
    return {"options": [{"key": key, "label": _text(key.title(), f"选项{key}")} for key in keys]}


def _of(entity: str, key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    return a_field(key, type_, uid=uid_of(f"pack/{entity}/{key}"), **{"label": _text(key.title(), f"字段{key}"), **more})


def documents() -> Documents:
    """The documents of version 1.0.0 by `kind/key`."""
    account = an_entity(
        "account", _of("account", "name", required=True, searchable=True), _of("account", "level", "choice", options=_choices("gold", "silver", "plain")),
        _of("account", "phone"), _of("account", "owner", "user"), owner="owner",
        rules=[{"key": "named", "check": "name <> \"?\"", "message": _text("Give a name.", "请填写名称。")}],
    )
    quote = an_entity(
        "quote", _of("quote", "title", required=True), _of("quote", "number", "number", options={"pattern": "Q-{0000}"}),
        _of("quote", "account", "reference", required=True, options={"entity": "account"}), _of("quote", "amount", "money"),
        _of("quote", "note"), _of("quote", "owner", "user"), _of("quote", "status", "choice", options=_choices("draft", "waiting", "checked", "approved")),
        _of("quote", "lines", "rows", options={"entity": "line"}), owner="owner",
    )
    line = an_entity("line", _of("line", "product"), _of("line", "account", "reference", options={"entity": "account"}), part_of="quote")
    form = {
        "kind": "form", "key": "quote", "uid": uid_of("form/quote"), "schema": 1, "entity": "quote", "label": _text("Quote", "报价"), "purpose": "full",
        "tabs": [{"key": "main", "label": _text("Main", "基本"), "sections": [{
            "key": "head", "label": _text("Head", "概要"), "columns": 2,
            "items": [{"field": "title"}, {"field": "account"}, {"field": "amount"}, {"field": "note"}, {"rows": "lines", "fields": ["product"]}],
        }]}],
    }
    full = {"read": "all", "change": "all", "remove": "all", "create": True}
    workflow = {
        "kind": "workflow", "key": "approval", "uid": uid_of("workflow/approval"), "schema": 1, "dsl": "formwork.workflow/1",
        "label": _text("Approval", "审批"), "entity": "quote", "status_field": "status", "timezone": "Asia/Shanghai", "initial": "draft",
        "start": {"by": ["role:sales"], "one_open_per_record": True},
        "rules": {"boss": {"kind": "role", "value": "boss"}},
        "record": {"lock": "all", "on_delete": "forbid"},
        "states": {
            "draft": {"type": "input", "status": "draft", "owner": ["initiator"], "label": _text("Draft", "草稿"),
                      "transitions": [{"on": "submit", "to": "waiting", "by": ["initiator"], "label": _text("Submit", "提交")}]},
            "waiting": {"type": "approval", "status": "waiting", "label": _text("Waiting", "待审批"), "participants": [{"rule": "boss"}],
                        "decide": {"mode": "any", "reject_at": "first"},
                        "outcomes": {"approved": {"to": "checked"}, "rejected": {"to": "draft"}}},
            "checked": {"type": "approval", "status": "checked", "label": _text("Checked", "待复核"), "participants": [{"rule": "boss"}],
                        "decide": {"mode": "any", "reject_at": "first"},
                        "outcomes": {"approved": {"to": "approved"}, "rejected": {"to": "draft"}}},
            "approved": {"type": "final", "status": "approved", "label": _text("Approved", "已通过"), "outcome": "approved"},
        },
    }
    found = [
        an_app(label=_text("Small", "小应用"), languages=["zh-CN", "en"], default_language="zh-CN",
               navigation=[{"label": _text("Work", "工作"), "items": [{"view": "quotes"}, {"entity": "account"}]}]),
        account, quote, line, form,
        a_view("quotes", "quote", "number", "title", "amount", "status", label=_text("Quotes", "报价单"), default=True),
        a_role("sales", {"account": full, "quote": full}, label=_text("Sales", "销售")),
        a_role("boss", {"account": full, "quote": full}, label=_text("Boss", "主管")),
        workflow,
    ]
    for document in found:
        for part in ("label", "plural"):
            if isinstance(document.get(part), str):
                document[part] = _text(document[part], f"名{document['key']}")
    return {f"{document['kind']}/{document['key']}": document for document in found}


PEOPLE = {
    "departments": [{"key": "field", "name": _text("Field", "外勤"), "head": "bo"}],
    "users": [
        {"login": "bo", "name": _text("Bo", "博"), "department": "field", "roles": ["boss"]},
        {"login": "su", "name": _text("Su", "苏"), "department": "field", "manager": "bo", "roles": ["sales"]},
    ],
}
RECORDS = {
    "010_account": {"entity": "account", "records": [
        {"ref": "a1", "name": _text("Harbour Works", "海港机械"), "level": "gold", "owner": "@user:su"},
        {"ref": "a2", "name": _text("Second", "第二"), "level": "plain", "owner": "@user:su"},
    ]},
    "020_quote": {"entity": "quote", "records": [
        {"ref": "q1", "title": "First", "account": "@a1", "amount": "100.00", "owner": "@user:su", "lines": [{"product": "Pump", "account": "@a2"}],
         "story": [{"by": "su", "fire": "submit"}, {"by": "bo", "decide": "approve"}]},
        {"ref": "q2", "title": "Second", "account": "@a2", "amount": "20.00", "owner": "@user:su"},
    ]},
}
SCENARIO: dict[str, Any] = {"label": _text("Approved", "审批通过"), "steps": [
    {"by": "su", "create": "account", "ref": "a", "values": {"name": "New"}},
    {"by": "su", "create": "quote", "ref": "q", "values": {"title": "New", "account": "@a", "owner": "@user:su"}},
    {"by": "su", "fire": "submit", "on": "@q"},
    {"by": "bo", "decide": "approve", "on": "@q"},
    {"expect": {"on": "@q", "tasks": ["bo"]}},
]}
_FOLDERS = {"entity": "entities", "form": "forms", "view": "views", "workflow": "workflows", "role": "roles", "locale": "locales"}


def make_pack(version: str = "1.0.0", change: Callable[[Documents], object] | None = None, *, bare: bool = False, expects: Any = None, account: Any = None, **manifest: Any) -> Pack:
    """The pack with changed documents, read from its bytes as any pack is; `bare` without people, samples and scenarios.

    `expects` is what its scenario expects at the end, instead of a second task, `account` what it gives its account besides a name.
    """
    found = deepcopy(documents())
    if change is not None:
        change(found)
    head = {"format": 1, "uid": PACK_UID, "key": "crm", "version": version, "label": _text("Small", "小应用"), "languages": ["zh-CN", "en"],
            "requires": {"formwork": ">=0.1"}, **manifest}
    files: dict[str, Any] = {"pack.json": head}
    for document in found.values():
        files["app.json" if document["kind"] == "app" else f"{_FOLDERS[document['kind']]}/{document['key']}.json"] = document
    if not bare:
        first, *steps, last = SCENARIO["steps"]
        first = {**first, "values": {**first["values"], **(account or {})}}
        steps = [first, *steps, {"expect": {"on": "@q", **expects}} if expects else last]
        files |= {"people.json": PEOPLE, "scenarios/approved.json": {**SCENARIO, "steps": steps}} | {f"records/{name}.json": content for name, content in RECORDS.items()}
    return read_pack(zip_of({name: canonical(content) for name, content in files.items()}))


def field_of(documents: Mapping[str, Any], entity: str, key: str) -> dict[str, Any]:
    """A field of an entity among documents."""
    found: dict[str, Any] = next(item for item in documents[f"entity/{entity}"]["fields"] if item["key"] == key)
    return found


def new_field(entity: str, key: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    """A field that version 1.0.0 doesn't have."""
    return _of(entity, key, type_, **more)
