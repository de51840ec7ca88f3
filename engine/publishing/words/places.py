"""What each place of a document is called, and how its values read. A place that is missing here still gets a
sentence: it is told as a setting of the nearest thing that has a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Shows = Literal[
    "text", "plain", "flag", "number", "expression", "condition", "field", "fields", "entity", "roles", "form", "state", "states", "who",
    "rule", "word", "words", "duration", "field_type", "column", "columns", "sort", "option", "options", "groups", "action", "timer", "case", "scope",
    "values", "colour", "arrangement", "moment", "do", "empty", "thing", "language", "languages",
]
"""How a value is told; `thing` is one that has parts, told by its name."""


@dataclass(frozen=True)
class Place:
    """A property, or an entry of a list or map.

    `name` is the property's word (`change.name.…`), `thing` what an entry is (`change.thing.…`); `shows` says how
    values read; `group` is the vocabulary of a `word`; `parts` are what it holds by key, `each` its entries.
    """

    name: str = ""
    shows: Shows = "text"
    group: str = ""
    thing: str = ""
    parts: Mapping[str, Place] = field(default_factory=dict)
    each: Place | None = None


def _is(name: str, shows: Shows = "text", group: str = "") -> Place:
    return Place(name, shows, group)


def _list(name: str, thing: str, /, **parts: Place) -> Place:
    return Place(name, each=Place(thing=thing, shows="thing", parts=parts))


def _with(name: str, /, **parts: Place) -> Place:
    return Place(name, "thing", parts=parts)


_OPTION = Place(thing="option", shows="thing", parts={"key": _is("key", "plain"), "label": _is("label"), "colour": _is("colour", "colour"), "retired": _is("retired", "flag")})

_FIELD = Place(thing="field", shows="thing", parts={
    "key": _is("key", "plain"), "label": _is("label"), "help": _is("help"), "type": _is("type", "field_type"),
    "required": _is("required", "flag"), "unique": _is("unique", "flag"), "searchable": _is("searchable", "flag"),
    "tracked": _is("tracked", "flag"), "personal": _is("personal", "flag"), "retired": _is("retired", "flag"), "default": _is("default", "expression"),
    "formula": _is("formula", "expression"), "filter": _is("filter", "expression"),
    "options": Place("options", "options", parts={"options": Place("options", each=_OPTION)}),
})

_ACTION = Place(thing="action", shows="action", parts={
    "set": Place("sets", "values", each=Place("value", "expression")), "values": Place("sets", "values", each=Place("value", "expression")),
    "body": Place("body", "values", each=Place("value", "expression")), "notify": _is("who_is_told", "who"), "cc": _is("who_is_told", "who"),
    "template": _is("template", "plain"), "channels": _is("channels", "words", "channel"), "webhook": _is("webhook", "plain"),
    "create": _is("entity", "entity"), "email": _with("e_mail", to=_is("who_is_told", "who"), template=_is("template", "plain")),
})
_ACTIONS = {"enter": Place("on_entering", each=_ACTION), "exit": Place("on_leaving", each=_ACTION)}
_STEP_FORM = _with("form_rights", view=_is("form", "form"), edit=_is("editable_fields", "fields"), require=_is("required_fields", "fields"),
                   hide=_is("hidden_fields", "fields"), comment=_is("comment", "word", "comment"))
_POLICY = {
    "on_empty": _is("nobody_found", "empty"), "on_initiator": _is("own_request", "word", "on_initiator"),
    "dedupe": _is("same_person", "word", "dedupe"), "on_inactive": _is("person_left", "word", "on_inactive"),
    "allow": _is("allowed", "words", "allow"), "remind_every": _is("remind_every", "duration"),
    "bind_to_record_version": _is("binds", "flag"), "absence": _is("absence", "plain"),
}
_EDGE = {"to": _is("to", "state"), "do": Place("actions", each=_ACTION)}
_TIMER = Place(thing="timer", shows="timer", parts={
    "id": _is("key", "plain"),
    "after": _is("after", "moment"), "since": _is("since", "word", "since"), "repeat": _with("repeat", every=_is("every", "duration"), max=_is("at_most", "number")),
    "do": _is("does", "do"), "clock": _is("clock", "plain"),
})
_MOVE = {
    "on": _is("key", "plain"), "label": _is("label"), "by": _is("by", "who"), "when": _is("condition", "condition"), "form": _STEP_FORM,
    "confirm": _is("asks_first", "flag"), "from": _is("from", "states"), "until": _is("until", "word", "until"), **_EDGE,
}
_PARTICIPANT = Place(thing="participant", shows="rule", parts={
    "rule": _is("people", "rule"), "group": _is("group", "plain"), "need": _is("need", "number"), "form": _STEP_FORM})
_STATE = Place(thing="state", shows="thing", parts={
    "type": _is("kind_of_state", "word", "state"), "label": _is("label"), "status": _is("status", "option"), "owner": _is("owner", "who"), "form": _STEP_FORM,
    "transitions": Place("moves", each=Place(thing="move", shows="thing", parts=_MOVE)), "timers": Place("timers", each=_TIMER),
    "hit": _is("hit", "word", "hit"), "cases": Place("cases", each=Place(thing="case", shows="case", parts={"when": _is("condition", "condition"), **_EDGE})),
    "otherwise": Place("otherwise", "thing", parts=_EDGE), "participants": Place("participants", each=_PARTICIPANT),
    "decide": _with("deciding", mode=_is("mode", "word", "mode"), reject_at=_is("reject_at", "word", "reject_at"), wait_for_all=_is("waits_for_all", "flag")),
    "policy": _with("policy", **_POLICY),
    "return": _with("returning", to=_is("return_to", "states"), resume=_is("resume", "word", "resume"), direct_to=_is("direct_to", "word", "direct_to"),
                    rerun_if_changed=_is("rerun_if_changed", "fields"), max=_is("at_most", "number"), on_max=_is("on_max", "word", "on_max")),
    "outcomes": Place("outcomes", "thing", parts={each: Place(f"outcome_{each}", "thing", parts=_EDGE) for each in ("approved", "rejected", "expired")}),
    "outcome": _is("outcome", "word", "outcome"), **_ACTIONS,
})

_ITEM_RULES = {"visible": _is("visible", "condition"), "required": _is("required", "condition"), "read_only": _is("read_only", "condition")}
_ITEM = Place(thing="item", shows="thing", parts={
    "field": _is("field", "field"), "rows": _is("field", "field"), "fields": _is("columns", "columns"), "text": _is("text"), "width": _is("width", "number"), **_ITEM_RULES})
_SECTION = Place(thing="section", shows="thing", parts={
    "key": _is("key", "plain"), "label": _is("label"), "columns": _is("number_of_columns", "number"), "collapsed": _is("collapsed", "flag"),
    "visible": _is("visible", "condition"), "items": Place("items", each=_ITEM)})

_LINK = Place(thing="link", shows="thing", parts={"view": _is("view", "plain"), "entity": _is("entity", "entity"), "label": _is("label")})
_RULE = {
    "kind": _is("how_found", "word", "person_rule"), "value": _is("value", "plain"), "of": _is("of", "who"), "levels": _is("levels", "number"),
    "until": _is("until_condition", "condition"), "exclude": _is("excluded", "words", "exclude"), "order": _is("order", "word", "order"),
    "from": _is("candidates", "plain"), "min": _is("at_least", "number"), "max": _is("at_most", "number"),
}
_GRANT = Place(thing="grant", shows="thing", parts={
    "read": _is("may_read", "scope"), "change": _is("may_change", "scope"), "remove": _is("may_remove", "scope"), "create": _is("may_create", "flag"),
    "fields": Place("field_rights", each=Place(thing="field_right", shows="word", group="right")), "otherwise": _is("other_fields", "word", "right")})
_HEADER = {"key": _is("key", "plain"), "uid": _is("identity", "plain"), "schema": _is("identity", "plain"), "kind": _is("identity", "plain"), "dsl": _is("identity", "plain")}

PLACES: Mapping[str, Place] = {
    "app": _with(
        "app", **_HEADER, label=_is("label"), description=_is("description"), icon=_is("icon", "plain"), languages=_is("languages", "languages"),
        default_language=_is("default_language", "language"), currency=_is("currency", "plain"), timezone=_is("time_zone", "plain"),
        navigation=_list("navigation", "navigation_group", label=_is("label"), items=Place("links", each=_LINK)),
        templates=_list("templates", "template", subject=_is("subject"), body=_is("body_text")),
        webhooks=_list("webhooks", "webhook", label=_is("label"), url=_is("address", "plain")),
    ),
    "entity": _with(
        "entity", **_HEADER, label=_is("label"), plural=_is("plural"), icon=_is("icon", "plain"), description=_is("description"), title=_is("title_field", "field"),
        owner=_is("owner_field", "field"), department=_is("department_field", "field"), part_of=_is("part_of", "entity"),
        fields=Place("fields", each=_FIELD), unique=_is("unique_together", "groups"),
        rules=_list("rules", "rule", key=_is("key", "plain"), check=_is("check", "expression"), when=_is("only_when", "condition"), message=_is("message"), fields=_is("shown_at", "fields")),
    ),
    "form": _with(
        "form", **_HEADER, entity=_is("entity", "entity"), label=_is("label"), purpose=_is("purpose", "word", "purpose"), roles=_is("roles", "roles"),
        tabs=_list("tabs", "tab", key=_is("key", "plain"), label=_is("label"), sections=Place("sections", each=_SECTION)),
        related=_list("related", "related", entity=_is("entity", "entity"), field=_is("field", "plain"), columns=_is("columns", "columns"), label=_is("label")),
    ),
    "view": _with(
        "view", **_HEADER, entity=_is("entity", "entity"), type=_is("kind_of_view", "word", "view"), label=_is("label"),
        columns=Place("columns", "columns", each=Place(thing="column", shows="column", parts={
            "field": _is("field", "field"), "width": _is("width", "number"), "label": _is("label"), "editable": _is("editable", "flag")})),
        filter=_is("shown_when", "expression"), sort=_is("sorting", "sort"), group_by=_is("group_by", "field"), group_span=_is("group_span", "word", "span"),
        sums=_is("sums", "fields"), quick_filters=_is("quick_filters", "fields"), roles=_is("roles", "roles"), default=_is("opens_first", "flag"), page_size=_is("page_size", "number"),
        colours=_list("colours", "colour_rule", when=_is("condition", "condition"), colour=_is("colour", "colour"), field=_is("column", "field")),
        board=_with("board", by=_is("columns_by", "field"), values=_is("board_columns", "option"), title=_is("card_title", "field")),
        calendar=_with("calendar", start=_is("day", "field"), end=_is("last_day", "field"), title=_is("card_title", "field"), colour=_is("colour_by", "field")),
        cards=_with("cards", title=_is("card_title", "field"), chip=_is("chip", "field")),
    ),
    "workflow": _with(
        "workflow", **_HEADER, label=_is("label"), entity=_is("entity", "entity"), status_field=_is("status_field", "field"), timezone=_is("time_zone", "plain"),
        initial=_is("initial", "state"), layout=_is("arrangement", "arrangement"), start=_with("start", by=_is("by", "who"), when=_is("condition", "condition"), one_open_per_record=_is("one_at_a_time", "flag")),
        rules=Place("person_rules", each=Place(thing="person_rule", shows="rule", parts=_RULE)), defaults=_with("defaults", **_POLICY),
        record=_with("record", lock=_is("lock", "word", "lock"), open_fields=_is("open_fields", "fields"), editors=_is("editors", "who"), on_delete=_is("on_removal", "word", "on_delete"),
                     on_change=_list("on_change", "change_rule", fields=_is("fields", "fields"), when=_is("condition", "condition"), do=_is("does", "word", "on_change"))),
        states=Place("states", each=_STATE), limits=_with("limits", max_auto_steps=_is("auto_steps", "number"), max_rounds=_is("rounds", "number")),
        examples=_list("examples", "example", name=_is("label"), record=_is("values", "values"), initiator=_is("initiator", "plain"), decisions=_is("decisions", "plain"), visits=_is("way", "states")),
        **{"global": Place("global_moves", each=Place(thing="move", shows="thing", parts=_MOVE))},
    ),
    "role": _with("role", **_HEADER, label=_is("label"), description=_is("description"), design=_is("may_design", "flag"), entities=Place("rights", each=_GRANT)),
    "locale": _with("locale", **_HEADER, label=_is("label"), language=_is("language", "language"), texts=Place("texts", each=Place(thing="translation", shows="text"))),
}
