"""Functions on the record as it was and on who acts.

The checker turns each into names that the scope gives: `is_changed(amount)` reads `amount` and
`old.amount`, `has_role("x")` reads `actor.roles`, `is_new()` reads the name "is_new()".
"""

from __future__ import annotations

from engine.expressions.functions.function import ANY, Function, Parameter, text

IS_NEW = "is_new()"
ROLES = "actor.roles"
OLD = "old."

FUNCTIONS = (
    Function(
        "is_new", "records", (), "yes_no",
        {"en": "Is the record being created just now?", "zh-CN": "记录是否正在新建？"},
        "is_new()", "false",
    ),
    Function(
        "is_changed", "records", (Parameter("field", ANY),), "yes_no",
        {
            "en": "Does the field have another value than before this change?",
            "zh-CN": "本次修改是否改变了该字段的值？",
        },
        "is_changed(amount)", "true",
    ),
    Function(
        "has_role", "records", (text("role"),), "yes_no",
        {"en": "Does whoever acts have this role?", "zh-CN": "当前操作人是否拥有该角色？"},
        'has_role("sales")', "true",
    ),
)  # fmt: skip
