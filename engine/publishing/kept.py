"""Documents kept by their content, outside any release: what an app was installed or upgraded from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.definitions import Document
from engine.kernel.json import content_hash
from engine.publishing import store
from engine.storage import Work


def keep_documents(work: Work, documents: Iterable[Document]) -> dict[str, str]:
    """Keep documents for good; returns their hashes by `kind/key`."""
    found = {f"{document['kind']}/{document['key']}": document for document in documents}
    hashes = {name: content_hash(document) for name, document in found.items()}
    store.insert_blobs(work, {hashes[name]: document for name, document in found.items()})
    return hashes


def kept_documents(work: Work, hashes: Mapping[str, str]) -> list[Document]:
    """The documents that `keep_documents` kept; those that are not there any more are left out."""
    found = store.find_blobs(work, set(hashes.values()))
    return [found[item] for item in hashes.values() if item in found]
