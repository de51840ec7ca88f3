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
from engine.publishing.draft_model import draft_model, draft_outline
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
from engine.publishing.expressions import expression_json, functions_json, names_json, samples_json
from engine.publishing.history import diff, discard_draft, list_releases, restore_document, rollback
from engine.publishing.publish import check, publish
from engine.publishing.saving import (
    draft_json,
    draft_marks,
    draft_rev,
    findings_json,
    save_json,
)
from engine.publishing.simulating import (
    simulate_json,
    simulate_many_json,
    simulation_people_json,
    simulation_records_json,
    simulation_start_json,
)

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
    "draft_marks",
    "draft_model",
    "draft_outline",
    "draft_rev",
    "expression_json",
    "findings_json",
    "functions_json",
    "get_document",
    "get_document_json",
    "list_apps",
    "list_documents",
    "list_documents_json",
    "list_releases",
    "names_json",
    "publish",
    "put_document",
    "put_document_json",
    "releases_json",
    "remove_document",
    "rename_document",
    "restore_document",
    "rollback",
    "samples_json",
    "save_json",
    "simulate_json",
    "simulate_many_json",
    "simulation_people_json",
    "simulation_records_json",
    "simulation_start_json",
]
