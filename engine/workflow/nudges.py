"""Use cases beside deciding: remind (催办) and send a copy (抄送)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from engine.kernel.errors import Conflict, Forbidden, Invalid, Problem
from engine.records import require_record
from engine.storage import Work
from engine.workflow.instances import Instance, get_instance, instance_at, known_id
from engine.workflow.read_access import takes_part
from engine.workflow.store import lists, runs
from engine.workflow.texts import moment


def remind(work: Work, app: str, entity: str, record_id: UUID | str) -> list[UUID]:
    """Remind everybody who holds an open task on the record; answers whom.

    At most once per interval of the step's policy; the time by which they must answer stays. Raises
    NotFound, Forbidden for anybody but the initiator and administrators, Conflict when nobody has to
    act or a reminder has just been sent.
    """
    record_id = known_id(record_id)
    require_record(work, app, entity, record_id)
    with work.savepoint():
        asked: list[UUID] = []
        for instance in _under_way(work, record_id):
            if instance.run.open_slots:
                asked += _remind(instance)
        if not asked:
            raise Conflict(Problem("workflow.nobody_to_remind"))
        return asked


def send_copy(
    work: Work, app: str, entity: str, record_id: UUID | str, people: Sequence[UUID], *, comment: str = ""
) -> list[UUID]:
    """Give people a copy of the record: they may read it, and find it in their copies.

    Open to everybody who takes part, as far as the step allows it. Answers who got one now. Raises
    NotFound, Forbidden, Invalid for people who can't sign in.
    """
    record_id = known_id(record_id)
    require_record(work, app, entity, record_id)
    with work.savepoint():
        fresh: list[UUID] = []
        for instance in _under_way(work, record_id) or _latest(work, app, entity, record_id):
            fresh += _copy(instance, people, comment)
        return fresh


def mark_copy_read(work: Work, record_id: UUID | str) -> None:
    """The actor has looked at the record: copies of it are read."""
    if work.actor.user_id is not None:
        lists.mark_copy_read(work.connection, work.actor.user_id, known_id(record_id), work.now)


def _under_way(work: Work, record_id: UUID) -> list[Instance]:
    return [instance_at(work, one, locks=True) for one in runs.open_on(work.connection, record_id)]


def _latest(work: Work, app: str, entity: str, record_id: UUID) -> list[Instance]:
    """The instance that ended last: copies may be sent after the end, too."""
    for workflow in work.model(app).workflows_of.get(entity, ()):
        found = lists.latest_on(work.connection, workflow.uid, record_id)
        if found is not None:
            return [get_instance(work, found, locks=True)]
    return []


def _remind(instance: Instance) -> list[UUID]:
    work, run = instance.work, instance.run
    actor = work.actor
    if not (actor.is_admin or actor.is_system or actor.user_id == run.initiator_id):
        raise Forbidden(Problem("workflow.only_initiator_reminds"))
    last, every = run.memory.reminded_at, instance.state.policy.remind_every
    if last is not None and work.now < last + every:
        at = moment(last + every, actor.timezone)
        raise Conflict(Problem("workflow.reminded_recently", {"at": at}))
    run.memory.reminded_at = work.now
    machine = instance.begin()
    people = [slot.user_id for slot in run.open_slots if slot.user_id is not None]
    if any(slot.user_id is None for slot in run.open_slots):
        people += instance.around.people.administrators()
    people = list(dict.fromkeys(people))
    machine.note("reminded", people=[str(person) for person in people])
    instance.around.tell(run, "workflow.reminder", people)
    instance.commit()
    return people


def _copy(instance: Instance, people: Sequence[UUID], comment: str) -> list[UUID]:
    actor = instance.work.actor
    is_initiator = actor.user_id is not None and actor.user_id == instance.run.initiator_id
    is_free = actor.is_admin or actor.is_system or is_initiator
    if not is_free and not takes_part(instance.work, instance.run.id):
        raise Forbidden(Problem("workflow.not_taking_part"))
    if not is_free and "cc" not in instance.state.policy.allow:
        raise Forbidden(Problem("workflow.cc_not_allowed", {"state": instance.state.label}))
    directory = instance.around.people
    inactive = [person for person in people if not directory.is_active(person)]
    if inactive or not people:
        names = [directory.name(person) for person in inactive]
        raise Invalid(Problem("workflow.person_inactive", {"name": names}, ("people",)))
    machine = instance.begin()
    fresh = instance.around.effects.copy(instance.run, people, instance.state.label)
    machine.note("copied", people=[str(person) for person in fresh], comment=comment)
    instance.commit()
    return fresh
