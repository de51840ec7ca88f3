"""Labels in the reader's language, from the definition itself or from a locale document over it."""

from __future__ import annotations

from engine.definitions import Entity, Field, Model, Text, label_of
from engine.rendering.locale import current_locale


def word(model: Model, path: str, text: Text) -> str:
    """The text at a locale path such as `entity/quotation/fields/amount/label`."""
    return label_of(model, path, text, current_locale().language)


def entity_label(model: Model, entity: Entity, *, plural: bool = False) -> str:
    """What one record of the entity is called, or many."""
    if plural and entity.plural:
        return word(model, f"entity/{entity.key}/plural", entity.plural)
    return word(model, f"entity/{entity.key}/label", entity.label)


def field_label(model: Model, entity: Entity, field: Field) -> str:
    """A field's label; its key where it has none."""
    return word(model, f"entity/{entity.key}/fields/{field.key}/label", field.label) or field.key


def field_help(model: Model, entity: Entity, field: Field) -> str:
    """A field's help text."""
    return word(model, f"entity/{entity.key}/fields/{field.key}/help", field.help)


def choice_label(model: Model, entity_key: str, field_key: str, choice_key: str, text: Text) -> str:
    """A choice's label; its key where it has none."""
    path = f"entity/{entity_key}/fields/{field_key}/options/{choice_key}/label"
    return word(model, path, text) or choice_key
