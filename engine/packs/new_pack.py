"""A pack to begin with: small, sound, in the languages wanted, with one entity, a role, a person and a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from engine.kernel.errors import Invalid, Problem
from engine.kernel.ids import new_id
from engine.kernel.json import canonical
from engine.kernel.messages import LANGUAGES
from engine.packs.archive import Files
from engine.packs.manifest import PRODUCT, parse_manifest
from engine.packs.write_files import write_pack

_TEXTS: Mapping[str, tuple[str, str]] = {
    "customer": ("客户", "Customer"), "customers": ("客户", "Customers"), "name": ("名称", "Name"), "level": ("级别", "Level"),
    "regular": ("普通", "Regular"), "key_account": ("重点", "Key account"), "owner": ("负责人", "Owner"), "notes": ("备注", "Notes"),
    "basics": ("基本信息", "Basics"), "all": ("全部客户", "All customers"), "sales": ("销售", "Sales"), "seller": ("张伟", "Alex Stone"),
    "scenario": ("销售新建客户", "A salesperson adds a customer"), "sample": ("示例客户", "Sample customer"),
}
_EVERY = {"read": "all", "create": True, "change": "all", "remove": "all"}


def new_pack(folder: Path, key: str, label: Any, languages: Sequence[str] = LANGUAGES) -> Files:
    """Write a pack to begin with into an empty folder (or a .zip); returns its files.

    Raises Invalid for a key, label or language that can't be; Conflict where there is something already.
    """
    unknown = [item for item in languages if item not in LANGUAGES]
    if unknown or not languages:
        raise Invalid(Problem("pack.languages", {"languages": ", ".join(LANGUAGES)}))
    files = _files(key, label, tuple(dict.fromkeys(languages)))
    write_pack(files, folder)
    return files


def _files(key: str, label: Any, languages: Sequence[str]) -> Files:
    uid = str(new_id())
    manifest = {
        "format": 1, "uid": uid, "key": key, "version": "0.1.0", "label": label, "languages": list(languages),
        "requires": {"formwork": f">={PRODUCT[0]}.{PRODUCT[1]}"},
    }
    parse_manifest(manifest)
    documents = [_document(uid, languages, body) for body in _bodies(key, label, languages)]
    told = _Told(uid, languages)
    files = {_path(document): canonical(document) for document in documents}
    files["pack.json"] = canonical(manifest)
    files["people.json"] = canonical({"users": [{"login": "sales1", "name": told.text("seller"), "roles": ["sales"]}]})
    files["records/010_customer.json"] = canonical(
        {"entity": "customer", "records": [{"name": told.text("sample"), "level": "regular", "owner": "@user:sales1", "ref": "customer1"}]}
    )
    files["scenarios/add_customer.json"] = canonical({"label": told.text("scenario"), "steps": [
        {"by": "sales1", "create": "customer", "ref": "c", "values": {"name": "A"}},
        {"expect": {"on": "@c", "values": {"level": "regular"}, "seen_by": ["sales1"]}},
        {"by": "sales1", "create": "customer", "values": {}, "refused": "field.required"},
    ]})  # fmt: skip
    return dict(sorted(files.items()))


class _Told:
    """Texts and identities of the new pack."""

    def __init__(self, uid: str, languages: Sequence[str]) -> None:
        self.uid, self.languages = uid, languages

    def text(self, name: str) -> Any:
        """One text for each language."""
        return {language: _TEXTS[name][LANGUAGES.index(language)] for language in self.languages}


def _document(uid: str, languages: Sequence[str], body: Mapping[str, Any]) -> dict[str, Any]:
    """A body with its header; every part that needs one gets a uid that follows from the pack's."""
    told = _Told(uid, languages)
    place = f"{body['kind']}/{body['key']}"

    def named(value: Any) -> Any:
        if isinstance(value, Mapping):
            found = {key: told.text(item[1:]) if isinstance(item, str) and item.startswith("=") else named(item) for key, item in value.items()}
            if "type" in found and "key" in found and "kind" not in found:
                found["uid"] = _uid(uid, f"{place}/{found['key']}")
            return found
        return [named(item) for item in value] if isinstance(value, list) else value

    return {**named(body), "uid": _uid(uid, place), "schema": 1}


def _uid(root: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{root}/{name}"))


def _path(document: Mapping[str, Any]) -> str:
    folder = {"entity": "entities"}.get(document["kind"], f"{document['kind']}s")
    return "app.json" if document["kind"] == "app" else f"{folder}/{document['key']}.json"


def _bodies(key: str, label: Any, languages: Sequence[str]) -> list[dict[str, Any]]:
    """The documents; a text that begins with = is a name in the table above."""
    chinese = languages[0] == "zh-CN"
    return [
        {"kind": "app", "key": key, "label": label, "languages": list(languages), "default_language": languages[0],
         "currency": "CNY" if chinese else "USD", "timezone": "Asia/Shanghai" if chinese else "UTC", "navigation": [{"items": [{"entity": "customer"}]}]},
        {"kind": "entity", "key": "customer", "label": "=customer", "plural": "=customers", "icon": "building-2", "title": "name", "owner": "owner", "fields": [
            {"key": "name", "type": "text", "label": "=name", "required": True, "searchable": True},
            {"key": "level", "type": "choice", "label": "=level", "default": '"regular"', "options": {"options": [
                {"key": "regular", "label": "=regular"}, {"key": "key_account", "label": "=key_account"}]}},
            {"key": "owner", "type": "user", "label": "=owner", "default": "actor.id"},
            {"key": "notes", "type": "long_text", "label": "=notes"},
        ]},
        {"kind": "form", "key": "customer", "entity": "customer", "label": "=customer", "purpose": "full", "tabs": [
            {"key": "basics", "label": "=basics", "sections": [{"key": "basics", "columns": 2, "items": [
                {"field": "name"}, {"field": "level"}, {"field": "owner"}, {"field": "notes", "width": 2}]}]}]},
        {"kind": "view", "key": "customers_all", "entity": "customer", "type": "list", "label": "=all", "columns": ["name", "level", "owner"], "default": True},
        {"kind": "role", "key": "sales", "label": "=sales", "entities": {"customer": _EVERY}},
    ]  # fmt: skip
