"""Patterns of admins: the same verdict as a full regular expression engine, and never slow."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fields.automaton import MAX_STATES
from engine.fields.text_patterns import matches, parse_text_pattern, schema_pattern
from engine.kernel.errors import Invalid

ATOMS = st.sampled_from(["a", "b", "中", ".", "[ab]", "[^a]", r"\d", "[a-c1-]", r"\.", r"\w", "1", r"[\d.]"])
COUNTS = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.builds("{}{}".format, inner, inner)
    | st.builds("(?:{}|{})".format, inner, inner)
    | st.builds("({}){}".format, inner, COUNTS)
    | st.builds("(?:{}|)".format, inner),
    max_leaves=6,
)


@given(PATTERNS, st.lists(st.text("abc1.中d-", max_size=7), min_size=1, max_size=8))
def test_a_pattern_matches_what_it_matches_elsewhere(pattern: str, texts: list[str]) -> None:
    if len(pattern) > 200:
        return
    other = re.compile(pattern, re.ASCII)

    for text in texts:
        assert matches(pattern, text) == bool(other.fullmatch(text))
        assert matches(f"^{pattern}$", text) == bool(other.fullmatch(text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(a+)+b", "a" * 4000), ("(a|a)*b", "a" * 4000), ("(?:a?){300}a{300}", "a" * 2000), ("(.*)*x", "中" * 4000)],
)
def test_no_pattern_takes_long(pattern: str, text: str) -> None:
    started = time.process_time()

    matches(pattern, text)

    assert time.process_time() - started < 2


def test_texts_of_ever_new_characters_do_not_fill_memory() -> None:
    for start in range(0x4E00, 0x4E00 + 12000, 200):
        assert matches(".*", "".join(chr(start + offset) for offset in range(200)))
    assert matches(".*", "still right")


@pytest.mark.parametrize(
    "pattern",
    [
        "(a", "a)", "[a", "[]", "[^]", "a**", "a+?", "a{2}{3}", "*a", "|*", "(?=a)", "(?<n>a)", r"\1", r"\s", r"\b",
        "\\", "a{2,1}", "a{1001}", "a{", "a{x}", "{2}", "[b-a]", r"[\d-z]", r"[a-\d]", "[[a]", "", "a" * 201, "a\nb",
        "\ud800", "(" * 30 + "a" + ")" * 30, "]", "}",
    ],
)  # fmt: skip
def test_what_is_no_pattern_here_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_text_pattern(pattern)

    assert caught.value.problems[0].code == "field.text_pattern.unreadable"


def test_patterns_that_repeat_too_much_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        parse_text_pattern("(a{900}){900}")

    (problem,) = caught.value.problems
    assert (problem.code, problem.values) == ("field.text_pattern.too_large", {"limit": MAX_STATES})


@pytest.mark.parametrize(
    ("pattern", "inner"), [("^a$", "a"), ("a", "a"), (r"a\$", r"a\$"), (r"a\\$", r"a\\"), ("$", ""), ("^", "")]
)
def test_anchors_are_taken_off_but_not_escaped_signs(pattern: str, inner: str) -> None:
    assert schema_pattern(pattern) == inner
