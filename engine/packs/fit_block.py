"""A block made to fit an entity: its fields are the entity's own where they can be, and come along where they can't."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions import Document
from engine.definitions.rename import rename_field
from engine.expressions import names_in
from engine.kernel.errors import Invalid, NotFound, Problem
from engine.kernel.ids import new_id
from engine.packs.blocks import find_block
from engine.packs.prune_view import asked_of, axes_of, conditions_of, pruned_view, wanted_of
from engine.publishing import draft_json
from engine.storage import Work

Field = Mapping[str, Any]

_FAMILY = {
    "money": "number", "decimal": "number", "integer": "number", "percent": "number", "rollup": "number", "date": "day", "datetime": "day",
}
"""Types that can stand for one another where a block only reads them."""
_HERE = "the_block"
_OPTION = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class Fitted:
    """`fields` are to be added to the entity; `document` names them and the entity's own.

    `no_roles`: roles of the block's people that the app lacks; managers stand in for them. `left_out`:
    fields of the block that aren't there and that it can do without.
    """

    fields: tuple[dict[str, Any], ...]
    document: dict[str, Any] | None
    no_roles: tuple[str, ...] = ()
    left_out: tuple[Any, ...] = ()


def fit_block_json(work: Work, app: str, offers: str, key: str, entity: str | None, unsaved: Iterable[Document]) -> dict[str, Any]:
    """`fit_block` over the app's draft, on which the author's `unsaved` documents lie; writes nothing.

    {"fields", "document" (null for groups of fields), "no_roles", "left_out"}. Raises NotFound, Forbidden.
    """
    by_uid = {item["document"]["uid"]: item["document"] for item in draft_json(work, app)}
    by_uid.update({item["uid"]: item for item in unsaved if isinstance(item.get("uid"), str)})
    found = fit_block(find_block(key, offers), by_uid.values(), entity)
    return {"fields": found.fields, "document": found.document, "no_roles": found.no_roles, "left_out": found.left_out}


def fit_block(block: Mapping[str, Any], documents: Iterable[Document], entity: str | None) -> Fitted:
    """A block for an entity of these documents (a block that offers an entity needs none).

    Raises NotFound (`pack.block_entity`) without an entity to fit it to, Invalid (`pack.block_empty`) when nothing
    of it would be left.
    """
    known = list(documents)
    entities = {item["key"]: item for item in known if item["kind"] == "entity"}
    fields, left_out = _usable(block["fields"], entities)
    if block["offers"] == "entity":
        return _whole_entity(block, fields, left_out)
    if entity not in entities:
        raise NotFound(Problem("pack.block_entity", {}))
    there = entities[entity]
    taken = {field["key"] for field in there["fields"]}
    statuses = {item["status_field"] for item in known if item["kind"] == "workflow" and item.get("entity") == entity and "status_field" in item}
    names, gone = _bound(block, fields, there, statuses)
    left_out += [field for field in fields if field["key"] in gone]
    if not fields:
        raise Invalid(Problem("pack.block_empty", {}))
    brought = [field for field in fields if field["key"] not in names and field["key"] not in gone]
    names |= _fresh_keys(brought, taken | set(names.values()))
    fields, document = _called(block, [field for field in fields if field["key"] not in gone], names)
    new = {names[field["key"]] for field in brought}
    made = tuple({**field, "uid": str(new_id())} for field in fields if field["key"] in new)
    if document is None:
        return Fitted(made, None, left_out=_labels(left_out))
    if block["offers"] == "view":
        document = pruned_view(document, {field["key"] for field in left_out}, there["title"])
    missing: tuple[str, ...] = ()
    if block["offers"] == "workflow":
        document, missing = _with_people(document, {item["key"] for item in known if item["kind"] == "role"})
    return Fitted(made, {**document, "kind": block["offers"], "entity": entity, "schema": 1, "label": block["label"]}, missing, _labels(left_out))


def _labels(fields: Iterable[Field]) -> tuple[Any, ...]:
    return tuple(field["label"] for field in fields)


def _usable(fields: list[Field], entities: Mapping[str, Document]) -> tuple[list[Field], list[Field]]:
    """The fields that can be here, and those that refer to entities the app lacks, or follow from such."""
    gone = [field for field in fields if "entity" in field.get("options", {}) and field["options"]["entity"] not in entities]
    while True:
        lost = {field["key"] for field in gone}
        more = [field for field in fields if field not in gone and (field.get("options", {}).get("via") in lost or _mentions(field.get("formula", ""), lost))]
        if not more:
            return [field for field in fields if field not in gone], gone
        gone += more


def _whole_entity(block: Mapping[str, Any], fields: Iterable[Field], left_out: list[Field]) -> Fitted:
    gone = {field["key"] for field in left_out}
    made = [{key: part for key, part in field.items() if key != "filter" or not _mentions(part, gone)} for field in fields]
    document = {
        **block["document"], "kind": "entity", "schema": 1, "key": block["key"], "uid": str(new_id()), "label": block["label"],
        "fields": [{**field, "uid": str(new_id())} for field in made],
    }
    rules = [rule for rule in document.get("rules", ()) if not _mentions(rule["check"], gone)]
    document = {key: part for key, part in document.items() if key != "rules"} | ({"rules": rules} if rules else {})
    return Fitted((), document, left_out=_labels(left_out))


def _mentions(text: str, keys: set[str]) -> bool:
    return any(part in keys for word in names_in(text) for part in word.name.split("."))


def _bound(block: Mapping[str, Any], fields: list[Field], entity: Document, statuses: set[str]) -> tuple[dict[str, str], set[str]]:
    """Which of the entity's fields stand for which of the block's, and which the block does without."""
    if block["offers"] == "fields":
        return {}, set()
    free = [there for there in entity["fields"] if not there.get("retired")]
    if block["offers"] == "form":
        known = {there["key"]: there["type"] for there in free}
        return {field["key"]: field["key"] for field in fields if known.get(field["key"]) == field["type"]}, set()
    document = block["document"]
    if block["offers"] == "workflow":
        # What a workflow writes no other one may write: its states are found whole, or come along.
        status = document["status_field"]
        status_field = next(field for field in fields if field["key"] == status)
        own = [there for there in free if there["type"] == "choice" and there["key"] not in statuses]
        names = _pair([status_field], own, {status: _options(status_field)}, entity, set())
        # An amount is an amount; whom or what else it names is not for a block to guess.
        left = [there for there in free if there["key"] not in names.values()]
        names |= _pair([field for field in fields if field["key"] != status], left, {field["key"]: _options(field) for field in fields}, entity, statuses, same_key=True)
        left = [there for there in left if there["key"] not in names.values() and _family(there) == "number"]
        return names | _pair([field for field in fields if field["key"] not in names], left, {}, entity, statuses), set()
    axes = axes_of(document)
    options = set(_OPTION.findall(" ".join(conditions_of(document))))
    asked = {name: options for name in asked_of(document)}  # noqa: C420 (read only)
    names = _pair(fields, free, asked, entity, statuses, same_key=True)
    left = [field for field in fields if field["key"] not in names and field["key"] in axes | wanted_of(document)]
    left.sort(key=lambda field: field["key"] not in axes)
    names |= _pair(left, [there for there in free if there["key"] not in names.values()], asked, entity, statuses)
    return names, {field["key"] for field in fields} - names.keys() - axes


def _pair(fields: Iterable[Field], free: Iterable[Field], asked: Mapping[str, set[str]], entity: Document, statuses: set[str], *, same_key: bool = False) -> dict[str, str]:
    """Each field with one of the free ones: that of its key, else states before other choices, the owner before others."""
    names: dict[str, str] = {}
    for field in fields:
        fits = [there for there in free if there["key"] not in names.values() and _stands_for(there, field, asked.get(field["key"], set()))]
        fits.sort(key=lambda there: (there["key"] != field["key"], there["key"] not in statuses, there["key"] != entity.get("owner")))
        if fits and (not same_key or fits[0]["key"] == field["key"]):
            names[field["key"]] = fits[0]["key"]
    return names


def _stands_for(there: Field, field: Field, asked: set[str]) -> bool:
    """Whether a field can be read in place of a block's; a choice must have the options that are `asked` for."""
    if _family(there) != _family(field):
        return False
    if field["type"] == "choice":
        return _options(field) & asked <= _options(there)
    if field["type"] == "reference":
        return bool(there["options"]["entity"] == field["options"]["entity"])
    return True


def _family(field: Field) -> str:
    if field["type"] == "formula":
        result = field.get("options", {}).get("result", "number")
        return "number" if result == "number" else _FAMILY.get(result, "formula")
    return _FAMILY.get(field["type"], str(field["type"]))


def _options(field: Field) -> set[str]:
    return {option["key"] for option in field.get("options", {}).get("options", ())}


def _fresh_keys(fields: Iterable[Field], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        key, number = field["key"], 2
        while key in taken:
            key, number = f"{field['key']}_{number}", number + 1
        taken = taken | {key}
        found[field["key"]] = key
    return found


def _called(block: Mapping[str, Any], fields: list[Field], names: Mapping[str, str]) -> tuple[list[Field], dict[str, Any] | None]:
    """The block's fields and document with other keys for fields, wherever they are named."""
    here = {"kind": "entity", "key": _HERE, "uid": str(new_id()), "schema": 1, "label": block["label"], "title": "title", "fields": [{**field, "uid": str(new_id())} for field in fields]}
    documents: list[Any] = [here]
    if "document" in block:
        documents.append({**block["document"], "kind": block["offers"], "key": _HERE, "uid": str(new_id()), "schema": 1, "label": block["label"], "entity": _HERE,
                          **({"dsl": "formwork.workflow/1"} if block["offers"] == "workflow" else {})})
    changed = [(old, f"{_HERE}_{index}", new) for index, (old, new) in enumerate(names.items()) if old != new]
    # By way of names that nothing has: one field's new key may be another's old one.
    for old, new in [(old, between) for old, between, _ in changed] + [(between, new) for _, between, new in changed]:
        found = rename_field(documents, _HERE, old, new).documents
        documents = [found.get((item["kind"], item["key"]), item) for item in documents]
    return documents[0]["fields"], documents[1] if len(documents) > 1 else None


def _with_people(document: dict[str, Any], roles: set[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Managers in place of roles that the app lacks, each one level above the one before."""
    rules = dict(document.get("rules", {}))
    levels = [rule.get("levels", 1) for rule in rules.values() if rule["kind"] == "manager"]
    missing = []
    for name, rule in rules.items():
        if rule["kind"] == "role" and rule["value"] not in roles:
            missing.append(str(rule["value"]))
            level = min(3, 1 + max(levels, default=0))
            levels.append(level)
            rules[name] = {"kind": "manager", "of": "initiator", "levels": level}
    return {**document, "rules": rules} if rules else document, tuple(missing)
