"""A module added later, and an app that goes with all it held, which was exported first."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from engine import Forbidden, Invalid, NotFound, Query, system_actor
from engine.kernel.actor import Actor
from engine.packs import install_pack, read_pack, zip_of
from engine.packs.add_module import add_module, modules_left_out, plan_module
from engine.packs.export_data import export_data
from engine.packs.store import installed
from engine.packs.uninstall import plan_uninstall, uninstall
from engine.packs.upgrade import apply_upgrade, return_upgrade
from engine.publishing import create_app, get_document, publish, put_document
from tests.factories.small_pack import field_of, make_pack, new_field

SYSTEM = system_actor("test")
MODULES = [
    {"key": "visits", "label": {"en": "Visits", "zh-CN": "拜访"}, "documents": ["entity/visit"]},
    {"key": "reports", "label": {"en": "Reports", "zh-CN": "报告"}, "documents": ["entity/report"], "requires": ["visits"]},
]


def with_visits(documents):
    for key, target in (("visit", "account"), ("report", "visit")):
        documents[f"entity/{key}"] = {
            "kind": "entity", "key": key, "uid": f"0f0f0f0f-0000-4000-8000-0000000000{len(key):02}", "schema": 1, "title": "topic",
            "label": {"en": key.title(), "zh-CN": key}, "fields": [new_field(key, "topic"), new_field(key, "about", "reference", options={"entity": target})],
        }
    documents["entity/account"]["fields"].append(new_field("account", "visits", "rollup", options={"entity": "visit", "via": "about", "function": "count"}))
    documents["role/sales"]["entities"]["visit"] = {"read": "all", "change": "all", "remove": "all", "create": True}


def test_a_module_comes_later_with_those_it_needs_over_what_was_changed_since(packs_engine):
    with packs_engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(change=with_visits, modules=MODULES, bare=True), language="en", leave_out=["visits"])
        assert {"visit", "report"}.isdisjoint(work.model("crm").entities)
        assert [module.key for module in modules_left_out(work, "crm")] == ["visits"]
        account = dict(get_document(work, "crm", "entity", "account").document)
        put_document(work, "crm", {**account, "fields": [*account["fields"], new_field("account", "own")]})
        publish(work, "crm")
        for module, code in (("nothing", "pack.no_module"), ("reports", "pack.module_here")):
            with pytest.raises(Invalid) as refused:
                add_module(work, "crm", module)
            assert refused.value.problems[0].code == code

        assert {item.id for item in plan_module(work, "crm", "visits").items} >= {"entity/visit", "entity/report", "entity/account#fields.visits"}
        assert add_module(work, "crm", "visits") == 3
        assert {"own", "visits"} <= work.model("crm").entities["account"].fields.keys()
        assert "visit" in work.model("crm").documents["role", "sales"]["entities"]
        assert (installed(work)["crm"]["left_out"], modules_left_out(work, "crm")) == ([], ())
        assert return_upgrade(work, "crm") == 4
        assert installed(work)["crm"]["left_out"] == ["visits"]

    def widened(documents):
        with_visits(documents)
        field_of(documents, "account", "phone")["label"] = {"en": "Cell", "zh-CN": "手机"}

    with packs_engine.work(SYSTEM, writes=True) as work:
        apply_upgrade(work, "crm", make_pack("1.1.0", widened, modules=MODULES, bare=True))
        assert "visit" not in work.model("crm").entities
        add_module(work, "crm", "visits")
        assert {"visit", "report"} <= work.model("crm").entities.keys()


def test_an_app_goes_with_all_it_held_and_can_come_again(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery")
        install_pack(work, make_pack(), language="en", key="other", samples=False)
        quote = engine.records.query_records(work, "crm", "quote", Query(filter='title = "Second"')).records[0]
        engine.records.change_record(work, "crm", "quote", quote.id, {"title": "=cmd()"})
        file = engine.records.store_file(work, io.BytesIO(b"%PDF-1.4 hello"), "offer.pdf")
        assert file.size

    with engine.work(SYSTEM, writes=True) as work:
        plan = plan_uninstall(work, "crm")
        assert (dict(plan.records), plan.running, plan.needed_by) == ({"account": 2, "quote": 2}, 1, ())
        assert plan.lines("en") == ["Uninstalling Small takes away for good:", "Account: 2 records", "Quote: 2 records", "1 approval under way"]
        with zipfile.ZipFile(io.BytesIO(export_data(work, "crm"))) as archive:
            names = archive.namelist()
            rows = list(csv.DictReader(io.StringIO(archive.read("data/quote.csv").decode("utf-8-sig"))))
            definitions = {name.removeprefix("definitions/"): archive.read(name) for name in names if name.startswith("definitions/")}
        assert {"data/account.csv", "data/line.csv"} <= set(names)
        assert [(row["title"], row["amount"], row["owner"]) for row in rows] == [("First", "100.00", "su"), ("'=cmd()", "20.00", "su")]
        assert read_pack(zip_of(definitions)).manifest.key == "crm"

        work.actor = Actor(user_id=None, name="Somebody")
        for act in (plan_uninstall, uninstall, export_data):
            with pytest.raises(Forbidden):
                act(work, "crm")
        work.actor = SYSTEM
        uninstall(work, "crm")

    with engine.work(SYSTEM, writes=True) as work:
        with pytest.raises(NotFound):
            work.model("crm")
        assert engine.workflow.inbox(work) == []
        assert sorted(installed(work)) == ["other"]
        assert list(engine.accounts.find_user(work, "su").roles) == ["other"]
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", people=False)
        assert work.model("crm").release == 2  # numbers go on: nobody remembers another release under this one
        assert len(engine.records.query_records(work, "crm", "quote", Query()).records) == 2


def test_an_app_that_was_begun_and_never_published_can_go_too(packs_engine):
    with packs_engine.work(SYSTEM, writes=True) as work:
        documents = make_pack(bare=True).documents
        create_app(work, next(document for document in documents if document["kind"] == "app"))
        for document in documents:
            if document["kind"] != "app":
                put_document(work, "crm", document)
        plan = plan_uninstall(work, "crm")
        assert (dict(plan.records), plan.running) == ({}, 0)
        assert plan.lines("en")
        uninstall(work, "crm")
        with pytest.raises(NotFound):
            plan_uninstall(work, "crm")
        install_pack(work, make_pack(bare=True), language="en")
        assert work.model("crm").entities
