"""Expressions in the designers: errors at their word, words in both languages, results on records, by the designer's own rights."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.web.conftest import Client

ONE = pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)
"""Where nothing is asked of the database."""
ADDRESS = "/design/manufacturing/expression"
CONDITION = 'amount > 100000 and account.level in ("a", "b")'


class Designer(Client):
    """Somebody who asks the designer's addresses."""

    def __init__(self, app, login: str = "designer", language: str = "zh-CN") -> None:
        super().__init__(app, login)
        from engine import system_actor

        with app.engine.work(system_actor("test"), writes=True) as work:
            app.engine.accounts.change_user(work, uuid.UUID(self.id), language=language)

    def ask(self, path: str, body=None, status: int = 200):
        headers = {**self.headers, "Accept": "application/json"}
        found = self.client.get(path, headers=headers) if body is None else self.client.post(path, json=body, headers=headers)
        assert found.status_code == status, found.get_data(as_text=True)[:500]
        return found.get_json()

    def document(self, kind: str, key: str):
        return next(item for item in self.ask("/design/manufacturing/draft")["documents"] if (item["document"]["kind"], item["document"]["key"]) == (kind, key))

    def save(self, kind: str, key: str, change):
        item = self.document(kind, key)
        document = json.loads(json.dumps(item["document"]))
        change(document)
        answer = self.ask("/design/manufacturing/draft", {"changes": [{"address": f"{kind}/{key}", "document": document, "base": item["document"], "rev": item["rev"]}]})
        assert answer["results"][0]["outcome"] == "saved", answer
        return document


@ONE
def test_a_condition_is_told_in_both_languages_and_as_a_tree(app):
    chinese, english = Designer(app), Designer(app, "admin", "en")

    found = chinese.ask(ADDRESS, {"entity": "quotation", "text": CONDITION, "expects": "yes_no"})

    assert found["ok"]
    assert found["kind"] == "yes_no"
    assert found["tree"][0] == "and"
    assert found["names"] == ["account.level", "amount"]
    assert found["summary"] == "报价金额 大于 100,000 且 客户 › 级别 是 A 重点、B 普通 之一"
    assert english.ask(ADDRESS, {"entity": "quotation", "text": CONDITION})["summary"] == "Amount is more than 100,000 and Account › Level is one of A key, B normal"


@ONE
def test_an_error_stands_at_its_word_in_the_readers_language(app):
    chinese, english = Designer(app), Designer(app, "admin", "en")
    for text, expects, place in (
        ("amunt > 1", None, "amunt"), ("amount + 1", "yes_no", "amount + 1"), ('amount = "x"', None, "="), ("round(subject, 2)", None, "subject"),
        ("1 + ", None, ""), ("subject & 【", None, "【"),
    ):  # fmt: skip
        given = {"entity": "quotation", "text": text, "expects": expects}
        found, other = chinese.ask(ADDRESS, given), english.ask(ADDRESS, given)

        (error,) = found["errors"]
        assert not found["ok"]
        assert text[error["offset"] : error["offset"] + error["length"]] == place
        assert error["message"] != other["errors"][0]["message"]
        assert all(word not in error["message"] for word in ("expression.", "{"))


def test_a_result_is_worked_out_on_a_record_or_on_typed_values(app):
    designer = Designer(app)
    page = Client(app, "admin").get("/manufacturing/quotation?sort=-amount&limit=1").json["items"][0]
    question = {"entity": "quotation", "text": 'if(amount > 100000, "big", "small") & "/" & account.region', "scope": "formula"}

    found = designer.ask(ADDRESS, {**question, "sample": {"record": page["id"]}})["sample"]
    typed = designer.ask(ADDRESS, {**question, "sample": {"record": page["id"], "values": {"amount": "99999.99"}}})["sample"]
    newest = designer.ask(ADDRESS, {**question, "sample": {}})["sample"]
    without = designer.ask(ADDRESS, {**question, "sample": {"record": str(uuid.uuid4())}})["sample"]

    assert found["id"] == page["id"]
    assert found["title"]
    assert found["values"]["amount"] == page["amount"]
    assert found["result"].startswith("big/")
    assert typed["result"] == found["result"].replace("big", "small")
    assert newest["id"]
    assert without["id"] is None
    assert without["result"] == "small/"


def test_a_sample_holds_nothing_that_the_designer_may_not_read(app):
    """The role that designs sees all or nothing; take its right to quotations away and publish."""
    admin = Designer(app, "admin")

    def close(document) -> None:
        document["entities"]["quotation"] = {"read": "none"}

    question = {"entity": "quotation", "text": "amount", "sample": {}}
    role = next(item["document"]["key"] for item in admin.ask("/design/manufacturing/draft")["documents"] if item["document"]["kind"] == "role" and item["document"].get("design"))
    before = Designer(app).ask(ADDRESS, question)["sample"]
    admin.save("role", role, close)
    from engine import system_actor
    with app.engine.work(system_actor("test"), writes=True) as work:
        app.engine.publishing.publish(work, "manufacturing", "closed")

    found = Designer(app).ask(ADDRESS, question)["sample"]

    assert admin.ask(ADDRESS, question)["sample"]["result"]
    assert before["id"]
    assert found["id"] is None
    assert found["result"] is None
    assert Designer(app).ask("/design/manufacturing/samples?entity=quotation")["records"] == []


@ONE
def test_the_draft_counts_not_the_release(app):
    """A field that is new in the draft is known, and one that was renamed there still shows the record's value."""
    designer = Designer(app)

    def change(document) -> None:
        field = next(item for item in document["fields"] if item["key"] == "payment_terms")
        field["key"] = "terms_of_payment"
        document["fields"].append({"key": "twice", "uid": str(uuid.uuid4()), "type": "formula", "label": "Twice", "formula": "amount * 2", "options": {"result": "number"}})

    assert not designer.ask(ADDRESS, {"entity": "quotation", "text": "twice > 1"})["ok"]
    value = designer.ask(ADDRESS, {"entity": "quotation", "text": "payment_terms", "sample": {}})["sample"]["result"]
    designer.save("entity", "quotation", change)

    twice = designer.ask(ADDRESS, {"entity": "quotation", "text": "twice - amount", "scope": "rule", "sample": {}})["sample"]
    renamed = designer.ask(ADDRESS, {"entity": "quotation", "text": "terms_of_payment", "sample": {}})["sample"]["result"]

    assert twice["result"] == twice["values"].get("amount") or twice["result"] is not None
    assert renamed == value
    assert value
    assert not designer.ask(ADDRESS, {"entity": "quotation", "text": "payment_terms"})["ok"]


@ONE
def test_places_have_their_own_names(app):
    designer = Designer(app)

    def ok(text: str, scope: str, **more) -> bool:
        return designer.ask(ADDRESS, {"entity": "quotation", "text": text, "scope": scope, **more})["ok"]

    assert ok("is_changed(amount)", "rule")
    assert not ok("is_changed(amount)", "list")
    assert ok("initiator.department = actor.department", "workflow")
    assert not ok("initiator.id = actor.id", "form")
    assert ok("amount > record.amount", "choose", own="quotation")
    assert not ok("amount > record.amount", "form")
    assert ok("of_the_block > 3", "form", extra={"of_the_block": "number"})
    assert not ok("of_the_block > 3", "form")
    assert designer.ask(ADDRESS, {"entity": "nothing", "text": "1"}, status=404)
    for wrong in ({"scope": "x"}, {"expects": "x"}, {"text": 3}, {"extra": {"a": "b"}}, {"own": "x"}):
        designer.ask(ADDRESS, {"entity": "quotation", "text": "1", **wrong}, status=422)


@ONE
def test_many_questions_in_one_request_each_have_their_answer(app):
    designer = Designer(app)

    found = designer.ask(ADDRESS, {"questions": [{"entity": "quotation", "text": "amount > 1"}, {"entity": "gone", "text": "1"}, {"entity": "quotation", "text": "("}]})["answers"]

    assert [item["ok"] for item in found] == [True, False, False]
    assert found[1]["errors"][0]["message"]


@ONE
def test_functions_and_names_come_with_help_in_the_readers_language(app):
    from engine.expressions import FUNCTIONS

    chinese, english = Designer(app), Designer(app, "admin", "en")
    functions = {item["key"]: item for item in chinese.ask("/design/manufacturing/functions")["functions"]}
    names = {item["name"]: item for item in chinese.ask("/design/manufacturing/names?entity=quotation")["names"]}

    assert set(functions) == {item.key for item in FUNCTIONS}
    assert functions["if"]["signature"] == "if(条件, 则, [否则])"
    assert all(item["description"] and item["example"] and "function_parameter" not in item["signature"] for item in functions.values())
    assert english.ask("/design/manufacturing/functions")["functions"][0]["signature"] == "if(condition, then, [otherwise])"
    assert names["amount"]["label"] == "报价金额"
    assert "baojiajine" in names["amount"]["keywords"]
    assert names["amount"]["kind"] == "number"


@ONE
def test_who_may_not_design_learns_nothing(app):
    seller = Designer(app, "sales1")
    for path, body in ((ADDRESS, {"entity": "quotation", "text": "1"}), ("/design/manufacturing/functions", None), ("/design/manufacturing/names?entity=quotation", None),
                       ("/design/manufacturing/samples?entity=quotation", None), ("/design/manufacturing/preview/quotation", None)):
        seller.ask(path, body, status=403)
