"""A rename reaches every place that says the key, and none that means something else."""

from __future__ import annotations

import json
from typing import Any

from engine.definitions import lint
from engine.definitions.rename import Renaming, rename_entity, rename_field
from tests.factories.documents import Documents, a_field, changed, with_value, worked_example


def renamed(documents: Documents, renaming: Renaming) -> Documents:
    """All documents after the rename."""
    return [dict(renaming.documents.get((item["kind"], item["key"]), item)) for item in documents]


def the(documents: Documents, kind: str, key: str) -> Any:
    return next(item for item in documents if (item["kind"], item["key"]) == (kind, key))


def errors(documents: Documents) -> list[tuple[str, Any]]:
    return [(found.code, found.values) for found in lint(documents) if found.severity == "error"]


def test_a_renamed_field_leaves_no_error_behind() -> None:
    documents = worked_example()
    for entity in [item for item in documents if item["kind"] == "entity"]:
        for field in entity["fields"]:
            after = renamed(documents, rename_field(documents, entity["key"], field["key"], "new_name"))
            assert errors(after) == errors(documents), field["key"]
            assert [item["uid"] for item in the(after, "entity", entity["key"])["fields"]] == [item["uid"] for item in entity["fields"]]


def test_a_renamed_entity_leaves_no_error_behind() -> None:
    documents = worked_example()
    for entity in [item for item in documents if item["kind"] == "entity"]:
        after = renamed(documents, rename_entity(documents, entity["key"], "new_name"))
        assert errors(after) == errors(documents), entity["key"]


def test_there_and_back_is_the_same_text() -> None:
    documents = worked_example()
    there = renamed(documents, rename_field(documents, "quotation", "amount", "worth"))
    back = renamed(there, rename_field(there, "quotation", "worth", "amount"))
    assert json.dumps(there) != json.dumps(documents)
    assert json.dumps(back) == json.dumps(documents)


def test_expressions_follow_through_steps_and_prefixes() -> None:
    documents = with_value(worked_example(), "entity/account", "rules", 0, "check", value='not is_blank(owner) and level <> "level"')
    after = renamed(documents, rename_field(documents, "account", "level", "grade"))
    assert the(after, "entity", "account")["rules"][0] == {
        **the(documents, "entity", "account")["rules"][0], "check": 'not is_blank(owner) and grade <> "level"', "when": 'grade = "gold"',
    }
    customer = next(item for item in the(after, "entity", "quotation")["fields"] if item["key"] == "customer")
    assert customer["filter"] == 'grade = "gold" or record.amount < 100000'
    mirror = next(item for item in the(after, "entity", "quotation")["fields"] if item["key"] == "customer_level")
    assert mirror["options"]["field"] == "grade"
    worth = renamed(documents, rename_field(documents, "quotation", "amount", "worth"))
    customer = next(item for item in the(worth, "entity", "quotation")["fields"] if item["key"] == "customer")
    assert customer["filter"] == 'level = "gold" or record.worth < 100000'


def test_the_same_key_in_another_entity_stays() -> None:
    documents = changed(worked_example(), [
        {"document": "entity/account", "path": ["fields", "-"], "value": a_field("amount", "money")},
        {"document": "entity/account", "path": ["rules", "-"], "value": {"key": "small", "check": "amount < 5", "message": "Less."}},
    ])
    after = renamed(documents, rename_field(documents, "quotation", "amount", "worth"))
    assert the(after, "entity", "account") == the(documents, "entity", "account")


def test_a_template_of_two_entities_is_left_to_people() -> None:
    documents = worked_example()
    app = the(documents, "app", "sales")
    one = rename_field(documents, "quotation", "number", "code")
    texts = the(renamed(documents, one), "app", "sales")["templates"]["quotation_approved"]["subject"]
    assert texts == {"en": "{{ code }} is approved", "zh-CN": "{{ code }} 已批准"}
    assert app["templates"]["quotation_approved"]["subject"]["en"] == "{{ number }} is approved"


def test_retired_fields_are_read_and_stay_retired() -> None:
    documents = changed(worked_example(), [
        {"document": "entity/quotation", "path": ["fields", "-"],
         "value": a_field("twice", "formula", formula="amount * 2", retired=True, options={"result": "number"})},
    ])
    after = the(renamed(documents, rename_field(documents, "quotation", "amount", "worth")), "entity", "quotation")
    assert after["fields"][-1]["formula"] == "worth * 2"
    assert after["fields"][-1]["retired"] is True


def test_translations_move_along() -> None:
    locale = {"kind": "locale", "key": "fr", "uid": "0e3f0b6a-51f1-5a43-9d2a-5f1f0a1c0c11", "schema": 1, "language": "fr",
              "texts": {"entity/quotation/fields/amount/label": "Montant", "entity/quotation/fields/amount_with_tax/label": "TTC"}}
    documents = [*worked_example(), locale]
    texts = the(renamed(documents, rename_field(documents, "quotation", "amount", "worth")), "locale", "fr")["texts"]
    assert texts == {"entity/quotation/fields/worth/label": "Montant", "entity/quotation/fields/amount_with_tax/label": "TTC"}
    texts = the(renamed(documents, rename_entity(documents, "quotation", "offer")), "locale", "fr")["texts"]
    assert list(texts) == ["entity/offer/fields/amount/label", "entity/offer/fields/amount_with_tax/label"]


def test_an_expression_that_can_not_be_read_is_pointed_out() -> None:
    documents = with_value(worked_example(), "entity/account", "rules", 0, "when", value='level = "gold')
    renaming = rename_field(documents, "account", "level", "grade")
    assert [(place.path, place.after) for place in renaming.places if place.after is None] == [(("rules", 0, "when"), None)]
