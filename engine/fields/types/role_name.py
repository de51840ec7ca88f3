"""Keys of roles."""

from __future__ import annotations

from engine.fields.option_type import NameType


class RoleName(NameType):
    """The key of a role of the app."""

    key = "role_name"
    widget = "role_name"
