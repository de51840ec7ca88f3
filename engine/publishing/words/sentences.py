"""From edits to sentences: the thing by its name, its property by a word, the values as people read them.

Every edit has a sentence. One at a place without words of its own is told as a setting of the nearest thing
that has a name; a path or a key of ours never shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.definitions import Document
from engine.definitions.labels import Labels, word
from engine.definitions.wording import listed, rule_in_words
from engine.kernel.errors import PathPart
from engine.kernel.messages import catalogue, translate
from engine.publishing.compare import Difference, Edit, entry_name
from engine.publishing.words.places import PLACES, Place
from engine.publishing.words.values import Values, list_change, shortened

_LANGUAGE_SHOWS = "text"
_TECHNICAL = "identity"
_LISTS = ("fields", "columns", "sort", "roles", "states", "who", "words", "option", "languages", "groups")


@dataclass(frozen=True)
class Sentence:
    """One edit in words. `path` leads to the place for a link; it is not for reading."""

    kind: Literal["added", "changed", "removed", "moved"]
    text: str
    path: tuple[PathPart, ...]


def sentences_of(
    difference: Difference, before: Document | None, after: Document | None, labels: tuple[Labels, Labels],
) -> tuple[Sentence, ...]:
    """What a document's edits mean. `labels` are those of the older and the newer documents.

    A document that came or went has one sentence, with what it holds.
    """
    if before is None or after is None:
        side = 1 if before is None else 0
        document = after if after is not None else before
        return (Sentence(difference.change, _whole(difference, document or {}, labels[side]), ()),)
    told = _Told(before, after, labels)
    found = [Sentence(edit.kind, text, edit.path) for edit in difference.edits if (text := told.sentence(edit))]
    return tuple(dict.fromkeys(found)) or (Sentence("changed", told.say("technical"), ()),)


def place_in_words(document: Document, path: Sequence[PathPart], labels: Labels, *, names_all: bool = False) -> str:
    """A place in a document: tab “Basics” › “Amount” › when it is shown; "" for the document itself.

    `names_all` names the last setting even where what is around it says enough.
    """
    told = _Told(document, document, (labels, labels))
    return told.place(path, names_all=names_all)


def _whole(difference: Difference, document: Document, labels: Labels) -> str:
    language = labels.language
    counts = [
        translate(f"change.holds.{name}", {"count": len(document[name])}, language)
        for name in ("fields", "columns", "states", "entities", "texts", "tabs") if document.get(name)
    ]
    code = f"change.document_{difference.change}" + ("_with" if counts and difference.change == "added" else "")
    kind = translate(f"change.kind.{document['kind']}", None, language)
    label = labels.say(document.get("label")) or labels.document(document["kind"], document["key"])
    return translate(code, {"kind": kind, "label": label, "holds": listed(counts, language)}, language)


@dataclass(frozen=True)
class _Spot:
    """Where an edit is: the place, the thing's name so far, the property, the language, whose fields are meant."""

    place: Place
    chain: tuple[str, ...] = ()
    name: str = ""
    language: str = ""
    entity: str = ""
    is_known: bool = True
    is_entry: bool = False
    parents: tuple[Any, ...] = ()


class _Told:
    def __init__(self, before: Document, after: Document, labels: tuple[Labels, Labels]) -> None:
        self.sides = (before, after)
        self.values = (Values(labels[0], before), Values(labels[1], after))
        self.labels = labels[1]
        self.language = labels[1].language

    def say(self, code: str, **values: Any) -> str:
        return translate(f"change.{code}", values, self.language)

    def sentence(self, edit: Edit) -> str:
        spot = self._spot(edit)
        if spot.name == _TECHNICAL:
            return ""
        return self._at(spot, self._what(spot, edit))

    def place(self, path: Sequence[PathPart], *, names_all: bool = False) -> str:
        """A place by the things and properties on the way, as far as they have words."""
        found = self._spot(Edit("changed", tuple(path)))
        parts = list(found.chain)
        if found.is_known and not found.is_entry and found.name and (names_all or found.place.shows not in ("field", "text", "column")):
            parts.append(self._property(found.name))
        if names_all and found.language:
            parts.append(found.language)
        return " › ".join(parts)

    # finding the place ---------------------------------------------------------------------------
    def _spot(self, edit: Edit) -> _Spot:
        side = 0 if edit.kind == "removed" else 1
        place = PLACES[self.sides[1]["kind"]]
        value: Any = self.sides[side]
        spot = _Spot(place, entity=self.values[side].entity)
        for part in edit.path:
            parent, value = value, _step(value, part)
            spot = self._further(spot, part, value, parent, side)
            if not spot.is_known:
                break
        return spot

    def _further(self, spot: _Spot, part: PathPart, value: Any, parent: Any, side: int) -> _Spot:
        place = spot.place
        if place.each is not None and not (place.parts and part in place.parts):
            entity = spot.entity
            if place.each.thing == "grant":
                entity = str(part)
            elif place.each.thing == "related" and isinstance(value, Mapping):
                entity = str(value.get("entity", ""))
            return _Spot(place.each, (*spot.chain, self._named(place.each, part, value, entity, side)), spot.name, "", entity, is_entry=True)
        if part in place.parts:
            found = place.parts[str(part)]
            is_group = place.shows == "thing" and place.name not in ("", *PLACES)
            chain = (*spot.chain, self._property(place.name)) if is_group else spot.chain
            return _Spot(found, chain, found.name, "", self._whose(place, str(part), parent, spot.entity, side), parents=(parent,))
        if place.shows == "arrangement":
            return spot
        if place.shows == _LANGUAGE_SHOWS and isinstance(part, str):
            return replace(spot, language=self._language(part), is_entry=False)
        if place.shows == "options":
            return _Spot(_option_place(str(part)), spot.chain, f"option.{part}", "", spot.entity)
        return _Spot(Place(), spot.chain, "", "", spot.entity, is_known=False)

    def _whose(self, place: Place, part: str, parent: Any, entity: str, side: int) -> str:
        """Whose fields a value means: a filter those of the records it chooses from, a grid those of its rows."""
        if not isinstance(parent, Mapping):
            return entity
        labels = self.values[side].labels
        if place.thing == "field" and part == "filter":
            options = parent.get("options", {})
            rows = labels.raw_field(entity, str(options.get("rows"))) or {}
            target = options.get("entity") or rows.get("options", {}).get("entity")
            return str(target or ("@user" if parent.get("type") == "user" else entity))
        if place.thing == "item" and part == "fields":
            return str((labels.raw_field(entity, str(parent.get("rows"))) or {}).get("options", {}).get("entity", entity))
        return entity

    def _language(self, code: str) -> str:
        return word(f"change.word.language.{code}", self.language) or code

    def _named(self, place: Place, part: PathPart, value: Any, entity: str, side: int) -> str:
        """An entry by what it is and what it is called: field “Amount”."""
        name = self._name(place, part, value, entity, side)
        return self.say(f"named.{place.thing}", name=name) if place.thing else name

    def _name(self, place: Place, part: PathPart, value: Any, entity: str, side: int) -> str:
        labels, values = self.values[side].labels, self.values[side]
        by_key = {
            "field_right": lambda: labels.field(entity, str(part)), "translation": lambda: self._text_path(str(part), labels),
            "person_rule": lambda: rule_in_words(str(part), values.workflow, labels), "item": lambda: self._item(value, entity, values),
            **dict.fromkeys(("grant", "related", "link"), lambda: self._target(place, part, value, labels)),
            "value": lambda: labels.field(entity, str(part)),
        }
        if place.thing in by_key:
            return by_key[place.thing]()
        if place.shows in ("action", "timer", "case", "column"):
            return values.told(place, value, entity)
        if not isinstance(value, Mapping):
            return self._nameless(place, part)
        by_content = {
            "participant": lambda: values.rule(value.get("rule"), place, entity), "change_rule": lambda: values.fields(value.get("fields", ()), place, entity),
            "colour_rule": lambda: values.condition(value.get("when", ""), place, entity), "rule": lambda: shortened(labels.say(value.get("message"))) or str(part),
        }
        if place.thing in by_content:
            return by_content[place.thing]()
        label = labels.say(value.get("label") or value.get("name") or value.get("subject"))
        return shortened(label) if label else self._nameless(place, part)

    def _nameless(self, place: Place, part: PathPart) -> str:
        if place.thing in ("section", "navigation_group", "example", "tab") or isinstance(part, int):
            return self.say("without_title")
        return str(part)

    def _item(self, value: Any, entity: str, values: Values) -> str:
        if not isinstance(value, Mapping):
            return self.say("something")
        field = value.get("field") or value.get("rows")
        if field:
            return values.labels.field(entity, str(field))
        return shortened(values.labels.say(value.get("text"))) or self.say("something")

    def _target(self, place: Place, part: PathPart, value: Any, labels: Labels) -> str:
        if place.thing == "grant":
            return labels.document("entity", str(part))
        if not isinstance(value, Mapping):
            return self.say("something")
        if "view" in value:
            return labels.document("view", str(value["view"]))
        return labels.say(value.get("label")) or labels.document("entity", str(value.get("entity", part)))

    def _text_path(self, path: str, labels: Labels) -> str:
        """The place of a translation: Quotation › Amount › label."""
        kind, key, *steps = [*path.split("/"), "", ""][: max(2, path.count("/") + 1)]
        place: Place | None = PLACES.get(kind)
        value: Any = labels.find(kind, key) or {}
        found = [labels.document(kind, key)]
        for step in steps:
            if place is None:
                break
            value = _step(value, int(step) if step.isdigit() else step)
            if place.each is not None:
                found.append(shortened(labels.say(value.get("label")) if isinstance(value, Mapping) else "") or step)
                place = place.each
                continue
            place = place.parts.get(step) or (place.parts["options"].parts.get(step) if "options" in place.parts else None)
            if place is not None and place.each is None:
                found.append(self._property(place.name))
        return " › ".join(found)

    def _property(self, name: str) -> str:
        if name.startswith("option."):
            return word(f"field_option.{name.removeprefix('option.')}", self.language) or self.say("a_setting")
        return word(f"change.name.{name}", self.language) or self.say("a_setting")

    # saying what happened ------------------------------------------------------------------------
    def _at(self, spot: _Spot, what: str) -> str:
        chain = " › ".join(spot.chain)
        if not chain:
            return what[:1].upper() + what[1:]
        shown = self.say("at", place=chain, what=what)
        return shown[:1].upper() + shown[1:]

    def _what(self, spot: _Spot, edit: Edit) -> str:
        place = spot.place
        if not spot.is_known or place.shows == "arrangement":
            return self.say("arranged" if spot.is_known else "other")
        if edit.kind == "moved":
            return self.say("moved", before=edit.before + 1, after=edit.after + 1)
        if spot.is_entry and edit.kind in ("added", "removed"):
            return self._entry(spot, edit)
        if spot.is_entry and place.shows not in ("word", "text"):
            return self.say("replaced")
        if place.each is not None or (place.shows == "thing" and place.parts):
            return self._whole_part(spot, edit)
        if place.shows == "flag":
            return self._flag(place.name, edit)
        if place.shows == "condition" and f"change.when.{place.name}.added" in catalogue("en"):
            return self._condition(spot, edit)
        if place.shows in _LISTS and isinstance(edit.before or [], list) and isinstance(edit.after or [], list):
            return self._list(spot, edit)
        return self._plain(spot, edit)

    def _entry(self, spot: _Spot, edit: Edit) -> str:
        value = edit.after if edit.kind == "added" else edit.before
        side = self.values[1 if edit.kind == "added" else 0]
        detail = self._detail(spot, value, side)
        code = f"entry_{edit.kind}" + ("_as" if detail else "")
        return self.say(code, detail=detail)

    def _detail(self, spot: _Spot, value: Any, side: Values) -> str:
        """What is worth knowing of an entry besides its name."""
        place = spot.place
        if place.shows in ("word", "text"):
            return side.told(place, value, spot.entity)
        if not isinstance(value, Mapping):
            return ""
        if place.thing == "field" and value.get("type"):
            return word(f"field_type.{value['type']}", self.language) or ""
        if place.thing == "state":
            return word(f"change.word.state.{value.get('type')}", self.language) or ""
        if place.thing == "move" and value.get("to"):
            return self.say("leads_to", state=self.values[1].labels.state(side.workflow, str(value["to"])))
        if place.thing == "grant":
            return listed(list(self._grants(place, value, side)), self.language)
        if place.thing == "person_rule":
            return ""
        return ""

    def _grants(self, place: Place, value: Mapping[str, Any], side: Values) -> Iterator[str]:
        for verb in ("read", "change", "remove"):
            if value.get(verb, "none") != "none":
                yield self.say("set_short", property=self._property(place.parts[verb].name), after=side.scope(value[verb], place, side.entity))
        if value.get("create"):
            yield self._property("may_create")

    def _whole_part(self, spot: _Spot, edit: Edit) -> str:
        """A part with parts of its own that came, went or changed as a whole."""
        named = self._property(spot.name or spot.place.name)
        value = edit.before if edit.kind == "removed" else edit.after
        entries = self._entries(spot, value, self.values[0 if edit.kind == "removed" else 1])
        code = {"added": "part_added", "removed": "part_removed"}.get(edit.kind, "part_changed")
        return self.say(code + ("_with" if entries else ""), property=named, entries=entries)

    def _entries(self, spot: _Spot, value: Any, side: Values) -> str:
        each = spot.place.each
        at = 0 if side is self.values[0] else 1
        if each is None:
            shown = [
                self.say("set_short", property=self._property(part.name), after=side.told(part, value[key], spot.entity))
                for key, part in spot.place.parts.items() if isinstance(value, Mapping) and key in value and part.shows != "thing" and part.each is None
            ]
            return shortened(listed(shown, self.language), 200)
        pairs = list(value.items()) if isinstance(value, Mapping) else [(entry_name(item) if _has_name(item) else index, item) for index, item in enumerate(value or ())]
        names = [self._name(each, part, item, spot.entity, at) for part, item in pairs]
        return shortened(listed(names, self.language), 200)

    def _flag(self, name: str, edit: Edit) -> str:
        is_on = bool(edit.after) if edit.kind != "removed" else name in ("tracked", "one_at_a_time", "binds")
        return word(f"change.flag.{name}.{'on' if is_on else 'off'}", self.language) or self.say(
            "set", property=self._property(name), after=self.say("yes" if is_on else "no"))

    def _condition(self, spot: _Spot, edit: Edit) -> str:
        values = {side: self.values[at].told(spot.place, value, spot.entity) for at, (side, value) in enumerate((("before", edit.before), ("after", edit.after)))}
        return self.say(f"when.{spot.place.name}.{edit.kind}", **values)

    def _list(self, spot: _Spot, edit: Edit) -> str:
        added, removed, is_reordered = list_change(edit.before or [], edit.after or [])
        parts = []
        if added:
            parts.append(self.say("list_added", items=self.values[1].told(spot.place, added, spot.entity)))
        if removed:
            parts.append(self.say("list_removed", items=self.values[0].told(spot.place, removed, spot.entity)))
        if is_reordered or not parts:
            parts.append(self.say("list_reordered"))
        return self.say("list", property=self._property(spot.name), parts=self.say("semicolon").join(parts))

    def _value(self, spot: _Spot, value: Any, side: int) -> str:
        """A value in words; the default of a choice by the option's label."""
        if spot.name == "default" and isinstance(value, str) and spot.parents:
            options = (spot.parents[0] or {}).get("options", {}).get("options", ())
            found = next((each for each in options if isinstance(each, Mapping) and f'"{each.get("key")}"' == value), None)
            if found is not None:
                return f"“{self.values[side].labels.say(found.get('label'), str(found.get('key')))}”"
        return self.values[side].told(spot.place, value, spot.entity)

    def _plain(self, spot: _Spot, edit: Edit) -> str:
        named = self._property(spot.name)
        if spot.language:
            named = self.say("in_language", property=named, language=spot.language)
        before, after = (self._value(spot, value, side) for side, value in enumerate((edit.before, edit.after)))
        if spot.is_entry and edit.kind == "changed":
            return self.say("value_changed", before=before, after=after)
        if edit.kind == "added" or edit.before in (None, "", [], {}):
            return self.say("set", property=named, after=after)
        if edit.kind == "removed" or edit.after in (None, "", [], {}):
            return self.say("cleared", property=named, before=before)
        return self.say("changed" if before != after else "changed_inside", property=named, before=before, after=after)


def _step(value: Any, part: PathPart) -> Any:
    """A step into a document; in a list, to the entry that goes by the name."""
    if isinstance(value, Mapping):
        return value.get(str(part))
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    if isinstance(part, int):
        return value[part] if part < len(value) else None
    return next((item for item in value if _has_name(item) and entry_name(item) == part), None)


def _has_name(item: Any) -> bool:
    return isinstance(item, Mapping) and any(name in item for name in ("key", "uid", "id", "on", "field", "rows", "view", "entity", "name", "rule"))


def _option_place(key: str) -> Place:
    """An option of a field type, by its name: what it refers to and what its words are."""
    shows: Any = {"entity": "entity", "field": "plain", "via": "field", "rows": "field"}.get(key, "word" if key in ("function", "result", "on_remove") else "plain")
    return Place(f"option.{key}", shows, f"option.{key}")
