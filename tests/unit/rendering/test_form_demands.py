"""What a form requires under a condition is insisted on, and nothing that it doesn't show or lets nobody write."""

from __future__ import annotations

from typing import Any

from engine.rendering import missing_fields
from tests.unit.rendering import shop


def missing(values: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    model = shop.model()
    policy = more.pop("policy", None) or shop.policy()
    return [problem.path for problem in missing_fields(model, policy, model.forms["order"], values, **more)]


def test_an_empty_field_is_asked_for_when_the_condition_holds():
    assert missing({"result": "lost"}) == [("reason",)]
    assert missing({"result": "lost", "reason": ""}) == [("reason",)]


def test_it_is_not_when_it_is_filled_in_or_the_condition_does_not_hold():
    assert missing({"result": "lost", "reason": "Price"}) == []
    assert missing({"result": "won"}) == []
    assert missing({}) == []


def test_what_is_locked_by_a_rule_or_closed_by_its_state_is_not_asked_for():
    assert missing({"result": "lost"}, extra={"account.level": "b"}) == []
    assert missing({"result": "lost"}, may_edit=lambda key: key != "reason") == []
