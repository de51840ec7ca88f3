"""From draft to release: edit documents, check them, publish them, go back."""

from engine.publishing.as_json import (
    check_json,
    diff_json,
    get_document_json,
    list_documents_json,
    put_document_json,
    releases_json,
)
from engine.publishing.compare import Difference, Edit, compare
from engine.publishing.drafts import (
    create_app,
    get_document,
    list_apps,
    list_documents,
    put_document,
    remove_document,
    rename_document,
)
from engine.publishing.entries import AppEntry, DraftDocument, DraftEntry, Impact, Release, Report
from engine.publishing.history import diff, discard_draft, list_releases, restore_document, rollback
from engine.publishing.publish import check, publish
from engine.publishing.saving import draft_json, findings_json, save_json

__all__ = [
    "AppEntry",
    "Difference",
    "DraftDocument",
    "DraftEntry",
    "Edit",
    "Impact",
    "Release",
    "Report",
    "check",
    "check_json",
    "compare",
    "create_app",
    "diff",
    "diff_json",
    "discard_draft",
    "draft_json",
    "findings_json",
    "get_document",
    "get_document_json",
    "list_apps",
    "list_documents",
    "list_documents_json",
    "list_releases",
    "publish",
    "put_document",
    "put_document_json",
    "releases_json",
    "remove_document",
    "rename_document",
    "restore_document",
    "rollback",
    "save_json",
]
