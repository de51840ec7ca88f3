"""What chosen documents can't be without, and the part of an app that they make up.

An entity needs what its fields refer to, a form or view its entity and roles, a workflow its entity, forms and
roles. An app's navigation, a role's grants and a form's related lists name much that they can be without: they
go along with what is there, and what is not there is taken out of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.definitions import Document, Use, uses
from engine.kernel.errors import Invalid, Problem, raise_invalid
from engine.kernel.messages import translate
from engine.packs.modules import pruned

_ALWAYS = ("app", "locale")
_BELONGING = ("form", "view", "workflow")


@dataclass(frozen=True)
class Dependency:
    """A document that goes along: `needed_by` names it at `path`."""

    place: str
    needed_by: str
    path: tuple[str | int, ...]

    def sentence(self, language: str) -> str:
        """Why it goes along."""
        where = "/".join(str(part) for part in self.path)
        return translate("pack.export_needs", {"place": self.place, "needed_by": self.needed_by, "where": where}, language)


def dependencies_of(documents: Iterable[Document], only: Iterable[str]) -> tuple[Dependency, ...]:
    """What the chosen documents ("kind/key") need beside themselves, each with the first that asks for it.

    Raises Invalid (`pack.export_unknown`) for a document that isn't there.
    """
    documents = list(documents)
    known = {place_of(document) for document in documents}
    chosen = sorted(set(only))
    raise_invalid(Problem("pack.export_unknown", {"place": place[:80]}) for place in chosen if place not in known)
    needs = _needs(documents)
    seen, waiting, found = set(chosen), list(chosen), []
    while waiting:
        needed_by = waiting.pop(0)
        for place, path in needs.get(needed_by, ()):
            if place in known and place not in seen:
                seen.add(place)
                waiting.append(place)
                found.append(Dependency(place, needed_by, path))
    return tuple(found)


def companions_of(documents: Iterable[Document], only: Iterable[str]) -> tuple[str, ...]:
    """Forms, views and workflows of the chosen entities: nobody needs them, but most want them."""
    entities = {place.partition("/")[2] for place in only if place.startswith("entity/")}
    found = (place_of(document) for document in documents if document["kind"] in _BELONGING and document["entity"] in entities)
    return tuple(sorted(found))


def part_of(documents: Sequence[Document], only: Iterable[str]) -> tuple[Document, ...]:
    """The chosen documents with what they need and with the app's own, without whatever names the rest; raises Invalid."""
    chosen = set(only)
    if not chosen:
        raise Invalid(Problem("pack.export_nothing"))
    kept = chosen | {found.place for found in dependencies_of(documents, chosen)}
    gone = {place_of(document) for document in documents if document["kind"] not in _ALWAYS} - kept
    return tuple(_told(document, gone) for document in pruned(documents, gone))


def place_of(document: Document) -> str:
    """A document as "kind/key"."""
    return f"{document['kind']}/{document['key']}"


def _needs(documents: list[Document]) -> dict[str, list[tuple[str, tuple[str | int, ...]]]]:
    """By document, which others it needs and where it says so."""
    found: dict[str, list[tuple[str, tuple[str | int, ...]]]] = {}
    for use in uses(documents):
        place = _place_needed(use)
        if place is not None:
            found.setdefault(f"{use.kind}/{use.key}", []).append((place, use.path))
    return {place: sorted(needed, key=lambda item: (item[0], [str(part) for part in item[1]])) for place, needed in found.items()}


def _place_needed(use: Use) -> str | None:
    if use.kind in ("app", "role", "locale") or use.path[:1] == ("related",):
        return None
    kind, key = use.target[0], use.target[1]
    if kind in ("field", "option"):
        kind = "entity"
    return f"{kind}/{key}" if kind in ("entity", "form", "view", "role") else None


def _told(document: Document, gone: set[str]) -> Document:
    """Translations without the texts of what isn't there."""
    if document["kind"] != "locale":
        return document
    texts = {path: text for path, text in document["texts"].items() if "/".join(path.split("/")[:2]) not in gone}
    return {**document, "texts": texts}
