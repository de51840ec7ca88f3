"""When timers of a visit fire: armed on entering, moved on re-assignment, repeated without bursts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.kernel.ids import new_id
from engine.workflow.definition import State, TimerRule
from engine.workflow.run import Run, Timer
from engine.workflow.surroundings import Surroundings

_ENDS = ("approve", "reject", "to", "add", "transfer")


def arm(state: State, run: Run, around: Surroundings) -> list[Timer]:
    """The timers of a visit that has just begun."""
    found = []
    for rule in state.timers:
        at = _first_time(rule, run, around)
        if at is not None:
            found.append(Timer(new_id(), run.visit.id, rule.key, 1, at))
    return found


def arm_next(rule: TimerRule, timer: Timer, now: datetime) -> Timer | None:
    """The occurrence after one that fired, or None after the last.

    After a time without a worker the missed occurrences don't come in a burst: the next one is the
    first that is still ahead.
    """
    if rule.every is None or timer.occurrence >= rule.limit or rule.every <= timedelta():
        return None
    at = timer.fire_at + rule.every
    if at <= now:
        missed = (now - at) // rule.every + 1
        at += missed * rule.every
    return Timer(new_id(), timer.visit_id, timer.key, timer.occurrence + 1, at)


def rearm_assigned(state: State, run: Run, around: Surroundings) -> None:
    """After a task changed hands, timers that count from the assignment start anew."""
    for rule in state.timers:
        for timer in run.armed:
            if rule.since == "assigned" and timer.key == rule.key and timer.visit_id == run.visit.id:
                timer.fire_at = around.now + rule.after


def due_at(state: State, run: Run) -> datetime | None:
    """When something will happen without an answer: the next timer that does not only remind."""
    ends = {rule.key for rule in state.timers if rule.do in _ENDS}
    return min((timer.fire_at for timer in run.armed if timer.key in ends), default=None)


def _first_time(rule: TimerRule, run: Run, around: Surroundings) -> datetime | None:
    if rule.field is not None:
        moment = _moment(around.value(rule.field), around)
        return moment + rule.after if moment else None
    if rule.since == "submitted" and run.memory.submitted_at:
        return run.memory.submitted_at + rule.after
    return around.now + rule.after


def _moment(value: object, around: Surroundings) -> datetime | None:
    """A date field counts from the beginning of that day where the app is at home."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(), ZoneInfo(around.timezone)).astimezone(UTC)
    return None
