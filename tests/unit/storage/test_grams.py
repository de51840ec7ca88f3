"""Pieces of Chinese text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.storage.grams import grams, needed_grams

TEXTS = st.text(alphabet="钢铁公司张ab 1%。", max_size=12)


def test_characters_and_pairs_within_a_run_are_pieces() -> None:
    assert grams("钢铁a公") == ["钢", "铁", "钢铁", "公"]


def test_text_without_chinese_has_no_pieces() -> None:
    assert grams("abc 123") == []
    assert grams(None) == []


@given(TEXTS, TEXTS, TEXTS)
def test_a_text_that_contains_a_word_has_every_piece_that_the_word_needs(left: str, word: str, right: str) -> None:
    assert set(needed_grams(word)) <= set(grams(left + word + right))
