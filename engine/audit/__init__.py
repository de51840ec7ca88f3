"""The audit trail: who did what, in order, and nothing is ever taken back."""

from engine.audit.entry import Entry, Filter, Page
from engine.audit.trail import list_entries, note_administrators, write

__all__ = ["Entry", "Filter", "Page", "list_entries", "note_administrators", "write"]
