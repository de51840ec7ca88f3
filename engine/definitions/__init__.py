"""The documents that admins write: read, checked, and built into the model that everything runs on."""

from __future__ import annotations

from engine.definitions.build import build_model
from engine.definitions.documents import dump_document, load_document, validate
from engine.definitions.finding import Finding
from engine.definitions.lint import lint
from engine.definitions.model import (
    App,
    Board,
    Calendar,
    Cards,
    ColourRule,
    Column,
    Document,
    Entity,
    Field,
    Form,
    Grant,
    Model,
    Role,
    Rule,
    Text,
    View,
    Workflow,
)
from engine.definitions.names import Names
from engine.definitions.record_schema import record_schema
from engine.definitions.schemas import KINDS, document_schema
from engine.definitions.texts import label_of, texts_of
from engine.definitions.uses import Use, UseIndex, uses
from engine.definitions.views import view_of

__all__ = [
    "KINDS",
    "App",
    "Board",
    "Calendar",
    "Cards",
    "ColourRule",
    "Column",
    "Document",
    "Entity",
    "Field",
    "Finding",
    "Form",
    "Grant",
    "Model",
    "Names",
    "Role",
    "Rule",
    "Text",
    "Use",
    "UseIndex",
    "View",
    "Workflow",
    "build_model",
    "document_schema",
    "dump_document",
    "label_of",
    "lint",
    "load_document",
    "record_schema",
    "texts_of",
    "uses",
    "validate",
    "view_of",
]
