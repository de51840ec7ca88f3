"""Write the pack that the bench installs: two entities, one view, one role."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

SPACE = uuid.UUID("3b1f4a52-7a0e-4a5f-8f0a-1d2c3b4a5e6f")
STAGES = ["lead", "qualified", "proposal", "negotiation", "won", "lost"]
REGIONS = ["east-china", "north-china", "south-china", "europe", "north-america", "apac"]
SOURCES = ["web", "referral", "event", "cold-call", "partner", "ads"]


def uid(*parts: str) -> str:
    return str(uuid.uuid5(SPACE, "/".join(parts)))


def head(kind: str, key: str) -> dict:
    return {"kind": kind, "key": key, "uid": uid(kind, key), "schema": 1, "label": key.replace("_", " ").title()}


def choice(values: list[str]) -> dict:
    return {"options": [{"key": value.replace("-", "_"), "label": value} for value in values]}


def fields(entity: str, *rows: tuple) -> list[dict]:
    found = []
    for key, kind, *more in rows:
        item = {"key": key, "uid": uid(entity, key), "type": kind, "label": key.replace("_", " ").title()}
        for extra in more:
            item.update(extra)
        found.append(item)
    return found


def documents() -> dict[str, dict]:
    search = {"searchable": True}
    company = head("entity", "company") | {"title": "name", "icon": "building-2", "fields": fields(
        "company", ("name", "text", {"required": True}), ("city", "text"), ("industry", "text"))}
    deal = head("entity", "deal") | {"title": "name", "icon": "handshake", "fields": fields(
        "deal", ("name", "text", {"required": True}, search), ("amount", "decimal", {"options": {"scale": 2}}),
        ("stage", "choice", {"options": choice(STAGES)}), ("probability", "integer"), ("close_date", "date"), ("owner_name", "text"),
        ("email", "text", search), ("phone", "text"), ("region", "choice", {"options": choice(REGIONS)}),
        ("source", "choice", {"options": choice(SOURCES)}), ("description", "long_text", search), ("is_key", "yes_no"),
        ("made_on", "datetime"), ("company", "reference", {"options": {"entity": "company"}}),
        ("score", "decimal", {"options": {"scale": 1}}))}
    columns = ["name", "company", "stage", "amount", "close_date", "owner_name", "region"]
    view = head("view", "deals") | {"entity": "deal", "type": "list", "columns": columns, "sort": ["-amount"],
                                    "quick_filters": ["stage", "region"], "default": True}
    newest = head("view", "newest") | {"entity": "deal", "type": "list", "columns": columns, "sort": ["-made_on"]}
    closing = head("view", "closing") | {"entity": "deal", "type": "list", "columns": columns, "sort": ["-close_date"]}
    key = head("view", "key_deals") | {"entity": "deal", "type": "list", "columns": columns, "filter": "is_key = true", "sort": ["-amount"]}
    full = {"read": "all", "create": True, "change": "all", "remove": "all"}
    role = head("role", "member") | {"entities": {"deal": full, "company": full}}
    app = head("app", "bench") | {"languages": ["en"], "default_language": "en", "currency": "CNY", "timezone": "UTC",
                                  "navigation": [{"items": [{"entity": "deal"}, {"entity": "company"}]}]}
    pack = {"format": 1, "uid": uid("pack"), "key": "bench", "version": "1.0.0", "label": "Bench", "description": "Bench",
            "languages": ["en"], "requires": {"formwork": ">=0.1"}, "licence": "Apache-2.0"}
    return {"pack.json": pack, "app.json": app, "entities/company.json": company, "entities/deal.json": deal,
            "views/deals.json": view, "views/newest.json": newest, "views/closing.json": closing, "views/key_deals.json": key,
            "roles/member.json": role}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, document in documents().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2) + "\n")
