"""Every field type is drawn in each state: labelled, described, escaped, and fit for the content policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from engine.definitions import Model, build_model
from engine.kernel.errors import Problem
from engine.rendering import Addresses, Locale, environment, form_tree, reading_in
from engine.rendering.form_nodes import FieldNode, RowsNode
from tests import kitchen_sink

HOSTILE = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' onload=alert(1) javascript:alert(1)"
)
VOID = {"input", "img", "br", "hr", "use", "meta", "link"}
SOME_ID = UUID("0192f0c1-2233-7abc-8def-001122334455")
WRITER = SimpleNamespace(field_right=lambda _entity, _field: "write")
ADDRESSES = Addresses(
    record=lambda entity, identity: f"/r/{entity}/{identity}",
    lookup=lambda entity, key: f"/lookup/{entity}/{key}",
    file=lambda identity: f"/files/{identity}",
    upload="/files",
    scope="/scope",
)


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    parents: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """Elements of a fragment, in order, with the text directly in them."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(
            tag,
            {name: value or "" for name, value in attrs},
            parents=tuple(each.tag for each in self.open),
        )
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def by_id(self, identity: str) -> Element:
        found = [each for each in self.elements if each.attributes.get("id") == identity]
        assert len(found) == 1, f"{len(found)} elements have the id {identity}"
        return found[0]

    def ids(self) -> set[str]:
        return {each.attributes["id"] for each in self.elements if "id" in each.attributes}


def parse(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == [], f"left open: {[each.tag for each in page.open]}"
    return page


MODEL = build_model(kitchen_sink.documents())
ENTITY = MODEL.entities["kitchen_sink"]
FORM = next(form for form in MODEL.forms.values() if form.entity == "kitchen_sink")
KEYS = [key for key in ENTITY.fields if not key.endswith(("_on", "_by"))]
TEMPLATES = environment(lambda name: f"/sprite.svg#{name}")


def values() -> dict[str, Any]:
    """Python values for every field, as records hold them."""
    found: dict[str, Any] = {}
    for key, raw in kitchen_sink.values().items():
        target = ENTITY.fields[key]
        found[key] = raw if key == "a_rows" else target.type.parse(raw, target.options)
    for key in ("a_reference", "a_user", "a_department"):
        found[key] = SOME_ID
    found |= {
        "a_file": (SOME_ID,),
        "a_formula": found["a_money"],
        "a_rollup": found["a_money"],
        "a_mirror": "a",
        "a_number": "KS-1",
    }
    return found


def titles() -> dict[str, Any]:
    return {
        "a_reference": "Hengli", "a_user": "Li Wei", "a_department": "Sales",
        "a_file": [{"id": str(SOME_ID), "name": "drawing.pdf", "size": 1200}], "a_rows": [{}, {}],
    }  # fmt: skip


def nodes(
    mode: str, problems: tuple[Problem, ...] = (), model: Model = MODEL, **more: Any
) -> dict[str, Any]:
    given = {"values": values(), "titles": titles(), "addresses": ADDRESSES, **more}
    tree = form_tree(model, WRITER, model.forms[FORM.key], mode=mode, problems=problems, **given)
    return {
        node.key: node
        for tab in tree.tabs
        for section in tab.sections
        for node in section.nodes
        if hasattr(node, "key")
    }


def draw(node: FieldNode | RowsNode) -> Page:
    forms = TEMPLATES.get_template("formwork/form.html").module
    html = forms.rows(node) if isinstance(node, RowsNode) else forms.field(node)
    return parse(str(html))


def check_policy(page: Page) -> None:
    """Nothing that the content security policy refuses, nothing that a value brought in."""
    for element in page.elements:
        assert element.tag not in {"script", "style", "img"}, element
        for name, value in element.attributes.items():
            assert name != "style", element
            assert not name.startswith(("on", "hx-on")), element
            assert not (
                name in {"href", "src"} and value.lower().startswith(("javascript:", "data:"))
            ), element


def check_ties(page: Page, key: str) -> None:
    """Every input has a name for assistive technology; every id that is pointed to is there."""
    ids = page.ids()
    labelled = {
        each.attributes["for"]
        for each in page.elements
        if each.tag == "label" and "for" in each.attributes
    }
    assert labelled <= ids, f"{key}: a label points to {labelled - ids}"
    for element in page.elements:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            assert set(element.attributes.get(name, "").split()) <= ids, (
                f"{key}: {name} points nowhere: {element}"
            )
        if (
            element.tag in {"input", "select", "textarea", "output"}
            and element.attributes.get("type") != "hidden"
        ):
            is_named = (
                element.attributes.get("id") in labelled
                or "label" in element.parents
                or "aria-label" in element.attributes
                or element.attributes.get("aria-hidden") == "true"
            )
            assert is_named, f"{key}: {element} has no label"
        if element.tag == "button":
            assert element.text.strip() or element.attributes.get("aria-label"), (
                f"{key}: a button without a name"
            )
            assert element.attributes.get("type") == "button", (
                f"{key}: a button that submits by accident"
            )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("key", KEYS)
def test_a_field_in_edit_state_has_a_tied_label(key: str, language: str) -> None:
    with reading_in(Locale(language, "Asia/Shanghai")):
        node = nodes("edit")[key]
        page = draw(node)

    check_policy(page)
    check_ties(page, key)
    assert any(
        node.label in each.text for each in page.elements if each.tag in {"label", "legend", "span"}
    )
    if isinstance(node, FieldNode) and not node.is_read_only:
        names = [each.attributes.get("name", "") for each in page.elements]
        assert any(name.startswith(node.name) for name in names)


@pytest.mark.parametrize("key", KEYS)
def test_a_field_in_read_state_shows_its_value_and_no_input(key: str) -> None:
    with reading_in(Locale("en", "Asia/Shanghai")):
        node = nodes("read")[key]
        page = draw(node)

    check_policy(page)
    check_ties(page, key)
    assert not any(each.tag in {"input", "select", "textarea"} for each in page.elements)
    if isinstance(node, FieldNode):
        place = page.by_id(node.id)
        assert place.attributes["aria-labelledby"] in page.ids()
        assert node.shown.text


@pytest.mark.parametrize("key", KEYS)
def test_a_field_without_a_value_is_drawn_in_both_modes(key: str) -> None:
    with reading_in(Locale("en")):
        for mode in ("edit", "read"):
            page = draw(nodes(mode, values={}, titles={})[key])
            check_policy(page)
            check_ties(page, key)


@pytest.mark.parametrize("key", KEYS)
def test_a_problem_is_tied_to_its_input(key: str) -> None:
    problem = Problem("field.text.unreadable", {"value": "x"}, (key,))
    with reading_in(Locale("en")):
        node = nodes("edit", (problem,))[key]
        page = draw(node)

    check_ties(page, key)
    assert node.problems
    assert node.problems[0] in page.elements[0].text
    if isinstance(node, FieldNode) and not node.is_read_only:
        described = [
            each
            for each in page.elements
            if f"{node.id}-problem" in each.attributes.get("aria-describedby", "").split()
        ]
        assert any(
            each.attributes.get("aria-invalid") == "true" or each.tag == "fieldset"
            for each in described
        )


@pytest.mark.parametrize("key", KEYS)
def test_hostile_text_stays_text(key: str) -> None:
    """In values, titles, labels, help, choices, file names and the words of problems."""
    documents = kitchen_sink.documents()
    for document in documents:
        for each in document.get("fields", ()):
            each["label"] = each["help"] = HOSTILE[:200]
            for option in each.get("options", {}).get("options", ()):
                option["label"] = HOSTILE[:200]
    raw = {
        name: (HOSTILE if name not in ("a_choices", "a_file", "a_rows", "a_yes_no") else value)
        for name, value in values().items()
    }
    raw |= {
        "a_rows": [{"name": HOSTILE, "amount": HOSTILE, "id": HOSTILE}],
        "a_choices": (HOSTILE,),
        "a_file": (HOSTILE,),
    }
    hostile_titles = dict.fromkeys(titles(), HOSTILE) | {
        "a_rows": [{"name": HOSTILE}],
        "a_file": [{"id": HOSTILE, "name": HOSTILE, "size": 1}],
    }
    model = build_model(documents)
    problem = Problem("field.text.unreadable", {"value": HOSTILE}, (key,))

    with reading_in(Locale("en")):
        for mode in ("edit", "read"):
            page = draw(nodes(mode, (problem,), model, values=raw, titles=hostile_titles)[key])
            check_policy(page)
            assert any(
                "<script>" in each.text or "<script>" in str(each.attributes)
                for each in page.elements
            )


def test_the_kitchen_sink_holds_every_type_of_the_palette() -> None:
    from engine.fields import PALETTE

    assert {entry.key for group in PALETTE for entry in group.types} == {
        ENTITY.fields[key].type.key for key in KEYS
    }


def test_every_widget_that_a_type_names_is_there() -> None:
    from engine.fields import OPTION_TYPES, TYPES
    from engine.rendering.widgets import WIDGETS

    option_types = {getattr(each, "key", each) for each in OPTION_TYPES}
    named = {each.widget for each in TYPES if each.key not in option_types} - {"rows"}
    assert named <= set(WIDGETS.keys)
    for key in WIDGETS.keys:
        module = TEMPLATES.get_template(f"formwork/widgets/{key}.html").module
        assert module.control
        assert module.value
