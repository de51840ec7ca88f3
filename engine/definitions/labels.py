"""What people call the things of an app: labels out of raw documents, sound or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definitions.model import Document
from engine.kernel.messages import pick

_TARGETS = {"user": "@user", "created_by": "@user", "changed_by": "@user", "department": "@department"}


class Labels:
    """Labels in one language, of the draft's or a release's documents; where several hold a key, the first counts.

    Every question answers with the key itself where there is no label.
    """

    def __init__(self, documents: Iterable[Document], language: str, fallback: str = "en") -> None:
        self.language = language
        self._fallback = fallback
        self._documents: dict[tuple[str, str], Document] = {}
        self._fields: dict[str, dict[str, Mapping[str, Any]]] = {}
        for document in documents:
            self._documents.setdefault((document["kind"], document["key"]), document)
        for (kind, key), document in self._documents.items():
            if kind == "app":
                self._fallback = str(document.get("default_language", fallback))
            if kind == "entity":
                self._fields[key] = {item["key"]: item for item in reversed(document.get("fields", ())) if "key" in item}

    def say(self, text: object, otherwise: str = "") -> str:
        """A text in the language."""
        return pick(text, self.language, self._fallback) or otherwise

    def document(self, kind: str, key: str) -> str:
        """A document's label."""
        found = self._documents.get((kind, key))
        return self.say(found.get("label"), key) if found else key

    def find(self, kind: str, key: str) -> Document | None:
        """A document."""
        return self._documents.get((kind, key))

    def raw_field(self, entity: str, key: str) -> Mapping[str, Any] | None:
        """A field as its document has it."""
        return self._fields.get(entity, {}).get(key)

    def field(self, entity: str, path: str) -> str:
        """A field's label, or those on the way to one: Account › Level."""
        return self.find_field(entity, path) or path

    def find_field(self, entity: str, path: str) -> str | None:
        """The same; None where the path leads nowhere."""
        found: list[str] = []
        owner: str | None = entity
        for step in path.split("."):
            label, owner = self._step(owner, step)
            if label is None:
                return None
            found.append(label)
        return " › ".join(found)

    def option(self, entity: str, path: str, option: str) -> str | None:
        """The label of an option of the choice field at the end of a path."""
        item = self._at_end(entity, path)
        options = item.get("options", {}).get("options", ()) if item else ()
        found = next((each for each in options if isinstance(each, Mapping) and each.get("key") == option), None)
        return self.say(found.get("label"), option) if found else None

    def state(self, workflow: str, state: str) -> str:
        """The label of a workflow's state."""
        found = self.find("workflow", workflow) or {}
        return self.say(found.get("states", {}).get(state, {}).get("label"), state)

    def _step(self, owner: str | None, step: str) -> tuple[str | None, str | None]:
        from engine.definitions.wording import word  # noqa: PLC0415 - they lean on each other

        if owner in ("@user", "@department"):
            further = {"manager": "@user", "head": "@user", "department": "@department", "parent": "@department"}.get(step)
            return word(f"wording.person.{step}", self.language), further
        item = self.raw_field(owner or "", step)
        if item is None:
            known = word(f"wording.field.{step}", self.language) if owner else None
            return known, _TARGETS.get(step)
        target = _TARGETS.get(str(item.get("type"))) or item.get("options", {}).get("entity")
        return self.say(item.get("label"), step), target

    def _at_end(self, entity: str, path: str) -> Mapping[str, Any] | None:
        *before, last = path.split(".")
        owner: str | None = entity
        for step in before:
            owner = self._step(owner, step)[1]
        return self.raw_field(owner or "", last)
