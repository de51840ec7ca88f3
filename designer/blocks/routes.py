"""`/design/<app>/blocks`: what `templates_library/` holds, in words and with its definitions; and a block made to fit."""

from __future__ import annotations

from flask import Blueprint, Response, g, request

from designer.access import the_engine, the_work
from designer.answers import answer, body
from engine import Invalid, Problem


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/blocks")(list_blocks)
    blueprint.post("/<app>/blocks/<offers>/<key>", endpoint="fit_block")(fit)


def list_blocks(app: str) -> Response:
    """{"blocks": [{"key", "offers", "label", "description", "fields", "document"?, "spelled"}]}; `?offers=fields` picks."""
    engine, work = the_engine(), the_work()
    engine.publishing.list_documents(work, app)  # refuses whoever may not design
    wanted = request.args.getlist("offers")
    found = engine.packs.list_blocks()
    return answer({"blocks": [block for block in found if not wanted or block["offers"] in wanted]})


def fit(app: str, offers: str, key: str) -> Response:
    """The block made to fit an entity of the draft; nothing is written, the designer puts it there as one step.

    Body: {"entity"?, "unsaved"?: [documents]}; answer: {"fields", "document", "no_roles", "left_out"}.
    """
    given = body()
    g.reads_only = True
    unsaved = given.get("unsaved", [])
    if not isinstance(unsaved, list) or not all(isinstance(item, dict) for item in unsaved):
        raise Invalid(Problem("request.not_list", {}, ("unsaved",)))
    entity = given.get("entity")
    return answer(the_engine().packs.fit_block_json(the_work(), app, offers, key, None if entity is None else str(entity), unsaved))
