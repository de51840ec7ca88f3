"""`GET /design/<app>/blocks`: what `templates_library/` holds, in words and with its definitions."""

from __future__ import annotations

from flask import Blueprint, Response, request

from designer.access import the_engine, the_work
from designer.answers import answer


def install(blueprint: Blueprint) -> None:
    """Add this part's address."""
    blueprint.get("/<app>/blocks")(list_blocks)


def list_blocks(app: str) -> Response:
    """{"blocks": [{"key", "offers", "label", "description", "fields"? , "document"?, "spelled"}]}; `?offers=fields` picks."""
    engine, work = the_engine(), the_work()
    engine.publishing.list_documents(work, app)  # refuses whoever may not design
    wanted = request.args.getlist("offers")
    found = engine.packs.list_blocks()
    return answer({"blocks": [block for block in found if not wanted or block["offers"] in wanted]})
