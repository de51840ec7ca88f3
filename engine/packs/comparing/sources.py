"""Where documents to compare come from."""

from __future__ import annotations

from engine.accounts.rights import require_admin
from engine.definitions import Document
from engine.kernel.errors import Invalid, Problem
from engine.packs.pack import Pack
from engine.packs.prepare import Setting, prepare
from engine.publishing.history import CURRENT
from engine.publishing.history import documents_of as release_documents
from engine.storage import Work


def documents_of(work: Work, *, app: str | None = None, release: str | int = CURRENT, pack: Pack | None = None) -> tuple[Document, ...]:
    """The documents of a pack, complete with what it builds on, or of an app: a release's number, "current" or "draft".

    Raises NotFound, Forbidden unless an administrator or the system asks, Invalid where neither or both are named.
    """
    require_admin(work)
    if (app is None) == (pack is None):
        raise Invalid(Problem("pack.compare_source"))
    if pack is not None:
        return prepare(pack, Setting()).documents
    return tuple(release_documents(work, str(app), release).values())
