"""Values that a form's rules need beyond the record's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from runtime.records.place import Place
from runtime.shell.application import the_engine, the_work


def beyond(here: Place, form: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers for `actor.…` and for names one step away (`account.level`), as this person may see them."""
    names: set[str] = set()
    for expression in form.expressions.values():
        names |= {name for name in expression.names if "." in name}
    for field in here.definition.fields.values():
        for expression in (field.default, field.formula):
            if expression is not None:
                names |= {name for name in expression.names if "." in name}
    return {**person(), **follow(here.app, here.entity, names, values)}


def person() -> dict[str, Any]:
    """The actor's own names."""
    actor = g.actor
    return {"actor.id": actor.user_id, "actor.name": actor.name, "actor.department": actor.department_id}


def follow(app: str, entity: str, names: set[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values one step away, through the references that `values` hold."""
    steps = {name for name in names if not name.startswith(("actor.", "old.", "record.", "initiator."))}
    if not steps:
        return {}
    return the_engine().records.values_beyond(the_work(), app, entity, steps, values)  # type: ignore[no-any-return]
