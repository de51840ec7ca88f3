"""Every action against its contract."""

from __future__ import annotations

import pytest

from engine.definitions import document_schema
from engine.fields import TYPES, options_schema
from engine.kernel.messages import catalogue
from engine.workflow import ACTIONS
from engine.workflow.action import Action, Phase

MEMBERS = {"key", "phase", "options", "lint", "run"}


def test_an_action_has_five_members() -> None:
    public = {name for name in (*vars(Action), *Action.__annotations__) if not name.startswith("_")}

    assert public == MEMBERS


@pytest.mark.parametrize("action", ACTIONS, ids=ACTIONS.keys)
def test_an_action_adds_nothing_to_the_contract(action: Action) -> None:
    assert {name for name in vars(type(action)) if not name.startswith("_")} <= MEMBERS
    assert isinstance(action.phase, Phase)
    assert type(action).__doc__


@pytest.mark.parametrize("action", ACTIONS, ids=ACTIONS.keys)
def test_options_are_described_by_field_types(action: Action) -> None:
    assert action.options
    assert all(option.type in TYPES for option in action.options)
    assert options_schema(action.options)["type"] == "object"


def test_the_schema_of_documents_and_the_catalogue_know_the_same_actions() -> None:
    bodies = document_schema("workflow")["$defs"]["action"]["oneOf"]

    assert {body["required"][0] for body in bodies} == set(ACTIONS.keys)


def test_both_languages_have_every_sentence_of_the_room() -> None:
    english, chinese = catalogue("en"), catalogue("zh-CN")
    own = {code for code in english if code.startswith(("workflow.", "action."))}

    assert own == {code for code in chinese if code.startswith(("workflow.", "action."))}
    assert all(english[code].strip() and chinese[code].strip() for code in own)
