"""A form document, a record and a reader become the tree that templates draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from engine.definitions import Field, Form, Model
from engine.kernel.errors import Problem
from engine.kernel.messages import translate
from engine.rendering.addresses import Addresses
from engine.rendering.field_node import Place, field_node
from engine.rendering.form_nodes import (
    FieldNode,
    FormTree,
    Mode,
    Node,
    RowsNode,
    SectionNode,
    SummaryLine,
    TabNode,
    TextNode,
)
from engine.rendering.form_rows import rows_node
from engine.rendering.form_rules import Policy
from engine.rendering.locale import current_locale
from engine.rendering.sheet import Sheet, condition, is_writable, messages_at, sentence
from engine.rendering.words import field_label, word


def form_tree(  # noqa: PLR0913 (one keyword for each thing that a caller knows)
    model: Model,
    policy: Policy,
    form: Form,
    *,
    values: Mapping[str, Any] | None = None,
    titles: Mapping[str, Any] | None = None,
    problems: Iterable[Problem] = (),
    mode: Mode = "edit",
    extra: Mapping[str, Any] | None = None,
    addresses: Addresses | None = None,
    may_edit: Callable[[str], bool] | None = None,
    is_new: bool = False,
    rev: int | None = None,
) -> FormTree:
    """The tree of a form for one record, in the current locale.

    `values` are a record's values, overlaid with what was posted where that was refused; `titles` the
    titles of what they refer to (for files `[{id, name, size}]`, for child rows one mapping a row).
    `problems` carry paths (`("lines", 2, "qty")`). `extra` answers what rules ask beyond the own fields
    (`account.level`, `actor.id`, `old.…`). `may_edit` says which fields the workflow leaves open. A new
    record (`is_new`) gets its defaults here, so that the person sees them.
    """
    sheet = Sheet(
        model,
        policy,
        form,
        mode,
        values or {},
        titles or {},
        tuple(problems),
        extra or {},
        addresses or Addresses(),
        may_edit or (lambda _key: True),
        is_new,
        rev,
    )
    tabs = tuple(
        tab
        for tab in (
            _tab(sheet, each, place) for place, each in enumerate(form.layout.get("tabs", ()))
        )
        if tab.sections
    )
    return FormTree(
        form=form.key,
        entity=form.entity,
        label=word(model, f"form/{form.key}/label", form.label),
        mode=mode,
        tabs=tabs,
        problems=summary(sheet, tabs),
        scope=orjson.dumps(_scope(sheet, tabs)).decode(),
        formulas=orjson.dumps(sheet.formulas).decode(),
        defaults=orjson.dumps(sheet.defaults).decode(),
        scope_address=sheet.addresses.scope,
        rev=rev,
        related=tuple(form.layout.get("related", ())),
    )


def _tab(sheet: Sheet, tab: Mapping[str, Any], place: int) -> TabNode:
    path = f"form/{sheet.form.key}/tabs/{tab['key']}"
    sections = tuple(
        found for each in tab.get("sections", ()) if (found := _section(sheet, each, path)).nodes
    )
    count = sum(_count(node) for section in sections for node in section.nodes)
    return TabNode(
        str(tab["key"]),
        f"tab-{place}",
        word(sheet.model, f"{path}/label", tab.get("label", "")),
        sections,
        count,
    )


def _count(node: Node) -> int:
    if isinstance(node, FieldNode):
        return len(node.problems)
    if isinstance(node, RowsNode):
        return len(node.problems) + sum(
            len(row.problems) + sum(len(each.problems) for each in row.fields) for row in node.rows
        )
    return 0


def _section(sheet: Sheet, section: Mapping[str, Any], path: str) -> SectionNode:
    rules, is_visible = condition(sheet, "show", section.get("visible"), default=True)
    columns = int(section.get("columns") or 2)
    nodes = tuple(
        node
        for each in section.get("items", ())
        if (node := _item(sheet, each, columns)) is not None
    )
    if not is_visible and not rules:
        nodes = ()
    has_problem = any(_count(node) for node in nodes)
    return SectionNode(
        key=str(section["key"]),
        label=word(
            sheet.model, f"{path}/sections/{section['key']}/label", section.get("label", "")
        ),
        columns=columns,
        nodes=nodes,
        is_collapsible="collapsed" in section,
        is_open=has_problem or not section.get("collapsed"),
        is_visible=is_visible,
        rules=rules,
    )


def _item(sheet: Sheet, item: Mapping[str, Any], columns: int) -> Node | None:
    # A width from before the section lost columns would make a column of its own.
    if "text" in item:
        text = word(sheet.model, "", item["text"])
        return TextNode(text, str(min(int(item.get("width") or 0), columns) or "full"))
    target = sheet.entity.fields.get(str(item.get("rows") or item.get("field")))
    if target is None or sheet.policy.field_right(sheet.entity.key, target.key) == "hidden":
        return None
    show, is_visible = condition(sheet, "show", item.get("visible"), default=True)
    if not is_visible and not show:
        return None
    if "rows" in item:
        return rows_node(sheet, item, target, show, is_visible=is_visible)
    width = min(int(item.get("width") or 1), columns)
    return _field(sheet, item, target, show, is_visible=is_visible, width=width)


def _field(
    sheet: Sheet,
    item: Mapping[str, Any],
    target: Field,
    show: dict[str, str],
    *,
    is_visible: bool,
    width: int,
) -> FieldNode:
    require, is_required = condition(sheet, "require", item.get("required"), default=False)
    lock, is_locked = condition(sheet, "readonly", item.get("read_only"), default=False)
    may_write = is_writable(sheet, target)
    return field_node(
        Place(
            sheet.model,
            sheet.entity,
            sheet.addresses,
            mode=sheet.mode,
            live={**sheet.formulas, **sheet.defaults},
        ),
        target,
        value=sheet.values.get(target.key),
        title=sheet.titles.get(target.key),
        problems=messages_at(sheet, (target.key,)),
        is_required=target.required or is_required,
        is_read_only=not may_write or (is_locked and not lock),
        is_locked=is_locked,
        is_visible=is_visible,
        width=width,
        rules={**show, **({} if target.required else require), **(lock if may_write else {})},
    )


def summary(sheet: Sheet, tabs: tuple[TabNode, ...]) -> tuple[SummaryLine, ...]:
    """All problems in the order given, each with a way to its field where the form shows it."""
    anchors = {
        path: line
        for tab in tabs
        for section in tab.sections
        for node in section.nodes
        for path, line in _anchors(node)
    }
    return tuple(_line(sheet, problem, anchors) for problem in sheet.problems)


def _anchors(node: Node) -> list[tuple[tuple[str | int, ...], tuple[str, str]]]:
    if isinstance(node, FieldNode):
        return [((node.key,), (node.label, f"#{node.id}"))]
    if not isinstance(node, RowsNode):
        return []
    found: list[tuple[tuple[str | int, ...], tuple[str, str]]] = [
        ((node.key,), (node.label, f"#{node.id}"))
    ]
    for place, row in enumerate(node.rows):
        where = translate(
            "form.row", {"label": node.label, "row": place + 1}, current_locale().language
        )
        found.append(((node.key, place), (where, f"#{node.id}")))
        for each in row.fields:
            label = translate(
                "form.in_row", {"row": where, "label": each.label}, current_locale().language
            )
            found.append(((node.key, place, each.key), (label, f"#{each.id}")))
    return found


def _line(
    sheet: Sheet, problem: Problem, anchors: Mapping[tuple[str | int, ...], tuple[str, str]]
) -> SummaryLine:
    label, href = anchors.get(problem.path, ("", ""))
    first = sheet.entity.fields.get(str(problem.path[0])) if problem.path else None
    if (
        not label
        and first is not None
        and sheet.policy.field_right(sheet.entity.key, first.key) != "hidden"
    ):
        label = field_label(sheet.model, sheet.entity, first)
    return SummaryLine(label, sentence(problem), href)


def _scope(sheet: Sheet, tabs: tuple[TabNode, ...]) -> dict[str, Any]:
    """What rules need and neither an input nor a formula answers in the browser."""
    held = {
        node.key
        for tab in tabs
        for section in tab.sections
        for node in section.nodes
        if isinstance(node, FieldNode) and not node.is_read_only
    }
    return {
        name: value
        for name, value in sheet.rules.sent.items()
        if name not in held and name not in sheet.formulas
    }
