"""The designer's blueprint: browse, edit, check, publish, history, roll back."""

from __future__ import annotations

from flask import Blueprint

from designer import documents, draft, fields, overview
from designer.blocks import routes as blocks
from designer.entities import routes as entities
from designer.expressions import routes as expressions
from designer.forms import routes as forms
from designer.packs import routes as packs
from designer.preview import routes as preview
from designer.publishing import routes as publishing
from designer.roles import routes as roles
from designer.simulation import routes as simulation
from designer.start import routes as start
from designer.translations import routes as translations
from designer.views import routes as views
from designer.workflows import routes as workflows

blueprint = Blueprint("designer", __name__, url_prefix="/design")

blueprint.get("")(overview.show_apps)
blueprint.get("/<app>")(overview.show_app)
blueprint.get("/<app>/new/<kind>")(documents.new)
blueprint.get("/<app>/<kind>/<key>")(documents.edit)
blueprint.post("/<app>/<kind>/<key>")(documents.save)
blueprint.post("/<app>/<kind>/<key>/remove")(documents.remove)
blueprint.post("/<app>/entity/<key>/fields")(fields.add)

for part in (draft, views, blocks, forms, expressions, simulation, preview, roles, entities, workflows, translations, publishing, start, packs):
    part.install(blueprint)
