"""The field types by key. Filled by `catalogue.py`; types that follow another one look it up here."""

from __future__ import annotations

from typing import Any

from engine.fields.field_type import FieldType
from engine.kernel.registry import Registry

TYPES: Registry[FieldType[Any]] = Registry("field types")
"""All field types in palette order, the option-only ones at the end."""
