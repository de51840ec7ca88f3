"""Workers: two at once, killed ones, failing jobs, recurring jobs, a database that is away."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import jobs
from engine.jobs import worker as worker_module
from engine.jobs.store import claim
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import Forbidden, NotFound, Problem, Unavailable
from engine.storage import Work
from tests.integration.jobs.job_world import World

WAIT = 20.0


def test_two_workers_share_the_work_and_each_job_is_done_once(jobs_world: World) -> None:
    for number in range(30):
        jobs_world.enqueue("note", {"text": str(number)})
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(jobs_world.worker().run_due())) for _ in range(2)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)

    assert sum(counts) == 30
    assert sorted(jobs_world.notes(), key=int) == [str(number) for number in range(30)]


def take(world: World, job_id: UUID) -> None:
    """Claim a job and vanish, as a killed worker does."""
    with world.work() as work:
        found = claim(work.connection, ("note",), work.now, work.now + worker_module.LEASE)
    assert found is not None
    assert found.id == job_id


def test_a_killed_workers_job_is_taken_over_when_its_lease_is_over(jobs_world: World) -> None:
    job_id = jobs_world.enqueue("note", {"text": "x"})
    take(jobs_world, job_id)

    jobs_world.later(seconds=60)
    assert not jobs_world.worker().run_once()
    jobs_world.later(seconds=1)
    assert jobs_world.worker().run_once()

    assert jobs_world.job(job_id).attempts == 2
    assert jobs_world.notes() == ["x"]


def test_a_job_that_takes_its_worker_down_each_time_is_given_up(jobs_world: World) -> None:
    job_id = jobs_world.enqueue("note", {"text": "x"})
    for _ in range(8):
        take(jobs_world, job_id)
        jobs_world.later(minutes=2)

    assert jobs_world.worker().run_once()

    found = jobs_world.job(job_id)
    assert (found.status, found.message) == ("dead", {"code": "jobs.abandoned", "values": {}})
    assert jobs_world.notes() == []


def test_a_slow_worker_that_lost_its_lease_cannot_finish(jobs_world: World) -> None:
    other = jobs_world.worker()

    def slow(work: Work, _: Mapping[str, Any]) -> None:
        if not calls:
            calls.append("first")
            jobs_world.later(minutes=5)
            assert other.run_once()
        else:
            calls.append("second")

    calls: list[str] = []
    jobs_world.add("slow", slow, writes=False)
    job_id = jobs_world.enqueue("slow")
    jobs_world.worker().run_once()

    found = jobs_world.job(job_id)
    assert calls == ["first", "second"]
    assert (found.status, found.attempts) == ("done", 2)


def test_a_heartbeat_keeps_a_long_job(jobs_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "LEASE", timedelta(seconds=0.3))
    leases: list[Any] = []

    def long(work: Work, _: Mapping[str, Any]) -> None:
        found = jobs.current_job(work)
        assert found is not None
        jobs_world.later(minutes=5)
        for _attempt in range(200):
            lease = jobs_world.job(found.id).lease_until
            if lease != found.lease_until:
                leases.append(lease)
                return
            threading.Event().wait(0.05)

    jobs_world.add("long", long, writes=False)
    jobs_world.enqueue("long")
    jobs_world.worker().run_once()

    assert leases == [jobs_world.clock.now() + timedelta(seconds=0.3)]


def test_a_failing_job_waits_longer_each_time_and_ends_as_a_dead_letter(jobs_world: World) -> None:
    def away(work: Work, _: Mapping[str, Any]) -> None:
        work.log("note", subject="undone")
        raise Unavailable(Problem("outbound.no_answer", {"host": "erp"}))

    jobs_world.add("away", away, tries=4)
    job_id = jobs_world.enqueue("away")
    waits: list[float] = []
    worker = jobs_world.worker()
    for _ in range(3):
        assert worker.run_once()
        found = jobs_world.job(job_id)
        assert (found.status, found.message) == ("waiting", {"code": "outbound.no_answer", "values": {"host": "erp"}})
        assert not worker.run_once()
        waits.append((found.run_at - jobs_world.clock.now()).total_seconds())
        jobs_world.later(seconds=waits[-1])
    worker.run_once()

    assert waits == sorted(waits)
    assert (jobs_world.job(job_id).status, jobs_world.job(job_id).attempts) == ("dead", 4)
    assert jobs_world.notes() == []


def test_a_job_that_cannot_succeed_is_not_tried_again(jobs_world: World) -> None:
    def refused(work: Work, _: Mapping[str, Any]) -> None:
        raise Forbidden(Problem("accounts.admins_only"))

    jobs_world.add("refused", refused)
    job_id = jobs_world.enqueue("refused")
    jobs_world.worker().run_once()

    found = jobs_world.job(job_id)
    assert (found.status, found.attempts, found.message) == ("failed", 1, {"code": "accounts.admins_only", "values": {}})


def test_a_bug_in_a_job_is_logged_and_leaves_the_worker_alive(jobs_world: World, caplog: pytest.LogCaptureFixture) -> None:
    def broken(work: Work, _: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    jobs_world.add("broken", broken)
    job_id = jobs_world.enqueue("broken")
    jobs_world.enqueue("note", {"text": "x"})

    assert jobs_world.worker().run_due() == 2

    assert jobs_world.job(job_id).message == {"code": "jobs.broke", "values": {"error": "ZeroDivisionError"}}
    assert "ZeroDivisionError" in caplog.text
    assert jobs_world.notes() == ["x"]


def test_being_told_to_stop_is_no_failure_of_the_job(jobs_world: World) -> None:
    def interrupted(work: Work, _: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    jobs_world.add("interrupted", interrupted)
    job_id = jobs_world.enqueue("interrupted")
    with pytest.raises(KeyboardInterrupt):
        jobs_world.worker().run_once()

    assert jobs_world.job(job_id).status == "running"  # until the lease is over


def test_payloads_that_no_longer_fit_fail_for_good(jobs_world: World) -> None:
    job_id = jobs_world.enqueue("note", {"text": "x"})
    with jobs_world.work() as work:
        work.connection.exec_driver_sql("UPDATE job SET payload = '{}'")
    jobs_world.worker().run_once()

    assert jobs_world.job(job_id).status == "failed"


def test_kinds_that_this_build_does_not_know_are_left_alone(jobs_world: World) -> None:
    job_id = jobs_world.enqueue("note", {"text": "x"})
    with jobs_world.work() as work:
        work.connection.exec_driver_sql("UPDATE job SET kind = 'of.tomorrow'")

    assert not jobs_world.worker().run_once()
    assert jobs_world.job(job_id).status == "waiting"


def test_a_recurring_job_comes_back_in_the_same_row_also_after_a_failure(jobs_world: World) -> None:
    outcomes: list[Exception | None] = [None, Unavailable(), Forbidden(), None]

    def tick(work: Work, _: Mapping[str, Any]) -> None:
        error = outcomes.pop(0)
        if error:
            raise error
        work.log("note", subject="tick")

    jobs_world.add("tick", tick, every=timedelta(minutes=1), tries=1)
    worker = jobs_world.worker()
    worker.prepare()
    worker.prepare()
    rows = jobs_world.count()
    for _ in range(4):
        worker.run_due()
        jobs_world.later(minutes=1)

    assert outcomes == []
    assert jobs_world.notes() == ["tick", "tick"]
    assert jobs_world.count() == rows


def test_a_recurring_job_that_is_queued_by_hand_runs_once_more_and_does_not_recur_twice(jobs_world: World) -> None:
    jobs_world.add("tick", lambda work, _: work.log("note", subject="tick"), every=timedelta(minutes=1))
    worker = jobs_world.worker()
    worker.prepare()
    worker.run_due()
    by_hand = jobs_world.enqueue("tick")
    worker.run_due()
    jobs_world.later(minutes=1)
    worker.run_due()

    assert jobs_world.job(by_hand).status == "done"
    assert jobs_world.notes() == ["tick"] * 3


def test_a_job_may_run_as_its_owner(jobs_world: World) -> None:
    li = Actor(UUID(int=1), "Li")
    seen: list[str] = []
    jobs_world.add("owned", lambda work, _: seen.append(work.actor.name), as_owner=True)
    jobs_world.add("system", lambda work, _: seen.append(work.actor.name))
    with jobs_world.work(li) as work:
        jobs.enqueue(work, "owned", {})
        jobs.enqueue(work, "system", {})
    jobs_world.worker(find_actor=lambda work, user_id: li).run_due()

    assert seen == ["Li", "system"]


def test_a_job_of_somebody_who_left_fails(jobs_world: World) -> None:
    def gone(work: Work, user_id: UUID) -> Actor:
        raise NotFound(Problem("accounts.no_such_user"))

    jobs_world.add("owned", lambda work, _: None, as_owner=True)
    job_id = jobs_world.enqueue("owned", owner_id=UUID(int=1))
    ownerless = jobs_world.enqueue("owned")
    jobs_world.worker(find_actor=gone).run_due()

    assert jobs_world.job(job_id).status == "failed"
    assert jobs_world.job(ownerless).message == {"code": "jobs.broke", "values": {"error": "RuntimeError"}}


def test_only_jobs_of_a_worker_with_ports_can_send(jobs_world: World) -> None:
    def sends(work: Work, _: Mapping[str, Any]) -> None:
        jobs.ports_of(work)

    jobs_world.add("sends", sends)
    job_id = jobs_world.enqueue("sends")
    jobs_world.worker().run_once()

    assert jobs_world.job(job_id).message == {"code": "jobs.broke", "values": {"error": "RuntimeError"}}


def test_a_waiting_worker_wakes_up_when_something_is_queued(jobs_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "POLL", 3600.0)
    done = threading.Event()
    jobs_world.add("done", lambda work, _: done.set())
    stop = threading.Event()
    worker = jobs_world.worker()
    rests, wait = threading.Semaphore(0), worker._wake.wait

    def rest(timeout: float | None = None) -> bool:
        rests.release()
        return wait(timeout)

    monkeypatch.setattr(worker._wake, "wait", rest)
    thread = threading.Thread(target=worker.run_forever, args=(stop,))
    thread.start()
    assert rests.acquire(timeout=WAIT)

    jobs_world.enqueue("done")
    assert done.wait(WAIT)
    assert rests.acquire(timeout=WAIT)
    stop.set()
    jobs_world.enqueue("note", {"text": "wakes it once more"})
    thread.join(WAIT)
    assert not thread.is_alive()


def test_a_database_that_is_away_is_asked_again_and_less_often(jobs_world: World, caplog: pytest.LogCaptureFixture) -> None:
    worker = jobs_world.worker()
    rests: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rests.append(timeout or 0)
            if len(rests) == 7:
                self.set()
            return self.is_set()

    class Away:
        dialect = "sqlite"

        def work(self, *_: Any, **__: Any) -> Any:
            raise Unavailable(Problem("storage.unavailable"))

    worker.database = Away()  # type: ignore[assignment]
    worker.run_forever(Stop())

    assert rests == [1, 2, 4, 8, 16, 30, 30]
    assert "storage.unavailable" in caplog.text


def test_a_lease_that_cannot_be_prolonged_does_not_stop_the_job(
    jobs_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_module, "LEASE", timedelta(seconds=0.03))
    failed = threading.Event()
    real = worker_module.store.change_running

    def refuse(connection: Any, job_id: UUID, attempt: int, values: Mapping[str, Any]) -> bool:
        if "status" not in values:
            failed.set()
            raise Unavailable(Problem("storage.busy"))
        return real(connection, job_id, attempt, values)

    monkeypatch.setattr(worker_module.store, "change_running", refuse)

    def long(work: Work, _: Mapping[str, Any]) -> None:
        assert failed.wait(WAIT)

    jobs_world.add("long", long, writes=False)
    job_id = jobs_world.enqueue("long")
    jobs_world.worker().run_once()

    assert jobs_world.job(job_id).status == "done"
    assert "was not prolonged" in caplog.text


def test_the_actor_of_a_job_is_the_part_of_the_product(jobs_world: World) -> None:
    jobs_world.enqueue("note", {"text": "x"})
    jobs_world.worker().run_once()
    with jobs_world.work(system_actor("test"), writes=False) as work:
        name = work.connection.exec_driver_sql("SELECT actor_name FROM audit_entry WHERE action = 'note'").scalar()
    assert name == "note"
