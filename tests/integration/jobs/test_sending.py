"""Mails and webhooks as jobs: queued with what happened, sent once it is stored, signed, repeated with care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
import pytest
from standardwebhooks import Webhook

from engine import jobs
from engine.jobs import KINDS, Answer, Letter, Outbound, Ports
from engine.jobs.webhooks import DELAYS
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem, Unavailable
from engine.storage import Database
from tests.factories.small_app import an_app, publish_documents
from tests.integration.jobs.job_world import World

URL = "https://erp.example.com/in"


@dataclass
class Outside:
    """What was sent, and what the other side answers, one after the other; the last answer stays."""

    answers: list[int] = field(default_factory=lambda: [204])
    letters: list[Letter] = field(default_factory=list)
    posts: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posts.append((url, body, headers))
        status = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if status == 0:
            raise Unavailable(Problem("outbound.no_answer"))
        return Answer(status, b"")

    @property
    def ports(self) -> Ports:
        return Ports(self, cast(Outbound, self))


@pytest.fixture
def sending(database: Database, monkeypatch: pytest.MonkeyPatch) -> World:
    """A database with an app that has webhooks, and the kinds of jobs that send."""
    world = World(database, monkeypatch)
    for kind in ("mail.send", "webhook.send", "publishing.make_indexes", "records.recompute"):
        if kind in KINDS:
            world.kinds.register(KINDS[kind])
    publish_documents(database, an_app(webhooks={"erp": {"label": "ERP", "url": URL}, "bi": {"label": "BI"}}))
    return world


def test_a_mail_is_sent_after_the_commit_with_an_id_of_its_own(sending: World) -> None:
    outside = Outside()
    with sending.work() as work:
        job_id = jobs.send_mail(work, ["li@example.com"], "报价待审批", "请审批。", html="<p>请审批。</p>")
        sent_at = work.now
    sending.later(minutes=3)
    sending.worker(ports=outside.ports).run_due()

    (letter,) = outside.letters
    assert sending.job(job_id).status == "done"
    assert (letter.to, letter.subject, letter.html, letter.at) == (("li@example.com",), "报价待审批", "<p>请审批。</p>", sent_at)


def test_the_same_event_is_mailed_once(sending: World) -> None:
    outside = Outside()
    with sending.work() as work:
        for _ in range(2):
            jobs.send_mail(work, ["li@example.com"], "Hello", "x", event_id="event-7")
    sending.worker(ports=outside.ports).run_due()

    assert [letter.event_id for letter in outside.letters] == ["event-7"]


def test_a_mail_that_cannot_travel_is_refused_when_it_is_queued(sending: World) -> None:
    with pytest.raises(Invalid), sending.work() as work:
        jobs.send_mail(work, ["li@example.com"], "Hello\r\nBcc: all@example.com", "x")


def verified(secret: str, body: bytes, headers: Mapping[str, str], now: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The content, if the library of the standard accepts the signature at that time."""
    import standardwebhooks.webhooks as library

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return now

    monkeypatch.setattr(library, "datetime", Clock)
    return Webhook(secret).verify(body, dict(headers))


def test_a_webhook_is_signed_as_the_standard_says(sending: World, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside()
    with sending.work() as work:
        job_id = jobs.send_webhook(work, "crm", "erp", "quotation.approved", {"number": "QT-1", "at": work.now})
        sent_at = work.now
    sending.worker(ports=outside.ports).run_due()
    with sending.work() as work:
        endpoint = jobs.get_webhook(work, "crm", "erp")

    ((url, body, headers),) = outside.posts
    content = verified(endpoint.secrets[0], body, headers, sending.clock.now(), monkeypatch)
    assert url == URL
    assert content == {
        "type": "quotation.approved", "timestamp": sent_at.isoformat(),
        "data": {"number": "QT-1", "at": sent_at.isoformat()},
    }
    assert sending.job(job_id).result == {"status": 204}
    assert endpoint.secrets[0] not in str(sending.job(job_id))


def test_a_webhook_is_repeated_with_the_same_id_and_content_and_a_fresh_signature(sending: World) -> None:
    outside = Outside(answers=[503, 0, 301, 200])
    with sending.work() as work:
        job_id = jobs.send_webhook(work, "crm", "erp", "x", {"a": 1})
    worker = sending.worker(ports=outside.ports)
    codes: list[str] = []
    for _ in range(4):
        worker.run_due()
        codes.append(str((sending.job(job_id).message or {}).get("code")))
        sending.later(hours=3)

    assert codes == ["webhook.refused", "outbound.no_answer", "webhook.refused", "None"]
    assert sending.job(job_id).status == "done"
    assert len({(body, headers["webhook-id"]) for _, body, headers in outside.posts}) == 1
    assert len({headers["webhook-signature"] for _, _, headers in outside.posts}) == 4


def test_a_webhook_is_tried_for_days_and_then_given_up(sending: World) -> None:
    outside = Outside(answers=[500])
    with sending.work() as work:
        job_id = jobs.send_webhook(work, "crm", "erp", "x", {})
    worker = sending.worker(ports=outside.ports)
    begun = sending.clock.now()
    for _ in DELAYS:
        worker.run_due()
        sending.clock.advance(sending.job(job_id).run_at - sending.clock.now())
    worker.run_due()

    assert (sending.job(job_id).status, len(outside.posts)) == ("dead", 10)
    assert sending.clock.now() - begun > timedelta(days=2)


def test_a_receiver_that_is_gone_switches_its_webhook_off(sending: World) -> None:
    outside = Outside(answers=[410])
    with sending.work() as work:
        first = jobs.send_webhook(work, "crm", "erp", "x", {})
    worker = sending.worker(ports=outside.ports)
    worker.run_due()
    with sending.work() as work:
        second = jobs.send_webhook(work, "crm", "erp", "x", {})
        assert jobs.get_webhook(work, "crm", "erp").is_disabled
    worker.run_due()

    assert [sending.job(one).message["code"] for one in (first, second)] == ["webhook.gone", "webhook.off"]  # type: ignore[index]
    assert len(outside.posts) == 1


def test_a_webhook_without_an_address_is_not_sent(sending: World) -> None:
    outside = Outside()
    with sending.work() as work:
        job_id = jobs.send_webhook(work, "crm", "bi", "x", {})
    sending.worker(ports=outside.ports).run_due()
    assert sending.job(job_id).status == "failed"

    with sending.work() as work:
        jobs.change_webhook(work, "crm", "bi", url="https://bi.example.com/in")
        jobs.retry_job(work, job_id)
    sending.worker(ports=outside.ports).run_due()
    assert [url for url, *_ in outside.posts] == ["https://bi.example.com/in"]


def test_secrets_change_without_a_gap(sending: World, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside()
    with sending.work() as work:
        secrets = [jobs.renew_secret(work, "crm", "erp") for _ in range(3)]
        jobs.send_webhook(work, "crm", "erp", "x", {})
    sending.worker(ports=outside.ports).run_due()

    ((_, body, headers),) = outside.posts
    for secret in secrets[1:]:
        assert verified(secret, body, headers, sending.clock.now(), monkeypatch)
    with sending.work() as work:
        assert jobs.get_webhook(work, "crm", "erp").secrets == (secrets[2], secrets[1])


def test_only_administrators_see_and_change_webhooks(sending: World) -> None:
    li = Actor(None, "Li")
    with sending.work(li) as work:
        for forbidden in (
            lambda: jobs.get_webhook(work, "crm", "erp"), lambda: jobs.renew_secret(work, "crm", "erp"),
            lambda: jobs.change_webhook(work, "crm", "erp", url=URL),
        ):
            with pytest.raises(Forbidden):
                forbidden()
    with sending.work(system_actor("test")) as work:
        for missing in (
            lambda: jobs.get_webhook(work, "crm", "no"), lambda: jobs.send_webhook(work, "crm", "no", "x", {}),
        ):
            with pytest.raises(NotFound):
                missing()
        with pytest.raises(Invalid):
            jobs.change_webhook(work, "crm", "erp", url="nonsense")
        jobs.change_webhook(work, "crm", "erp", url="", is_disabled=True)
        jobs.change_webhook(work, "crm", "erp", is_disabled=False)
        assert jobs.get_webhook(work, "crm", "erp").url == URL


@pytest.mark.parametrize("kind", ["mail.send", "webhook.send", "jobs.clean_up"])
def test_jobs_of_this_room_may_run_twice(sending: World, kind: str) -> None:
    payloads: Mapping[str, Sequence[Any] | Mapping[str, Any]] = {
        "mail.send": {"event_id": "e", "to": ["li@example.com"], "subject": "x", "text": "y", "at": "2026-11-24T08:00:00+00:00"},
        "webhook.send": {"app": "crm", "webhook": "erp", "event_id": "e", "event": "x", "at": "2026-11-24T08:00:00+00:00", "data": {}},
        "jobs.clean_up": {},
    }
    outside = Outside()
    ids = [sending.enqueue(kind, cast(Mapping[str, Any], payloads[kind])) for _ in range(2)]
    sending.worker(ports=outside.ports).run_due()

    assert {sending.job(one).message is None for one in ids} == {True}
    assert len({letter.event_id for letter in outside.letters}) <= 1
    assert len({orjson.loads(body)["timestamp"] for _, body, _ in outside.posts}) <= 1
