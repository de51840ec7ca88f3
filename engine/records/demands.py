"""What the whole-record form asks for under a condition, insisted on wherever a person writes the record.

A business user who makes a field required "when the amount is over 100,000" means the record, not a page: the same
holds for the API, imports, lists and boards. Which form counts is settled as the pages do: one made for a role of the
writer comes first. A change that has nothing to do with a demand is not held up by it, so that records from before
it was made stay workable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Form
from engine.expressions import Expression
from engine.records.access import Access
from engine.records.query.statements import OPEN
from engine.records.scope import Find, finders, holds, names_of
from engine.records.values import Draft


@dataclass(frozen=True)
class Demand:
    """A field that must be filled in while `holds` are true and `fails` are not."""

    field: str
    holds: tuple[Expression, ...]
    fails: tuple[Expression, ...]

    @property
    def names(self) -> set[str]:
        """What the demand looks at, itself included."""
        return {self.field, *(name.partition(".")[0] for name in names_of((*self.holds, *self.fails)))}


def check_demands(access: Access, drafts: Sequence[Draft]) -> None:
    """Note every demanded field that a draft leaves empty. Drafts are of one entity; those with problems are left alone."""
    sound = [draft for draft in drafts if not draft.problems]
    if not sound:
        return
    entity = sound[0].plan.entity.key
    held = access.actor.roles_in(access.app)
    demands = access.plans.kept.get(("demands", entity, access.rights_key, frozenset(held)), lambda: tuple(_demands(access, entity)))
    if not demands:
        return
    names = names_of(each for demand in demands for each in (*demand.holds, *demand.fails))
    for draft, find in zip(sound, finders(access, entity, sound, names), strict=True):
        open_fields = draft.old.get(OPEN)
        for demand in demands:
            if (open_fields is None or demand.field in open_fields) and _is_unmet(access, demand, draft, find):
                draft.refuse("record.required_when", demand.field)


def _is_unmet(access: Access, demand: Demand, draft: Draft, find: Find) -> bool:
    rows = draft.plan.rows
    if demand.field in rows:
        if demand.field not in draft.rows and not draft.is_new:
            return False
        value: Any = draft.rows.get(demand.field, ())
    else:
        value = draft.values.get(demand.field)
    if len(value) if isinstance(value, (list, tuple, str)) else value is not None:
        return False
    touched = draft.is_new or bool(demand.names & (draft.changed | draft.rows.keys()))
    return touched and all(holds(access, each, find) for each in demand.holds) and not any(holds(access, each, find) for each in demand.fails)


def _demands(access: Access, entity: str) -> Iterator[Demand]:
    form = _form_for(access, entity)
    if form is None:
        return
    plan = access.plan(entity)
    for section in (section for tab in form.layout.get("tabs", ()) for section in tab.get("sections", ())):
        for item in section.get("items", ()):
            key = str(item.get("rows") or item.get("field"))
            if not item.get("required") or (key not in plan.inputs and key not in plan.rows) or key in plan.status:
                continue
            if not access.is_free and access.policy.field_right(entity, key) != "write":
                continue
            conditions = _compiled(form, item["required"], section.get("visible"), item.get("visible"))
            yield Demand(key, conditions, _compiled(form, item.get("read_only")))


def _compiled(form: Form, *texts: str | None) -> tuple[Expression, ...]:
    """The conditions that are given, compiled with the form."""
    return tuple(form.expressions[text] for text in texts if text)


def _form_for(access: Access, entity: str) -> Form | None:
    """The whole-record form that the writer gets: one made for a role of theirs, else the one for everybody."""
    forms: Mapping[str, Form] = access.model.forms
    held = access.actor.roles_in(access.app)
    fitting = [form for form in forms.values() if form.entity == entity and form.purpose == "full" and (not form.roles or held & set(form.roles))]
    return min(fitting, key=lambda form: not form.roles, default=None)
