"""Values of a document as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.definitions.labels import Labels, word
from engine.definitions.wording import (
    action_in_words,
    duration_in_words,
    listed,
    number_in_words,
    people_in_words,
    quoted,
    rule_in_words,
    timed_in_words,
    timer_in_words,
)
from engine.kernel.messages import translate
from engine.publishing.words.places import Place

_LONGEST = 120
_SHORT = 60


class Values:
    """Says values of one side of a difference: with the labels of that side's documents."""

    def __init__(self, labels: Labels, document: Mapping[str, Any]) -> None:
        self.labels = labels
        self.language = labels.language
        self.document = document
        self.entity = str(document["key"] if document["kind"] == "entity" else document.get("entity", ""))
        self.workflow = str(document["key"]) if document["kind"] == "workflow" else ""

    def say(self, code: str, **values: Any) -> str:
        return translate(f"change.{code}", values, self.language)

    def told(self, place: Place, value: Any, entity: str = "") -> str:
        """A value in words; `entity` is whose fields are meant, if not the document's own."""
        if value is None or value in ("", [], {}):
            return self.say("nothing")
        tell = _TELLERS.get(place.shows)
        try:
            return tell(self, value, place, entity or self.entity) if tell else self.plain(value, place, entity)
        except (AttributeError, KeyError, TypeError, ValueError):  # a shape that the kind's schema would refuse
            return self.say("something")

    # one for each way to show --------------------------------------------------------------------
    def text(self, value: Any, _place: Place, _entity: str) -> str:
        return quoted(shortened(self.labels.say(value) or self.say("nothing")))

    def plain(self, value: Any, _place: Place, _entity: str) -> str:
        if isinstance(value, bool):
            return self.flag(value, _place, _entity)
        if isinstance(value, (int, float)):
            return number_in_words(value)
        if isinstance(value, list) and all(isinstance(each, (str, int)) for each in value):
            return listed([quoted(shortened(str(each))) for each in value], self.language)
        return quoted(shortened(value)) if isinstance(value, str) else self.say("something")

    def flag(self, value: Any, _place: Place, _entity: str) -> str:
        return self.say("yes" if value else "no")

    def number(self, value: Any, _place: Place, _entity: str) -> str:
        return number_in_words(value)

    def expression(self, value: Any, _place: Place, entity: str) -> str:
        shown = shortened(self.labels.expression(str(value), entity, own=self.entity), _LONGEST)
        return shown if shown.startswith("“") and shown.endswith("”") else quoted(shown)

    def condition(self, value: Any, _place: Place, entity: str) -> str:
        return shortened(self.labels.expression(str(value), entity), _LONGEST)

    def field(self, value: Any, _place: Place, entity: str) -> str:
        return quoted(self.labels.field(entity, str(value)))

    def fields(self, value: Any, _place: Place, entity: str) -> str:
        return listed([quoted(self.labels.field(entity, str(each))) for each in value], self.language)

    def column(self, value: Any, _place: Place, entity: str) -> str:
        return quoted(self.labels.field(entity, str(value["field"] if isinstance(value, Mapping) else value)))

    def columns(self, value: Any, place: Place, entity: str) -> str:
        return listed([self.column(each, place, entity) for each in value], self.language)

    def sort(self, value: Any, _place: Place, entity: str) -> str:
        shown = [self.say("downwards" if each.startswith("-") else "upwards", field=self.labels.field(entity, each.lstrip("-"))) for each in value]
        return listed(shown, self.language)

    def groups(self, value: Any, place: Place, entity: str) -> str:
        return listed([self.say("together", fields=self.fields(each, place, entity)) for each in value], self.language)

    def an_entity(self, value: Any, _place: Place, _entity: str) -> str:
        return quoted(self.labels.document("entity", str(value)))

    def form(self, value: Any, _place: Place, _entity: str) -> str:
        return quoted(self.labels.document("form", str(value)))

    def roles(self, value: Any, _place: Place, _entity: str) -> str:
        return listed([quoted(self.labels.document("role", str(each))) for each in value], self.language)

    def state(self, value: Any, _place: Place, _entity: str) -> str:
        return quoted(self.labels.state(self.workflow, str(value)))

    def states(self, value: Any, place: Place, entity: str) -> str:
        return listed([word(f"workflow.target.{each}", self.language) or self.state(each, place, entity) for each in value], self.language)

    def who(self, value: Any, _place: Place, entity: str) -> str:
        if isinstance(value, str):
            return word(f"wording.who.{value}", self.language) or self.labels.field(entity, value)
        return people_in_words(value, self.workflow, self.labels)

    def rule(self, value: Any, _place: Place, _entity: str) -> str:
        return rule_in_words(str(value), self.workflow, self.labels) if isinstance(value, str) else self.say("something")

    def word(self, value: Any, place: Place, _entity: str) -> str:
        code = f"field_{place.group}" if place.group.startswith("option.") else f"change.word.{place.group}"
        return word(f"{code}.{value}", self.language) or quoted(str(value))

    def words(self, value: Any, place: Place, entity: str) -> str:
        return listed([self.word(each, place, entity) for each in value], self.language)

    def colour(self, value: Any, _place: Place, _entity: str) -> str:
        return word(f"change.word.colour.{value}", self.language) or quoted(str(value))

    def duration(self, value: Any, _place: Place, _entity: str) -> str:
        return duration_in_words(str(value), self.language)

    def moment(self, value: Any, _place: Place, entity: str) -> str:
        if not isinstance(value, Mapping):
            return duration_in_words(str(value), self.language)
        shift = next((name for name in ("plus", "minus") if name in value), "at")
        values = {"field": self.labels.field(entity, str(value.get("field"))), "duration": duration_in_words(str(value.get(shift, "")), self.language)}
        return translate(f"wording.when.{shift}", values, self.language)

    def do(self, value: Any, _place: Place, _entity: str) -> str:
        return timed_in_words(value, self.workflow, self.labels)

    def empty(self, value: Any, _place: Place, _entity: str) -> str:
        if isinstance(value, Mapping):
            return self.say("word.on_empty.fallback", people=rule_in_words(str(value.get("fallback")), self.workflow, self.labels))
        return word(f"change.word.on_empty.{value}", self.language) or quoted(str(value))

    def field_type(self, value: Any, _place: Place, _entity: str) -> str:
        return quoted(word(f"field_type.{value}", self.language) or str(value))

    def option(self, value: Any, _place: Place, entity: str) -> str:
        path = str(self.document.get("status_field") or self.document.get("board", {}).get("by", ""))
        items = value if isinstance(value, list) else [value]
        return listed([quoted(self.labels.option(entity, path, str(each)) or str(each)) for each in items], self.language)

    def scope(self, value: Any, _place: Place, entity: str) -> str:
        if isinstance(value, Mapping):
            return self.say("word.scope.rule", rule=self.labels.expression(str(value.get("rule")), entity))
        return word(f"change.word.scope.{value}", self.language) or quoted(str(value))

    def values(self, value: Any, place: Place, entity: str) -> str:
        shown = [f"{quoted(self.labels.field(entity, key))} = {self.value_of(text, entity)}" for key, text in value.items()]
        return shortened(listed(shown, self.language), _LONGEST)

    def value_of(self, value: Any, entity: str) -> str:
        return self.labels.expression(value, entity) if isinstance(value, str) else self.plain(value, Place(), entity)

    def action(self, value: Any, _place: Place, _entity: str) -> str:
        return shortened(action_in_words(value, self.workflow, self.labels), _LONGEST)

    def timer(self, value: Any, _place: Place, _entity: str) -> str:
        return timer_in_words(value, self.workflow, self.labels)

    def case(self, value: Any, place: Place, entity: str) -> str:
        return self.say("case", when=self.condition(value["when"], place, entity), to=self.state(value["to"], place, entity))

    def a_language(self, value: Any, _place: Place, _entity: str) -> str:
        return word(f"change.word.language.{value}", self.language) or str(value)

    def languages(self, value: Any, place: Place, entity: str) -> str:
        return listed([self.a_language(each, place, entity) for each in value], self.language)


_TELLERS: Mapping[str, Callable[[Values, Any, Place, str], str]] = {
    "text": Values.text, "plain": Values.plain, "flag": Values.flag, "number": Values.number, "expression": Values.expression,
    "condition": Values.condition, "field": Values.field, "fields": Values.fields, "column": Values.column, "columns": Values.columns,
    "sort": Values.sort, "groups": Values.groups, "entity": Values.an_entity, "form": Values.form, "roles": Values.roles, "state": Values.state,
    "states": Values.states, "who": Values.who, "rule": Values.rule, "word": Values.word, "words": Values.words, "colour": Values.colour,
    "duration": Values.duration, "moment": Values.moment, "do": Values.do, "empty": Values.empty, "field_type": Values.field_type,
    "option": Values.option, "scope": Values.scope, "values": Values.values, "action": Values.action, "timer": Values.timer, "case": Values.case,
    "language": Values.a_language, "languages": Values.languages,
}


def shortened(text: str, longest: int = _SHORT) -> str:
    """A text in one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def list_change(before: Sequence[Any], after: Sequence[Any]) -> tuple[list[Any], list[Any], bool]:
    """What a list of plain values has got, what it has lost, and whether what stayed stands in another order."""
    added = [each for each in after if each not in before]
    removed = [each for each in before if each not in after]
    kept = [each for each in after if each in before]
    return added, removed, kept != [each for each in before if each in after]
