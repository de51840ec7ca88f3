"""Keys of message templates."""

from __future__ import annotations

from engine.fields.option_type import NameType


class TemplateName(NameType):
    """The key of a message template of the app."""

    key = "template_name"
    widget = "template_name"
