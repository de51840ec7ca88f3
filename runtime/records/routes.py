"""Addresses of the record pages; what they do is in the modules beside this one."""

from __future__ import annotations

from flask import Blueprint

from runtime.records import boards, cells, edit, lists, lookups, process, show, why

blueprint = Blueprint("records", __name__, url_prefix="/a/<app>/<entity>")

blueprint.get("")(lists.show_list)
blueprint.post("/views")(lists.save_view)
blueprint.post("/views/<id>/remove")(lists.remove_view)
blueprint.post("/bulk/remove")(lists.bulk_remove)

blueprint.get("/new")(edit.new)
blueprint.post("/new")(edit.create)
blueprint.get("/<id>/edit")(edit.edit)
blueprint.post("/<id>/edit")(edit.save)
blueprint.post("/<id>/remove")(edit.remove)
blueprint.post("/<id>/restore")(edit.restore)

blueprint.get("/<id>")(show.show)
blueprint.get("/<id>/why")(why.why)
blueprint.post("/<id>/comments")(show.comment)

blueprint.get("/<id>/cells/<key>")(cells.ask_cell)
blueprint.patch("/<id>/cells/<key>")(cells.save_cell)
blueprint.get("/<id>/board")(boards.card_menu)
blueprint.post("/<id>/board")(boards.move_card)
blueprint.post("/<id>/board/<name>")(boards.fire_card)

blueprint.get("/<id>/moves")(process.moves)
blueprint.get("/<id>/moves/<name>")(process.ask)
blueprint.post("/<id>/moves/<name>")(process.fire)
blueprint.get("/<id>/tasks/<task>/<decision>")(process.ask_decision)
blueprint.post("/<id>/tasks/<task>/<decision>")(process.decide)
blueprint.post("/<id>/remind")(process.remind)

blueprint.get("/look-up/<field>")(lookups.look_up)
blueprint.get("/scope")(lookups.scope)
