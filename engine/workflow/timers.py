"""Jobs of the clock: due timers, and tasks of people who can't sign in any more.

Each timer fires in a transaction of its own, under the name of the deadline ("sla"), never under
that of a person. Firing twice is harmless: the timer's own row says that it has fired.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.jobs import enqueue, job
from engine.kernel.actor import system_actor
from engine.kernel.clock import SteppedClock
from engine.kernel.errors import Forbidden, Invalid, NotFound
from engine.storage import Work
from engine.workflow.fire_timer import fire_timer as fire
from engine.workflow.fire_timer import replace_inactive
from engine.workflow.instances import get_instance
from engine.workflow.store import commands, lists

SLA = system_actor("sla")
_BATCH = 500
_KEPT = timedelta(days=7)


@job("workflow.fire_due", every=timedelta(seconds=5))
def fire_due(work: Work, _payload: Mapping[str, Any]) -> dict[str, Any]:
    """Queue every timer that is due, in due order."""
    due = lists.due_timers(work.connection, work.now, _BATCH)
    for timer_id in due:
        enqueue(work, "workflow.fire_timer", {"timer": str(timer_id)}, dedupe_key=f"workflow.timer:{timer_id}")
    return {"due": len(due)}


@job("workflow.fire_timer", writes=False)
def fire_one(work: Work, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Fire one timer; one that can never fire is put aside, and the administrators are told."""
    timer_id = UUID(payload["timer"])
    try:
        with work.database.work(SLA, clock=SteppedClock(work.now)) as own:
            return {"fired": fire_timer(own, timer_id)}
    except (Invalid, Forbidden, NotFound) as error:  # others may pass: the timer stays due
        with work.database.work(SLA, clock=SteppedClock(work.now)) as own:
            put_aside(own, timer_id, [problem.code for problem in error.problems])
        raise


@job("workflow.replace_inactive", every=timedelta(minutes=1))
def replace_all_inactive(work: Work, _payload: Mapping[str, Any]) -> dict[str, Any]:
    """Run the policy for people who left over tasks that they still hold."""
    found = lists.held_by_inactive(work.connection, _BATCH)
    done = 0
    for instance_id in found:
        instance = get_instance(work, instance_id, locks=True)
        if replace_inactive(instance.begin()):
            instance.commit()
            done += 1
    return {"replaced": done}


@job("workflow.forget_commands", every=timedelta(days=1))
def forget_commands(work: Work, _payload: Mapping[str, Any]) -> dict[str, Any]:
    """Forget the keys of commands after a week: nobody repeats a request that late."""
    return {"forgotten": commands.forget_commands(work.connection, work.now - _KEPT)}


def fire_timer(work: Work, timer_id: UUID) -> bool:
    """Fire a timer that is due; False when it has fired, was cancelled, or is early."""
    instance_id = lists.instance_of_timer(work.connection, timer_id)
    if instance_id is None:
        return False
    instance = get_instance(work, instance_id, locks=True)
    if not fire(instance.machine(), timer_id):
        return False
    instance.commit()
    return True


def fire_all_due(work: Work) -> int:
    """Fire every timer that is due, here and now; for those who let time pass in a trial. Returns how many fired."""
    return sum(fire_timer(work, timer_id) for timer_id in lists.due_timers(work.connection, work.now, _BATCH))


def put_aside(work: Work, timer_id: UUID, codes: list[str]) -> None:
    """A timer that can't fire: it is tried no more, the timeline and the administrators know."""
    instance_id = lists.instance_of_timer(work.connection, timer_id)
    if instance_id is None:
        return
    instance = get_instance(work, instance_id, locks=True, with_removed=True)
    timer = next((one for one in instance.run.armed if one.id == timer_id), None)
    if timer is None:
        return
    timer.status = "failed"
    instance.machine().note("timer_failed", timer=timer.key, problems=codes)
    instance.around.tell(instance.run, "workflow.timer_failed", instance.around.people.administrators())
    instance.commit()
