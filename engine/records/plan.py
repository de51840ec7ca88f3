"""What to do with the values of one entity, worked out once per release.

The field types' own parse and check are bound to their options here, so that a write runs down a
list of closures instead of asking each field what it is.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any

from engine.definitions.model import Entity, Field, Model
from engine.definitions.paths import computation_of
from engine.expressions import Expression
from engine.fields import FieldType, effective
from engine.fields.capabilities import Computes, HoldsFiles, Offers, OwnsRows, Refers, SystemValue
from engine.fields.column_types import Exact
from engine.kernel.errors import Problem
from engine.records.graph import Graph, Node, build_graph
from engine.records.memory import Memory
from engine.records.record import Dump, dump_value

MAX_STATEMENTS = 400
"""Prepared statements kept per release and process; each takes some 20 to 60 KiB."""

SYSTEM_FIELDS = frozenset({"created_by", "created_on", "changed_by", "changed_on"})
"""Fields that every entity has. Owned rows don't show theirs: they live and change with their owner."""

Check = Callable[[Any], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One field as a write meets it. `check` and `dump` are None where they would do nothing.

    `scale` is the decimals of a number (None for other kinds); `is_exact` says that its values are
    Decimals rather than ints. `target` is what it refers to.
    """

    key: str
    field: Field
    kind: str
    parse: Callable[[object], Any]
    check: Check | None
    dump: Dump | None
    target: str | None = None
    holds_files: bool = False
    offers: bool = False
    scale: int | None = None
    is_exact: bool = False


@dataclass(frozen=True)
class EntityPlan:
    """Everything a write of this entity needs to know.

    `inputs` are the fields that people fill in; `rows` the owned rows by field and child entity;
    `stored` all fields with a column that holds their value (no volatile formula); `initial` what
    a workflow sets at creation; `unique` the fields that no two records may share, alone or together; `told`
    the key, uid and dump of fields whose history is kept;
    `untold` the system fields whose change nobody needs to hear of, for nothing is derived from them.
    """

    entity: Entity
    inputs: Mapping[str, Slot]
    slots: Mapping[str, Slot]
    rows: Mapping[str, str]
    stored: Mapping[str, Field]
    required: tuple[str, ...]
    defaults: tuple[tuple[str, Expression], ...]
    references: tuple[Slot, ...]
    files: tuple[Slot, ...]
    numbers: tuple[Slot, ...]
    searchable: tuple[Slot, ...]
    tracked: frozenset[str]
    told: tuple[tuple[str, str, Dump | None], ...]
    status: frozenset[str]
    initial: Mapping[str, str]
    unique: frozenset[str]
    untold: frozenset[str]


@dataclass(frozen=True)
class Plans:
    """The plans of all entities of a release, and what is remembered along with it: statements,
    checked filters, and small things that are asked for often."""

    model: Model
    graph: Graph
    entities: Mapping[str, EntityPlan]
    statements: Memory = field(default_factory=lambda: Memory(MAX_STATEMENTS))
    filters: Memory = field(default_factory=lambda: Memory(2 * MAX_STATEMENTS))
    kept: Memory = field(default_factory=lambda: Memory(10 * MAX_STATEMENTS))

    def dumps(self, entity: str) -> Mapping[str, Dump | None]:
        """How to write each field's value as JSON, owned rows included."""
        return self.kept.get(("dumps", entity), lambda: self._dumps(entity))

    def _dumps(self, entity: str) -> Mapping[str, Dump | None]:
        plan = self.entities[entity]
        found: dict[str, Dump | None] = {key: slot.dump for key, slot in plan.slots.items()}
        found.update({key: self._rows_dump(child) for key, child in plan.rows.items()})
        return found

    def _rows_dump(self, child: str) -> Dump:
        dumps = {**self._dumps(child), "id": str}
        return lambda rows: [{key: dump_value(dumps.get(key), value) for key, value in row.items()} for row in rows]


_built: dict[int, tuple[weakref.ref[Model], Plans]] = {}
_lock = Lock()


def plans_of(model: Model) -> Plans:
    """The plans of a model; built on first use and dropped with the model."""
    found = _built.get(id(model))
    if found is not None and found[0]() is model:
        return found[1]
    plans = build_plans(model)
    key = id(model)
    with _lock:
        _built[key] = (weakref.ref(model, partial(_forget, _built, key)), plans)
    return plans


def _forget(built: dict[int, Any], key: int, _: object) -> None:
    built.pop(key, None)


def build_plans(model: Model) -> Plans:
    """Work out the plans of a model."""
    graph = build_graph(model)
    return Plans(model, graph, {key: _plan(model, graph, entity) for key, entity in model.entities.items()})


def _plan(model: Model, graph: Graph, entity: Entity) -> EntityPlan:
    slots = {key: slot_of(item) for key, item in entity.fields.items() if not isinstance(item.type, OwnsRows)}
    rows = {
        key: item.type.rows_entity(item.options)
        for key, item in entity.fields.items()
        if isinstance(item.type, OwnsRows)
    }
    inputs = {
        key: slot for key, slot in slots.items() if not isinstance(slot.field.type, (Computes, SystemValue))
    }
    return EntityPlan(
        entity=entity,
        inputs=inputs,
        slots=slots,
        rows=rows,
        stored={
            key: slot.field
            for key, slot in slots.items()
            if slot.field.column and Node(entity.key, key) not in graph.volatile
        },
        required=tuple(key for key in (*inputs, *rows) if entity.fields[key].required),
        defaults=tuple((key, slot.field.default) for key, slot in inputs.items() if slot.field.default is not None),
        references=tuple(slot for slot in inputs.values() if slot.target),
        files=tuple(slot for slot in inputs.values() if slot.holds_files),
        numbers=tuple(slot for slot in slots.values() if computation_of(slot.field) == "number"),
        searchable=tuple(slot for slot in slots.values() if slot.field.searchable and slot.field.column),
        tracked=frozenset(key for key, item in entity.fields.items() if item.tracked),
        told=tuple((key, slot.field.uid, slot.dump) for key, slot in slots.items() if slot.field.tracked),
        status=model.status_fields.get(entity.key, frozenset()),
        initial=_initial(model, entity),
        unique=frozenset(key for key, item in entity.fields.items() if item.unique).union(*entity.unique),
        untold=frozenset(key for key in SYSTEM_FIELDS if (entity.key, key) not in graph.triggers),
    )


def slot_of(item: Field) -> Slot:
    """A field's parse, check and dump, bound to its options."""
    field_type, options = effective(item.type, item.options)
    has_check = type(field_type).check is not FieldType.check
    column = field_type.column(options)
    is_exact = isinstance(column, Exact)
    return Slot(
        key=item.key,
        field=item,
        kind=field_type.kind,
        parse=lambda raw: field_type.parse(raw, options),
        check=(lambda value: field_type.check(value, options)) if has_check else None,
        dump=None if _is_json(field_type) else lambda value: field_type.dump(value, options),
        target=field_type.target(options) if isinstance(field_type, Refers) else None,
        holds_files=isinstance(field_type, HoldsFiles),
        offers=isinstance(field_type, Offers),
        scale=(column.scale if isinstance(column, Exact) else 0) if field_type.kind == "number" else None,
        is_exact=is_exact,
    )


def _is_json(field_type: FieldType[Any]) -> bool:
    """Is a value its own JSON? Texts and yes/no are, whatever their type is called."""
    return field_type.kind in {"text", "yes_no"}


def _initial(model: Model, entity: Entity) -> Mapping[str, str]:
    found = {}
    for workflow in model.workflows_of.get(entity.key, ()):
        state = workflow.body.get("states", {}).get(workflow.initial, {})
        found[workflow.status_field] = str(state.get("status", workflow.initial))
    return found
