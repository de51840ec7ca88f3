"""Which fields are certain to be filled in when a run comes to a state (data flow of checks V6, V13).

Forward over all edges, meeting by intersection: a field counts only if every way to the state fills
it. A transition or an approval that requires fields fills them; where they may be edited and are not
required they may have been emptied. Fields that stay open may be emptied at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.certainty import Certainty, has_value
from engine.definitions.flow import Flow
from engine.definitions.workflow_parts import Edge, Path
from engine.expressions import Expression

Fields = frozenset[str]
Expressions = Mapping[tuple[str, str, Path], Expression]


class FilledFields:
    """The data flow of one workflow."""

    def __init__(self, flow: Flow, certainty: Certainty, expressions: Expressions) -> None:
        self.flow = flow
        self.certainty = certainty
        self.expressions = expressions
        self.entity = str(flow.body["entity"])
        owner = certainty.entities.get(self.entity)
        self.all: Fields = frozenset(owner.fields if owner else ())
        record = flow.body.get("record", {})
        is_open = record.get("lock") == "none"
        self.open: Fields = self.all if is_open else frozenset(record.get("open_fields", ()))
        self.at: Mapping[str, Fields] = self._solve()

    def is_certain(self, state: str, path: str) -> bool:
        """Is the value at a path certain when the state is entered (and people are looked for)?"""
        return self.certainty.of_path(self.entity, path, self.at.get(state, frozenset()))

    def is_certain_inside(self, state: str, path: str) -> bool:
        """Is it certain once the state's own actions have run (and guards are read)?"""
        return self.certainty.of_path(self.entity, path, self._inside(state, self.at.get(state, frozenset())))

    def _inside(self, state: str, filled: Fields) -> Fields:
        return self._after(("states", state, "enter"), self.flow.states[state].get("enter", ()), filled)

    def _solve(self) -> dict[str, Fields]:
        """The greatest solution: everything is filled until a way is found on which it isn't."""
        found = dict.fromkeys(self.flow.states, self.all)
        initial = str(self.flow.body["initial"])
        if initial in found:
            found[initial] = frozenset()
        waiting = list(found)
        leaving: dict[str, list[Edge]] = {name: [] for name in found}
        for edge in self.flow.edges:
            leaving[edge.source].append(edge)
        while waiting:
            source = waiting.pop()
            inside = self._inside(source, found[source])
            for edge in leaving[source]:
                target = found[edge.target] & self._along(edge, inside)
                if target != found[edge.target]:
                    found[edge.target] = target
                    waiting.append(edge.target)
        return found

    def _along(self, edge: Edge, filled: Fields) -> Fields:
        state = self.flow.states[edge.source]
        if state["type"] == "input":
            filled = self._edited(state.get("form"), filled)
            if edge.via == "transition":
                form = state["transitions"][edge.path[-1]].get("form", {})
                filled = (filled - set(form.get("edit", ()))) | set(form.get("require", ()))
        elif state["type"] == "approval":
            filled = self._approved(state, edge, filled)
        filled = self._after(("states", edge.source, "exit"), state.get("exit", ()), filled)
        return self._after((*edge.path, "do"), edge.actions, filled) - self.open

    def _edited(self, form: Mapping[str, Any] | None, filled: Fields) -> Fields:
        """Without a list of editable fields everything may be edited."""
        if form is None or "edit" not in form:
            return frozenset()
        return filled - set(form["edit"])

    def _approved(self, state: Mapping[str, Any], edge: Edge, filled: Fields) -> Fields:
        form = state.get("form", {})
        forms = [item.get("form", {}) for item in state["participants"]]
        for one in (form, *forms):
            filled -= set(one.get("edit", ()))
        if edge.via != "outcome" or edge.name != "approved":
            return filled
        required = [set(one.get("require", ())) for one in forms]
        certain = set.intersection(*required) if state["decide"]["mode"] == "any" else set.union(*required)
        return filled | certain | set(form.get("require", ()))

    def _after(self, path: Path, actions: Any, filled: Fields) -> Fields:
        """What is filled once actions have run: `set` fills with what is certain, or empties."""
        for index, action in enumerate(actions):
            for key in action.get("set", ()):
                expression = self.expressions.get(("workflow", self.flow.key, (*path, index, "set", key)))
                before = filled

                def is_certain(name: str, known: Fields = before) -> bool:
                    return self.certainty.of_path(self.entity, name, known)

                is_filled = expression is not None and has_value(expression.tree, is_certain)
                filled = filled | {key} if is_filled else filled - {key}
        return filled
