"""An app's published definitions as the files of a pack: deterministic, so that exporting twice gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engine.definitions import Document, Model, lint
from engine.kernel import json
from engine.kernel.errors import EngineError, Forbidden, Problem, raise_invalid
from engine.kernel.json import canonical
from engine.kernel.messages import translate
from engine.packs.checksums import checksums_of
from engine.packs.dependencies import Dependency, dependencies_of, part_of, place_of
from engine.packs.export_records import Chosen, choose_records
from engine.packs.manifest import parse_manifest
from engine.packs.overlay import own_part
from engine.packs.pack import Pack
from engine.packs.read_pack import FOLDERS
from engine.packs.shelf import read_shelf
from engine.packs.signature import FILE as SIGNATURE
from engine.packs.signature import read_signature
from engine.packs.store import extras_of, installed
from engine.packs.write_files import write_pack, zip_of
from engine.publishing import kept_documents
from engine.storage import Work

__all__ = ["Export", "export_pack", "plan_export", "write_pack", "zip_of"]

_FOLDER = {kind: folder for folder, kind in FOLDERS.items()}


@dataclass(frozen=True)
class Export:
    """What an export comes to: the files, what goes along unasked and why, records by entity, and what is left behind."""

    files: dict[str, bytes]
    added: tuple[Dependency, ...] = ()
    records: dict[str, int] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()

    def lines(self, language: str) -> list[str]:
        """What there is to say about it, as sentences."""
        found = [dependency.sentence(language) for dependency in self.added]
        found += [translate("pack.export_records", {"entity": entity, "count": count}, language) for entity, count in self.records.items()]
        return found + [translate(note.code, note.values, language) for note in self.notes]


def export_pack(work: Work, app: str, **choices: Any) -> dict[str, bytes]:
    """Files by path: what `plan_export` finds, with the same choices and errors."""
    return plan_export(work, app, **choices).files


def plan_export(
    work: Work, app: str, *, only: Iterable[str] | None = None, records: Iterable[str] | None = None, personal: bool = False,
    version: str | None = None, label: Any = None,
) -> Export:
    """An app's current release as a pack: all of it, or only some documents ("kind/key") with what they need.

    Without `records` the pack keeps the samples that it was installed with; with them, the records of these
    entities take their place, and those that they refer to. `personal` lets what concerns people go along.
    `version` and `label` replace the installed pack's.
    Raises NotFound; Forbidden unless the actor may design (and administers, for personal data); Invalid for choices
    that can't be met.
    """
    model = work.model(app)
    _check_right(work, model, app)
    here = installed(work).get(app, {})
    chosen = None if only is None else sorted(set(only))
    documents = tuple(model.documents.values())
    added = () if chosen is None else dependencies_of(documents, chosen)
    documents, notes = _without_addresses(work, here, documents if chosen is None else part_of(documents, chosen))
    manifest = _manifest(here, app, model, documents, chosen)
    manifest |= {key: value for key, value in (("version", version), ("label", label)) if value}
    files, leaves_out = _definitions(manifest, documents, whole=chosen is None)
    extras = _extras(here, chosen)
    known = [row["login"] for row in json.read(extras.get("people.json", b"{}")).get("users", ())]
    told = Chosen()
    if records is not None:
        within = frozenset(document["key"] for document in documents if document["kind"] == "entity")
        told = choose_records(work, app, records, within=within, personal=personal, demonstration=known)
        extras = _with_records(extras, told)
    files |= extras
    manifest |= {"leaves_out": leaves_out} if leaves_out else {}
    signature = files.pop(SIGNATURE, None)
    if here.get("checksums"):
        manifest["checksums"] = checksums_of(files)
    parse_manifest(manifest)
    files["pack.json"] = canonical(manifest)
    if signature is not None:
        notes += _keep_signature(files, signature)
    return Export(dict(sorted(files.items())), added, told.counts, (*notes, *told.notes))


def _check_right(work: Work, model: Model, app: str) -> None:
    roles = (model.roles.get(key) for key in work.actor.roles_in(app))
    if not (work.actor.is_admin or work.actor.is_system or any(role is not None and role.may_design for role in roles)):
        raise Forbidden(Problem("pack.may_not_export"))


def _definitions(manifest: Mapping[str, Any], documents: tuple[Document, ...], *, whole: bool) -> tuple[dict[str, bytes], list[str]]:
    """The definitions' files; of a whole app only what is its own, and which documents of the required packs it does without."""
    left_out: list[str] = []
    if whole:
        documents, left_out = _own(manifest, documents)
    else:
        raise_invalid(finding.problem for finding in lint(documents) if finding.severity == "error")
    return {_path(document): canonical(document) for document in documents}, left_out


def _own(manifest: Mapping[str, Any], documents: tuple[Document, ...]) -> tuple[tuple[Document, ...], list[str]]:
    own, left_out = own_part(documents, Pack(parse_manifest(manifest), documents), read_shelf)
    return tuple(own), left_out


def _without_addresses(work: Work, here: Mapping[str, Any], documents: tuple[Document, ...]) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Without the addresses of webhooks, but for those that came with the pack: they often hold a key."""
    places = {place: hash_ for place, hash_ in here.get("base", {}).items() if place.startswith("app/")}
    came = {hook.get("url") for document in kept_documents(work, places) for hook in document.get("webhooks", {}).values()}
    gone: list[str] = []

    def bared(document: Document) -> Document:
        if document["kind"] != "app" or "webhooks" not in document:
            return document
        gone.extend(key for key, hook in document["webhooks"].items() if "url" in hook and hook["url"] not in came)
        hooks = {
            key: {name: value for name, value in hook.items() if name != "url"} if key in gone else hook
            for key, hook in document["webhooks"].items()
        }
        return {**document, "webhooks": hooks}

    found = tuple(bared(document) for document in documents)
    return found, ((Problem("pack.export_webhooks", {"webhooks": sorted(gone)}),) if gone else ())


def _extras(here: Mapping[str, Any], chosen: list[str] | None) -> dict[str, bytes]:
    """The files beside the definitions; chosen documents are another pack, so only the licence stays with them."""
    extras = extras_of(here)
    return extras if chosen is None else {name: content for name, content in extras.items() if name == "LICENSE"}


def _with_records(extras: Mapping[str, bytes], told: Chosen) -> dict[str, bytes]:
    found = {name: content for name, content in extras.items() if not name.startswith("records/")} | told.files
    people = json.read(found.get("people.json", b"{}"))
    merged = {}
    for part, key in (("departments", "key"), ("users", "login")):
        known = [row[key] for row in people.get(part, ())]
        merged[part] = [*people.get(part, ()), *(row for row in told.people.get(part, ()) if row[key] not in known)]
    if any(merged.values()):
        found["people.json"] = canonical({**people, **{part: rows for part, rows in merged.items() if rows}})
    return found


def _keep_signature(files: dict[str, bytes], signature: bytes) -> tuple[Problem, ...]:
    """A signature stays as long as it is over what is there."""
    try:
        read_signature({**files, SIGNATURE: signature})
    except EngineError:
        return (Problem("pack.export_signature"),)
    files[SIGNATURE] = signature
    return ()


def _path(document: Mapping[str, Any]) -> str:
    if document["kind"] == "app":
        return "app.json"
    return f"{_FOLDER[document['kind']]}/{document['key']}.json"


def _manifest(here: Mapping[str, Any], app: str, model: Model, documents: Iterable[Document], chosen: list[str] | None) -> dict[str, Any]:
    """What pack.json says. Under a key of its own, or of chosen documents, it is another pack than the one installed."""
    is_same = bool(here) and not here.get("own_key") and chosen is None
    name = f"formwork:pack:{model.app.uid}" + (f":{' '.join(chosen)}" if chosen is not None else "")
    found: dict[str, Any] = {
        "format": 1,
        "uid": here["uid"] if is_same else str(uuid5(NAMESPACE_URL, name)),
        "key": here["key"] if is_same else app,
        "version": here.get("version", "1.0.0"),
        "label": here["label"] if is_same and here.get("label") else model.app.label,
        "languages": list(here.get("languages") or model.app.languages),
        "requires": dict(here.get("requires") or {"formwork": ">=0.1"}),
    }
    if chosen is not None:  # complete in itself
        found["requires"] = {key: value for key, value in found["requires"].items() if key == "formwork"}
    for key in ("description", "licence", "icon", "migrations"):
        if here.get(key) and (is_same or key != "migrations"):
            found[key] = list(here[key]) if key == "migrations" else here[key]
    here_now = {place_of(document) for document in documents}
    modules = [_module(module, here_now) for module in here.get("modules", ())]
    if modules := [module for module in modules if module["documents"]]:
        keys = {module["key"] for module in modules}
        found["modules"] = [_requiring(module, keys) for module in modules]
    return found


def _module(module: Mapping[str, Any], here: set[str]) -> dict[str, Any]:
    """A module with those of its documents that the app has."""
    documents = [place for place in module["documents"] if place in here]
    found = {"key": module["key"], "label": module["label"], "documents": documents}
    return found | {key: module[key] for key in ("description", "requires") if module.get(key)}


def _requiring(module: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """Without the need of modules that went."""
    requires = [key for key in module.get("requires", ()) if key in keys]
    rest = {key: value for key, value in module.items() if key != "requires"}
    return {**rest, "requires": requires} if requires else rest
