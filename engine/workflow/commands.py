"""One command, one time: all or nothing, and answered again when it is repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.errors import Conflict, Problem
from engine.kernel.json import content_hash
from engine.storage import Work
from engine.workflow.instances import Answer, Instance
from engine.workflow.store import commands


@dataclass(frozen=True)
class Command:
    """What somebody asks for. With a `key` of the client's, repeating it has no second effect."""

    verb: str
    content: Mapping[str, Any]
    key: str | None = None

    def seen(self, work: Work) -> Answer | None:
        """The stored answer, if this command has been carried out; call it under the lock.

        Raises Conflict when the key was used for something else.
        """
        if self.key is None:
            return None
        row = commands.find_command(work.connection, self._scoped(work))
        if row is None:
            return None
        if row.digest != self._digest:
            raise Conflict(Problem("workflow.key_reused"))
        return Answer.load(row.answer)

    def keep(self, work: Work, instance: Instance, answer: Answer) -> Answer:
        """Remember the answer for a repetition."""
        if self.key is not None:
            commands.insert_command(
                work.connection, self._scoped(work), instance.run.id, self._digest, answer.dump(), work.now
            )
        return answer

    @property
    def _digest(self) -> str:
        return content_hash([self.verb, _plain(self.content)])

    def _scoped(self, work: Work) -> str:
        """Keys of different people never meet."""
        return f"{work.actor.user_id or work.actor.system}:{self.key}"


def _plain(value: Any) -> Any:
    """A value as JSON, for the digest only."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
