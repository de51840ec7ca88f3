"""Mails: composed, refused, written to a folder, handed to a server."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from engine.jobs.mail import FileMail, Letter, SmtpMail, check
from engine.kernel.errors import Invalid, Unavailable

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def letter(**changes: Any) -> Letter:
    found = {"event_id": "e-1", "to": ("li@example.com",), "subject": "报价待审批", "text": "请审批。", "at": AT}
    return Letter(**{**found, **changes})


def test_a_mail_lies_in_the_folder_once(tmp_path: Path) -> None:
    mail = FileMail(tmp_path / "outbox")

    mail.send(letter(html="<p>请审批。</p>"))
    mail.send(letter(text="again"))

    (path,) = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (path.name, message["Subject"], message["To"]) == ("e-1.eml", "报价待审批", "li@example.com")
    assert message["Message-ID"] == "<e-1@localhost>"
    assert message.get_body(("plain",)).get_content().strip() == "请审批。"
    assert message.get_body(("html",)).get_content().strip() == "<p>请审批。</p>"


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable):
        FileMail(tmp_path / "file").send(letter())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject": "Hello\r\nBcc: all@example.com"}, "mail.subject"),
        ({"subject": "Hello\nX"}, "mail.subject"),
        ({"subject": "Hello\u2028X"}, "mail.subject"),
        ({"subject": " "}, "mail.subject"),
        ({"subject": "x" * 301}, "mail.subject"),
        ({"to": ("li@example.com\r\nBcc: all@example.com",)}, "mail.address"),
        ({"to": ("li@example.com, all@example.com",)}, "mail.address"),
        ({"to": ("Li <li@example.com>",)}, "mail.address"),
        ({"to": ()}, "mail.recipients"),
        ({"to": ("li@example.com",) * 101}, "mail.recipients"),
        ({"text": "x" * 200_001}, "mail.too_long"),
        ({"event_id": "../../etc/passwd"}, "mail.event_id"),
        ({"event_id": "a>\r\nX: y"}, "mail.event_id"),
        ({"event_id": ""}, "mail.event_id"),
    ],
)
def test_what_would_not_travel_well_is_refused(tmp_path: Path, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as error:
        check(letter(**changes))
    assert {problem.code for problem in error.value.problems} == {code}
    with pytest.raises(Invalid):
        FileMail(tmp_path).send(letter(**changes))


class Server(socketserver.ThreadingTCPServer):
    """Speaks enough SMTP to take or refuse a mail."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.mails: list[str] = []
        super().__init__(("127.0.0.1", 0), Talk)


class Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        for raw in self.rfile:
            word = raw.decode().split(maxsplit=1)[0].upper().strip()
            if word == "DATA" and "DATA" not in self.server.answers:
                self.say("354 go on")
                lines: list[str] = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                self.server.mails.append("".join(lines))
            self.say(self.server.answers.get(word, "250 fine" if word != "QUIT" else "221 bye"))
            if word == "QUIT":
                return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield found
        found.shutdown()


def smtp(server: Server, **more: Any) -> SmtpMail:
    return SmtpMail("127.0.0.1", "crm@example.com", server.server_address[1], security=more.pop("security", "none"), **more)


def test_a_mail_is_handed_to_the_server(server: Server) -> None:
    smtp(server).send(letter())

    assert "Message-ID: <e-1@example.com>" in server.mails[0]
    assert "From: Formwork <crm@example.com>" in server.mails[0]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 no such person"}, Invalid),
        ({"RCPT": "450 later"}, Unavailable),
        ({"DATA": "554 spam"}, Invalid),
        ({"DATA": "451 later"}, Unavailable),
        ({"MAIL": "553 not you"}, Invalid),
    ],
)
def test_refusals_for_good_are_told_from_those_for_now(server: Server, answers: dict[str, str], error: type[Exception]) -> None:
    server.answers = answers

    with pytest.raises(error):
        smtp(server).send(letter())


def test_a_server_without_tls_or_login_is_not_trusted_with_anything(server: Server) -> None:
    for settings in ({"security": "starttls"}, {"security": "tls"}, {"login": "crm", "password": "secret"}):
        with pytest.raises(Unavailable):
            smtp(server, **settings).send(letter())
    assert server.mails == []


def test_a_wrong_login_is_for_the_operator_to_mend(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr(smtplib.SMTP, "login", refuse)
    with pytest.raises(Unavailable):
        smtp(server, login="crm", password="secret").send(letter())


def test_no_server_is_worth_another_try() -> None:
    with pytest.raises(Unavailable):
        SmtpMail("127.0.0.1", "crm@example.com", 1, security="none").send(letter())
