"""The role designer's pages, who uses a role, and the answer to "why can't they?"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from designer import documents
from designer.access import say, the_engine, the_work
from designer.answers import answer, body
from designer.islands import island
from engine import Query, required_id, spelled, translate


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/roles")(show_roles)
    blueprint.get("/<app>/role/<key>")(show_role)
    blueprint.get("/<app>/roles/<key>/uses")(role_uses)
    blueprint.post("/<app>/why")(role_why)
    blueprint.get("/<app>/why/records")(find_records)


def show_roles(app: str) -> Response:
    return _page(app)


def show_role(app: str, key: str) -> Response:
    """One role's rights; `?as=json` edits its text."""
    if request.args.get("as") == "json":
        return documents.edit(app, "role", key)
    return _page(app, "role", key)


def _page(app: str, kind: str = "", key: str = "") -> Response:
    engine, work = the_engine(), the_work()
    published = work.model(app).roles if work.release_number(app) else {}
    people = engine.accounts.list_people(work)
    more = {
        "holders": {role: _people(engine.accounts.role_holders(work, app, role), people) for role in published},
        "published": list(published), "is_admin": g.actor.is_admin, "me": str(g.actor.user_id),
        "people": _people([person.id for person in people], people) if g.actor.is_admin else [],
    }
    return island("roles", app, kind, key, title=translate("designer.roles.title", {}, g.language), more=more)


def _people(ids: Any, people: Any) -> list[dict[str, str]]:
    known = {person.id: person for person in people}
    return [{"id": str(id_), "name": known[id_].name, "title": known[id_].title or "", "keywords": f"{known[id_].login} {spelled(known[id_].name)}"}
            for id_ in ids if id_ in known]


def role_uses(app: str, key: str) -> Response:
    """The documents that name a role, each once: [{"kind", "key", "label", "href"}]."""
    engine, work = the_engine(), the_work()
    labels = {(entry.kind, entry.key): entry.label for entry in engine.publishing.list_documents(work, app)}
    found = {(use["kind"], use["key"]) for use in engine.uses_of(work, app, "role", key)}
    return answer({"uses": [{"kind": kind, "key": name, "href": f"/design/{app}/{kind}/{name}",
                             "label": f"{translate(f'design.kind_one_{kind}', {}, g.language)} · {say(labels.get((kind, name), name)) or name}"}
                            for kind, name in sorted(found)]})


def role_why(app: str) -> Response:
    """Why a person (`person`) or whoever holds just `role` may or may not `verb` an `entity` (`record`, `field`)."""
    given = body()
    g.reads_only = True
    engine, work = the_engine(), the_work()
    engine.publishing.list_documents(work, app)  # refuses whoever may not design
    question = {name: given[name] for name in ("entity", "verb", "role", "field") if isinstance(given.get(name), str)}
    if given.get("person"):
        question["user_id"] = required_id(given["person"], "accounts.no_such_user")
    if given.get("record"):
        question["record_id"] = required_id(given["record"])
    return answer(engine.records.why_json(work, app, question))


def find_records(app: str) -> Response:
    """Records of the published app to ask about, by title; as much as whoever asks may read: [{"value", "label", "note"}]."""
    engine, work = the_engine(), the_work()
    entity, text = request.args.get("entity", ""), request.args.get("q", "")[:100]
    model = work.model(app)
    if entity not in model.entities or not engine.permissions.policy(work, app).may("read", entity):
        return answer({"records": []})
    page = engine.records.query_records(work, app, entity, Query(search=text, sort=("-changed_on",), limit=30))
    return answer({"records": [{"value": str(item.id), "label": engine.title_of(model, entity, item.values, item.titles)} for item in page.records]})
