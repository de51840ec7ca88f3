"""The addresses of packs: of all of them, and of one app."""

from __future__ import annotations

from flask import Blueprint

from designer.packs import clone, comparing, own, plan, save, shelf, uninstall, upgrade


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/packs")(shelf.show_packs)
    blueprint.post("/packs/upload")(shelf.take_file)
    blueprint.get("/packs/<place>/<name>")(plan.show_plan)
    blueprint.post("/packs/<place>/<name>", endpoint="install_pack")(plan.install)
    _install_app(blueprint)
    _install_upgrade(blueprint)
    blueprint.get("/<app>/pack/compare")(comparing.show_comparison)
    blueprint.post("/<app>/pack/compare", endpoint="carry_over")(comparing.carry)
    blueprint.post("/<app>/pack/compare/file", endpoint="take_file_to_compare")(comparing.take_file)


def _install_app(blueprint: Blueprint) -> None:
    blueprint.get("/<app>/pack", endpoint="show_app_packs")(own.show_app)
    blueprint.post("/<app>/pack/modules")(own.add_module)
    blueprint.get("/<app>/pack/samples")(own.show_samples)
    blueprint.post("/<app>/pack/samples")(own.remove_samples)
    blueprint.get("/<app>/pack/save")(save.show_save)
    blueprint.post("/<app>/pack/save", endpoint="save_pack")(save.save)
    blueprint.get("/<app>/pack/clone")(clone.show_clone)
    blueprint.post("/<app>/pack/clone")(clone.clone)
    blueprint.get("/<app>/pack/uninstall")(uninstall.show_uninstall)
    blueprint.post("/<app>/pack/uninstall")(uninstall.uninstall)
    blueprint.post("/<app>/pack/data.zip")(uninstall.data)


def _install_upgrade(blueprint: Blueprint) -> None:
    blueprint.get("/<app>/pack/upgrade")(upgrade.show_sources)
    blueprint.post("/<app>/pack/upgrade", endpoint="take_upgrade_file")(upgrade.take_file)
    blueprint.get("/<app>/pack/upgrade/<place>/<name>")(upgrade.show_upgrade)
    blueprint.post("/<app>/pack/upgrade/<place>/<name>", endpoint="carry_out_upgrade")(upgrade.carry_out)
    blueprint.get("/<app>/pack/upgraded")(upgrade.show_upgraded)
    blueprint.post("/<app>/pack/return")(upgrade.go_back)
