"""The text by which a record is found: its searchable values, joined and folded."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from engine.fields import effective
from engine.fields.capabilities import Offers
from engine.kernel.messages import LANGUAGES, pick
from engine.records.plan import EntityPlan, Slot

MAX_LENGTH = 40_000


def fold(text: str) -> str:
    """Text as it is searched: NFKC (full-width letters become plain ones), small letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def search_text(plan: EntityPlan, values: Mapping[str, Any]) -> str | None:
    """The search text of a record with these values; None when there is nothing to find it by."""
    found = [text for slot in plan.searchable if (text := text_of(slot, values.get(slot.key)))]
    return fold("\n".join(found))[:MAX_LENGTH] or None


def text_of(slot: Slot, value: Any) -> str:
    """A value as people would type it: options by their labels in every language, the rest as it is."""
    if value is None or slot.kind in {"reference", "file", "yes_no"}:
        return ""
    if slot.kind == "text" and not slot.offers:
        return str(value)
    return " ".join(dict.fromkeys(label_of(slot, value, language) for language in LANGUAGES))


def label_of(slot: Slot, value: Any, language: str) -> str:
    """A value in words: options by their labels, decimals and dates as JSON has them."""
    if slot.kind in {"text", "list"}:
        if not slot.offers:
            return value if isinstance(value, str) else " ".join(value)
        field_type, options = effective(slot.field.type, slot.field.options)
        assert isinstance(field_type, Offers)  # noqa: S101 (for the type checker)
        chosen = (value,) if isinstance(value, str) else tuple(value)
        labels = {option["key"]: option.get("label", option["key"]) for option in field_type.choices(options)}
        return " ".join(pick(labels.get(key, key), language) for key in chosen)
    return str(slot.dump(value) if slot.dump else value)
