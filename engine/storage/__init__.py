"""The database: units of work, system tables, record tables, releases, search."""

from engine.storage.conversions import (
    Conversion,
    ConvertedColumn,
    find_conversion,
    has_column,
    list_conversions,
    note_conversion,
)
from engine.storage.counting import Counter
from engine.storage.database import Database
from engine.storage.finding import Finder
from engine.storage.later_indexes import make_indexes, missing_indexes
from engine.storage.record_tables import Tables, build, is_stored, stored_fields
from engine.storage.releases import read_documents
from engine.storage.search import search_predicate
from engine.storage.table_changes import apply_plan
from engine.storage.table_plan import Step, TablePlan, plan_tables
from engine.storage.unit_of_work import Reaction, Work

__all__ = [
    "Conversion",
    "ConvertedColumn",
    "Counter",
    "Database",
    "Finder",
    "Reaction",
    "Step",
    "TablePlan",
    "Tables",
    "Work",
    "apply_plan",
    "build",
    "find_conversion",
    "has_column",
    "is_stored",
    "list_conversions",
    "make_indexes",
    "missing_indexes",
    "note_conversion",
    "plan_tables",
    "read_documents",
    "search_predicate",
    "stored_fields",
]
