"""Two ways to send mail: an SMTP server, or files in a folder for everyone who has none (yet)."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Literal, Protocol

from email_validator import EmailNotValidError, validate_email

from engine.kernel.errors import Invalid, Problem, Unavailable

TIMEOUT = 15.0
MOST_RECIPIENTS = 100
_LONGEST_SUBJECT = 300
_LONGEST_TEXT = 200_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class Letter:
    """A mail to send. `event_id` stays the same when it has to be sent again."""

    event_id: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: datetime
    html: str | None = None


class Mail(Protocol):
    """A way to send mail."""

    def send(self, letter: Letter) -> None:
        """Send; raises Invalid for a letter that can't be sent, Unavailable when it may work later."""
        ...


def check(letter: Letter) -> None:
    """Raise Invalid (`mail.*`) for addresses that are none, and for line breaks where none belong.

    A line break in a header would let whoever wrote the text add headers and recipients.
    """
    problems = []
    if not 0 < len(letter.to) <= MOST_RECIPIENTS:
        problems.append(Problem("mail.recipients", {"count": MOST_RECIPIENTS}, ("to",)))
    problems += [Problem("mail.address", {"value": item[:80]}, ("to",)) for item in letter.to if not _is_address(item)]
    if not letter.subject.strip() or len(letter.subject) > _LONGEST_SUBJECT or _CONTROL.search(letter.subject):
        problems.append(Problem("mail.subject", {"count": _LONGEST_SUBJECT}, ("subject",)))
    if len(letter.text) + len(letter.html or "") > _LONGEST_TEXT:
        problems.append(Problem("mail.too_long", {"count": _LONGEST_TEXT}, ("text",)))
    if not letter.event_id or _UNSAFE.search(letter.event_id):
        problems.append(Problem("mail.event_id", {}, ("event_id",)))
    if problems:
        raise Invalid(*problems)


def compose(letter: Letter, sender: str, sender_name: str) -> EmailMessage:
    """The message in the form that travels; raises Invalid."""
    check(letter)
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{letter.event_id}@{domain}>"  # the same at each attempt: receivers can tell
    message["Date"] = format_datetime(letter.at)
    message["From"] = Address(sender_name, addr_spec=sender)
    message["To"] = [Address(addr_spec=item) for item in letter.to]
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


@dataclass(frozen=True)
class FileMail:
    """Puts mails into a folder, one `.eml` file each: for development, and until SMTP is set up."""

    folder: Path
    sender: str = "formwork@localhost"
    sender_name: str = "Formwork"

    def send(self, letter: Letter) -> None:
        """Write the file; a letter that is there already is not written again. Raises Invalid, Unavailable."""
        text = compose(letter, self.sender, self.sender_name).as_bytes()
        path = self.folder / f"{letter.event_id}.eml"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.exists():
                return
            part = path.with_suffix(f".{os.getpid()}.part")
            part.touch(mode=0o600)
            part.write_bytes(text)
            part.replace(path)
        except OSError as error:
            raise Unavailable(Problem("mail.no_answer")) from error


@dataclass(frozen=True)
class SmtpMail:
    """Hands mails to an SMTP server: over TLS from the start ("tls"), or after STARTTLS.

    "none" is for a server on the same machine.
    """

    host: str
    sender: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    login: str | None = None
    password: str | None = None
    sender_name: str = "Formwork"

    def send(self, letter: Letter) -> None:
        """Hand over; raises Invalid when the server refuses for good, Unavailable when it may work later."""
        message = compose(letter, self.sender, self.sender_name)
        try:
            with self._connection() as server:
                server.send_message(message, self.sender, list(letter.to))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refusal(min(codes, default=0)) from error
        except smtplib.SMTPResponseException as error:
            is_login = isinstance(error, smtplib.SMTPAuthenticationError)  # the operator can mend that
            raise _refusal(0 if is_login else error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(Problem("mail.no_answer")) from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        secure = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=secure)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        with server:
            if self.security == "starttls":
                server.starttls(context=secure)
            if self.login is not None:
                server.login(self.login, self.password or "")
            yield server


def _refusal(code: int) -> Invalid | Unavailable:
    """5xx means never, everything else perhaps later (RFC 5321, 4.2.1)."""
    return Invalid(Problem("mail.refused", {"status": code})) if code >= 500 else Unavailable(Problem("mail.no_answer"))


def _is_address(text: str) -> bool:
    if _CONTROL.search(text):
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True
