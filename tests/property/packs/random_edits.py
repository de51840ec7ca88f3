"""Random edits of the small pack's documents, as a company or as the pack's author makes them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from engine.definitions.rename import rename_field
from tests.factories.small_pack import Documents, documents, new_field

Edit = Callable[[Documents], Documents]
FIELDS = [("account", "level"), ("account", "phone"), ("quote", "amount"), ("quote", "note")]
REMOVABLE = [("account", "phone"), ("quote", "note")]
_WORDS = ["Red", "Green", "Blue"]


def _uid(entity: str, key: str) -> str:
    return str(next(item["uid"] for item in documents()[f"entity/{entity}"]["fields"] if item["key"] == key))


UIDS = {pair: _uid(*pair) for pair in {*FIELDS, *REMOVABLE}}


def _find(found: Documents, pair: tuple[str, str]) -> dict[str, Any] | None:
    return next((item for item in found[f"entity/{pair[0]}"]["fields"] if item["uid"] == UIDS[pair]), None)


def relabel(pair: tuple[str, str], word: str) -> Edit:
    def edit(found: Documents) -> Documents:
        item = _find(found, pair)
        if item is not None:
            item["label"] = {"en": word, "zh-CN": word}
        return found

    return edit


def add_field(entity: str, key: str, *, first: bool) -> Edit:
    def edit(found: Documents) -> Documents:
        fields = found[f"entity/{entity}"]["fields"]
        if all(item["key"] != key for item in fields):
            fields.insert(0 if first else len(fields), new_field(entity, key))
        return found

    return edit


def remove_field(pair: tuple[str, str]) -> Edit:
    def edit(found: Documents) -> Documents:
        item = _find(found, pair)
        if item is not None:
            found[f"entity/{pair[0]}"]["fields"].remove(item)
            for section in found.get("form/quote", {"tabs": [{"sections": []}]})["tabs"][0]["sections"]:
                section["items"] = [each for each in section["items"] if each.get("field") != item["key"]]
        return found

    return edit


def rename(pair: tuple[str, str], key: str) -> Edit:
    def edit(found: Documents) -> Documents:
        item = _find(found, pair)
        if item is None or any(each["key"] == key for each in found[f"entity/{pair[0]}"]["fields"]):
            return found
        changed = rename_field(found.values(), pair[0], item["key"], key).documents
        return {place: deepcopy(changed.get((document["kind"], document["key"]), document)) for place, document in found.items()}

    return edit


def add_rule(pair: tuple[str, str], key: str) -> Edit:
    def edit(found: Documents) -> Documents:
        item = _find(found, pair)
        rules = found[f"entity/{pair[0]}"].setdefault("rules", [])
        if item is not None and all(rule["key"] != key for rule in rules):
            rules.append({"key": key, "check": f"{item['key']} <> null", "message": {"en": key, "zh-CN": key}})
        return found

    return edit


def option(key: str, *, stays: bool) -> Edit:
    def edit(found: Documents) -> Documents:
        item = _find(found, ("account", "level"))
        if item is not None:
            options = [each for each in item["options"]["options"] if each["key"] != key]
            item["options"]["options"] = [*options, {"key": key, "label": {"en": key, "zh-CN": key}}] if stays else options or item["options"]["options"]
        return found

    return edit


def column(name: str) -> Edit:
    def edit(found: Documents) -> Documents:
        if "view/quotes" in found and name not in found["view/quotes"]["columns"]:
            found["view/quotes"]["columns"].append(name)
        return found

    return edit


def drop(place: str) -> Edit:
    def edit(found: Documents) -> Documents:
        kind, _, name = place.partition("/")
        for group in found["app/crm"]["navigation"]:
            group["items"] = [item for item in group["items"] if item.get(kind) != name]
        return {key: document for key, document in found.items() if key != place}

    return edit


def state_label(state: str, word: str) -> Edit:
    def edit(found: Documents) -> Documents:
        found["workflow/approval"]["states"][state]["label"] = {"en": word, "zh-CN": word}
        return found

    return edit


def edits(side: str) -> st.SearchStrategy[list[Edit]]:
    """What one side does; keys that it makes up begin with its letter."""
    made_up = st.sampled_from([f"{side}1", f"{side}2"])
    one = st.one_of(
        st.builds(relabel, st.sampled_from(FIELDS), st.sampled_from(_WORDS)),
        st.builds(lambda entity, key, first: add_field(entity, key, first=first), st.sampled_from(["account", "quote"]), made_up, st.booleans()),
        st.builds(remove_field, st.sampled_from(REMOVABLE)),
        st.builds(rename, st.sampled_from(FIELDS), made_up),
        st.builds(add_rule, st.sampled_from(FIELDS), made_up),
        st.builds(lambda key, stays: option(key, stays=stays), st.sampled_from(["gold", "silver", f"{side}3"]), st.booleans()),
        st.builds(column, st.sampled_from(["account", "owner"])),
        st.builds(state_label, st.sampled_from(["draft", "waiting"]), st.sampled_from(_WORDS)),
        st.builds(drop, st.sampled_from(["view/quotes", "form/quote"])),
    )
    return st.lists(one, max_size=4)


def applied(found: Documents, some: list[Edit]) -> Documents:
    """Documents after edits."""
    found = deepcopy(found)
    for edit in some:
        found = edit(found)
    return found
