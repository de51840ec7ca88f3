"""Differences and impact as people read them: sentences by document, with links into the designer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definitions import Document
from engine.definitions.labels import Labels
from engine.kernel.messages import translate
from engine.publishing.compare import compare
from engine.publishing.history import CURRENT, DRAFT, documents_of
from engine.publishing.words import place_in_words, sentences_of
from engine.storage import Work

Place = tuple[str, str]
_MOST = 200
_PAGES = {"app": "", "role": "/roles", "locale": "/translations"}


def changes_json(work: Work, app: str, from_: str | int = CURRENT, to: str | int = DRAFT) -> list[dict[str, Any]]:
    """What differs, by document: {"kind", "key", "label", "change", "href", "sentences": [{"kind", "text"}], "more"}.

    Raises Forbidden, NotFound.
    """
    before, after = documents_of(work, app, from_), documents_of(work, app, to)
    return told(before, after, app, work.language)


def told(before: Mapping[Place, Document], after: Mapping[Place, Document], app: str, language: str) -> list[dict[str, Any]]:
    """The same for two sets of documents."""
    labels = Labels([*before.values(), *after.values()], language), Labels([*after.values(), *before.values()], language)
    old = {(item["kind"], item["uid"]): item for item in before.values()}
    new = {(item["kind"], item["uid"]): item for item in after.values()}
    found = []
    for difference in compare(before.values(), after.values()):
        identity = difference.kind, difference.uid
        sentences = sentences_of(difference, old.get(identity), new.get(identity), labels)
        side = labels[0 if difference.change == "removed" else 1]
        found.append({
            "kind": difference.kind, "key": difference.key, "change": difference.change,
            "label": side.say(difference.label) or difference.key, "kind_word": _capital(translate(f"change.kind.{difference.kind}", None, language)),
            "href": None if difference.change == "removed" else href_of(app, difference.kind, difference.key),
            "sentences": [{"kind": each.kind, "text": each.text} for each in sentences[:_MOST]], "more": max(0, len(sentences) - _MOST),
        })
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def href_of(app: str, kind: str, key: str) -> str:
    """Where a document is designed."""
    return f"/design/{app}/{kind}/{key}" if kind not in _PAGES else f"/design/{app}{_PAGES[kind]}"


def whereabouts(documents: Mapping[Place, Document], labels: Labels, kind: str, key: str, path: Iterable[str | int]) -> str:
    """A document and a place in it: form “Quotation” › tab “Basics” › “Amount”."""
    document = documents.get((kind, key))
    name = translate(f"change.kind.{kind}", None, labels.language)
    head = translate("publishing.place", {"kind": name, "label": labels.say(document.get("label"), key) if document else key}, labels.language)
    inner = place_in_words(document, list(path), labels) if document else ""
    return f"{head} › {inner}" if inner else head
