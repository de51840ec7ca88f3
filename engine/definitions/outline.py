"""Documents read as far as they can be read: what lint, names and the model builder all start from.

Nothing here compiles an expression, and no document can make it fail: one that its schema refuses is
left out and named in `broken`, so that rules about references don't report it as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from engine.definitions.documents import load_document, name_of
from engine.definitions.finding import Finding, from_problems
from engine.definitions.model import Document, Entity, Field
from engine.definitions.paths import source_of
from engine.definitions.schemas import KINDS
from engine.fields import SYSTEM, TYPES, FieldType, complete_options, effective
from engine.fields.capabilities import SystemValue
from engine.kernel.errors import Invalid
from engine.kernel.ids import column_name, physical_name
from engine.kernel.messages import LANGUAGES, translate

DEFAULT_CURRENCY = "CNY"
DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Outline:
    """The sound documents of an app by kind and key, and its entities without expressions.

    `all` holds every sound document, also those whose key another one has taken already.
    `findings` says what was wrong with the rest.
    """

    all: tuple[Document, ...]
    by_kind: Mapping[str, Mapping[str, Document]]
    entities: Mapping[str, Entity]
    broken: frozenset[tuple[str, str]]
    findings: tuple[Finding, ...]

    @property
    def app(self) -> Document | None:
        """The app's own document."""
        return next(iter(self.by_kind["app"].values()), None)

    @property
    def currency(self) -> str:
        """The app's currency."""
        return str((self.app or {}).get("currency", DEFAULT_CURRENCY))

    def has(self, kind: str, key: str) -> bool:
        """Is there such a document, sound or not?"""
        return key in self.by_kind[kind] or (kind, key) in self.broken

    def is_broken(self, kind: str, key: str) -> bool:
        """Is there such a document, and its schema refuses it?"""
        return (kind, key) in self.broken and key not in self.by_kind[kind]


def read_outline(documents: Iterable[object], *, are_checked: bool = False) -> Outline:
    """Check every document on its own and index the sound ones; never raises for bad input.

    Documents that `are_checked` come out of a published release and aren't checked again.
    """
    sound: list[Document] = []
    broken: set[tuple[str, str]] = set()
    findings: list[Finding] = []
    for document in documents:
        try:
            sound.append(load_document(document, is_checked=are_checked))
        except Invalid as error:
            kind, key = name_of(document)
            broken.add((kind, key))
            findings.extend(from_problems(kind, key, error.problems))
    by_kind: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    for document in sound:
        by_kind[document["kind"]].setdefault(document["key"], document)
    app = next(iter(by_kind["app"].values()), {})
    currency = str(app.get("currency", DEFAULT_CURRENCY))
    entities = {key: _entity(item, currency) for key, item in by_kind["entity"].items()}
    entities = {key: _with_sources(entities, entity) for key, entity in entities.items()}
    return Outline(tuple(sound), by_kind, entities, frozenset(broken), tuple(findings))


def _entity(document: Document, currency: str) -> Entity:
    fields = [read_field(item, currency) for item in document["fields"]]
    current: dict[str, Field] = {}
    for item in (*fields, *_system_fields(document["uid"])):
        if not item.retired:
            current.setdefault(item.key, item)
    return Entity(
        key=document["key"],
        uid=document["uid"],
        label=document["label"],
        plural=document.get("plural", document["label"]),
        icon=document.get("icon", ""),
        title=document["title"],
        fields=current,
        unique=tuple(tuple(group) for group in document.get("unique", ())),
        part_of=document.get("part_of"),
        owner=document.get("owner"),
        department=document.get("department"),
        description=document.get("description", ""),
        retired={item.key: item for item in fields if item.retired},
        table=physical_name("e", document["uid"]),
    )


def read_field(item: Mapping[str, Any], currency: str) -> Field:
    """A field without its expressions, and without what it shows of others; raises Invalid for bad options."""
    field_type = TYPES[item["type"]]
    options = complete_options(field_type, item.get("options", {}))
    if "currency" in options and not options["currency"]:
        options["currency"] = currency  # a currency that isn't named is the app's
    has_column = field_type.column(options) is not None
    return Field(
        key=item["key"],
        uid=item["uid"],
        type=field_type,
        options=options,
        label=item["label"],
        help=item.get("help", ""),
        required=item.get("required", False),
        unique=item.get("unique", False),
        searchable=item.get("searchable", False),
        tracked=item.get("tracked", True),
        retired=item.get("retired", False),
        column=column_name(item["uid"], field_type.key) if has_column else "",
    )


def _with_sources(entities: Mapping[str, Entity], entity: Entity) -> Entity:
    """Tell every field that shows another one's values what type these are of."""
    fields = dict(entity.fields)
    for key, item in entity.fields.items():
        _, source = source_of(entities, entity.key, item)
        if source is not item:
            shown, settings = effective(source.type, source.options)
            options = {**item.options, "source": {"type": shown.key, "options": settings}}
            fields[key] = replace(item, options=options)
    return replace(entity, fields=fields)


def _system_fields(entity_uid: str) -> Iterable[Field]:
    """Who and when, for every entity. Their ids follow from the entity's, so they never change."""
    for field_type in SYSTEM:
        options, label = _same_everywhere(field_type)
        yield Field(
            key=field_type.key,
            uid=str(uuid5(NAMESPACE_OID, f"{entity_uid}/{field_type.key}")),
            type=field_type,
            options=options,
            label=label,
            tracked=False,
            column=field_type.system_column if isinstance(field_type, SystemValue) else "",
        )


@cache
def _same_everywhere(field_type: FieldType[Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The options and the label of a system field, whatever entity has it."""
    code = f"definition.system.{field_type.key}"
    return complete_options(field_type, {}), {language: translate(code, language=language) for language in LANGUAGES}
