"""Views of a block: which fields they can't be without, and what is left of them without others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.expressions import names_in


def axes_of(view: Mapping[str, Any]) -> set[str]:
    """The fields that a view is made of: columns of a board, days of a calendar, groups of a list."""
    found = {view[part][name] for part, name in (("board", "by"), ("calendar", "start")) if part in view}
    return found | ({view["group_by"]} if "group_by" in view else set())


def wanted_of(view: Mapping[str, Any]) -> set[str]:
    """The fields that another of their kind can stand for: what orders, sums up, colours or is asked for."""
    found = {view[part][name] for part, name in (("calendar", "end"), ("calendar", "colour"), ("cards", "chip")) if name in view.get(part, {})}
    return found | asked_of(view) | {key.lstrip("-") for key in view.get("sort", ())} | set(view.get("sums", ()))


def asked_of(view: Mapping[str, Any]) -> set[str]:
    """The fields that its conditions ask for."""
    return {word.name for text in conditions_of(view) for word in names_in(text)}


def conditions_of(view: Mapping[str, Any]) -> Iterator[str]:
    """Its filter and the conditions of its colours."""
    if "filter" in view:
        yield view["filter"]
    yield from (rule["when"] for rule in view.get("colours", ()))


def pruned_view(view: dict[str, Any], gone: set[str], title: str) -> dict[str, Any]:
    """The view without what names fields that are gone; where no column is left, the entity's title is one."""
    def stays(name: Any) -> bool:
        return (name["field"] if isinstance(name, Mapping) else name).lstrip("-") not in gone

    def holds(text: str) -> bool:
        return not any(word.name in gone for word in names_in(text))

    found = dict(view)
    for part in ("columns", "sort", "sums", "quick_filters"):
        if part in found:
            found[part] = [name for name in found[part] if stays(name)]
    if not found["columns"]:
        found["columns"] = [{"field": title}]
    if "filter" in found and not holds(found["filter"]):
        del found["filter"]
    if "colours" in found:
        found["colours"] = [rule for rule in found["colours"] if holds(rule["when"]) and stays(rule.get("field", ""))]
    for part in ("board", "calendar", "cards"):
        if part in found:
            found[part] = {name: key for name, key in found[part].items() if not isinstance(key, str) or stays(key)}
    return {part: value for part, value in found.items() if value != []}
