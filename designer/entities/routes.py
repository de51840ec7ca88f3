"""The entity designer's page, and what it asks the server: uses, renames, changes of type, counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from designer import documents
from designer.access import say, the_engine, the_work
from designer.answers import answer, body
from designer.islands import island
from engine import Invalid, NotFound, Problem, translate


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/entity/<key>", endpoint="edit_entity")(edit_entity)
    blueprint.get("/<app>/diagram", endpoint="diagram")(diagram)
    blueprint.get("/<app>/entity/<key>/uses", endpoint="entity_uses")(uses)
    blueprint.post("/<app>/rename", endpoint="rename")(rename)
    blueprint.post("/<app>/type-change", endpoint="preview_type_change")(preview_type_change)
    blueprint.get("/<app>/type-changes", endpoint="type_changes")(type_changes)
    blueprint.get("/<app>/type-changes/<uid>/unread", endpoint="unread_values")(unread)
    blueprint.post("/<app>/values", endpoint="count_values")(count_values)


def edit_entity(app: str, key: str) -> Response:
    """The designer of one entity; `?as=json` edits its text."""
    if request.args.get("as") == "json":
        return documents.edit(app, "entity", key)
    publishing, work = the_engine().publishing, the_work()
    document = publishing.get_document(work, app, "entity", key).document
    more = {
        "published": publishing.published_entity(work, app, document["uid"]), "uses": publishing.uses_json(work, app, key),
        "conversions": publishing.conversions_json(), "changes": _changes(app),
    }
    return island("entity", app, "entity", key, title=say(document["label"]), more=more)


def diagram(app: str) -> Response:
    """The app's entities and what leads from one to another."""
    return island("diagram", app, title=translate("designer.diagram.title", {}, g.language))


def uses(app: str, key: str) -> Response:
    return answer(the_engine().publishing.uses_json(the_work(), app, key))


def rename(app: str) -> Response:
    """What another key would change; nothing is written, the designer puts it into its draft as one step."""
    given = body()
    g.reads_only = True
    unsaved = given.get("unsaved", [])
    if not isinstance(unsaved, list) or not all(isinstance(item, dict) for item in unsaved):
        raise Invalid(Problem("request.not_list", {}, ("unsaved",)))
    field = given.get("field")
    return answer(the_engine().publishing.rename_json(
        the_work(), app, str(given.get("entity", "")), None if field is None else str(field), str(given.get("to", "")), unsaved,
    ))


def preview_type_change(app: str) -> Response:
    """What becomes of the values if a field becomes what is posted: counts, samples, failures."""
    given = body()
    g.reads_only = True
    field = given.get("field")
    if not isinstance(field, dict):
        raise Invalid(Problem("request.not_object", {}, ("field",)))
    return answer(the_engine().publishing.preview_type_change(the_work(), app, field))


def type_changes(app: str) -> Response:
    return answer({"changes": _changes(app)})


def unread(app: str, uid: str) -> Response:
    return answer({"values": the_engine().publishing.unread_json(the_work(), app, uid)})


def count_values(app: str) -> Response:
    """How many records have a value in a field, or one of its options."""
    given = body()
    g.reads_only = True
    uid, option = given.get("field"), given.get("option")
    if not isinstance(uid, str):
        raise NotFound(Problem("request.not_object", {}, ("field",)))
    return answer({"count": the_engine().publishing.count_values(the_work(), app, uid, option if isinstance(option, str) else None)})


def _changes(app: str) -> list[dict[str, Any]]:
    return the_engine().publishing.type_changes_json(the_work(), app)  # type: ignore[no-any-return]
