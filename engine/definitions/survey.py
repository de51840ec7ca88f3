"""An outline with its expressions compiled and its references listed, each once: what lint rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.definitions.certainty import Certainty
from engine.definitions.choices import Choice, Guards
from engine.definitions.comparisons import comparisons
from engine.definitions.dependencies import FieldName, computed_from
from engine.definitions.filled_fields import FilledFields
from engine.definitions.flow import Flow
from engine.definitions.model import Entity
from engine.definitions.outline import Outline, read_outline
from engine.definitions.paths import computation_of, fields_on_path, options_of
from engine.definitions.places import Place, places_of
from engine.definitions.references import Reference, references_of
from engine.expressions import Expression
from engine.expressions import compile as compile_expression
from engine.kernel.errors import Invalid, Problem

PARTS = ("formula", "filter")


@dataclass(frozen=True)
class Compiled:
    """A place and what became of its text: an expression, or the problems it has."""

    place: Place
    expression: Expression | None
    problems: tuple[Problem, ...] = ()

    def options_compared(self, entities: Mapping[str, Entity]) -> Iterator[tuple[str, str, str]]:
        """The (entity, field, option) of each choice that the expression compares with a text."""
        if self.expression is None:
            return
        for name, text in comparisons(self.expression.tree):
            start = self.place.names.entity_path(name)
            pairs = fields_on_path(entities, *start) if start else ()
            if start and len(pairs) == len(start[1].split(".")):
                owner, key = pairs[-1]
                if options_of(entities[owner].fields[key]):
                    yield owner, key, text


@dataclass(frozen=True)
class Survey:
    """All that the documents of an app say, found once and shared by every lint rule."""

    outline: Outline

    @cached_property
    def compiled(self) -> tuple[Compiled, ...]:
        """Every expression, compiled where it can be."""
        return tuple(_compile(place) for place in places_of(self.outline))

    @cached_property
    def expressions(self) -> Mapping[tuple[str, str, tuple[str | int, ...]], Expression]:
        """The sound expressions by kind, key and path."""
        return {
            (item.place.kind, item.place.key, item.place.path): item.expression
            for item in self.compiled
            if item.expression is not None
        }

    @cached_property
    def dependencies(self) -> Mapping[FieldName, frozenset[FieldName]]:
        """For every computed field, what it is computed from."""
        found: dict[FieldName, frozenset[FieldName]] = {}
        for key, entity in self.outline.entities.items():
            for index, raw in enumerate(self.outline.by_kind["entity"][key]["fields"]):
                item = entity.fields.get(raw["key"])
                if item is not None and computation_of(item) and not raw.get("retired"):
                    parts = [self.expressions.get(("entity", key, ("fields", index, part))) for part in PARTS]
                    found[key, item.key] = computed_from(self.outline.entities, key, item, *parts)
        return found

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The workflows as graphs."""
        return tuple(Flow(document) for document in self.outline.by_kind["workflow"].values())

    @cached_property
    def formulas(self) -> Mapping[FieldName, Expression]:
        """The compiled formulas by entity and field."""
        fields = {key: item["fields"] for key, item in self.outline.by_kind["entity"].items()}
        return {
            (key, fields[key][int(path[1])]["key"]): expression
            for (kind, key, path), expression in self.expressions.items()
            if kind == "entity" and path[-1] == "formula"
        }

    @cached_property
    def filled(self) -> Mapping[str, FilledFields]:
        """By workflow, which fields are certain to be filled in at each state."""
        certainty = Certainty(self.outline.entities, self.formulas)
        return {flow.key: FilledFields(flow, certainty, self.expressions) for flow in self.flows}

    @cached_property
    def guards(self) -> Mapping[str, Guards]:
        """By workflow, its guards ready for questions."""
        return {
            key: Guards(filled, self.outline.entities, self.expressions)
            for key, filled in self.filled.items()
        }

    @cached_property
    def choices(self) -> tuple[tuple[Flow, Choice], ...]:
        """Every choice state that can be reached."""
        return tuple(
            (guards.flow, choice) for guards in self.guards.values() for choice in guards.choices()
        )

    @cached_property
    def volatile(self) -> frozenset[FieldName]:
        """Formulas whose value changes by itself, with the clock, and formulas over such."""
        found = {name for name, expression in self.formulas.items() if expression.is_volatile}
        grows = bool(found)
        while grows:
            more = {name for name, sources in self.dependencies.items() if sources & found} - found
            found |= more
            grows = bool(more)
        return frozenset(found)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Everything that is named somewhere."""
        return tuple(references_of(self.outline))


def survey(documents: Iterable[object], *, are_checked: bool = False) -> Survey:
    """Survey documents; never raises for bad input."""
    return Survey(read_outline(documents, are_checked=are_checked))


def _compile(place: Place) -> Compiled:
    try:
        return Compiled(place, compile_expression(place.text, place.names, expects=place.expects))
    except Invalid as error:
        return Compiled(place, None, error.problems)
