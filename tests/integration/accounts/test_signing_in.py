"""Signing in, sessions, tokens, and how soon a change counts everywhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from engine import accounts
from engine.accounts import passwords
from engine.kernel.actor import system_actor
from engine.kernel.errors import Forbidden, Invalid, NotFound, Problem, Unavailable
from engine.storage import Database
from tests.integration.accounts.account_world import PASSWORD, World


def refused(world: World, login: str, password: str) -> str:
    with pytest.raises(Invalid) as error, world.reading() as work:
        accounts.check_login(work, login, password)
    return ", ".join(problem.code for problem in error.value.problems)


def test_login_and_password_tell_who_it_is(world: World) -> None:
    li = world.person("li", PASSWORD)

    with world.reading() as work:
        assert accounts.check_login(work, " LI ", PASSWORD) == li


def test_all_refusals_look_the_same(world: World) -> None:
    world.person("li", PASSWORD)
    world.person("nopassword")
    gone = world.person("gone", PASSWORD)
    with world.work() as work:
        accounts.change_user(work, gone, is_active=False)

    for login, password in (
        ("li", "wrong"), ("li", ""), ("nobody", PASSWORD), ("nopassword", ""), ("gone", PASSWORD), ("a\x00b", "x"),
        ("li", "x" * 5000),
    ):
        assert refused(world, login, password) == "accounts.bad_login"


def test_wrong_passwords_in_a_row_pause_signing_in_and_the_pause_ends(world: World) -> None:
    li = world.person("li", PASSWORD)

    for _ in range(5):
        refused(world, "li", "wrong")
    refused(world, "li", PASSWORD)
    world.clock.advance(timedelta(seconds=15))
    refused(world, "li", "wrong")
    world.clock.advance(timedelta(seconds=29))
    refused(world, "li", PASSWORD)
    world.clock.advance(timedelta(seconds=1))
    with world.reading() as work:
        assert accounts.check_login(work, "li", PASSWORD) == li
    refused(world, "li", "wrong")
    with world.reading() as work:  # the count has begun anew
        assert accounts.check_login(work, "li", PASSWORD) == li
    assert world.audit().count(("session.refused", str(li))) == 7


def test_an_outdated_hash_is_renewed_when_its_person_signs_in(world: World) -> None:
    from argon2 import PasswordHasher

    li = world.person("li", PASSWORD)
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with world.work() as work:
        accounts.people.store.set_password(work.connection, li, old)  # type: ignore[attr-defined]

    with world.reading() as work:
        accounts.check_login(work, "li", PASSWORD)
    with world.reading() as work:
        stored = accounts.people.store.password_of(work.connection, li)  # type: ignore[attr-defined]
    assert stored != old
    assert not passwords.is_outdated(stored)


def test_signing_in_needs_a_reading_work(world: World) -> None:
    with pytest.raises(RuntimeError), world.work() as work:
        accounts.check_login(work, "li", PASSWORD)


def test_a_session_is_found_by_its_token_only(world: World) -> None:
    li = world.person("li", PASSWORD)
    with world.work() as work:
        token, csrf = accounts.open_session(work, li, "Firefox\n\x00")

    with world.reading() as work:
        session = accounts.find_session(work, token)
        stored = work.connection.exec_driver_sql("SELECT token_hash, agent FROM session").one()
        assert accounts.find_session(work, token + "x") is None
        assert accounts.find_session(work, session.token_hash) is None  # type: ignore[union-attr]
    assert session is not None
    assert (session.actor.user_id, session.csrf) == (li, csrf)
    assert token not in stored[0]
    assert stored[1] == "Firefox"


def test_a_session_ends_after_half_an_hour_without_use(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)

    for _ in range(3):
        world.clock.advance(timedelta(minutes=29))
        with world.reading() as work:
            assert accounts.find_session(work, token) is not None
    world.clock.advance(timedelta(minutes=30))
    with world.reading() as work:
        assert accounts.find_session(work, token) is None


def test_a_busy_database_does_not_keep_people_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)
        _, text = accounts.create_token(work, li, "ERP")
    world.clock.advance(timedelta(minutes=20))

    def busy(*_: object, **__: object) -> None:
        raise Unavailable(Problem("storage.busy"))

    with world.reading() as work:
        monkeypatch.setattr(world.database, "work", busy)
        assert accounts.find_session(work, token) is not None
        assert accounts.find_token(work, text) is not None


def test_a_session_ends_after_twelve_hours_in_any_case(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)

    for _ in range(35):
        world.clock.advance(timedelta(minutes=20))
        with world.work() as work:
            assert accounts.find_session(work, token) is not None
    world.clock.advance(timedelta(minutes=20))
    with world.work() as work:
        assert accounts.find_session(work, token) is None
        assert accounts.end_stale_sessions(work) == 1


@pytest.mark.parametrize("change", [{"roles": {"crm": ["x"]}}, {"is_admin": True}, {"is_active": False}, {"login": "lee"}])
def test_other_rights_end_the_sessions(world: World, change: dict[str, object]) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)
    with world.work() as work:
        accounts.change_user(work, li, **change)  # type: ignore[arg-type]

    with world.reading() as work:
        assert accounts.find_session(work, token) is None


def test_another_title_does_not_end_the_sessions(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)
        accounts.change_user(work, li, title="Head of sales")
    with world.reading() as work:
        assert accounts.find_session(work, token) is not None


def test_a_new_password_ends_all_sessions_but_the_one_to_keep(world: World) -> None:
    li = world.person("li", PASSWORD)
    with world.work() as work:
        tokens = [accounts.open_session(work, li)[0] for _ in range(2)]
    with world.work(world.actor(li)) as work:
        kept = accounts.find_session(work, tokens[0])
        accounts.set_password(work, li, "another phrase", current=PASSWORD, keep=kept.token_hash)  # type: ignore[union-attr]

    with world.reading() as work:
        assert [accounts.find_session(work, token) is not None for token in tokens] == [True, False]


def test_sessions_can_be_listed_and_ended(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        tokens = [accounts.open_session(work, li, agent)[0] for agent in ("one", "two", "three")]
    actor = world.actor(li)

    with world.work(actor) as work:
        accounts.close_session(work, tokens[0])
        accounts.close_session(work, tokens[0])
        second = accounts.find_session(work, tokens[1])
        accounts.close_session(work, second)  # type: ignore[arg-type]
        (entry,) = accounts.list_sessions(work, li)
        assert entry.agent == "three"
        with pytest.raises(NotFound):
            accounts.close_one_session(work, li, "nothing")
        accounts.close_one_session(work, li, entry.token_hash)
        assert accounts.close_sessions(work, li) == 0
        accounts.open_session(work, li)
        assert accounts.close_sessions(work, li) == 1


def test_closed_accounts_open_no_session(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)
        accounts.change_user(work, li, is_active=False)
        with pytest.raises(NotFound):
            accounts.open_session(work, li)
        assert accounts.find_session(work, token) is None


def test_a_session_opens_nothing_for_somebody_who_may_no_longer_sign_in(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        token, _ = accounts.open_session(work, li)
        work.connection.exec_driver_sql("UPDATE user_account SET is_active = false")  # past all use cases
        work.touch("accounts")

    with world.reading() as work:
        assert accounts.find_session(work, token) is None


def test_a_token_acts_as_its_person_until_it_expires_or_is_revoked(world: World) -> None:
    li = world.person("li", roles={"crm": ["sales"]})
    with world.work(world.actor(li)) as work:
        token_id, text = accounts.create_token(work, li, " ERP ")

    with world.reading() as work:
        actor = accounts.find_token(work, text)
        assert actor is not None
        assert (actor.user_id, actor.token_id, actor.roles) == (li, token_id, {"crm": {"sales"}})
        assert accounts.find_token(work, text + "x") is None
        assert accounts.find_token(work, "Basic " + text) is None
    assert text.startswith("fw_")
    world.clock.advance(timedelta(days=90))
    with world.reading() as work:
        assert accounts.find_token(work, text) is None
    world.clock.advance(timedelta(days=-1))
    with world.work(world.actor(li)) as work:
        accounts.revoke_token(work, str(token_id))
        accounts.revoke_token(work, token_id)
        assert accounts.find_token(work, text) is None
        (entry,) = accounts.list_tokens(work, li)
    assert entry.name == "ERP"
    assert entry.used_at is not None
    assert entry.revoked_at is not None


def test_a_token_may_expire_at_a_given_time(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        _, text = accounts.create_token(work, li, "ERP", world.clock.now() + timedelta(hours=1))

    world.clock.advance(timedelta(minutes=59))
    with world.reading() as work:
        assert accounts.find_token(work, text) is not None
    world.clock.advance(timedelta(minutes=1))
    with world.reading() as work:
        assert accounts.find_token(work, text) is None


def test_a_token_keeps_when_it_was_used(world: World) -> None:
    li = world.person("li")
    with world.work() as work:
        _, text = accounts.create_token(work, li, "ERP")

    for minutes in (0, 5, 10):
        world.clock.advance(timedelta(minutes=minutes))
        with world.reading() as work:
            accounts.find_token(work, text)
    with world.reading() as work:
        (entry,) = accounts.list_tokens(work, li)
    assert entry.used_at == world.clock.now()


def test_tokens_get_no_further_keys_and_nobody_revokes_others_tokens(world: World) -> None:
    li, wang = world.person("li", PASSWORD), world.person("wang")
    with world.work() as work:
        token_id, text = accounts.create_token(work, li, "ERP")
        actor = accounts.find_token(work, text)
    with world.work(actor) as work:
        with pytest.raises(Forbidden):
            accounts.create_token(work, li, "more")
        with pytest.raises(Forbidden):
            accounts.set_password(work, li, "another phrase", current=PASSWORD)
    with pytest.raises(NotFound), world.work(world.actor(wang)) as work:
        accounts.revoke_token(work, token_id)
    with world.work() as work:
        for bad in (uuid4(), "nonsense"):
            with pytest.raises(NotFound):
                accounts.revoke_token(work, bad)


@pytest.mark.parametrize(("name", "days"), [("", 5), ("x" * 121, 5), ("x", 0), ("x", -3), ("x", 10**9)])
def test_tokens_need_a_name_and_a_time(world: World, name: str, days: int) -> None:
    li = world.person("li")
    with pytest.raises(Invalid), world.work() as work:
        accounts.create_token(work, li, name, days=days)


def test_a_change_counts_in_every_process_from_the_next_work_on(world: World, database_url: str) -> None:
    li = world.person("li", roles={"crm": ["sales"]})
    with world.work() as work:
        _, text = accounts.create_token(work, li, "ERP")
    if database_url.startswith("sqlite"):
        elsewhere = World(world.database)  # one process only; the stamp is read the same way
    else:
        elsewhere = World(Database(database_url))
    with elsewhere.reading() as work:
        assert accounts.find_token(work, text).roles == {"crm": {"sales"}}  # type: ignore[union-attr]

    with world.work() as work:
        accounts.set_roles(work, li, "crm", ["finance"])
    with elsewhere.reading() as work:
        assert accounts.find_token(work, text).roles == {"crm": {"finance"}}  # type: ignore[union-attr]
    with world.work() as work:
        accounts.change_user(work, li, is_active=False)
    with elsewhere.reading() as work:
        assert accounts.find_token(work, text) is None
    if elsewhere.database is not world.database:
        elsewhere.database.close()


def test_what_was_rolled_back_is_not_remembered(world: World) -> None:
    li = world.person("li", roles={"crm": ["sales"]})
    work = world.database.work(system_actor("test"))
    work.__enter__()
    accounts.set_roles(work, li, "crm", ["admin"])
    assert accounts.find_actor(work, li).roles == {"crm": {"admin"}}
    work.__exit__(KeyError, KeyError(), None)  # as if something had failed
    world.person("wang")  # takes the stamp's next number

    assert world.actor(li).roles == {"crm": {"sales"}}
