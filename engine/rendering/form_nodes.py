"""The tree a form is drawn from: plain data, complete, nothing left to decide in a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.rendering.widget import Choice, Shown

Mode = Literal["edit", "read"]


@dataclass(frozen=True)
class FieldNode:
    """One field: what its input holds (`raw`), how it reads (`shown`), and what goes wrong with it.

    `name` is the input's name (`amount`, `lines-0-qty`), `id` the element's. `rules` maps show,
    require and readonly to JSON for the browser; `is_visible` and `is_locked` are the answers for the
    values at hand. A live field is computed anew in the browser. `is_read_only` is for good: no right, computed, or closed by its state.
    """

    key: str
    name: str
    id: str
    widget: str
    label: str
    raw: Any = ""
    shown: Shown = field(default_factory=Shown)
    help: str = ""
    problems: tuple[str, ...] = ()
    is_required: bool = False
    is_read_only: bool = False
    is_locked: bool = False
    is_computed: bool = False
    is_live: bool = False
    is_visible: bool = True
    is_group: bool = False
    is_number: bool = False
    is_wide: bool = False
    width: int = 1
    rules: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Is its input out of use for now: hidden or locked by a rule?"""
        return not self.is_visible or self.is_locked

    @property
    def described_by(self) -> str | None:
        """Ids of help and problems, for aria-describedby."""
        found = [f"{self.id}-help"] if self.help else []
        found += [f"{self.id}-problem"] if self.problems else []
        return " ".join(found) or None


@dataclass(frozen=True)
class TextNode:
    """A sentence that the admin put between the fields."""

    text: str
    width: str = "full"


@dataclass(frozen=True)
class RowColumn:
    """The head of one column of child rows. An amount needs more room than a number; `total` is the roll-up that sums it, where one does."""

    key: str
    label: str
    is_number: bool = False
    is_amount: bool = False
    is_wide: bool = False
    is_required: bool = False
    total: FieldNode | None = None


@dataclass(frozen=True)
class RowNode:
    """One child row; `index` stands in the names of its inputs, `scope` is what its rules need beside them."""

    index: str
    record_id: str
    fields: tuple[FieldNode, ...]
    problems: tuple[str, ...] = ()
    scope: str = "{}"


@dataclass(frozen=True)
class RowsNode:
    """Owned child rows. `blank` is the row that "add" copies; `formulas` and `defaults` are JSON."""

    key: str
    name: str
    id: str
    label: str
    columns: tuple[RowColumn, ...]
    rows: tuple[RowNode, ...]
    blank: RowNode
    help: str = ""
    problems: tuple[str, ...] = ()
    is_read_only: bool = False
    is_visible: bool = True
    rules: Mapping[str, str] = field(default_factory=dict)
    formulas: str = "{}"
    defaults: str = "{}"

    @property
    def has_totals(self) -> bool:
        """Does any column have a total?"""
        return any(column.total for column in self.columns)


Node = FieldNode | TextNode | RowsNode


@dataclass(frozen=True)
class SectionNode:
    """A group of fields in one to four columns."""

    key: str
    label: str
    columns: int
    nodes: tuple[Node, ...]
    is_collapsible: bool = False
    is_open: bool = True
    is_visible: bool = True
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TabNode:
    """A tab with its sections; `problem_count` is shown on it."""

    key: str
    id: str
    label: str
    sections: tuple[SectionNode, ...]
    problem_count: int = 0


@dataclass(frozen=True)
class SummaryLine:
    """One problem in the summary above a form; `href` leads to the field."""

    label: str
    message: str
    href: str = ""


@dataclass(frozen=True)
class FormTree:
    """A form ready to be drawn. `scope` (JSON) is what the browser's rules need beside the inputs,
    `formulas` and `defaults` (JSON) how it computes."""

    form: str
    entity: str
    label: str
    mode: Mode
    tabs: tuple[TabNode, ...]
    problems: tuple[SummaryLine, ...] = ()
    scope: str = "{}"
    formulas: str = "{}"
    defaults: str = "{}"
    scope_address: str = ""
    rev: int | None = None
    related: tuple[Mapping[str, Any], ...] = ()

    def fields(self) -> Iterator[FieldNode]:
        """All field nodes outside of child rows."""
        for tab in self.tabs:
            for section in tab.sections:
                yield from (node for node in section.nodes if isinstance(node, FieldNode))
