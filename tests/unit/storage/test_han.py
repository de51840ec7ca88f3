"""Chinese characters of a text."""

from __future__ import annotations

from engine.storage.han import characters, characters_text


def test_every_character_is_given_once_in_order() -> None:
    assert characters("钢铁a公铁𠮷") == ["钢", "铁", "公", "𠮷"]
    assert characters_text("钢铁a公铁") == "钢 铁 公"


def test_text_without_chinese_has_none() -> None:
    assert characters("abc 123 かな") == []
    assert characters(None) == []
