"""Carrying ticked differences into an app's draft."""

from __future__ import annotations

from collections.abc import Iterable

from engine.accounts.rights import require_admin
from engine.definitions import Document, validate
from engine.kernel.errors import Problem, raise_invalid
from engine.packs.comparing.compare import merge_pair, met
from engine.packs.upgrade.entries import Choice
from engine.publishing.drafts import get_locked_app, replace_draft
from engine.publishing.history import DRAFT, documents_of
from engine.storage import Work


def carry_over(work: Work, app: str, ticked: Iterable[str], source: Iterable[Document]) -> int:
    """Do to the app's draft what the ticked differences (`Difference.id`) to `source` say; returns how many.

    Nothing is published: the draft is checked and published as ever. Raises Invalid for a difference that isn't
    there (`pack.compare_unknown`) or a document that would not be one, NotFound, Forbidden unless an administrator asks.
    """
    require_admin(work)
    get_locked_app(work, app)
    left = tuple(documents_of(work, app, DRAFT).values())
    right = met(tuple(source), left)
    wanted = set(ticked)
    known = [item.id for item in merge_pair(left, right, {}, work.language).items]
    raise_invalid(Problem("pack.compare_unknown", {"id": id_[:120]}, ("ticked", id_)) for id_ in sorted(wanted - set(known)))
    choices: dict[str, Choice] = {id_: "theirs" if id_ in wanted else "mine" for id_ in known}
    merged = merge_pair(left, right, choices, work.language)
    raise_invalid(problem.under(f"{document['kind']}/{document['key']}") for document in merged.documents for problem in validate(document))
    replace_draft(work, app, {(document["kind"], document["key"]): document for document in merged.documents})
    work.log("app.carried_over", app=app, details={"count": len(wanted)})
    return len(wanted)
