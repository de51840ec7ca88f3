"""The database: units of work, system tables, record tables, releases, search."""

from engine.storage.database import Database
from engine.storage.record_tables import Tables, build, is_stored, stored_fields
from engine.storage.unit_of_work import Reaction, Work

__all__ = ["Database", "Reaction", "Tables", "Work", "build", "is_stored", "stored_fields"]
