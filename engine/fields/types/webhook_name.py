"""Keys of webhooks."""

from __future__ import annotations

from engine.fields.option_type import NameType


class WebhookName(NameType):
    """The key of a webhook of the app."""

    key = "webhook_name"
    widget = "webhook_name"
