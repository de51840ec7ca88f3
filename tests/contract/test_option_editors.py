"""Whatever a field type or an action lets admins set, the property panel can edit: no option is left to JSON."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.fields import PALETTE, SYSTEM
from engine.fields.catalogue import OPTION_TYPES
from engine.fields.palette import palette_json
from engine.fields.registry import TYPES
from engine.kernel.messages import LANGUAGES, catalogue
from engine.workflow import ACTIONS

PANEL = Path(__file__).parents[2] / "designer" / "ui" / "parts" / "options.tsx"


def _editors() -> set[str]:
    """The keys of the panel's table of editors."""
    table = re.search(r"const EDITORS\b.*?=>\s*ReactNode>> = \{(.*?)\n\}", PANEL.read_text(encoding="utf-8"), re.DOTALL)
    assert table, "the panel's table of editors is not where it was"
    return set(re.findall(r"(\w+): [\w(]", table[1]))


@pytest.mark.parametrize("key", sorted(kind.key for kind in OPTION_TYPES))
def test_every_option_type_has_an_editor(key):
    assert key in _editors()


def test_every_type_that_an_option_of_a_field_type_or_an_action_has_is_edited():
    used = {option.type for holder in (*TYPES, *ACTIONS) for option in holder.options}

    assert used <= _editors()
    assert _editors() <= {kind.key for kind in TYPES}, "an editor for a type that isn't there"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_and_every_choice_of_one_has_words(language):
    for kind in palette_json(language):
        for option in kind["options"]:
            assert option["label"] != f"field_option.{option['key']}", (kind["key"], option["key"])
            for choice in option["settings"].get("options", ()):
                code = f"field_option.{option['key']}.{choice['key']}"
                assert code in catalogue(language), code
                assert choice["label"] == catalogue(language)[code]


def test_the_palette_offers_every_field_type():
    shown = {kind["key"] for kind in palette_json("en")}

    assert shown == {kind.key for group in PALETTE for kind in group.types} | {kind.key for kind in SYSTEM}
