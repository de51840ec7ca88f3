"""Following fields: through references to the value at the end, and from computed to computed-from."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Entity, Field
from engine.fields import effective
from engine.fields import kind_of as kind_of_type
from engine.fields.capabilities import Computes, Offers, OwnsRows, Refers
from engine.fields.field_type import Kind

MAX_STEPS = 3
"""How many references a path may go through."""

USER = "@user"
DEPARTMENT = "@department"

BUILT_IN: Mapping[str, Mapping[str, tuple[Kind, str | None]]] = {
    USER: {
        "id": ("reference", USER),
        "name": ("text", None),
        "login": ("text", None),
        "email": ("text", None),
        "title": ("text", None),
        "department": ("reference", DEPARTMENT),
        "manager": ("reference", USER),
    },
    DEPARTMENT: {
        "id": ("reference", DEPARTMENT),
        "key": ("text", None),
        "parent": ("reference", DEPARTMENT),
        "head": ("reference", USER),
    },
}
"""What a step into a user or a department finds: kind, and what it refers to."""

LOOKING = frozenset({"mirror", "rollup"})
"""Computations that look at a field elsewhere."""

Entities = Mapping[str, Entity]


def find_field(entities: Entities, entity: str, path: str) -> Field | None:
    """The field at the end of a path (`account.level`), or None where there is none."""
    steps = path.split(".")
    pairs = fields_on_path(entities, entity, path)
    if len(pairs) != len(steps):
        return None
    owner, key = pairs[-1]
    return entities[owner].fields[key]


def fields_on_path(entities: Entities, entity: str, path: str) -> tuple[tuple[str, str], ...]:
    """The (entity, field) pairs that a path runs through, as far as it can be followed."""
    found: list[tuple[str, str]] = []
    owner: str | None = entity
    for key in path.split(".")[: MAX_STEPS + 1]:
        known = entities.get(owner or "")
        item = known.fields.get(key) if known else None
        if owner is None or item is None:
            break
        found.append((owner, key))
        owner = target_of(item)
    return tuple(found)


def kind_of_path(entities: Entities, entity: str, path: str) -> Kind | None:
    """The kind of the value that a path leads to, or None where it leads nowhere."""
    owner: str | None = entity
    kind: Kind | None = None
    steps = path.split(".")
    if len(steps) > MAX_STEPS + 1:
        return None
    for key in steps:
        if owner in entities:
            kind, owner = _in_entity(entities, str(owner), key)
        elif owner in BUILT_IN:
            kind, owner = BUILT_IN[str(owner)].get(key, (None, None))
        else:
            return None
        if kind is None:
            return None
    return kind


def kind_of(item: Field) -> Kind:
    """The kind of a field's value; a computed field has that of what it computes."""
    return kind_of_type(item.type, item.options)


def source_of(entities: Entities, entity: str, item: Field) -> tuple[str, Field]:
    """The field (and its entity) whose type and options describe this field's values.

    A mirror and a sum, least or greatest value have the type of the field they show; everything
    else is its own source. Circles end where they close. Needed while a model is built: later the
    field's options say it themselves (`source`).
    """
    seen: set[tuple[str, str]] = set()
    while (entity, item.key) not in seen:
        seen.add((entity, item.key))
        further = _one_back(entities, entity, item)
        if further is None:
            break
        entity, item = further
    return entity, item


def computation_of(item: Field) -> str | None:
    """`formula`, `mirror`, `rollup`, `number`, or None for a field that people fill in."""
    return item.type.computation if isinstance(item.type, Computes) else None


def counts(item: Field) -> bool:
    """Is this a rollup that counts, and so needs no field to look at?"""
    return computation_of(item) == "rollup" and item.options.get("function") == "count"


def options_of(item: Field) -> tuple[str, ...]:
    """The keys that a choice offers, retired ones included; empty for other fields."""
    shown, settings = effective(item.type, item.options)
    return tuple(str(option["key"]) for option in shown.choices(settings)) if isinstance(shown, Offers) else ()


def rolled_up(entities: Entities, entity: str, item: Field) -> str | None:
    """The entity that a rollup looks at, or None when its options don't lead to one."""
    rows = item.options.get("rows")
    if not rows:
        named = item.options.get("entity")
        return named if named in entities else None
    owned = entities[entity].fields.get(rows)
    return rows_of(owned) if owned and rows_of(owned) in entities else None


def rows_of(item: Field) -> str | None:
    """The entity of a field's owned rows, or None for other fields."""
    return item.type.rows_entity(item.options) if isinstance(item.type, OwnsRows) else None


def target_of(item: Field) -> str | None:
    """What a field refers to: an entity's key, "@user", "@department", or None."""
    return item.type.target(item.options) if isinstance(item.type, Refers) else None


def _in_entity(entities: Entities, entity: str, key: str) -> tuple[Kind | None, str | None]:
    if key == "id":
        return "reference", entity
    item = entities[entity].fields.get(key)
    return (kind_of(item), target_of(item)) if item else (None, None)


def _one_back(entities: Entities, entity: str, item: Field) -> tuple[str, Field] | None:
    computation, owner = computation_of(item), None
    if computation == "mirror":
        via = entities[entity].fields.get(str(item.options.get("via")))
        owner = target_of(via) if via else None
    elif computation == "rollup" and not counts(item):
        owner = rolled_up(entities, entity, item)
    if owner not in entities:
        return None
    found = entities[str(owner)].fields.get(str(item.options.get("field")))
    return (str(owner), found) if found else None
