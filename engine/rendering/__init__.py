"""Definitions and values to HTML: forms, tables, parts. Jinja, no web framework.

Public: `Locale`, `set_locale`, `reading_in`; `loader`, `install`, `environment`; `Addresses`;
`form_tree`, `parse_form` and `left_to_defaults`; `design_nodes`; `view_table`; `filter_fields`, `parse_where`. See
docs/explanation/front_end.md.
"""

from __future__ import annotations

from engine.rendering.addresses import Addresses
from engine.rendering.design_nodes import design_nodes
from engine.rendering.environment import environment, install, loader
from engine.rendering.filter_form import Where, filter_fields, parse_where
from engine.rendering.form_demands import missing_fields
from engine.rendering.form_input import FormInput, left_to_defaults, parse_form
from engine.rendering.form_tree import form_tree
from engine.rendering.locale import Locale, current_locale, reading_in, set_locale
from engine.rendering.view_table import view_table
from engine.rendering.words import entity_label, field_label, word

__all__ = [
    "Addresses",
    "FormInput",
    "Locale",
    "Where",
    "current_locale",
    "design_nodes",
    "entity_label",
    "environment",
    "field_label",
    "filter_fields",
    "form_tree",
    "install",
    "left_to_defaults",
    "loader",
    "missing_fields",
    "parse_form",
    "parse_where",
    "reading_in",
    "set_locale",
    "view_table",
    "word",
]
