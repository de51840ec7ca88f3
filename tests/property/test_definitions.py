"""Whatever the documents say, checking them gives findings; and what the guard analysis says is so."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.definitions import KINDS, build_model, lint, record_schema, uses, validate
from engine.definitions.guard_atoms import NotAnalysed, guard_of
from engine.definitions.guard_table import GuardTable, NameFacts
from engine.expressions import compile as compile_expression
from engine.expressions import evaluate
from engine.kernel.errors import Invalid
from tests.factories.documents import Documents, with_value, worked_example

NOW = datetime(2026, 11, 24, tzinfo=UTC)
EXAMPLE = worked_example()
WORDS = st.sampled_from(
    [
        "amount", "customer", "lines", "route", "gm", "draft", "account", "quotation", "initiator", "previous",
        "role:sales", "rule:finance", "amount > 5", "customer.level", "text", "money", "formula", "zh-CN", "P3D", "all",
    ]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-5, 2**64) | st.floats() | st.text(max_size=8) | WORDS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4), max_leaves=12
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


PLACES = [
    (number, path)
    for number, document in enumerate(EXAMPLE)
    for path in places(document)
    if path[0] not in {"kind", "schema"}
]


def put(documents: Documents, place: tuple[int, tuple[str | int, ...]], value: Any, *, remove: bool) -> None:
    number, (*steps, last) = place
    holder: Any = documents[number]
    try:
        for step in steps:
            holder = holder[step]
        if remove:
            del holder[last]
        else:
            holder[last] = value
    except (LookupError, TypeError):
        return  # an earlier change took the place away


def read(place: tuple[int, tuple[str | int, ...]]) -> Any:
    value: Any = EXAMPLE[place[0]]
    for step in place[1]:
        value = value[step]
    return value


@st.composite
def spoilt_examples(draw: st.DrawFn) -> Documents:
    documents = copy.deepcopy(EXAMPLE)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from(PLACES))
        source = draw(st.sampled_from(PLACES))
        value = draw(VALUES | st.just(copy.deepcopy(read(source))))
        put(documents, place, value, remove=draw(st.booleans()))
    return documents


def examine(documents: Any) -> None:
    findings = lint(documents)
    list(uses(documents))
    for finding in findings:
        json.dumps(dict(finding.values))
    try:
        model = build_model(documents)
    except Invalid:
        assert any(finding.severity == "error" for finding in findings)
        return
    for entity in model.entities:
        for purpose in ("write", "patch", "read"):
            record_schema(model, entity, for_=purpose)  # type: ignore[arg-type]


@settings(max_examples=40)
@given(spoilt_examples())
def test_spoilt_documents_give_findings_and_never_exceptions(documents: Documents) -> None:
    examine(documents)


@settings(max_examples=40)
@given(st.lists(VALUES | st.fixed_dictionaries({"kind": st.sampled_from(KINDS), "schema": st.just(1), "key": WORDS, "fields": VALUES, "states": VALUES}), max_size=3))
@example([[]])
@example([{"kind": "workflow", "key": "x", "schema": 1, "states": [[]]}])
def test_rubbish_gives_findings_and_never_exceptions(documents: list[Any]) -> None:
    for document in documents:
        validate(document)
    examine(documents)


# guards ------------------------------------------------------------------------------------------

MODEL = build_model(with_value(EXAMPLE, "entity/quotation", "fields", "amount", "options", value={"scale": 1, "maximum": "12"}))
FIELDS = MODEL.entities["quotation"].fields
KINDS_OF = {"amount": "number", "payment_terms": "text", "ready": "yes_no", "actor.roles": "list"}
NUMBERS = st.integers(-2, 14) | st.decimals(-2, 14, places=1) | st.decimals(-2, 14, places=3)
CONDITIONS = st.one_of(
    st.builds(lambda sign, number: f"amount {sign} {number}", st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), NUMBERS),
    st.builds(lambda sign, number: f"{number} {sign} amount", st.sampled_from(["<", ">="]), NUMBERS),
    st.builds(lambda sign, term: f'payment_terms {sign} "{term}"', st.sampled_from(["=", "<>"]), st.sampled_from(["prepaid", "net30"])),
    st.builds(lambda numbers: f"amount in ({', '.join(map(str, numbers))})", st.lists(NUMBERS, min_size=1, max_size=3)),
    st.sampled_from(
        ["amount = null", "is_blank(payment_terms)", "ready", 'has_role("sales")', 'not has_role("boss")', "true", "false",
         "if(ready, amount > 3, amount < 3)", 'payment_terms not in ("net30")']
    ),
)  # fmt: skip
GUARDS = st.recursive(
    CONDITIONS,
    lambda inner: st.builds(lambda one, word, other: f"({one} {word} {other})", inner, st.sampled_from(["and", "or"]), inner)
    | st.builds(lambda one: f"(not {one})", inner),
    max_leaves=5,
)
RECORDS = st.fixed_dictionaries(
    {
        "amount": st.none() | st.decimals(-3, 12, places=1),
        "payment_terms": st.sampled_from([None, "prepaid", "net30"]),
        "ready": st.sampled_from([None, True, False]),
        "actor.roles": st.sampled_from([(), ("sales",), ("boss",), ("sales", "boss")]),
    }
)


def facts(name: str) -> NameFacts:
    return NameFacts(KINDS_OF[name.partition(" has ")[0]], FIELDS.get(name), may_be_null=True)


def scope_of(witness: dict[str, Any]) -> dict[str, Any]:
    scope = {key: value for key, value in witness.items() if " has " not in key}
    if scope.get("amount") is not None:
        scope["amount"] = Decimal(scope["amount"])
    members = [key.partition(" has ")[2] for key, value in witness.items() if " has " in key and value]
    return {**scope, "actor.roles": tuple(members)}


@settings(max_examples=150)
@given(st.lists(GUARDS, min_size=1, max_size=3), st.lists(RECORDS, min_size=5, max_size=5))
def test_sets_of_cells_agree_with_the_evaluator(texts: list[str], records: list[dict[str, Any]]) -> None:
    expressions = [compile_expression(text, KINDS_OF, expects="yes_no") for text in texts]  # type: ignore[arg-type]
    try:
        guards = [guard_of(expression) for expression in expressions]
    except NotAnalysed:
        assert any("amount" in text for text in texts)
        return
    table = GuardTable(guards, facts)
    points = [table.points(guard) for guard in guards]

    def answers(scope: dict[str, Any]) -> list[bool]:
        return [bool(evaluate(expression, scope, now=NOW)) for expression in expressions]

    union = 0
    for expression, cells in zip(expressions, points, strict=True):
        union |= cells
        if cells:
            assert evaluate(expression, scope_of(table.witness(cells)), now=NOW) is True
    if union != table.full:
        assert not any(answers(scope_of(table.witness(table.full & ~union))))
    else:
        assert all(any(answers(record)) for record in records)
    for index, cells in enumerate(points):
        if not cells:
            assert not any(answers(record)[index] for record in records)
    if len(points) > 1:
        both = points[0] & points[1]
        if both:
            assert answers(scope_of(table.witness(both)))[:2] == [True, True]
        else:
            assert not any(answers(record)[:2] == [True, True] for record in records)
