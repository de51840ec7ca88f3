"""What "why" answers is what really happens: people × records of the manufacturing pack, on both databases."""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest

from engine import Conflict, Forbidden, Invalid, NotFound, Query, system_actor
from engine.kernel.messages import LANGUAGES, catalogue
from tests.conftest import copy_database, execute

APP = "manufacturing"
EACH = 2
"""Records tried of each entity."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request, tmp_path_factory):
    import shutil
    import uuid

    import sqlalchemy as sa

    from engine import Engine

    folder = tmp_path_factory.mktemp("why")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_installed_sqlite"), folder / "formwork.db")
        url = f"sqlite:///{folder / 'formwork.db'}"
    else:
        base, template = request.getfixturevalue("postgresql_url"), request.getfixturevalue("_installed_postgresql")
        name = f"why_{uuid.uuid4().hex[:8]}"
        copy_database(base, template, name)
        url = sa.make_url(base).set(database=name).render_as_string(hide_password=False)
    found = Engine(url, data=folder)
    yield found
    found.close()
    if request.param == "postgresql":
        execute(base, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def world(engine):
    """(people by login, administrators' actor, record ids by entity)."""
    with engine.work(system_actor("test"), writes=False) as work:
        users = engine.accounts.list_users(work)
        people = {user.login: engine.accounts.find_actor(work, user.id) for user in users}
        model = work.model(APP)
        records = {
            key: [item.id for item in engine.records.query_records(work, APP, key, Query(limit=40, fields=())).records][:: max(1, 40 // EACH)][:EACH]
            for key, entity in model.entities.items() if entity.part_of is None
        }
    return people, records


class _Back(Exception):
    """Takes everything back."""


def happens(engine, actor, call) -> bool:
    """Does a call go through, as far as rights are concerned? Nothing stays."""
    try:
        with engine.work(actor, writes=True) as work:
            call(work)
            raise _Back
    except _Back:
        return True
    except (Forbidden, NotFound):
        return False
    except Conflict as error:
        return not any(problem.code == "record.locked" for problem in error.problems)
    except Invalid as error:
        return not any(problem.code in ("field.read_only", "field.unknown") for problem in error.problems)


def asked(engine, asker, *, user, **question):
    with engine.work(asker, writes=False) as work:
        found = engine.records.explain_access(work, APP, user_id=user.user_id, **question)
    for ground, language in product(found.grounds, LANGUAGES):
        assert ground.code in catalogue(language)
    assert found.grounds, question
    assert found.is_allowed == all(ground.is_for for ground in found.grounds if ground.about == "lock") or not found.is_allowed
    return found


def test_reading_changing_and_removing_agree_with_the_answer(engine, world):
    people, records = world
    admin = people["admin"]
    tried = {True: 0, False: 0}
    for (login, actor), (entity, ids) in product(people.items(), records.items()):
        for record_id in ids:
            about = {"user": actor, "entity": entity, "record_id": record_id}
            for verb, does in (("read", engine.records.get_record), ("remove", engine.records.remove_record)):
                said = asked(engine, admin, verb=verb, **about)
                happened = happens(engine, actor, partial(does, app=APP, entity=entity, id_=record_id))
                assert said.is_allowed == happened, (login, entity, str(record_id), verb, said)
                tried[said.is_allowed] += 1
    assert min(tried.values()) > 50


def test_what_a_list_shows_agrees_with_the_answer(engine, world):
    people, records = world
    for login, entity in product(("sales1", "sales2", "finance", "service"), ("quotation", "lead", "contract", "service_order")):
        actor = people[login]
        try:
            with engine.work(actor, writes=False) as work:
                listed = {item.id for item in engine.records.query_records(work, APP, entity, Query(limit=200, fields=())).records}
        except NotFound:
            listed = set()
        for record_id in records[entity]:
            said = asked(engine, people["admin"], user=actor, entity=entity, verb="read", record_id=record_id)
            assert said.is_allowed == (record_id in listed), (login, entity, said)


@pytest.mark.parametrize("entity", ["quotation", "lead", "product", "contract"])
def test_fields_agree_with_the_answer(engine, world, entity):
    people, records = world
    with engine.work(system_actor("test"), writes=False) as work:
        fields = work.model(APP).entities[entity].fields
    for login in ("sales1", "salesmanager", "finance", "engineer", "gm", "admin"):
        actor, record_id = people[login], records[entity][0]
        shown = {}
        try:
            with engine.work(actor, writes=False) as work:
                shown = engine.records.get_record(work, APP, entity, record_id).values
        except NotFound:
            pass
        for key, item in fields.items():
            about = {"user": actor, "entity": entity, "record_id": record_id, "field": key}
            said = asked(engine, people["admin"], verb="read", **about)
            assert said.is_allowed == (key in shown), (login, key, said)
            if item.type.key in ("text", "long_text"):
                said = asked(engine, people["admin"], verb="change", **about)
                change = partial(engine.records.change_record, app=APP, entity=entity, id_=record_id, values={key: "another text"})
                happened = happens(engine, actor, change)
                assert said.is_allowed == happened, (login, key, said)


def test_an_answer_rests_on_the_records_own_values(engine, world):
    people, records = world
    for record_id in records["quotation"]:
        said = asked(engine, people["admin"], user=people["sales1"], entity="quotation", verb="change", record_id=record_id)
        own = [ground for ground in said.grounds if ground.code == "permissions.scope_own"]
        assert own, said
        with engine.work(system_actor("test"), writes=False) as work:
            entity = work.model(APP).entities["quotation"]
            owner = engine.records.get_record(work, APP, "quotation", record_id).values[entity.owner or "created_by"]
            name = engine.accounts.names_of(work, [owner])[owner]
        assert own[0].facts[0].value == name
        assert own[0].is_for == (owner == people["sales1"].user_id)


def test_others_and_records_are_for_administrators_to_ask_about(engine, world):
    people, records = world
    record_id = records["quotation"][0]
    with engine.work(people["sales1"], writes=False) as work:
        ask = engine.records.explain_access
        assert ask(work, APP, "quotation", "read").is_allowed
        for given in ({"user_id": people["gm"].user_id}, {"record_id": record_id}, {"role": "finance"}):
            with pytest.raises(Forbidden):
                ask(work, APP, "quotation", "read", **given)
    with engine.work(people["designer"], writes=False) as work:
        assert engine.records.explain_access(work, APP, "product", "read", role="sales", field="floor_price").is_allowed is False
        with pytest.raises(Forbidden):
            engine.records.explain_access(work, APP, "quotation", "read", role="sales", record_id=record_id)
        with pytest.raises(NotFound):
            engine.records.explain_access(work, APP, "quotation", "read", role="nobody")
        with pytest.raises(NotFound):
            engine.records.explain_access(work, APP, "nothing", "read")
        with pytest.raises(Invalid):
            engine.records.explain_access(work, APP, "quotation", "eat")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_in_words(engine, world, language):
    from dataclasses import replace

    people, records = world
    admin = replace(people["admin"], language=language)
    with engine.work(admin, writes=False) as work:
        found = engine.records.why_json(work, APP, {"entity": "quotation", "verb": "change", "user_id": people["sales1"].user_id, "record_id": records["quotation"][0]})
        rows = engine.records.why_json(work, APP, {"entity": "quotation_line", "verb": "create", "user_id": people["sales1"].user_id})
    assert found["who"] == people["sales1"].name
    assert all(ground["text"] and not ground["text"].startswith(("why.", "permissions.")) for ground in [*found["grounds"], *rows["grounds"]])
    assert ("明细" if language == "zh-CN" else "rows of") in rows["grounds"][0]["text"]
