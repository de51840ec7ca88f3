"""Definitions as the rest of the engine sees them: frozen, complete, with expressions compiled.

A `Model` is everything of one app's release (or draft). It is built once per release and shared by
all threads of a process, so nothing in it may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.expressions import Expression
from engine.fields.capabilities import OwnsRows, Refers
from engine.fields.field_type import FieldType

Text = Mapping[str, str] | str
"""A label: a plain string, or one text per language."""

Document = Mapping[str, Any]
"""A definition as stored: the JSON object with `kind`, `key`, `uid`, `schema` and its body."""


@dataclass(frozen=True)
class Field:
    """One named value of an entity. `column` is its physical column name, from the uid."""

    key: str
    uid: str
    type: FieldType[Any]
    options: Mapping[str, Any]
    label: Text
    help: Text = ""
    required: bool = False
    unique: bool = False
    searchable: bool = False
    tracked: bool = True
    retired: bool = False
    default: Expression | None = None
    formula: Expression | None = None
    filter: Expression | None = None
    column: str = ""


@dataclass(frozen=True)
class Rule:
    """A condition that every saved record must meet: where `when` holds, `check` must hold too."""

    key: str
    check: Expression
    message: Text
    when: Expression | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entity:
    """A kind of thing the business keeps. `table` is its physical table name, from the uid.

    `fields` holds the four system fields (created_by, created_on, changed_by, changed_on) after the
    defined ones, and no retired field. `part_of` names the owner's entity for owned child rows.
    `owner` and `department` name the fields that the scopes "own" and "department" go by; without
    `owner` the creator is the owner; without `department` the owner's department counts.
    """

    key: str
    uid: str
    label: Text
    plural: Text
    icon: str
    title: str
    fields: Mapping[str, Field]
    rules: tuple[Rule, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    part_of: str | None = None
    owner: str | None = None
    department: str | None = None
    description: Text = ""
    retired: Mapping[str, Field] = field(default_factory=dict)
    table: str = ""


@dataclass(frozen=True)
class Form:
    """Layout for one record. `layout` is the document's body, with expressions still as text;
    `expressions` holds them compiled, by text."""

    key: str
    entity: str
    label: Text
    purpose: str
    roles: tuple[str, ...]
    layout: Mapping[str, Any]
    expressions: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of a list: a field, or a value one step away (`account.level`)."""

    field: str
    width: int | None = None
    label: Text = ""
    editable: bool = False


@dataclass(frozen=True)
class ColourRule:
    """Where `when` holds, the record (or one value of it, `field`) has this colour."""

    when: Expression
    colour: str
    field: str | None = None


@dataclass(frozen=True)
class Board:
    """One column for each value of a field. `values` are the columns in order; empty means all choices."""

    by: str
    values: tuple[str, ...] = ()
    title: str | None = None


@dataclass(frozen=True)
class Calendar:
    """Records on days, from one date field to another."""

    start: str
    end: str | None = None
    title: str | None = None
    colour: str | None = None


@dataclass(frozen=True)
class Cards:
    """One card for each record."""

    title: str | None = None
    chip: str | None = None


@dataclass(frozen=True)
class View:
    """A saved way to see many records. `type` is list, board, calendar or cards; `columns` are what
    is shown of each record in any of them."""

    key: str
    entity: str
    type: str
    label: Text
    columns: tuple[Column, ...]
    filter: Expression | None = None
    sort: tuple[str, ...] = ()
    quick_filters: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    is_default: bool = False
    page_size: int = 50
    group_by: str | None = None
    group_span: str = ""
    sums: tuple[str, ...] = ()
    colours: tuple[ColourRule, ...] = ()
    board: Board | None = None
    calendar: Calendar | None = None
    cards: Cards | None = None


@dataclass(frozen=True)
class Workflow:
    """States and transitions of an entity's records. `body` is the document itself
    (`formwork.workflow/1`); `expressions` its expressions, compiled, by text."""

    key: str
    uid: str
    entity: str
    status_field: str
    initial: str
    label: Text
    body: Mapping[str, Any]
    expressions: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """What a role may do with one entity.

    Each verb's scope is "none", "own", "department", "department_and_below", "all", or an
    Expression (rule). `create` is yes or no. `fields` maps field keys to "hidden", "read" or
    "write"; `otherwise` is the right to fields not named.
    """

    read: str | Expression = "none"
    create: bool = False
    change: str | Expression = "none"
    remove: str | Expression = "none"
    fields: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = "write"


@dataclass(frozen=True)
class Role:
    """Rights that people are given together."""

    key: str
    label: Text
    grants: Mapping[str, Grant]
    may_design: bool = False
    description: Text = ""


@dataclass(frozen=True)
class App:
    """One application: its languages, navigation, message templates and webhooks."""

    key: str
    uid: str
    label: Text
    description: Text
    icon: str
    languages: tuple[str, ...]
    default_language: str
    currency: str
    timezone: str
    navigation: tuple[Mapping[str, Any], ...] = ()
    templates: Mapping[str, Any] = field(default_factory=dict)
    webhooks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """All definitions of one app in one release. `release` is 0 for a draft."""

    app: App
    entities: Mapping[str, Entity]
    forms: Mapping[str, Form]
    views: Mapping[str, View]
    workflows: Mapping[str, Workflow]
    roles: Mapping[str, Role]
    locales: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    release: int = 0
    release_id: str = ""
    documents: Mapping[tuple[str, str], Document] = field(default_factory=dict)

    @cached_property
    def workflows_of(self) -> Mapping[str, tuple[Workflow, ...]]:
        """Workflows by the entity they drive."""
        found: dict[str, tuple[Workflow, ...]] = {}
        for workflow in self.workflows.values():
            found[workflow.entity] = (*found.get(workflow.entity, ()), workflow)
        return found

    @cached_property
    def status_fields(self) -> Mapping[str, frozenset[str]]:
        """By entity, the fields that only a workflow may write."""
        return {
            entity: frozenset(workflow.status_field for workflow in workflows)
            for entity, workflows in self.workflows_of.items()
        }

    @cached_property
    def children(self) -> Mapping[str, tuple[tuple[str, Field], ...]]:
        """By entity, the (child entity, rows field) pairs of its owned rows."""
        return {
            entity.key: tuple(
                (item.type.rows_entity(item.options), item)
                for item in entity.fields.values()
                if isinstance(item.type, OwnsRows)
            )
            for entity in self.entities.values()
        }

    @cached_property
    def referrers(self) -> Mapping[str, tuple[tuple[Entity, Field], ...]]:
        """By entity key (or "@user", "@department"), who refers to it, through which field."""
        found: dict[str, list[tuple[Entity, Field]]] = {}
        for entity in self.entities.values():
            for item in entity.fields.values():
                if isinstance(item.type, Refers):
                    found.setdefault(item.type.target(item.options), []).append((entity, item))
        return {key: tuple(pairs) for key, pairs in found.items()}
