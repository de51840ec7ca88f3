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
from engine.publishing.draft_model import draft_model, draft_outline, preview_model
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
from engine.publishing.expressions import (
    expression_json,
    expressions_json,
    functions_json,
    names_json,
    samples_json,
)
from engine.publishing.history import diff, discard_draft, list_releases, restore_document, rollback
from engine.publishing.kept import keep_documents, kept_documents
from engine.publishing.publish import Seen, check, publish
from engine.publishing.renaming import rename_json
from engine.publishing.review import impact_records_json, progress_json, review_json
from engine.publishing.sample import SampleRecord, sample_record, values_beyond
from engine.publishing.saving import (
    count_changes,
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
from engine.publishing.told import changes_json
from engine.publishing.translations import read_translations, texts_json, translations_csv
from engine.publishing.type_changes import (
    conversions_json,
    count_values,
    preview_type_change,
    published_entity,
    type_changes_json,
    unread_json,
)
from engine.publishing.used_by import uses_json
from engine.publishing.view_preview import preview_view

__all__ = [
    "AppEntry",
    "Difference",
    "DraftDocument",
    "DraftEntry",
    "Edit",
    "Impact",
    "Release",
    "Report",
    "SampleRecord",
    "Seen",
    "changes_json",
    "check",
    "check_json",
    "compare",
    "conversions_json",
    "count_changes",
    "count_values",
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
    "expressions_json",
    "findings_json",
    "functions_json",
    "get_document",
    "get_document_json",
    "impact_records_json",
    "keep_documents",
    "kept_documents",
    "list_apps",
    "list_documents",
    "list_documents_json",
    "list_releases",
    "names_json",
    "preview_model",
    "preview_type_change",
    "preview_view",
    "progress_json",
    "publish",
    "published_entity",
    "put_document",
    "put_document_json",
    "read_translations",
    "releases_json",
    "remove_document",
    "rename_document",
    "rename_json",
    "restore_document",
    "review_json",
    "rollback",
    "sample_record",
    "samples_json",
    "save_json",
    "simulate_json",
    "simulate_many_json",
    "simulation_people_json",
    "simulation_records_json",
    "simulation_start_json",
    "texts_json",
    "translations_csv",
    "type_changes_json",
    "unread_json",
    "uses_json",
    "values_beyond",
]
