"""The one door to records: whoever reads or writes them comes through here."""

from engine.records.aggregate import MAX_GROUPS, Measure, aggregate
from engine.records.beyond import titles_of, values_beyond
from engine.records.change_record import (
    KEEP,
    apply_change,
    change_record,
    lock_record,
    write_system,
)
from engine.records.comments import Comment, add_comment, list_comments
from engine.records.conversion_preview import count_all_records, preview_conversion, unread_values
from engine.records.convert_field import convert_field
from engine.records.create_record import bulk_create, create_record, make_record
from engine.records.derive import react
from engine.records.files import StoredFile, describe_files, open_file, store_file, sweep_files
from engine.records.history import history
from engine.records.look_up import look_up
from engine.records.names import OPTION_ORDER, may_see
from engine.records.reading import (
    changeable,
    count_records,
    get_json,
    get_record,
    query_json,
    query_records,
    require_record,
)
from engine.records.recompute import recompute
from engine.records.record import JsonPage, Page, Query, Record, dump_record
from engine.records.remove_record import remove_record
from engine.records.restore_record import restore_record
from engine.records.saved_views import SavedView, list_saved_views, remove_saved_view, save_view
from engine.records.schema import schema_of
from engine.records.why import explain_access, why_json

__all__ = [
    "KEEP",
    "MAX_GROUPS",
    "OPTION_ORDER",
    "Comment",
    "JsonPage",
    "Measure",
    "Page",
    "Query",
    "Record",
    "SavedView",
    "StoredFile",
    "add_comment",
    "aggregate",
    "apply_change",
    "bulk_create",
    "change_record",
    "changeable",
    "convert_field",
    "count_all_records",
    "count_records",
    "create_record",
    "describe_files",
    "dump_record",
    "explain_access",
    "get_json",
    "get_record",
    "history",
    "list_comments",
    "list_saved_views",
    "lock_record",
    "look_up",
    "make_record",
    "may_see",
    "open_file",
    "preview_conversion",
    "query_json",
    "query_records",
    "react",
    "recompute",
    "remove_record",
    "remove_saved_view",
    "require_record",
    "restore_record",
    "save_view",
    "schema_of",
    "store_file",
    "sweep_files",
    "titles_of",
    "unread_values",
    "values_beyond",
    "why_json",
    "write_system",
]
