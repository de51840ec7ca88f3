"""Who uses what: which documents would feel it if something were removed or renamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.definitions.paths import fields_on_path
from engine.definitions.references import Target
from engine.definitions.survey import Survey, survey
from engine.definitions.workflow_parts import Path


@dataclass(frozen=True)
class Use:
    """Document `kind`/`key` uses `target` at `path`.

    Targets: ("entity", e), ("field", e, f), ("option", e, f, o), ("form", f), ("view", v),
    ("role", r), ("template", t), ("webhook", w), ("state", workflow, s),
    ("person_rule", workflow, r).
    """

    target: Target
    kind: str
    key: str
    path: Path


@dataclass(frozen=True)
class UseIndex:
    """All uses, by target; iterating gives every one."""

    by_target: Mapping[Target, tuple[Use, ...]] = field(default_factory=dict)

    def of(self, *target: str) -> tuple[Use, ...]:
        """Who uses this very thing: `index.of("field", "quotation", "amount")`."""
        return self.by_target.get(target, ())

    def within(self, *target: str) -> tuple[Use, ...]:
        """Who uses this or a part of it: an entity's fields, a field's options."""
        if target[0] == "entity":
            inside = [("field", *target[1:]), ("option", *target[1:])]
        else:
            inside = [("option", *target[1:])] if target[0] == "field" else []
        return tuple(
            use
            for key, uses_ in self.by_target.items()
            if key == target or any(key[: len(part)] == part for part in inside)
            for use in uses_
        )

    def __iter__(self) -> Iterator[Use]:
        for found in self.by_target.values():
            yield from found


def uses(documents: Iterable[object]) -> UseIndex:
    """Index the sound documents; never raises for bad input."""
    return uses_in(survey(documents))


def uses_in(surveyed: Survey) -> UseIndex:
    """The same over a survey that is there already."""
    found: dict[Target, list[Use]] = {}
    for use in dict.fromkeys((*_named(surveyed), *_in_expressions(surveyed), *_options(surveyed))):
        found.setdefault(use.target, []).append(use)
    return UseIndex({target: tuple(items) for target, items in found.items()})


def _named(surveyed: Survey) -> Iterator[Use]:
    for item in surveyed.references:
        if item.target[0] == "field":
            yield from _along(surveyed, item.target[1], item.target[2], item.kind, item.key, item.path)
        else:
            yield Use(item.target, item.kind, item.key, item.path)


def _in_expressions(surveyed: Survey) -> Iterator[Use]:
    for item in surveyed.compiled:
        place = item.place
        for name in sorted(item.expression.names) if item.expression else ():
            start = place.names.entity_path(name)
            if start is not None:
                yield from _along(surveyed, *start, place.kind, place.key, place.path)


def _options(surveyed: Survey) -> Iterator[Use]:
    for flow in surveyed.flows:
        for name, state in flow.states.items():
            if "status" in state:
                target = ("option", flow.body["entity"], flow.body["status_field"], state["status"])
                yield Use(target, "workflow", flow.key, ("states", name, "status"))
    for view in surveyed.outline.by_kind["view"].values():
        for index, option in enumerate(view.get("board", {}).get("values", ())):
            yield Use(("option", view["entity"], view["board"]["by"], option), "view", view["key"], ("board", "values", index))
    for item in surveyed.compiled:
        for entity, key, option in item.options_compared(surveyed.outline.entities):
            place = item.place
            yield Use(("option", entity, key, option), place.kind, place.key, place.path)


def _along(
    surveyed: Survey, entity: str, name: str, kind: str, key: str, path: Path
) -> Iterator[Use]:
    """A path of fields uses every field that it runs through."""
    for owner, step in fields_on_path(surveyed.outline.entities, entity, name):
        yield Use(("field", owner, step), kind, key, path)
