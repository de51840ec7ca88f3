"""What leaves an instance: notifications and copies as rows, mails and webhooks as jobs.

All of it is written in the command's own transaction: it leaves when, and only when, that commits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.definitions.model import Model, Text, Workflow
from engine.expressions import Expression
from engine.jobs import send_mail, send_webhook
from engine.kernel.messages import LANGUAGES, pick, translate
from engine.storage import Work
from engine.workflow.links import link_to
from engine.workflow.notifications import notify
from engine.workflow.record_door import RecordDoor
from engine.workflow.run import Run
from engine.workflow.store import lists, notices
from engine.workflow.texts import Template, one_line

Answer = Callable[[Expression], Any]


@dataclass(frozen=True)
class Effects:
    """The ways out of one instance."""

    work: Work
    model: Model
    workflow: Workflow
    door: RecordDoor
    answer: Answer

    def tell(self, code: str, people: Sequence[UUID], **values: Any) -> None:
        """A sentence of ours, in the app and by mail."""
        filled = {"title": self.door.title, "workflow": self.workflow.label, **values}
        self._notify(people, code, filled)
        for person in self._addressees(people):
            subject = translate(code, filled, person.language)
            text = f"{subject}\n\n{translate('workflow.open_record', None, person.language)} {self.link}\n"
            send_mail(self.work, [person.email], one_line(subject), text)

    def notify(self, people: Sequence[UUID], template: str | None, state: Text) -> None:
        """A template's subject, or the record and its state, in the app."""
        if template is None:
            self._notify(people, "text", {"text": {each: self._plain(state, each) for each in LANGUAGES}})
            return
        found = self._template(template)
        texts = {each: found.subject(each, self.answer, self.work.actor.timezone) for each in LANGUAGES}
        self._notify(people, "text", {"text": texts})

    def mail(self, people: Sequence[UUID], template: str | None, state: Text) -> None:
        """A template, or the record and its state, to each person in their language."""
        found = self._template(template) if template else None
        for person in self._addressees(people):
            if found is None:
                subject, text = self._plain(state, person.language), self.link
            else:
                subject = found.subject(person.language, self.answer, person.timezone)
                text = found.body(person.language, self.answer, person.timezone)
            send_mail(self.work, [person.email], one_line(subject), text)

    def webhook(self, run: Run, name: str, data: Mapping[str, Any]) -> None:
        """A message to a webhook of the app; the event names the workflow and the state."""
        send_webhook(self.work, self.door.app, name, f"{self.workflow.key}.{run.state}", data)

    def copy(self, run: Run, people: Sequence[UUID], state: Text) -> list[UUID]:
        """Copies for people who have none yet; answers who got one."""
        fresh = lists.add_copies(self.work.connection, run.id, people, self.work.now)
        self.tell("workflow.copied", fresh, state=state)
        return fresh

    @property
    def link(self) -> str:
        """Where people find the record."""
        return link_to(self.work, self.door.app, self.door.entity, self.door.id)

    def _template(self, key: str) -> Template:
        return Template(self.model, self.door.entity, key)

    def _plain(self, state: Text, language: str) -> str:
        return f"{self.door.title}: {pick(state, language)}"

    def _notify(self, people: Sequence[UUID], code: str, values: Mapping[str, Any]) -> None:
        notify(
            self.work, people, code, values,
            app=self.door.app, entity=self.door.entity, record_id=self.door.id,
        )

    def _addressees(self, people: Sequence[UUID]) -> list[Any]:
        if not people:
            return []
        found = notices.addressees(self.work.connection, list(dict.fromkeys(people)))
        return [person for person in found if person.email]
