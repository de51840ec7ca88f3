"""What the names in an expression stand for while records are written.

Own fields come from the draft, `old.` from what it was, `actor.` from who acts, and steps through
references (`account.level`) from the database, asked for all drafts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.definitions.paths import computation_of, target_of
from engine.expressions import Expression, evaluate
from engine.kernel.errors import Invalid
from engine.records.access import Access, actor_value
from engine.records.graph import Node
from engine.records.store.load import load_rows
from engine.records.store.referred import fetch
from engine.records.values import Draft

Find = Callable[[str], Any]


def names_of(expressions: Iterable[Expression | None]) -> set[str]:
    """All names that these expressions read."""
    return {name for expression in expressions if expression is not None for name in expression.names}


def answer(access: Access, expression: Expression, find: Find) -> Any:
    """The value of an expression now, in the app's time zone; raises Invalid."""
    return evaluate(expression, find, now=access.work.now, timezone=access.timezone)


def holds(access: Access, expression: Expression, find: Find) -> bool:
    """Is the condition true? Null is not, and neither is what can't be worked out."""
    try:
        return answer(access, expression, find) is True
    except Invalid:
        return False


def finders(
    access: Access, entity: str, drafts: Sequence[Draft], names: Iterable[str], *, lock: bool = False
) -> list[Find]:
    """For each draft, what these names stand for."""
    names = _with_volatile(access, entity, set(names))
    now = steps_of(access, entity, [draft.values for draft in drafts], _dotted(names, ""), lock=lock)
    before = steps_of(access, entity, [draft.old for draft in drafts], _dotted(names, "old."), lock=False)
    return [_finder(access, entity, draft, now[at], before[at]) for at, draft in enumerate(drafts)]


def _finder(access: Access, entity: str, draft: Draft, now: Mapping[str, Any], before: Mapping[str, Any]) -> Find:
    values, old = draft.values, draft.old

    def find(name: str) -> Any:
        if name in values:
            return values[name]
        if "." not in name:
            return _own(access, entity, draft, name, find)
        root, _, rest = name.partition(".")
        if root == "actor":
            return actor_value(access, name)
        if root == "old":
            return before[rest] if "." in rest else old.get(rest)
        return now.get(name)

    return find


def _own(access: Access, entity: str, draft: Draft, name: str, find: Find) -> Any:
    """A name that is no stored value: the id, a question about the draft, rows, a volatile formula."""
    if name == "id":
        return draft.id
    if name == "is_new()":
        return draft.is_new
    if name in draft.plan.rows:
        return _rows(access, draft, name)
    if Node(entity, name) in access.plans.graph.volatile:
        item = access.model.entities[entity].fields[name]
        if computation_of(item) == "mirror":
            return find(f"{item.options['via']}.{item.options['field']}")
        if item.formula is not None:
            return answer(access, item.formula, find)
    return None


def _rows(access: Access, draft: Draft, name: str) -> tuple[UUID, ...]:
    """The owned rows of a field after the write; a change that leaves them alone finds them as they are stored."""
    if name in draft.rows or draft.is_new:
        return tuple(row.id for row in draft.rows.get(name, ()))
    return tuple(load_rows(access, draft.plan.rows[name], [draft.id]).get(draft.id, {}))


def _with_volatile(access: Access, entity: str, names: set[str]) -> set[str]:
    """The names, and those that volatile formulas among them read in turn."""
    found, waiting = set(names), list(names)
    while waiting:
        name = waiting.pop()
        if Node(entity, name) not in access.plans.graph.volatile:
            continue
        item = access.model.entities[entity].fields[name]
        more = set(item.formula.names) if item.formula else set()
        if computation_of(item) == "mirror":
            more = {f"{item.options['via']}.{item.options['field']}"}
        waiting.extend(more - found)
        found |= more
    return found


def _dotted(names: Iterable[str], prefix: str) -> list[str]:
    found = (name.removeprefix(prefix) for name in names if name.startswith(prefix))
    return [name for name in found if "." in name and not name.startswith(("actor.", "old.", "record."))]


def steps_of(
    access: Access, entity: str, batch: Sequence[Mapping[str, Any]], names: Iterable[str], *, lock: bool = False
) -> list[dict[str, Any]]:
    """For each set of values, what names with steps lead to; null where a reference is empty."""
    found: list[dict[str, Any]] = [{} for _ in batch]
    by_first: dict[str, set[str]] = {}
    for name in names:
        first, _, rest = name.partition(".")
        by_first.setdefault(first, set()).add(rest)
    for first, rests in by_first.items():
        item = access.model.entities[entity].fields[first]
        target = target_of(item)
        ids = {id_ for values in batch if (id_ := values.get(first)) is not None}
        known = fetch(access, str(target), ids, rests, lock=lock) if target and ids else {}
        for values, into in zip(batch, found, strict=True):
            id_ = values.get(first)
            other = known.get(id_, {}) if id_ is not None else {}
            for rest in rests:
                into[f"{first}.{rest}"] = id_ if rest == "id" else other.get(rest)
    return found
