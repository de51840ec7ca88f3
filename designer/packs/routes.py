"""The addresses of packs: of all of them, and of one app."""

from __future__ import annotations

from flask import Blueprint

from designer.packs import clone, own, plan, save, shelf


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/packs")(shelf.show_packs)
    blueprint.post("/packs/upload")(shelf.take_file)
    blueprint.get("/packs/<place>/<name>")(plan.show_plan)
    blueprint.add_url_rule("/packs/<place>/<name>", "install_pack", plan.install, methods=["POST"])
    blueprint.get("/<app>/pack", endpoint="show_app_packs")(own.show_app)
    blueprint.post("/<app>/pack/modules")(own.add_module)
    blueprint.get("/<app>/pack/samples")(own.show_samples)
    blueprint.post("/<app>/pack/samples")(own.remove_samples)
    blueprint.get("/<app>/pack/save")(save.show_save)
    blueprint.post("/<app>/pack/save", endpoint="save_pack")(save.save)
    blueprint.get("/<app>/pack/clone")(clone.show_clone)
    blueprint.post("/<app>/pack/clone")(clone.clone)
