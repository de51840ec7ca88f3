"""Giving a field or an entity another key, everywhere at once.

A key is how documents name a thing; its uid is what the thing is. So a rename touches no record, only
the documents that say the old key: lists of names (forms, views, workflows, roles, unique rules,
locales) and expressions. These are read word by word with the names that hold in their place, so
`amount` in an account's rule stays what it is when a quotation's `amount` is renamed, and
`quotation.amount` there follows. Texts in quotes are never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Document, Entity
from engine.definitions.names import Names
from engine.definitions.paths import MAX_STEPS, target_of
from engine.definitions.places import INSERT, Place, places_of
from engine.definitions.references import Reference
from engine.definitions.survey import Survey, survey
from engine.definitions.workflow_parts import Path
from engine.expressions import names_in
from engine.kernel.errors import Invalid

Changed = dict[tuple[str, str], Any]
Turn = Callable[[str, str], str]
"""From an entity and a dotted path of fields to the path as it is called now."""


@dataclass(frozen=True)
class RenamedPlace:
    """One place that says the key: the document as it was called before, the path, the text before and after.

    `after` None: it could not be rewritten (an expression that can't be read, a message that serves
    entities of which only one has the field), and somebody has to look.
    """

    kind: str
    key: str
    path: Path
    before: str
    after: str | None


@dataclass(frozen=True)
class Renaming:
    """What a rename does: documents that differ by their old kind and key, and the places in them."""

    documents: Mapping[tuple[str, str], Document]
    places: tuple[RenamedPlace, ...]


def rename_field(documents: Iterable[Document], entity: str, old: str, new: str, *, are_checked: bool = False) -> Renaming:
    """Give a field of an entity another key; raises nothing: what is wrong is lint's business.

    The field itself is found by its key (retired ones too) and keeps its uid. Documents that `are_checked` have been
    held against their schemas.
    """
    known = list(documents)
    surveyed = _survey(known, are_checked=are_checked)
    turn = turn_of(surveyed.outline.entities, {(entity, old): new})
    rewriting = _Rewriting(surveyed, known, old)
    document = surveyed.outline.by_kind["entity"].get(entity)
    for index, raw in enumerate(document["fields"] if document else ()):
        if raw["key"] == old:
            rewriting.put(("entity", entity), ("fields", index, "key"), old, new)
    rewriting.references(lambda item: _field_reference(item, turn))
    rewriting.expressions(turn)
    rewriting.locales(f"entity/{entity}/fields/{old}", f"entity/{entity}/fields/{new}")
    return rewriting.result()


def rename_entity(documents: Iterable[Document], old: str, new: str, *, are_checked: bool = False) -> Renaming:
    """Give an entity another key. Its document is in the result under its old key, with the new one inside."""
    known = list(documents)
    surveyed = _survey(known, are_checked=are_checked)
    rewriting = _Rewriting(surveyed, known, old)
    if old in surveyed.outline.by_kind["entity"]:
        rewriting.put(("entity", old), ("key",), old, new)
    rewriting.references(lambda item: _entity_reference(item, old, new))
    rewriting.locales(f"entity/{old}", f"entity/{new}")
    return rewriting.result()


def _survey(documents: Iterable[Document], *, are_checked: bool) -> Survey:
    """The documents with retired fields in use again, so that their formulas and options are read too."""
    return survey([_unretired(document) for document in documents], are_checked=are_checked)


def _unretired(document: Document) -> Document:
    fields = document.get("fields")
    if document.get("kind") != "entity" or not isinstance(fields, list) or not any(isinstance(item, Mapping) and "retired" in item for item in fields):
        return document
    fields = [
        {key: value for key, value in item.items() if key != "retired"} if isinstance(item, Mapping) else item
        for item in fields
    ]
    return {**document, "fields": fields}


def turn_of(entities: Mapping[str, Entity], renamed: Mapping[tuple[str, str], str]) -> Turn:
    """How paths are called when fields, by entity and old key, have got new keys."""

    def turn(owner: str, path: str) -> str:
        steps = path.split(".")
        at: str | None = owner
        for place, key in enumerate(steps[: MAX_STEPS + 1]):
            known = entities.get(at or "")
            if known is None:
                break
            steps[place] = renamed.get((known.key, key), key)
            item = known.fields.get(key)
            at = target_of(item) if item else None
        return ".".join(steps)

    return turn


def _field_reference(item: Reference, turn: Turn) -> tuple[str, str] | None:
    if item.target[0] != "field":
        return None
    _, entity, path = item.target
    after = turn(entity, path)
    return (path, after) if after != path else None


def _entity_reference(item: Reference, old: str, new: str) -> tuple[str, str] | None:
    return (old, new) if item.target == ("entity", old) else None


class _Rewriting:
    """The documents as they become, and what was found on the way."""

    def __init__(self, surveyed: Survey, documents: Iterable[Document], old: str) -> None:
        self.survey = surveyed
        self.old = old
        self.documents = {(item["kind"], item["key"]): item for item in documents}
        self.changed: Changed = {}
        self.places: list[RenamedPlace] = []
        self.keys: list[tuple[tuple[str, str], Path, str, str]] = []

    def put(self, document: tuple[str, str], path: Path, before: str, after: str) -> None:
        """Write a text at a path."""
        self.places.append(RenamedPlace(*document, path, before, after))
        self.changed[document] = _with(self.changed.get(document, self.documents[document]), path, after)

    def leave(self, document: tuple[str, str], path: Path, text: str) -> None:
        """Note a text that somebody has to look at, if it may speak of the renamed thing."""
        if self.old in text:
            self.places.append(RenamedPlace(*document, path, text, None))

    def references(self, of: Callable[[Reference], tuple[str, str] | None]) -> None:
        """Rewrite names that stand alone: values, and keys of objects."""
        seen: set[tuple[str, str, Path]] = set()
        for item in self.survey.references:
            found = of(item)
            place = (item.kind, item.key, item.path)
            if found is None or place in seen:
                continue
            seen.add(place)
            before, after = found
            document = (item.kind, item.key)
            value = _at(self.documents[document], item.path)
            if isinstance(value, str) and value.removeprefix("-") == before:
                self.put(document, item.path, value, ("-" if value.startswith("-") else "") + after)
            elif item.path and item.path[-1] == before:
                self.keys.append((document, item.path, before, after))
                self.places.append(RenamedPlace(*document, item.path, before, after))

    def expressions(self, turn: Turn) -> None:
        """Rewrite expressions; message templates, which several entities may use, at the end."""
        templates: dict[tuple[tuple[str, str], Path], list[Place]] = {}
        for place in places_of(self.survey.outline):
            document = (place.kind, place.key)
            if place.kind == "app":
                templates.setdefault((document, place.path), []).append(place)
                continue
            after = rewritten(place.text, place.names, turn)
            if after is None:
                self.leave(document, place.path, place.text)
            elif after != place.text:
                self.put(document, place.path, place.text, after)
        for (document, path), places in templates.items():
            self._template(document, path, places, turn)

    def _template(self, document: tuple[str, str], path: Path, places: Sequence[Place], turn: Turn) -> None:
        text = str(_at(self.documents[document], path))
        users = list({place.names.entity: place.names for place in places}.values())
        texts = {_rewritten_template(text, names, turn) for names in users}
        if texts == {text}:
            return
        if len(texts) == 1 and None not in texts:
            self.put(document, path, text, str(texts.pop()))
        else:
            self.leave(document, path, text)

    def locales(self, before: str, after: str) -> None:
        """Move translations to the new path."""
        for document in self.survey.outline.by_kind["locale"].values():
            place = (document["kind"], document["key"])
            for path in document["texts"]:
                if path == before or path.startswith(f"{before}/"):
                    self.keys.append((place, ("texts", path), path, after + path[len(before) :]))
                    self.places.append(RenamedPlace(*place, ("texts", path), path, after + path[len(before) :]))

    def result(self) -> Renaming:
        """Keys of objects last, the deepest first: paths to other places lead through the old ones."""
        for document, path, before, after in sorted(self.keys, key=lambda each: -len(each[1])):
            holder = self.changed.get(document, self.documents[document])
            inner = _at(holder, path[:-1])
            moved = {after if key == before else key: value for key, value in inner.items()}
            self.changed[document] = _with(holder, path[:-1], moved)
        return Renaming(self.changed, tuple(self.places))


def rewritten(text: str, names: Names, turn: Turn) -> str | None:
    """An expression with its fields as they are called now; None where it can't be read."""
    try:
        words = names_in(text)
    except Invalid:
        return None
    for word in reversed(words):
        start = names.entity_path(word.name)
        if start is None:
            continue
        entity, path = start
        after = turn(entity, path)
        if after != path:
            text = text[: word.offset] + word.name[: len(word.name) - len(path)] + after + text[word.end :]
    return text


def _rewritten_template(text: str, names: Names, turn: Turn) -> str | None:
    found = text
    for match in reversed(list(INSERT.finditer(text))):
        after = rewritten(match[1], names, turn)
        if after is None:
            return None
        found = found[: match.start(1)] + after + found[match.end(1) :]
    return found


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _with(value: Any, path: Path, to: Any) -> Any:
    if not path:
        return to
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_with(item, rest, to) if index == step else item for index, item in enumerate(value)]
    return {key: _with(item, rest, to) if key == step else item for key, item in value.items()}
