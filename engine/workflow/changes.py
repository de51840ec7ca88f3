"""What a change of the record does to an instance under way: note, void, reroute, restart. Pure."""

from __future__ import annotations

from collections.abc import Collection

from engine.workflow.machine import Machine

_BY_FORCE = ("note", "void_approvals", "reroute", "restart")


def effect_of(machine: Machine, changed: Collection[str]) -> str | None:
    """The strongest rule that the changed fields meet, or None.

    Only an approval can be upset: elsewhere nobody has said anything yet. A rule's `when` sees the
    values before the change as `old.…`, through the surroundings.
    """
    if machine.state.type != "approval" or machine.run.is_ended:
        return None
    met = [
        rule.do
        for rule in machine.definition.record.on_change
        if set(rule.fields) & set(changed)
        and (rule.when is None or machine.around.evaluate(rule.when) is True)
    ]
    return max(met, key=_BY_FORCE.index, default=None)


def apply_effect(machine: Machine, effect: str, changed: Collection[str]) -> None:
    """Do to the instance what a rule says.

    void_approvals: the current visit starts anew. reroute: back to the choice that led here, in the
    same round, where approvals given on the new values still count for dedupe. restart: as a return
    to the initiator.
    """
    run, memory = machine.run, machine.run.memory
    machine.note("changed", "change", fields=sorted(changed), effect=effect, rev=machine.around.rev)
    if effect == "note":
        return
    if effect == "void_approvals":
        memory.approvals = [item for item in memory.approvals if item.visit != run.visit.number]
        _again(machine, run.state, "voided")
    elif effect == "reroute":
        memory.frame = None
        _again(machine, _route(machine), "rerouted")
    else:
        start = memory.submission[0] if memory.submission else machine.definition.initial
        _again(machine, start, "restarted")
    machine.settle()


def _again(machine: Machine, key: str, result: str) -> None:
    state = machine.state
    machine.close(result)
    machine.around.perform(machine.run, state.exit)
    machine.enter(key)


def _route(machine: Machine) -> str:
    """The first choice on the path taken; without one, the first stop after the start.

    Never a choice that still lies ahead: that would pass over those who have to be asked before it.
    """
    states, path = machine.definition.states, machine.run.memory.path
    taken = (step.state for step in path if states[step.state].type == "choice")
    return next(taken, path[min(1, len(path) - 1)].state)
