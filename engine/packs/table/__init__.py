"""A new app from a table: a CSV or XLSX file whose columns become fields and whose rows become records."""

from engine.packs.table.analyse import analyse_table, check_table
from engine.packs.table.begin import begin_from_table, free_app_key

__all__ = ["analyse_table", "begin_from_table", "check_table", "free_app_key"]
