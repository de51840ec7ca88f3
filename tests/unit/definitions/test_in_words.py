"""Expressions as sentences: labels for names, words for signs, in both languages; whatever can be compiled can be told."""

from __future__ import annotations

import re

import pytest

from engine.definitions import Names, build_model
from engine.definitions.in_words import in_words
from engine.expressions import FUNCTIONS
from engine.expressions import compile as compile_expression
from engine.kernel.messages import LANGUAGES, pick
from tests.factories.documents import worked_example
from tests.property.random_expressions import KINDS

MODEL = build_model(worked_example())


def told(text: str, language: str = "zh-CN", scope: str = "change", entity: str = "quotation", **more) -> str:
    names = Names(MODEL.entities, entity, scope, more.pop("own", None))
    return in_words(compile_expression(text, names), names, language, **more)


def label(path: str, language: str) -> str:
    return told(path, language)


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("amount > 100000", "{amount} 大于 100,000", "{amount} is more than 100,000"),
        ("not (amount > 1 or amount < 0)", "并非（{amount} 大于 1 或 {amount} 小于 0）", "not ({amount} is more than 1 or {amount} is less than 0)"),
        ("amount > 1 and (is_blank(customer) or not is_blank(customer))", "{amount} 大于 1 且（{customer} 为空 或 {customer} 已填写）",
         "{amount} is more than 1 and ({customer} is blank or {customer} is filled in)"),
        ("created_on > now() - 7", "{created_on} 晚于 现在前 7 天", "{created_on} is after 7 days before now"),
        ("amount * (1 + 2) - (amount - 1)", "{amount} × （1 + 2）− （{amount} − 1）", "{amount} × (1 + 2) − ({amount} − 1)"),
        ("is_changed(amount)", "{amount} 有改动", "{amount} was changed"),
        ("is_new()", "正在新建", "it is being created"),
        ('not has_role("sales")', "当前用户没有角色 “sales”", "the current user does not have the role “sales”"),
        ("initiator.department = actor.department", "发起人 › 部门 为 当前用户的部门", "Initiator › Department is the current user's department"),
        ("if(amount > 1, 2, amount)", "（如果 {amount} 大于 1，取 2，否则取 {amount}）", "(if {amount} is more than 1 then 2, else {amount})"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_the_expression_says(text, chinese, english):
    for language, wanted in (("zh-CN", chinese), ("en", english)):
        shown = re.sub(r"\{(\w+)\}", lambda match: label(match[1], language), wanted)  # noqa: B023 (used at once)
        found = told(text, language)
        assert found == (re.sub(r" ?（", "（", shown) if language == "zh-CN" else shown)


def test_options_are_told_by_their_labels_records_by_what_they_are_called():
    option = MODEL.entities["quotation"].fields["payment_terms"].options["options"][0]
    shown = pick(option["label"], "en")

    assert told(f'payment_terms = "{option["key"]}"', "en").endswith(f" is {shown}")
    assert told(f'"{option["key"]}"', "en", about="payment_terms") == shown
    assert told('"x"', "en") == "“x”"
    assert told('customer = "0192f2b0-0000-7000-8000-000000000000"', "en", titles=lambda target, _: f"the one of {target}").endswith(" is the one of account")
    assert told('has_role("sales")', "en", roles={"sales": {"en": "Sales", "zh-CN": "销售"}}) == "the current user has the role Sales"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_can_be_told(language):
    for function in FUNCTIONS:
        if function.room == "records":
            continue
        found = compile_expression(function.example, lambda name: KINDS.get(name, "text") if name not in ("discount", "price") else "number")
        names = Names({}, "nothing", "form")
        shown = in_words(found, names, language)
        assert shown
        assert "words." not in shown, (function.key, shown)
        assert not re.search(r"\{\w+\}", shown), shown
