"""From a workflow document to a Definition; built once per document and kept."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from typing import Any

from engine.definitions.model import Workflow
from engine.workflow.definition import (
    Case,
    ChangeRule,
    Decide,
    Definition,
    Edge,
    GlobalMove,
    Participant,
    Policy,
    RecordRule,
    ReturnRule,
    State,
    StepForm,
    TimerRule,
    Transition,
)

Body = Mapping[str, Any]

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_REJECT_AT = {"any": "first", "all": "first", "sequential": "first", "groups": "first"}
_KEPT = 256

_known: OrderedDict[int, tuple[Workflow, Definition]] = OrderedDict()
_lock = Lock()


def definition_of(workflow: Workflow) -> Definition:
    """The workflow, typed. The same object answers for as long as the model lives."""
    with _lock:
        kept = _known.get(id(workflow))
        if kept is not None and kept[0] is workflow:
            return kept[1]
    built = read_definition(workflow.body)
    with _lock:
        _known[id(workflow)] = (workflow, built)  # holding the workflow keeps its id from reuse
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return built


def read_definition(body: Body) -> Definition:
    """Read a document that its JSON Schema and the lint have accepted."""
    start = body.get("start", {})
    limits = body.get("limits", {})
    return Definition(
        key=body["key"],
        entity=body["entity"],
        label=body.get("label", body["key"]),
        status_field=body["status_field"],
        initial=body["initial"],
        states={
            key: _state(key, state, body.get("defaults", {}))
            for key, state in body["states"].items()
        },
        start_by=tuple(start.get("by", ())),
        start_when=start.get("when"),
        rules=body.get("rules", {}),
        moves=tuple(_move(move) for move in body.get("global", ())),
        record=_record(body.get("record", {})),
        max_auto_steps=limits.get("max_auto_steps", 64),
        max_rounds=limits.get("max_rounds", 20),
    )


def read_duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours and minutes ("P1DT2H"); ValueError for another text."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _state(key: str, body: Body, defaults: Body) -> State:
    participants = tuple(_participant(item) for item in body.get("participants", ()))
    return State(
        key=key,
        type=body["type"],
        label=body.get("label", key),
        status=body.get("status"),
        enter=tuple(body.get("enter", ())),
        exit=tuple(body.get("exit", ())),
        timers=tuple(_timer(item) for item in body.get("timers", ())),
        owner=tuple(body.get("owner", ())),
        form=_form(body.get("form", {})),
        transitions=tuple(_transition(item) for item in body.get("transitions", ())),
        hit=body.get("hit", "unique"),
        cases=tuple(Case(item["when"], _edge(item)) for item in body.get("cases", ())),
        otherwise=_edge(body["otherwise"]) if "otherwise" in body else None,
        participants=participants,
        decide=_decide(body.get("decide", {}), participants),
        policy=_policy({**defaults, **body.get("policy", {})}),
        returns=_return(body["return"]) if "return" in body else None,
        outcomes={name: _edge(edge) for name, edge in body.get("outcomes", {}).items()},
        outcome=body.get("outcome"),
    )


def _edge(body: Body) -> Edge:
    return Edge(body["to"], tuple(body.get("do", ())))


def _form(body: Body) -> StepForm:
    return StepForm(
        edit=tuple(body.get("edit", ())), require=tuple(body.get("require", ())),
        hide=tuple(body.get("hide", ())), comment=body.get("comment", "optional"),
    )


def _transition(body: Body) -> Transition:
    return Transition(
        name=body["on"], label=body.get("label", body["on"]), edge=_edge(body),
        by=tuple(body["by"]), when=body.get("when"), form=_form(body.get("form", {})),
        confirm=body.get("confirm", False),
    )


def _move(body: Body) -> GlobalMove:
    return GlobalMove(
        name=body["on"], label=body.get("label", body["on"]), edge=_edge(body),
        by=tuple(body["by"]), sources=tuple(body.get("from", ())),
        until=body.get("until", "final"), when=body.get("when"),
    )


def _participant(body: Body) -> Participant:
    return Participant(
        rule=body["rule"], group=body.get("group", body["rule"]), need=body.get("need", 1),
        form=_form(body.get("form", {})),
    )


def _decide(body: Body, participants: tuple[Participant, ...]) -> Decide:
    mode = body.get("mode", "any")
    needs: dict[str, int] = {}
    for participant in participants:
        needs[participant.group] = max(participant.need, needs.get(participant.group, 1))
    return Decide(
        mode=mode, reject_at=body.get("reject_at", _REJECT_AT[mode]),
        wait_for_all=body.get("wait_for_all", False), needs=needs,
    )


def _policy(body: Body) -> Policy:
    found = Policy()
    on_empty = body.get("on_empty", found.on_empty)
    is_fallback = isinstance(on_empty, Mapping)
    every = body.get("remind_every")
    return Policy(
        on_empty="fallback" if is_fallback else on_empty,
        fallback=on_empty["fallback"] if is_fallback else None,
        on_initiator=body.get("on_initiator", found.on_initiator),
        dedupe=body.get("dedupe", found.dedupe),
        on_inactive=body.get("on_inactive", found.on_inactive),
        allow=frozenset(body["allow"]) if "allow" in body else found.allow,
        binds_to_rev=body.get("bind_to_record_version", found.binds_to_rev),
        remind_every=read_duration(every) if every else found.remind_every,
    )


def _return(body: Body) -> ReturnRule:
    return ReturnRule(
        to=tuple(body["to"]), resume=body.get("resume", "rerun"),
        direct_to=body.get("direct_to", "step"),
        rerun_if_changed=tuple(body.get("rerun_if_changed", ())),
        limit=body.get("max"), on_limit=body.get("on_max", "reject"),
    )


def _timer(body: Body) -> TimerRule:
    after = body["after"]
    do = body["do"]
    kind, target = (do, None) if isinstance(do, str) else next(iter(do.items()))
    repeat = body.get("repeat", {})
    is_dated = isinstance(after, Mapping)
    if is_dated:
        wait = read_duration(after["plus"]) if "plus" in after else timedelta()
        wait -= read_duration(after["minus"]) if "minus" in after else timedelta()
    else:
        wait = read_duration(after)
    return TimerRule(
        key=body["id"], do=kind, target=target, after=wait,
        field=after["field"] if is_dated else None, since=body.get("since", "entered"),
        every=read_duration(repeat["every"]) if repeat else None, limit=1 + repeat.get("max", 0),
    )


def _record(body: Body) -> RecordRule:
    return RecordRule(
        lock=body.get("lock", "all"),
        open_fields=tuple(body.get("open_fields", ())),
        editors=tuple(body.get("editors", ())),
        on_change=tuple(
            ChangeRule(tuple(item["fields"]), item["do"], item.get("when"))
            for item in body.get("on_change", ())
        ),
        on_delete=body.get("on_delete", "forbid"),
    )
