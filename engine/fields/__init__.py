"""What kinds of fields there are. Field types live in `types/`, one file each."""

from __future__ import annotations

from engine.fields.auto_numbers import format_number, parse_pattern, period_of
from engine.fields.catalogue import OPTION_TYPES, PALETTE, SYSTEM, TYPES, Group
from engine.fields.derived import Derived, effective, kind_of
from engine.fields.field_type import FieldType, Kind, Option, Options
from engine.fields.options import (
    check_options,
    complete_options,
    dump_options,
    options_schema,
    parse_option,
    read_options,
)

FIELD_TYPES = TYPES

__all__ = [
    "FIELD_TYPES",
    "OPTION_TYPES",
    "PALETTE",
    "SYSTEM",
    "TYPES",
    "Derived",
    "FieldType",
    "Group",
    "Kind",
    "Option",
    "Options",
    "check_options",
    "complete_options",
    "dump_options",
    "effective",
    "format_number",
    "kind_of",
    "options_schema",
    "parse_option",
    "parse_pattern",
    "period_of",
    "read_options",
]
