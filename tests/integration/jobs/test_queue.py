"""The queue: in the transaction of whoever queues, once for a key, watched by its owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine import jobs
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from engine.storage import Work
from tests.integration.jobs.job_world import World

LI = Actor(UUID(int=1), "Li")
WANG = Actor(UUID(int=2), "Wang")
BOSS = Actor(UUID(int=3), "Boss", is_admin=True)


def test_a_job_runs_after_the_commit_and_never_without_it(jobs_world: World) -> None:
    work = jobs_world.database.work(system_actor("test"), clock=jobs_world.clock)
    work.__enter__()
    jobs.enqueue(work, "note", {"text": "lost"})
    work.__exit__(KeyError, KeyError(), None)  # as if something had failed
    kept = jobs_world.enqueue("note", {"text": "kept"})

    assert jobs_world.worker().run_due() == 1

    found = jobs_world.job(kept)
    assert (found.status, found.result, found.progress, found.attempts) == ("done", {"text": "kept"}, 100, 1)
    assert jobs_world.notes() == ["kept"]


def test_jobs_run_when_they_are_due_the_longest_due_first(jobs_world: World) -> None:
    now = jobs_world.clock.now()
    for minutes, text in ((20, "third"), (5, "second"), (0, "first")):
        jobs_world.enqueue("note", {"text": text}, run_at=now + timedelta(minutes=minutes))

    assert jobs_world.worker().run_due() == 1
    jobs_world.later(minutes=30)
    assert jobs_world.worker().run_due() == 2
    assert jobs_world.notes() == ["first", "second", "third"]


def test_a_payload_is_checked_when_it_is_queued(jobs_world: World) -> None:
    with pytest.raises(Invalid):
        jobs_world.enqueue("note", {"text": 5})
    with pytest.raises(RuntimeError):
        jobs_world.enqueue("nonsense")


def test_a_key_queues_once_and_the_earlier_time_counts(jobs_world: World) -> None:
    now = jobs_world.clock.now()
    first = jobs_world.enqueue("note", {"text": "a"}, dedupe_key="k", run_at=now + timedelta(hours=2))

    assert jobs_world.enqueue("note", {"text": "b"}, dedupe_key="k", run_at=now + timedelta(hours=1)) == first
    assert jobs_world.enqueue("note", {"text": "c"}, dedupe_key="k", run_at=now + timedelta(hours=3)) == first
    assert jobs_world.job(first).run_at == now + timedelta(hours=1)
    assert jobs_world.count() == 1


def test_a_key_is_free_again_as_soon_as_its_job_begins(jobs_world: World) -> None:
    seen: list[UUID] = []

    def queue_again(work: Work, _: Mapping[str, Any]) -> None:
        if not seen:
            seen.append(jobs.enqueue(work, "again", {}, dedupe_key="k"))

    jobs_world.add("again", queue_again)
    first = jobs_world.enqueue("again", dedupe_key="k")

    assert jobs_world.worker().run_due() == 2
    assert seen[0] != first


def test_people_see_their_own_jobs_and_administrators_all(jobs_world: World) -> None:
    with jobs_world.work(LI) as work:
        mine = jobs.enqueue(work, "note", {"text": "li"})
    jobs_world.enqueue("note", {"text": "system"})

    with jobs_world.work(LI, writes=False) as work:
        assert [job.id for job in jobs.list_jobs(work)] == [mine]
        assert jobs.get_job(work, mine).owner_id == LI.user_id
    with jobs_world.work(WANG) as work:
        assert jobs.list_jobs(work) == []
        for forbidden in (jobs.get_job, jobs.cancel_job, jobs.retry_job):
            with pytest.raises(NotFound):
                forbidden(work, mine)
        with pytest.raises(NotFound):
            jobs.get_job(work, uuid4())
    with jobs_world.work(Actor(None, ""), writes=False) as work:
        assert jobs.list_jobs(work) == []
    with jobs_world.work(BOSS, writes=False) as work:
        assert len(jobs.list_jobs(work)) == 2
        newest, oldest = jobs.list_jobs(work, status="waiting", kind="note")
        assert [job.id for job in jobs.list_jobs(work, before=newest.id)] == [oldest.id]
        assert len(jobs.list_jobs(work, limit=1)) == 1
        assert jobs.list_jobs(work, kind="other") == []


def test_a_waiting_job_can_be_cancelled(jobs_world: World) -> None:
    job_id = jobs_world.enqueue("note", {"text": "x"})
    with jobs_world.work() as work:
        jobs.cancel_job(work, job_id)
        with pytest.raises(Conflict):
            jobs.cancel_job(work, job_id)

    assert jobs_world.worker().run_due() == 0
    assert jobs_world.job(job_id).status == "cancelled"


def test_what_a_cancelled_job_has_written_is_undone(jobs_world: World) -> None:
    """On SQLite nobody can cancel while it writes; so the test lets the job do it itself."""

    def cancelled(work: Work, _: Mapping[str, Any]) -> None:
        work.log("note", subject="undone")
        found = jobs.current_job(work)
        assert found is not None
        if work.dialect == "sqlite":
            jobs.cancel_job(work, found.id)
        else:
            with jobs_world.work() as own:
                jobs.cancel_job(own, found.id)

    jobs_world.add("cancelled", cancelled)
    job_id = jobs_world.enqueue("cancelled")
    jobs_world.worker().run_once()

    assert jobs_world.notes() == []
    if jobs_world.database.dialect == "postgresql":
        assert jobs_world.job(job_id).status == "cancelled"


def test_progress_is_seen_while_the_job_runs(jobs_world: World) -> None:
    seen: list[tuple[int, object]] = []

    def slow(work: Work, _: Mapping[str, Any]) -> None:
        jobs.set_progress(work, 40, {"code": "jobs.over", "values": {}})
        found = jobs.current_job(work)
        assert found is not None
        job = jobs_world.job(found.id)
        seen.append((job.progress, job.message))
        jobs.set_progress(work, 400)

    jobs_world.add("slow", slow, writes=False)
    job_id = jobs_world.enqueue("slow")
    jobs_world.worker().run_once()

    assert seen == [(40, {"code": "jobs.over", "values": {}})]
    assert jobs_world.job(job_id).progress == 100


def test_progress_in_a_writing_job_and_outside_of_jobs_does_no_harm(jobs_world: World) -> None:
    def writing(work: Work, _: Mapping[str, Any]) -> None:
        jobs.set_progress(work, 10)

    jobs_world.add("writing", writing)
    job_id = jobs_world.enqueue("writing")
    jobs_world.worker().run_once()
    with jobs_world.work() as work:
        jobs.set_progress(work, 10)

    assert jobs_world.job(job_id).status == "done"


def test_a_job_that_asks_learns_that_it_was_cancelled(jobs_world: World) -> None:
    steps: list[str] = []

    def slow(work: Work, _: Mapping[str, Any]) -> None:
        found = jobs.current_job(work)
        assert found is not None
        with jobs_world.work() as own:
            jobs.cancel_job(own, found.id)
        steps.append("before")
        jobs.set_progress(work, 50)
        steps.append("after")

    jobs_world.add("slow", slow, writes=False)
    job_id = jobs_world.enqueue("slow")
    jobs_world.worker().run_once()

    assert steps == ["before"]
    assert jobs_world.job(job_id).status == "cancelled"


def test_a_failed_job_can_be_run_again(jobs_world: World) -> None:
    outcomes: list[Exception | None] = [Invalid(), None]

    def fails_once(work: Work, _: Mapping[str, Any]) -> None:
        error = outcomes.pop(0)
        if error:
            raise error

    jobs_world.add("fails", fails_once)
    job_id = jobs_world.enqueue("fails")
    with jobs_world.work() as work, pytest.raises(Conflict):
        jobs.retry_job(work, job_id)
    jobs_world.worker().run_once()
    assert jobs_world.job(job_id).status == "failed"
    with jobs_world.work() as work:
        jobs.retry_job(work, job_id)
    jobs_world.worker().run_once()

    assert jobs_world.job(job_id).status == "done"


def test_old_jobs_are_forgotten_the_failed_later(jobs_world: World) -> None:
    def dies(work: Work, _: Mapping[str, Any]) -> None:
        raise Unavailable

    jobs_world.add("dies", dies, tries=1)
    jobs_world.enqueue("note", {"text": "x"})
    jobs_world.enqueue("dies")
    worker = jobs_world.worker()
    worker.run_due()
    jobs_world.later(days=13)
    worker.prepare()
    worker.run_due()
    assert jobs_world.count() == 3
    jobs_world.later(days=2)
    worker.run_due()
    assert jobs_world.count() == 2
    jobs_world.later(days=80)
    worker.run_due()
    assert jobs_world.count() == 1
