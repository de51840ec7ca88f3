"""Exporting: chosen documents with what they need, chosen records with what they refer to, and nothing that is nobody's business."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest

from engine.accounts import create_department, find_actor, list_users
from engine.kernel.errors import Forbidden, Invalid
from engine.packs import install_pack, plan_export, read_pack, zip_of
from engine.records import Query, create_record, query_records
from engine.storage import Database
from engine.workflow import decide, fire_transition, open_task
from tests.factories.shop import APP, SYSTEM, Shop, open_shop, shop_documents
from tests.factories.small_app import a_field, a_role, an_app
from tests.factories.small_pack import make_pack

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what no database has a say in."""
HOOK = "https://hooks.example.com/T0/B0/secret"
TELLING = {
    "app": an_app(webhooks={"erp": {"label": "ERP", "url": HOOK}}, navigation=[{"items": [{"entity": "account"}, {"view": "sales"}, {"entity": "product"}]}]),
    "maker": a_role("maker", design=True),
    "role": a_role("reader", {"account": {"read": "all", "fields": {"secret": "hidden"}}, "product": {"read": "all"}}),
}


def documents() -> list[dict]:
    by_key = {(item["kind"], item["key"]): item for item in shop_documents()}
    contact, account = by_key["entity", "contact"], by_key["entity", "account"]
    contact["fields"] += [a_field("mail", "email", required=True), a_field("phone", "phone"), a_field("nick", personal=True), a_field("chief", "user", required=True)]
    account["fields"].append(a_field("home", "department"))
    return [*TELLING.values(), contact, account]


@pytest.fixture
def shop(database) -> Shop:
    return open_shop(database, *documents())


def filled(shop: Shop) -> None:
    with shop.work() as work:
        head = create_department(work, "company", {"en": "Company"})
        sales = create_department(work, "sales", {"en": "Sales"}, parent=head)
        product = create_record(work, APP, "product", {"name": "@home lamp", "price": "10.00"}).id
        group = create_record(work, APP, "account", {"name": "Ada", "level": "a", "owner": shop.user("sam"), "home": sales}).id
        below = create_record(work, APP, "account", {"name": "Below", "group": group}).id
        chief = {"mail": "eve@example.org", "phone": "138 0013 8000", "nick": "Evi", "chief": shop.user("maria")}
        contact = create_record(work, APP, "contact", {"name": "Eve", "account": below, **chief}).id
        sale = {"subject": "First", "account": below, "contact": contact, "owner": shop.user("sam"), "tags": ["hot"],
                "lines": [{"product": product, "quantity": 2}, {"quantity": 1, "price": "3.50"}]}
        create_record(work, APP, "sale", sale)
        create_record(work, APP, "account", {"name": "Nobody asks for this one"})


def export(shop: Shop, who: str = "", **choices):
    with shop.work(who, writes=False) as work:
        return plan_export(work, APP, **choices)


def records_in(files: dict[str, bytes]) -> list[tuple[str, dict]]:
    some = [json.loads(content) for name, content in sorted(files.items()) if name.startswith("records/")]
    return [(file["entity"], record) for file in some for record in file["records"]]


def codes(caught) -> set[str]:
    return {problem.code for problem in caught.value.problems}


def test_records_go_with_those_they_refer_to_and_come_back_the_same(shop, tmp_path):
    filled(shop)
    found = export(shop, records=["sale"])
    told = records_in(found.files)

    assert found.records == {"account": 2, "contact": 1, "product": 1, "sale": 1}
    assert [entity for entity, _ in told][-1] == "sale"
    sale = told[-1][1]
    assert sale["account"] == "@account_2"
    assert sale["lines"] == [{"price": "10.00", "product": "@product_1", "quantity": 2}, {"price": "3.50", "quantity": 1}]
    assert not {"number", "total", "net", "headline", "owner", "created_on"} & set(sale)
    assert {"name": "@@home lamp", "price": "10.00", "ref": "product_1"} in [record for _, record in told]
    assert [(row["key"], row.get("parent")) for row in json.loads(found.files["people.json"])["departments"]] == [("company", None), ("sales", "company")]

    again = export(shop, records=["sale"])
    assert again.files == found.files

    other = Database(f"sqlite:///{tmp_path / 'other.db'}", data=tmp_path / "other")
    other.migrate()
    with closing(other):
        with other.work(SYSTEM) as work:
            install_pack(work, read_pack(zip_of(found.files)), language="en")
        with other.work(SYSTEM, writes=False) as work:
            returned = plan_export(work, APP, records=["sale"]).files
    assert returned == found.files


@ON_SQLITE
def test_personal_data_stay_at_home_unless_an_administrator_sends_them(shop):
    filled(shop)
    found = export(shop, records=["contact"])
    contact = next(record for entity, record in records_in(found.files) if entity == "contact")
    everything = b"".join(found.files.values())

    assert contact == {"account": "@account_2", "chief": "@user:somebody", "mail": "person1@example.com", "name": "Eve", "nick": "Nick 1", "phone": "000 0000 0001",
                       "ref": "contact_1"}
    assert not [word for word in (b"eve@", b"8000", b"Evi", b"maria", b"sam") if word in everything]
    assert {note.code for note in found.notes} >= {"pack.export_personal"}

    told = export(shop, "admin", records=["contact"], personal=True)
    contact = next(record for entity, record in records_in(told.files) if entity == "contact")
    assert contact["mail"] == "eve@example.org"
    assert contact["chief"] == "@user:maria"
    assert {"login": "maria", "name": "Maria"} in json.loads(told.files["people.json"])["users"]
    shop.people["maker"] = replace(shop.people["maria"], roles={APP: frozenset({"maker", "manager"})})
    assert export(shop, "maker", records=["contact"]).records == found.records
    for who, more in (("maker", {"personal": True}), ("maria", {})):
        with pytest.raises(Forbidden):
            export(shop, who, records=["contact"], **more)


@ON_SQLITE
def test_a_required_field_that_nothing_can_stand_in_for_is_said(database):
    product = next(item for item in shop_documents() if item["key"] == "product")
    product["fields"].append(a_field("born", "date", required=True, personal=True))
    shop = open_shop(database, product)
    with shop.work() as work:
        create_record(work, APP, "product", {"name": "A", "born": "2001-02-03"})
    with pytest.raises(Invalid) as caught:
        export(shop, records=["product"])
    assert codes(caught) == {"pack.export_personal_required"}


@ON_SQLITE
def test_addresses_of_webhooks_stay_at_home(shop):
    found = export(shop)
    assert HOOK.encode() not in b"".join(found.files.values())
    assert json.loads(found.files["app.json"])["webhooks"] == {"erp": {"label": "ERP"}}
    assert [note.code for note in found.notes] == ["pack.export_webhooks"]


@ON_SQLITE
def test_chosen_documents_take_along_what_they_need_and_say_why(shop):
    found = export(shop, only=["view/sales", "role/reader"])

    assert {name for name in found.files if "/" in name} == {
        "entities/account.json", "entities/contact.json", "entities/line.json", "entities/product.json", "entities/sale.json",
        "roles/reader.json", "views/sales.json",
    }
    because = {dependency.place: dependency.needed_by for dependency in found.added}
    assert set(because) == {f"entity/{key}" for key in ("account", "contact", "line", "product", "sale")}
    assert because["entity/sale"] == "view/sales"
    assert because["entity/line"] == "entity/sale"
    assert "needs it" in found.added[0].sentence("en")
    assert read_pack(zip_of(found.files)).manifest.uid != read_pack(zip_of(export(shop).files)).manifest.uid


@ON_SQLITE
def test_what_is_not_chosen_is_taken_out_of_what_names_it(shop):
    found = export(shop, only=["role/reader"])
    assert set(json.loads(found.files["roles/reader.json"])["entities"]) == set()
    assert json.loads(found.files["app.json"])["navigation"] == []

    with pytest.raises(Invalid) as caught:
        export(shop, only=["view/none"])
    assert codes(caught) == {"pack.export_unknown"}
    with pytest.raises(Invalid) as caught:
        export(shop, records=["line"])
    assert codes(caught) == {"pack.export_no_records"}


def test_records_at_rest_keep_their_state_and_others_begin_again(packs_engine, tmp_path):
    with packs_engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery")
        people = {user.login: find_actor(work, user.id) for user in list_users(work)}
        with work.acting_as(people["su"]):
            account = create_record(work, "crm", "account", {"name": "Any"}).id
            done, _ = (create_record(work, "crm", "quote", {"title": title, "account": account}).id for title in ("Done", "Open"))
            fire_transition(work, "crm", "quote", done, "submit")
        for _ in range(2):
            with work.acting_as(people["bo"]):
                decide(work, open_task(work, done), "approve")
    with packs_engine.work(SYSTEM, writes=False) as work:
        found = plan_export(work, "crm", records=["quote"])
    told = {record["title"]: record for entity, record in records_in(found.files) if entity == "quote"}

    assert {title: record.get("_state") for title, record in told.items()} == {"Done": {"approval": "approved"}, "Open": None, "First": None, "Second": None}
    assert [note.values["entities"] for note in found.notes if note.code == "pack.export_states"] == [["quote"]]

    other = Database(f"sqlite:///{tmp_path / 'other.db'}", data=tmp_path / "other")
    other.migrate()
    with closing(other):
        with other.work(SYSTEM) as work:
            install_pack(work, read_pack(zip_of(found.files)), language="en")
        with other.work(SYSTEM, writes=False) as work:
            states = {record.values["title"]: record.values["status"] for record in query_records(work, "crm", "quote", Query()).records}
            assert states == {"Done": "approved", "Open": "draft", "First": "draft", "Second": "draft"}
            assert plan_export(work, "crm", records=["quote"]).files == found.files
