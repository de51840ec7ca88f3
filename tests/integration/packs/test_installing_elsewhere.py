"""Under another name, with other people, detached, copied, and without its samples."""

from __future__ import annotations

import pytest

from engine import Conflict, Invalid, Query, system_actor
from engine.packs import copy_app, install_pack, list_installed
from engine.packs.remove_samples import has_samples, remove_samples
from tests.factories.small_pack import make_pack

SYSTEM = system_actor("test")


def titles(engine, work, app, entity):
    return sorted(str(record.values[work.model(app).entities[entity].title]) for record in engine.records.query_records(work, app, entity, Query()).records)


def test_a_pack_stands_beside_itself_under_another_key_with_the_people_who_are_here(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        engine.accounts.create_user(work, "wang", "Wang", None)
        install_pack(work, make_pack(), language="en", samples=False, people=False)
        mapping = {"users": {"su": "wang", "bo": None}, "departments": {"field": None}, "roles": {"boss": ["wang"]}}
        made = install_pack(work, make_pack(), language="en", key="second", label="Second shop", mapping=mapping)

        assert made == []
        assert {user.login for user in engine.accounts.list_users(work)} == {"wang"}
        one, two = work.model("crm"), work.model("second")
        assert two.app.label == "Second shop"
        assert not {entity.uid for entity in one.entities.values()} & {entity.uid for entity in two.entities.values()}
        assert titles(engine, work, "second", "account") == ["Harbour Works", "Second"]
        assert titles(engine, work, "crm", "account") == []
        wang = engine.accounts.find_user(work, "wang")
        assert sorted(wang.roles["second"]) == ["boss", "sales"]
        assert sorted(list_installed(work)) == ["crm", "second"]


def test_a_mapping_that_names_nobody_and_a_key_that_is_taken_are_refused_and_leave_nothing(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        for mapping, code in (
            ({"users": {"su": "nobody"}}, "pack.mapping_user"), ({"departments": {"field": "nowhere"}}, "pack.mapping_department"),
            ({"roles": {"king": []}}, "pack.mapping_role"), ({"cats": {}}, "pack.mapping"), ({"users": {"su": 3}}, "pack.mapping"),
        ):
            with pytest.raises(Invalid) as refused, work.savepoint():
                install_pack(work, make_pack(), language="en", mapping=mapping)
            assert [problem.code for problem in refused.value.problems] == [code]
        for key in ("Not a key", "x" * 80):
            with pytest.raises(Invalid) as refused:
                install_pack(work, make_pack(), language="en", key=key)
            assert refused.value.problems[0].code == "pack.key"
        assert engine.publishing.list_apps(work) == ()


def test_a_detached_app_begins_in_its_language_and_a_copy_has_its_own_records(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", detached=True, password=lambda: "correct horse battery")
        assert list_installed(work) == {}
        assert work.model("crm").app.default_language == "en"

        assert copy_app(work, "crm", key="copy", label={"en": "Copy", "zh-CN": "副本"}, language="zh-CN", records=True) == "copy"
        with pytest.raises(Conflict):
            copy_app(work, "crm", key="copy", label="Copy", language="en")

        model = work.model("copy")
        assert (model.app.default_language, set(model.entities)) == ("zh-CN", {"account", "quote", "line"})
        assert titles(engine, work, "copy", "quote") == titles(engine, work, "crm", "quote") == ["First", "Second"]
        copies = {record.values["title"]: record for record in engine.records.query_records(work, "copy", "quote", Query()).records}
        originals = {record.id for record in engine.records.query_records(work, "crm", "account", Query()).records}
        first = engine.records.get_record(work, "copy", "quote", copies["First"].id)
        assert first.values["account"] not in originals
        assert first.titles["account"] == "Harbour Works"
        assert first.values["lines"][0]["account"] not in originals
        engine.records.change_record(work, "copy", "quote", first.id, {"note": "changed"})
        number = engine.records.create_record(work, "copy", "quote", {"title": "Third", "account": first.values["account"]}).values["number"]
        assert number == "Q-0003"


def test_the_samples_go_and_peoples_own_records_stay(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery")
        assert has_samples(work, "crm")
        account = next(record for record in engine.records.query_records(work, "crm", "account", Query()).records if record.values["name"] == "Second")
        own = engine.records.create_record(work, "crm", "quote", {"title": "Own", "account": account.id}).id

    with engine.work(SYSTEM, writes=True) as work:
        with pytest.raises(Conflict) as refused:
            remove_samples(work, "crm")
        assert refused.value.problems[0].values == {"count": 1, "records": ["Own"]}
        mine = engine.records.create_record(work, "crm", "account", {"name": "Mine"}).id
        engine.records.change_record(work, "crm", "quote", own, {"account": mine, "lines": [{"product": "Valve", "account": account.id}]})

    with engine.work(SYSTEM, writes=True) as work:
        assert remove_samples(work, "crm") == 4
        assert not has_samples(work, "crm")
        assert titles(engine, work, "crm", "account") == ["Mine"]
        left = engine.records.get_record(work, "crm", "quote", own)
        assert [(row["product"], row["account"]) for row in left.values["lines"]] == [("Valve", None)]
        assert engine.workflow.inbox(work) == []
        assert remove_samples(work, "crm") == 0
    while engine.worker().run_once():
        pass


def test_without_its_samples_an_app_begins_at_its_first_number(packs_engine):
    engine = packs_engine
    with engine.work(SYSTEM, writes=True) as work:
        install_pack(work, make_pack(), language="en", password=lambda: "correct horse battery", scenarios=True)
        remove_samples(work, "crm")
        assert titles(engine, work, "crm", "quote") == []
        account = engine.records.create_record(work, "crm", "account", {"name": "Mine"}).id
        assert engine.records.create_record(work, "crm", "quote", {"title": "Own", "account": account}).values["number"] == "Q-0001"
