"""Adding a field to an entity by a plain form, for those who don't want to write JSON."""

from __future__ import annotations

import re

from flask import Response, make_response, redirect, request, url_for

from designer.access import the_engine, the_work
from engine import Invalid, Problem, new_id, read_json

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")


def add(app: str, key: str) -> Response:
    engine, work, form = the_engine(), the_work(), request.form
    found = engine.publishing.get_document(work, app, "entity", key)
    name = form.get("key", "").strip()
    problems = []
    if not _KEY.fullmatch(name):
        problems.append(Problem("design.field_key", {}, ("key",)))
    if any(item["key"] == name for item in found.document["fields"]):
        problems.append(Problem("design.field_exists", {"key": name}, ("key",)))
    if form.get("type") not in {item["key"] for item in engine.field_types()}:
        problems.append(Problem("design.field_type", {}, ("type",)))
    label = {code: text for code, text in (("zh-CN", form.get("label_zh", "").strip()), ("en", form.get("label_en", "").strip())) if text}
    if not label:
        problems.append(Problem("design.field_label", {}, ("label",)))
    if problems:
        raise Invalid(*problems)
    field = {"key": name, "uid": str(new_id()), "type": form["type"], "label": label}
    if form.get("required"):
        field["required"] = True
    if form.get("options", "").strip():
        field["options"] = read_json(form["options"])
    document = {**found.document, "fields": [*found.document["fields"], field]}
    engine.publishing.put_document(work, app, document, found.rev)
    if form.get("on_form"):
        _put_on_form(app, key, name)
    return make_response(redirect(url_for("designer.edit", app=app, kind="entity", key=key, saved=1), 303))


def _put_on_form(app: str, entity: str, field: str) -> None:
    """Put the field at the end of the first section of the entity's full form."""
    engine, work = the_engine(), the_work()
    for entry in engine.publishing.list_documents(work, app):
        if entry.kind != "form":
            continue
        found = engine.publishing.get_document(work, app, "form", entry.key)
        document = found.document
        if document["entity"] != entity or document["purpose"] != "full" or not document["tabs"]:
            continue
        tab, *tabs = document["tabs"]
        if not tab["sections"]:
            continue
        section, *sections = tab["sections"]
        grown = {**section, "items": [*section["items"], {"field": field}]}
        changed = {**document, "tabs": [{**tab, "sections": [grown, *sections]}, *tabs]}
        engine.publishing.put_document(work, app, changed, found.rev)
        return
