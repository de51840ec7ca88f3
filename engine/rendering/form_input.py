"""What a browser posted becomes raw values again.

Names say where a value belongs: `amount`, `lines-0-qty`. Keys hold no hyphen, so these endings are
free: `-present` says that a check box, list, file list or grid was on the form at all, so that its
absence means "no" or "none"; `-title` is the text of a lookup, kept to show it again; `-files` is
the box that files are chosen in (a script sends them at once and puts their ids into the field). Order of rows is the order in which they were posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.definitions import Entity, Field, Model
from engine.fields.capabilities import OwnsRows
from engine.rendering.form_rules import Policy, Rules
from engine.rendering.live_rules import child_of, unshown_defaults
from engine.rendering.locale import current_locale

_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MOMENT = re.compile(_DAY.pattern + r"[T ,]*(\d{1,2}):(\d{2})(?::\d{2})?")
_ROWS = 500


@dataclass
class FormInput:
    """Raw values by field (for a rows field a list of such mappings, with `id` for rows that exist),
    and texts of lookups by field."""

    values: dict[str, Any] = field(default_factory=dict)
    titles: dict[str, Any] = field(default_factory=dict)


def parse_form(model: Model, entity_key: str, pairs: Iterable[tuple[str, str]]) -> FormInput:
    """Raw values of a posted form, as the records room takes them.

    Empty text becomes null. Fields that were not posted (hidden, locked, not on the form) are not in the
    result. Unknown names are left out: they are the page's own, which no key can be (`_comment`, `rev`, `csrf`). Nothing is refused here;
    text that is no number or date stays as it is, for the field type to say so.
    """
    entity = model.entities[entity_key]
    found = FormInput()
    posted: dict[str, list[str]] = {}
    rows: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name, value in pairs:
        parts = name.split("-")
        if len(parts) <= 2 and (len(parts) == 1 or parts[1] in _ENDINGS):
            posted.setdefault(name, []).append(value)
        elif len(parts) in (3, 4) and parts[1].isdigit():
            grid = rows.setdefault(parts[0], {})
            if len(grid) < _ROWS or parts[1] in grid:
                grid.setdefault(parts[1], {}).setdefault("-".join(parts[2:]), []).append(value)
    for key, target in entity.fields.items():
        if isinstance(target.type, OwnsRows):
            if f"{key}-present" in posted:
                child = model.entities[target.type.rows_entity(target.options)]
                lines = [
                    line
                    for each in rows.get(key, {}).values()
                    if not _is_blank(line := _line(child, each))
                ]
                found.values[key] = [line.values for line in lines]
                found.titles[key] = [line.titles for line in lines]
        else:
            _take(target, posted, found)
    return found


def left_to_defaults(model: Model, policy: Policy, entity_key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a new record without the blanks that stand for a default which the form could not show.

    Nobody has emptied those: leaving them out lets the records room fill them. Rows are treated alike.
    """
    entity = model.entities[entity_key]
    unshown = unshown_defaults(Rules(model, policy, entity, {}))
    found: dict[str, Any] = {}
    for key, value in values.items():
        child = child_of(model, entity, key) if isinstance(value, list) else None
        if child is not None:
            found[key] = [row if "id" in row else left_to_defaults(model, policy, child.key, row) for row in value]
        elif value is not None or key not in unshown:
            found[key] = value
    return found


_ENDINGS = frozenset({"present", "title", "files"})


def _line(child: Entity, posted: dict[str, list[str]]) -> FormInput:
    line = FormInput()
    for target in child.fields.values():
        if not isinstance(target.type, OwnsRows):
            _take(target, posted, line)
    if identity := next((text for text in posted.get("id", ()) if text), ""):
        line.values["id"] = identity
    return line


def _is_blank(line: FormInput) -> bool:
    """A row that exists is never blank; a new one is when nothing was entered."""
    return "id" not in line.values and all(
        value in (None, [], False) for value in line.values.values()
    )


def _take(target: Field, posted: dict[str, list[str]], found: FormInput) -> None:
    key, kind = target.key, target.type.kind
    given = posted.get(key)
    is_present = f"{key}-present" in posted
    if given is None and not is_present:
        return
    if kind in ("list", "file"):
        found.values[key] = [text for text in given or () if text]
        return
    if kind == "yes_no":
        found.values[key] = bool(given and given[-1] == "true")
        return
    text = (given or [""])[-1]
    found.values[key] = _cleaned(kind, text)
    if title := (posted.get(f"{key}-title") or [""])[-1]:
        found.titles[key] = title


def _cleaned(kind: str, text: str) -> Any:
    bare = text.strip()
    if not bare:
        return None
    if kind == "number":
        return bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare
    if kind == "date" and (day := _DAY.fullmatch(bare)):
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}"
    if kind == "datetime":
        return _moment(bare)
    return text.replace("\r\n", "\n") if kind == "text" else bare


def _moment(text: str) -> str:
    """Local text to RFC 3339 in UTC; in the hour that a clock change repeats, the first is meant."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    try:
        local = datetime(*(int(part) for part in found.groups()), tzinfo=current_locale().zone)  # type: ignore[arg-type, misc]
    except ValueError:
        return text
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
