"""All field types: the one place that imports them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.fields.field_type import FieldType
from engine.fields.registry import TYPES
from engine.fields.types.changed_by import ChangedBy
from engine.fields.types.changed_on import ChangedOn
from engine.fields.types.choice import Choice
from engine.fields.types.choice_list import ChoiceListType
from engine.fields.types.choices import Choices
from engine.fields.types.constant_number import ConstantNumber
from engine.fields.types.created_by import CreatedBy
from engine.fields.types.created_on import CreatedOn
from engine.fields.types.currency import Currency
from engine.fields.types.date import Date
from engine.fields.types.datetime import DateTime
from engine.fields.types.decimal import Decimal
from engine.fields.types.department import Department
from engine.fields.types.email import Email
from engine.fields.types.endings import Endings
from engine.fields.types.entity_name import EntityName
from engine.fields.types.expression import ExpressionText
from engine.fields.types.field_name import FieldName
from engine.fields.types.file import File
from engine.fields.types.formula import Formula
from engine.fields.types.integer import Integer
from engine.fields.types.label import Label
from engine.fields.types.long_text import LongText
from engine.fields.types.mirror import Mirror
from engine.fields.types.money import Money
from engine.fields.types.number import Number
from engine.fields.types.number_pattern import NumberPattern
from engine.fields.types.percent import Percent
from engine.fields.types.phone import Phone
from engine.fields.types.rating import Rating
from engine.fields.types.reference import Reference
from engine.fields.types.role_name import RoleName
from engine.fields.types.rollup import Rollup
from engine.fields.types.rows import Rows
from engine.fields.types.state_name import StateName
from engine.fields.types.template_name import TemplateName
from engine.fields.types.text import Text
from engine.fields.types.text_pattern import TextPattern
from engine.fields.types.url import Url
from engine.fields.types.user import User
from engine.fields.types.webhook_name import WebhookName
from engine.fields.types.yes_no import YesNo


@dataclass(frozen=True)
class Group:
    """A part of the designer's palette; its label is the message `field_group.<key>`."""

    key: str
    types: tuple[FieldType[Any], ...]


PALETTE: tuple[Group, ...] = (
    Group("texts", (Text(), LongText(), Email(), Phone(), Url())),
    Group("numbers", (Integer(), Decimal(), Money(), Percent(), Rating())),
    Group("choices", (YesNo(), Choice(), Choices())),
    Group("times", (Date(), DateTime())),
    Group("relations", (Reference(), User(), Department(), Rows())),
    Group("computed", (Formula(), Rollup(), Mirror(), Number())),
    Group("files", (File(),)),
)
"""What an admin may choose from, in this order."""

SYSTEM: tuple[FieldType[Any], ...] = (CreatedBy(), CreatedOn(), ChangedBy(), ChangedOn())
"""What every entity has by itself."""

OPTION_TYPES: tuple[FieldType[Any], ...] = (
    FieldName(), EntityName(), RoleName(), StateName(), TemplateName(), WebhookName(),
    ExpressionText(), Label(), ChoiceListType(), TextPattern(), NumberPattern(), ConstantNumber(),
    Currency(), Endings(),
)  # fmt: skip
"""What only options of fields and actions are."""

for _type in (*(entry for group in PALETTE for entry in group.types), *SYSTEM, *OPTION_TYPES):
    TYPES.register(_type)
TYPES.freeze()
