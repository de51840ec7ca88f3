"""An app copied under another name: the definitions, and the records if wanted. The copy goes its own way."""

from __future__ import annotations

from typing import Any

from engine.accounts.rights import require_admin
from engine.kernel.errors import Conflict, Invalid, Problem
from engine.packs.plan_install import IS_KEY
from engine.packs.prepare import app_of, rekeyed, relabelled
from engine.packs.store.copy_rows import copy_rows
from engine.publishing import create_app, list_apps, publish, put_document
from engine.storage import Work


def copy_app(work: Work, app: str, *, key: str, label: Any, language: str, records: bool = False) -> str:
    """Copy the released definitions of an app to a new one and publish it; returns its key.

    It begins in `language` where the app speaks that. With `records`, those that stand come along as they are, but
    for files, comments, histories and approvals under way: a copy is nobody's decision. Raises Invalid for a bad
    key, Conflict for one that is taken, NotFound, Forbidden unless an administrator or the system asks.
    """
    require_admin(work)
    if not IS_KEY(key):
        raise Invalid(Problem("pack.key", {}, ("key",)))
    if any(entry.key == key for entry in list_apps(work)):
        raise Conflict(Problem("pack.app_exists", {"app": key}, ("key",)))
    documents = rekeyed(tuple(work.model(app).documents.values()), key)
    head = relabelled(app_of(documents), label)
    if language in head["languages"]:
        head = {**head, "default_language": language}
    create_app(work, head)
    for document in documents:
        if document["kind"] != "app":
            put_document(work, key, document)
    publish(work, key, origin={"copy_of": app})
    if records:
        work.allow_time(900)
        copy_rows(work, app, key)
    work.log("app.copied", app=key, details={"from": app, "records": records})
    return key
