"""An app's published definitions as the files of a pack: deterministic, so that exporting twice gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engine.kernel.errors import Forbidden, Problem
from engine.kernel.json import canonical
from engine.packs.checksums import checksums_of
from engine.packs.manifest import parse_manifest
from engine.packs.overlay import own_part
from engine.packs.pack import Pack
from engine.packs.read_pack import FOLDERS
from engine.packs.shelf import read_shelf
from engine.packs.store import extras_of, installed
from engine.packs.write_files import write_pack, zip_of
from engine.storage import Work

__all__ = ["export_pack", "write_pack", "zip_of"]

_FOLDER = {kind: folder for folder, kind in FOLDERS.items()}


def export_pack(work: Work, app: str) -> dict[str, bytes]:
    """Files by path: `pack.json` and one per definition. Raises NotFound; Forbidden unless the actor may design."""
    model = work.model(app)
    roles = (model.roles.get(key) for key in work.actor.roles_in(app))
    if not (work.actor.is_admin or work.actor.is_system or any(role is not None and role.may_design for role in roles)):
        raise Forbidden(Problem("pack.may_not_export"))
    here = installed(work).get(app, {})
    pack = Pack(parse_manifest(_manifest(here, app, model)), tuple(model.documents.values()))
    own, left_out = own_part(model.documents.values(), pack, read_shelf)
    files = {_path(document): canonical(document) for document in own} | extras_of(here)
    manifest = {**_manifest(here, app, model), **({"leaves_out": left_out} if left_out else {})}
    if here.get("checksums"):
        manifest["checksums"] = checksums_of(files)
    files["pack.json"] = canonical(manifest)
    return dict(sorted(files.items()))


def _path(document: Mapping[str, Any]) -> str:
    if document["kind"] == "app":
        return "app.json"
    return f"{_FOLDER[document['kind']]}/{document['key']}.json"


def _manifest(here: Mapping[str, Any], app: str, model: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "format": 1,
        "uid": here.get("uid") or str(uuid5(NAMESPACE_URL, f"formwork:pack:{model.app.uid}")),
        "key": here.get("key", app),
        "version": here.get("version", "1.0.0"),
        "label": here.get("label") or model.app.label,
        "languages": list(here.get("languages") or model.app.languages),
        "requires": dict(here.get("requires") or {"formwork": ">=0.1"}),
    }
    for key in ("description", "licence", "icon", "migrations"):
        if here.get(key):
            found[key] = here[key]
    here_now = {f"{document['kind']}/{document['key']}" for document in model.documents.values()}
    modules = [_module(module, here_now) for module in here.get("modules", ())]
    if modules := [module for module in modules if module["documents"]]:
        found["modules"] = modules
    return found


def _module(module: Mapping[str, Any], here: set[str]) -> dict[str, Any]:
    """A module with those of its documents that the app has."""
    documents = [place for place in module["documents"] if place in here]
    found = {"key": module["key"], "label": module["label"], "documents": documents}
    return found | {key: module[key] for key in ("description", "requires") if module.get(key)}
