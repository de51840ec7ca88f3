"""What kinds of fields there are. Field types live in `types/`, one file each."""

from __future__ import annotations

from engine.fields.auto_numbers import format_number, parse_pattern, period_of
from engine.fields.catalogue import OPTION_TYPES, PALETTE, SYSTEM, Group
from engine.fields.conversions import Convert, Known, conversions, converter, may_become
from engine.fields.derived import Derived, effective, kind_of
from engine.fields.field_type import FieldType, Kind, Option, Options
from engine.fields.operators import (
    OPERATORS,
    Operator,
    all_of,
    face_of,
    operators_of,
    to_expression,
)
from engine.fields.options import (
    check_options,
    complete_options,
    dump_options,
    options_schema,
    parse_option,
    read_options,
)
from engine.fields.registry import TYPES

__all__ = [
    "OPERATORS",
    "OPTION_TYPES",
    "PALETTE",
    "SYSTEM",
    "TYPES",
    "Convert",
    "Derived",
    "FieldType",
    "Group",
    "Kind",
    "Known",
    "Operator",
    "Option",
    "Options",
    "all_of",
    "check_options",
    "complete_options",
    "conversions",
    "converter",
    "dump_options",
    "effective",
    "face_of",
    "format_number",
    "kind_of",
    "may_become",
    "operators_of",
    "options_schema",
    "parse_option",
    "parse_pattern",
    "period_of",
    "read_options",
    "to_expression",
]
