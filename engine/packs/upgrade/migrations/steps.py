"""Declared steps with what they name: by the installed version's keys or the new one's, whatever things are called here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions import Document, Names
from engine.definitions.model import Entity, Field, Model
from engine.definitions.paths import kind_of
from engine.expressions import Expression
from engine.expressions import compile as compile_expression
from engine.kernel.errors import Invalid, Problem
from engine.packs.upgrade.renames import Sides

KINDS = ("rename", "default", "move", "split", "option", "state")


@dataclass(frozen=True)
class Places:
    """What documents of the two pack versions name, by uid in the app's models before and after."""

    sides: Sides
    before: Model
    after: Model

    def entity(self, place: str, model: Model) -> Entity | None:
        """An entity that a step names as entity/key."""
        uid = next((item["uid"] for item in self._named(place)), None)
        return next((entity for entity in model.entities.values() if entity.uid == uid), None)

    def workflow_uid(self, place: str) -> str | None:
        """A workflow that a step names as workflow/key."""
        return next((item["uid"] for item in self._named(place)), None)

    def field(self, place: str, key: str, model: Model) -> Field | None:
        """A field that a step names by its key."""
        entity = self.entity(place, model)
        uids = [item["uid"] for document in self._named(place) for item in document["fields"] if item["key"] == key]
        return next((item for item in entity.fields.values() if item.uid in uids), None) if entity else None

    def names(self, place: str) -> dict[str, Field]:
        """An entity's stored fields before the upgrade, by the keys of the installed version and of the app."""
        entity = self.entity(place, self.before)
        if entity is None:
            return {}
        by_uid = {item.uid: item for item in entity.fields.values() if item.column}
        old = {item["key"]: by_uid[item["uid"]] for document in self._named(place) for item in document["fields"] if item["uid"] in by_uid}
        return {**{item.key: item for item in by_uid.values()}, **old}

    def _named(self, place: str) -> Iterable[Document]:
        for side in (self.sides.base, self.sides.theirs):
            yield from (item for item in side if f"{item['kind']}/{item['key']}" == place)


@dataclass(frozen=True)
class Step:
    """A step that has something to do here. `source` is read before, `target` written after."""

    kind: str
    place: str
    entity: Entity
    source: Field | None = None
    target: Field | None = None
    through: Field | None = None
    texts: tuple[tuple[Field, Expression], ...] = ()
    option: tuple[str, str] = ("", "")


def read_steps(declared: Sequence[Mapping[str, Any]], places: Places) -> tuple[list[Step], list[Problem]]:
    """The steps that concern things which are here, and what is wrong with the others' expressions.

    A step whose fields are neither in the installed version nor in the new one was for versions between: nothing
    is left of it to do. Renames are done by then, and states and options go where the publish moves them.
    """
    found: list[Step] = []
    problems: list[Problem] = []
    for place, raw in enumerate(declared):
        kind = next(key for key in KINDS if key in raw)
        if kind in ("rename", "state", "option"):
            continue
        try:
            step = _READ[kind](raw, places)
        except Invalid as error:
            problems += [Problem("pack.migration_expression", {"step": str(raw[kind]), "reason": item.code, **item.values}, ("migrations", place)) for item in error.problems]
            continue
        if step is not None:
            found.append(step)
    return found, problems


def _default(raw: Mapping[str, Any], places: Places) -> Step | None:
    entity, item = places.entity(raw["default"], places.after), places.field(raw["default"], raw["field"], places.after)
    if entity is None or item is None or not item.column:
        return None
    text = compile_expression(raw["value"], Names(places.after.entities, entity.key, "default"), expects=kind_of(item))
    return Step("default", raw["default"], entity, None, item, None, ((item, text),))


def _move(raw: Mapping[str, Any], places: Places) -> Step | None:
    entity = places.entity(raw["move"], places.before)
    source = places.field(raw["move"], raw["field"], places.before)
    through = places.field(raw["move"], raw["through"], places.before) if "through" in raw else None
    if entity is None or source is None or not source.column or ("through" in raw and through is None):
        return None
    owner = raw["move"] if through is None else f"entity/{_first_key(places, through.options['entity'])}"
    target = places.field(owner, raw["to"], places.after)
    return Step("move", owner, entity, source, target, through) if target is not None and target.column else None


def _split(raw: Mapping[str, Any], places: Places) -> Step | None:
    entity, source = places.entity(raw["split"], places.before), places.field(raw["split"], raw["field"], places.before)
    if entity is None or source is None:
        return None
    names = {key: kind_of(item) for key, item in places.names(raw["split"]).items()}
    texts = []
    for key, text in raw["into"].items():
        target = places.field(raw["split"], key, places.after)
        if target is not None and target.column:
            texts.append((target, compile_expression(text, names, expects=kind_of(target))))
    return Step("split", raw["split"], entity, source, None, None, tuple(texts)) if texts else None


def _first_key(places: Places, key: str) -> str:
    """What the installed version calls an entity of the app."""
    uid = places.before.entities[key].uid
    return next((item["key"] for item in (*places.sides.base, *places.sides.theirs) if item["uid"] == uid), key)


_READ = {"default": _default, "move": _move, "split": _split}
