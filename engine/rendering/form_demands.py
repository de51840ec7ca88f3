"""What a form asks for under a condition: the browser marks it, and here the server insists on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.definitions import Form, Model
from engine.kernel.errors import Problem
from engine.rendering.form_rules import Policy
from engine.rendering.sheet import Sheet, condition, is_writable


def missing_fields(
    model: Model,
    policy: Policy,
    form: Form,
    values: Mapping[str, Any],
    *,
    extra: Mapping[str, Any] | None = None,
    may_edit: Callable[[str], bool] | None = None,
) -> tuple[Problem, ...]:
    """Fields that the form requires for these values and that are empty.

    `values` are a record's as saved, computed fields included; `extra` and `may_edit` as for
    `form_tree`. What the form hides or locks for these values, or the person may not write, is not
    asked for.
    """
    sheet = Sheet(
        model,
        policy,
        form,
        values=values,
        extra=extra or {},
        may_edit=may_edit or (lambda _key: True),
    )
    return tuple(_missing(sheet))


def _missing(sheet: Sheet) -> Iterator[Problem]:
    for tab in sheet.form.layout.get("tabs", ()):
        for section in tab.get("sections", ()):
            if not _holds(sheet, section.get("visible"), default=True):
                continue
            for item in section.get("items", ()):
                if item.get("required") and _is_missing(sheet, item):
                    yield Problem("field.required", {}, (item.get("rows") or item["field"],))


def _is_missing(sheet: Sheet, item: Mapping[str, Any]) -> bool:
    target = sheet.entity.fields.get(str(item.get("rows") or item.get("field")))
    if target is None or not is_writable(sheet, target):
        return False
    if sheet.values.get(target.key) not in (None, "", (), []):
        return False
    return (
        _holds(sheet, item.get("visible"), default=True)
        and not _holds(sheet, item.get("read_only"), default=False)
        and _holds(sheet, item["required"], default=False)
    )


def _holds(sheet: Sheet, text: object, *, default: bool) -> bool:
    return condition(sheet, "", text, default=default)[1]
