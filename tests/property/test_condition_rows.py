"""Conditions as rows say what the text said: from text to the tree, to rows, to text again, with the same answer."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expressions import compile, evaluate  # noqa: A004
from engine.expressions.to_conditions import dump
from engine.kernel.messages import LANGUAGES, catalogue
from tests.js.test_scripts import _node
from tests.property.random_expressions import KINDS, ROWS

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NAMES = {**KINDS, "old.amount": "number", "old.status": "text", "actor.roles": "list", "actor.id": "reference"}
SCRIPT = Path(__file__).parents[1] / "js" / "rows_of_trees.ts"
_TEXTS = ("a", "杭州泵业", 'say "so"', "back\\slash", "", "a'b", "line\nbreak", "😀")
_NUMBERS = ("0", "-1.5", "100000", "0.01", "99.99", "+7")
_DAYS = ('"2026-11-24"', "today()", "today() + 30", "today() - 7", "add_days(today(), -1)", "due_on")
_MOMENTS = ('"2026-11-24T08:30:00Z"', "now()", "now() - 1", "created_on")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _row(random: Random) -> str:
    name, kind = random.choice(list(NAMES.items()))
    if name == "actor.roles":
        return random.choice(['has_role("sales")', 'not has_role("sales")', 'has_any(actor.roles, "sales", "finance")'])
    other = random.choice([each for each, of in NAMES.items() if of == kind])
    blank = [f"is_blank({name})", f"not is_blank({name})", f"not(is_blank({name}))"]
    match kind:
        case "text":
            text = _quoted(random.choice(_TEXTS))
            return random.choice([f"{name} = {text}", f"{text} <> {name}", f"{name} <> {other}", f"contains({name}, {text})", f"not contains({name}, {text})",
                                  f"starts_with({name}, {text})", f"ends_with({name}, {text})", f"{name} in ({text}, \"x\")", f"{name} not in [{text}]", f"{name} > {text}",
                                  f"is_changed({name})" if f"old.{name}" in NAMES else f"{name} = {text}", *blank])
        case "number":
            number = random.choice(_NUMBERS)
            sign = random.choice(("=", "<>", ">", ">=", "<", "<="))
            return random.choice([f"{name} {sign} {number}", f"{number} {sign} {name}", f"{name} {sign} {other}", f"{name} in ({number}, 3)", f"{name} = null", *blank])
        case "yes_no":
            return random.choice([name, f"not {name}", f"{name} = true", f"{name} = false", f"not({name})"])
        case "date":
            return f"{name} {random.choice(('=', '<>', '>', '>=', '<', '<='))} {random.choice(_DAYS)}"
        case "datetime":
            return f"{name} {random.choice(('>', '<=', '='))} {random.choice(_MOMENTS)}"
        case "list":
            return random.choice([f'has_any({name}, "a", "key")', f'has_all({name}, "a", "b")', f'not has_any({name}, "a")', f'"a" in {name}', f'"key" not in {name}', *blank])
        case _:
            return random.choice([f"{name} = actor.id", f"{name} <> {other}", f'{name} = "00000000-1000-0000-0000-000000000000"', *blank])


def _condition(random: Random, depth: int) -> str:
    if depth == 0 or random.random() < 0.3:
        return _row(random)
    parts = [_condition(random, depth - 1) for _ in range(random.randint(1, 4))]
    inner = f" {random.choice(('and', 'or'))} ".join(f"({part})" if random.random() < 0.7 or " or " in part or " and " in part else part for part in parts)
    return f"not ({inner})" if random.random() < 0.2 else f"({inner})"


def _rows_of(texts: list[str]) -> list[dict]:
    trees = [json.dumps(dump(compile(text, NAMES, expects="yes_no").tree)) for text in texts]
    done = subprocess.run([_node(), str(SCRIPT)], input="\n".join(trees), capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _answers(text: str) -> list[bool]:
    """What a condition says of each record: unknown counts as no."""
    found = compile(text, NAMES, expects="yes_no")
    return [evaluate(found, {**row, "old.amount": row["paid"], "old.status": row["note"], "actor.roles": ("sales",), "actor.id": row["owner"]}, now=NOW) is True for row in ROWS]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32))
def test_rows_say_the_same_as_the_text_they_were_read_from(seed):
    random = Random(seed)
    texts = [_condition(random, 3) for _ in range(60)]

    rows = _rows_of(texts)
    again = _rows_of([row["text"] for row in rows if "text" in row])

    assert sum("text" in row for row in rows) > 40
    for text, row in zip(texts, rows, strict=True):
        if "text" in row:
            assert row["complete"], text
            assert _answers(row["text"]) == _answers(text), f"{text}  →  {row['text']}"
    assert [row["text"] for row in rows if "text" in row] == [row["text"] for row in again], "what rows write, they read back as it stands"


@pytest.mark.parametrize(
    ("text", "why"),
    [("amount * 2 > 10", "calculation"), ("amount > paid * 1.1", "calculation"), ("if(on, off, on)", "choice"), ("round(amount, 0) = 3", "function"),
     ("len(name) > 3", "function"), ("true", "constant"), ('name = upper(note)', "function"), ("name = null", "nothing")],
)  # fmt: skip
def test_what_rows_cannot_show_comes_with_the_reason_in_words(text, why):
    (found,) = _rows_of([text])

    assert found["why"] == why
    for language in LANGUAGES:
        assert f"designer.expression.why_{why}" in catalogue(language)
