"""What a consultant makes of the manufacturing pack: another label, two fields, an approval step; and a version 2 of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from engine.kernel.json import canonical

STEPS = ({"default": "entity/quotation", "field": "branch", "value": '"main"'},
         {"option": "entity/quotation", "field": "payment_terms", "from": "net60", "to": "net30"})
"""What version 2 does to records."""


def relabel(document: dict[str, Any], key: str, label: str) -> None:
    """Call a field something else."""
    next(field for field in document["fields"] if field["key"] == key)["label"] = {"en": label, "zh-CN": label}


def with_legal_step(flow: dict[str, Any]) -> None:
    """Another step behind the general manager's."""
    states = flow["states"]
    legal = {name: part for name, part in states["gm"].items() if name in ("type", "decide", "participants", "outcomes", "status")}
    states["legal"] = {**legal, "label": {"en": "Legal", "zh-CN": "法务"}}
    states["gm"]["outcomes"] = {**states["gm"]["outcomes"], "approved": {"to": "legal"}}
    flow.pop("examples", None)


def version_two(given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Version 2 as a consultant writes it: a field with another name, one more that is required, an option less, a workflow changed."""
    files = dict(given)

    def edit(name: str, change: Callable[[dict[str, Any]], object]) -> None:
        document = json.loads(files[name])
        change(document)
        files[name] = canonical(document)

    def quotation(document: dict[str, Any]) -> None:
        relabel(document, "subject", "Heading")
        renamed = next(field for field in document["fields"] if field["key"] == "incoterm")
        renamed.update(key="delivery_terms", label={"en": "Delivery terms", "zh-CN": "交货条款"})
        terms = next(field for field in document["fields"] if field["key"] == "payment_terms")
        terms["options"]["options"] = [option for option in terms["options"]["options"] if option["key"] != "net60"]
        document["fields"].append({"key": "branch", "uid": str(uuid.UUID(int=7)), "type": "text", "required": True, "label": {"en": "Branch", "zh-CN": "分公司"}})

    def form(document: dict[str, Any]) -> None:
        document["tabs"] = json.loads(json.dumps(document["tabs"]).replace('"incoterm"', '"delivery_terms"'))
        document["tabs"][0]["sections"][0]["items"].append({"field": "branch"})

    edit("pack.json", lambda head: (head.update(version="2.0.0", migrations=[{"to": "2.0.0", "steps": STEPS}]), head.pop("checksums", None)))
    edit("entities/quotation.json", quotation)
    for name in [name for name in files if name.startswith("forms/quotation")]:
        if json.loads(files[name])["purpose"] == "full":
            edit(name, form)
    edit("workflows/quotation_approval.json", lambda flow: flow["states"]["legal"].update(label={"en": "Legal department", "zh-CN": "法务部"}))
    return files
