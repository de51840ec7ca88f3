"""Addresses of the record pages; what they do is in the modules beside this one."""

from __future__ import annotations

from flask import Blueprint

from runtime.records import edit, lists, lookups, process, show

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
blueprint.post("/<id>/comments")(show.comment)

blueprint.get("/<id>/moves")(process.moves)
blueprint.get("/<id>/moves/<name>")(process.ask)
blueprint.post("/<id>/moves/<name>")(process.fire)
blueprint.get("/<id>/tasks/<task>/<decision>")(process.ask_decision)
blueprint.post("/<id>/tasks/<task>/<decision>")(process.decide)
blueprint.post("/<id>/remind")(process.remind)

blueprint.get("/look-up/<field>")(lookups.look_up)
blueprint.get("/scope")(lookups.scope)
