"""What people call the things of an app: labels out of raw documents, sound or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from engine.definitions.in_words import in_words
from engine.definitions.model import Document
from engine.definitions.names import Names, Scope
from engine.definitions.outline import Outline, read_outline
from engine.expressions import compile as compile_expression
from engine.kernel.errors import Invalid
from engine.kernel.messages import catalogue, pick, translate

_SCOPES: tuple[Scope, ...] = ("change", "person", "choose", "template", "list")
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

    @property
    def app(self) -> Document:
        """The app's own document."""
        return next((document for (kind, _), document in self._documents.items() if kind == "app"), {})

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

    @cached_property
    def outline(self) -> Outline:
        """The documents as far as they can be read."""
        return read_outline(list(self._documents.values()))

    def expression(self, text: str, entity: str, *, own: str | None = None) -> str:
        """An expression over an entity's records as a sentence; one that can't be compiled as it stands."""
        for scope in _SCOPES if entity in self.outline.entities or entity in _TARGETS.values() else ():
            names = Names(self.outline.entities, entity, scope, own=own)
            try:
                compiled = compile_expression(text, names)
            except Invalid:
                continue
            roles = {key: document.get("label", key) for (kind, key), document in self._documents.items() if kind == "role"}
            return in_words(compiled, names, self.language, roles=roles)
        return text

    def _step(self, owner: str | None, step: str) -> tuple[str | None, str | None]:
        if owner in ("@user", "@department"):
            further = {"manager": "@user", "head": "@user", "department": "@department", "parent": "@department"}.get(step)
            return word(f"words.person_{step}", self.language) or step, further
        item = self.raw_field(owner or "", step)
        if item is None:
            return (word(f"field_type.{step}", self.language) if owner else None), _TARGETS.get(step)
        target = _TARGETS.get(str(item.get("type"))) or item.get("options", {}).get("entity")
        return self.say(item.get("label"), step), target

    def _at_end(self, entity: str, path: str) -> Mapping[str, Any] | None:
        *before, last = path.split(".")
        owner: str | None = entity
        for step in before:
            owner = self._step(owner, step)[1]
        return self.raw_field(owner or "", last)


def word(code: str, language: str, **values: object) -> str | None:
    """A word of ours; None where no catalogue has it."""
    return translate(code, values, language) if code in catalogue("en") else None
