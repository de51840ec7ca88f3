"""Who uses what, and where texts are."""

from __future__ import annotations

import pytest

from engine.definitions import build_model, label_of, texts_of, uses
from tests.factories.documents import worked_example

INDEX = uses(worked_example())
APPROVAL = ("workflow", "quotation_approval")


def users(*target: str) -> set[tuple[str, str]]:
    return {(use.kind, use.key) for use in INDEX.of(*target)}


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (("field", "quotation", "amount"), {APPROVAL, ("entity", "quotation"), ("entity", "quotation"), ("form", "account"), ("form", "quotation"), ("form", "quotation_review"), ("view", "quotations")}),
        (("field", "account", "level"), {("entity", "account"), ("entity", "quotation"), ("form", "account"), ("view", "accounts"), ("view", "quotations")}),
        (("field", "account", "owner"), {("entity", "account"), ("form", "account"), ("role", "sales")}),
        (("field", "quotation_line", "price"), {("entity", "quotation_line"), ("form", "quotation"), ("role", "sales")}),
        (("field", "quotation", "approval_status"), {APPROVAL, ("entity", "account"), ("form", "quotation"), ("view", "quotations")}),
        (("field", "quotation", "lead_engineer"), {APPROVAL, ("form", "quotation")}),
        (("entity", "account"), {("app", "sales"), ("entity", "quotation"), ("form", "account"), ("role", "sales"), ("view", "accounts")}),
        (("view", "quotations"), {("app", "sales")}),
        (("form", "quotation_review"), {APPROVAL}),
        (("role", "finance_controller"), {APPROVAL, ("form", "quotation_review")}),
        (("template", "quotation_approved"), {APPROVAL}),
        (("webhook", "erp_quote_release"), {APPROVAL}),
        (("state", "quotation_approval", "gm"), {APPROVAL}),
        (("option", "quotation", "approval_status", "approved"), {APPROVAL, ("entity", "account")}),
        (("option", "account", "level", "gold"), {("entity", "account"), ("entity", "quotation")}),
        (("field", "quotation", "nothing"), set()),
    ],
)  # fmt: skip
def test_every_use_is_found(target: tuple[str, ...], expected: set[tuple[str, str]]) -> None:
    assert users(*target) == expected


def test_a_use_says_where() -> None:
    paths = {use.path for use in INDEX.of("field", "quotation", "lead_engineer") if use.kind == "workflow"}

    assert ("rules", "engineering", "value") in paths
    assert ("states", "draft", "transitions", 0, "form", "require", 3) in paths


def test_uses_of_parts_are_uses_of_the_whole() -> None:
    inside = {use.target for use in INDEX.within("entity", "account")}

    assert {("entity", "account"), ("field", "account", "level"), ("option", "account", "level", "gold")} <= inside
    assert {use.target for use in INDEX.within("field", "account", "level")} == {
        ("field", "account", "level"), ("option", "account", "level", "gold"),
    }  # fmt: skip


def test_rubbish_has_no_uses() -> None:
    assert list(uses([None, {}, {"kind": "view"}])) == []


def test_texts_have_paths_that_locales_use() -> None:
    paths = {place.path: place for document in worked_example() for place in texts_of(document)}

    assert paths["entity/quotation/fields/amount/label"].text == {"en": "Amount", "zh-CN": "金额"}
    assert paths["entity/account/fields/level/options/gold/label"].at == ("fields", 1, "options", "options", 0, "label")
    assert "workflow/quotation_approval/states/draft/transitions/submit/label" in paths
    assert "form/quotation/tabs/main/sections/head/items/7/text" in paths
    assert "app/sales/templates/quotation_approved/subject" in paths
    assert "entity/account/rules/gold_has_owner/message" in paths


def test_a_text_is_looked_for_in_the_document_then_in_locales_then_in_the_default_language() -> None:
    model = build_model(worked_example())
    text = {"en": "Account", "zh-CN": "客户"}

    assert label_of(model, "entity/account/label", text, "en") == "Account"
    assert label_of(model, "entity/account/label", text, "de") == "Kunde"
    assert label_of(model, "entity/account/plural", text, "de") == "客户"
    assert label_of(model, "entity/account/label", "Account", "en") == "Account"
    assert label_of(model, "entity/account/label", "Account", "de") == "Kunde"
