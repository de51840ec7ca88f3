"""Formwork's headless engine: metadata in, records, rights and workflows out. No web framework."""

from engine.accounts import Session
from engine.facade import ANONYMOUS, Engine, required_id
from engine.kernel.actor import Actor, system_actor
from engine.kernel.errors import (
    Conflict,
    EngineError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unavailable,
)
from engine.kernel.ids import new_id
from engine.kernel.json import canonical
from engine.kernel.json import read as read_json
from engine.kernel.messages import pick, texts_for, translate
from engine.kernel.pinyin import spelled
from engine.records import Query
from engine.storage import Work

__all__ = [
    "ANONYMOUS", "Actor", "Conflict", "Engine", "EngineError", "Forbidden", "Invalid", "NotFound", "Problem", "Query", "Session",
    "Unavailable", "Work", "canonical", "new_id", "pick", "read_json", "required_id", "spelled", "system_actor",
    "texts_for", "translate",
]
