"""People: who may administer them, what is refused, who finds whom."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine import accounts
from engine.kernel.actor import Actor
from engine.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integration.accounts.account_world import PASSWORD, World

STRANGER = Actor(None, "")


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_created_person_can_be_found_by_any_spelling_of_the_login(world: World) -> None:
    user_id = world.person("Ｌi.Wei", name="李伟", email=" li@example.com ", roles={"crm": ["sales", "sales"]})

    with world.reading() as work:
        found = accounts.find_user(work, "LI.wei")
    assert (found.id, found.login, found.name, found.email) == (user_id, "li.wei", "李伟", "li@example.com")
    assert found.roles == {"crm": {"sales"}}
    assert world.audit() == [("user.created", str(user_id))]


def test_everything_that_is_wrong_is_said_at_once(world: World) -> None:
    world.person("li")

    with pytest.raises(Invalid) as error, world.work() as work:
        accounts.create_user(
            work, "Li", " ", "short", email="no", department=uuid4(), manager=uuid4(), timezone="Mars/X"
        )

    assert sorted(codes(error)) == [
        "accounts.email_form", "accounts.login_taken", "accounts.name_form", "accounts.no_such_department",
        "accounts.no_such_user", "accounts.password_short", "accounts.timezone_form",
    ]


def test_unknown_details_are_a_programming_mistake(world: World) -> None:
    with pytest.raises(TypeError), world.work() as work:
        accounts.create_user(work, "li", "Li", shoe_size=43)  # type: ignore[call-arg]


def test_only_administrators_administer(world: World) -> None:
    li = world.person("li")
    boss = world.person("boss", is_admin=True)
    actor = world.actor(li)

    for forbidden in (
        lambda work: accounts.create_user(work, "x", "X"),
        lambda work: accounts.change_user(work, li, is_admin=True),
        lambda work: accounts.set_roles(work, li, "crm", ["sales"]),
        lambda work: accounts.set_password(work, boss, PASSWORD),
        accounts.list_users,
        lambda work: accounts.create_token(work, boss, "mine"),
        lambda work: accounts.list_sessions(work, boss),
        lambda work: accounts.create_department(work, "x", "X"),
        accounts.end_stale_sessions,
    ):
        with pytest.raises(Forbidden), world.work(actor) as work:
            forbidden(work)
    with world.work(world.actor(boss)) as work:
        accounts.change_user(work, li, title="Engineer")
        assert [person.login for person in accounts.list_users(work)] == ["boss", "li"]


def test_strangers_see_nobody(world: World) -> None:
    with world.reading(STRANGER) as work:
        with pytest.raises(Forbidden):
            accounts.find_people(work, "li")
        with pytest.raises(Forbidden):
            accounts.change_preferences(work, theme="dark")


def test_a_change_writes_what_changed(world: World) -> None:
    li = world.person("li", roles={"crm": ["sales"]})

    with world.work() as work:
        accounts.change_user(work, li, name="Li Wei", roles={"crm": ["engineering"]}, email="")
    with world.reading() as work:
        found = accounts.get_user(work, li)
        details = work.connection.exec_driver_sql("SELECT details FROM audit_entry ORDER BY seq DESC").scalar()

    assert (found.name, found.roles, found.rev) == ("Li Wei", {"crm": {"engineering"}}, 2)
    assert "engineering" in str(details)
    assert "Li Wei" in str(details)


def test_roles_of_other_apps_stay(world: World) -> None:
    li = world.person("li", roles={"crm": ["sales"], "hr": ["clerk"]})

    with world.work() as work:
        accounts.set_roles(work, li, "crm", [])
        assert accounts.get_user(work, li).roles == {"hr": {"clerk"}}


def test_a_stale_change_is_a_conflict(world: World) -> None:
    li = world.person("li")

    with world.work() as work:
        accounts.change_user(work, li, rev=1, title="One")
    with pytest.raises(Conflict), world.work() as work:
        accounts.change_user(work, li, rev=1, title="Two")


def test_nobody_becomes_their_own_manager(world: World) -> None:
    top = world.person("top")
    middle = world.person("middle", manager=top)
    bottom = world.person("bottom", manager=middle)

    with world.work() as work:
        for manager in (top, middle, bottom):
            with pytest.raises(Invalid) as error:
                accounts.change_user(work, top, manager=manager)
            assert codes(error) == ["accounts.manager_circle"]
        assert accounts.manager_of(work, bottom) == middle
        assert accounts.manager_of(work, bottom, 2) == top
        assert accounts.manager_of(work, bottom, 3) is None
        assert accounts.managers_of(work, bottom) == [middle, top]


def test_the_last_administrator_stays(world: World) -> None:
    boss = world.person("boss", is_admin=True)

    for change in ({"is_admin": False}, {"is_active": False}):
        with pytest.raises(Invalid) as error, world.work() as work:
            accounts.change_user(work, boss, **change)  # type: ignore[arg-type]
        assert codes(error) == ["accounts.last_admin"]
    world.person("second", is_admin=True)
    with world.work() as work:
        accounts.change_user(work, boss, is_admin=False)
        assert [accounts.get_user(work, one).login for one in accounts.administrators(work)] == ["second"]


def test_pickers_find_active_people_by_parts_of_name_and_login(world: World) -> None:
    li = world.person("li.wei", name="李伟", title="Sales")
    world.person("wang", name="王小明")
    gone = world.person("zhang", name="李强", is_admin=False)
    with world.work() as work:
        accounts.change_user(work, gone, is_active=False)

    with world.reading(world.actor(li)) as work:
        assert [person.login for person in accounts.find_people(work, "李")] == ["li.wei"]
        assert [person.login for person in accounts.find_people(work, "LI.W")] == ["li.wei"]
        assert [person.login for person in accounts.find_people(work, "小明")] == ["wang"]
        assert [person.login for person in accounts.find_people(work, "%")] == []
        assert len(accounts.find_people(work, "李", everyone=True)) == 2
        assert [person.id for person in accounts.find_people(work, ids=[li])] == [li]
        assert [person.login for person in accounts.list_people(work)] == ["li.wei", "wang"]
        assert accounts.names_of(work, [li, gone, uuid4()]) == {li: "李伟", gone: "李强"}
        assert accounts.names_of(work, []) == {}
        assert not accounts.is_active(work, gone)
        assert accounts.is_active(work, li)


def test_names_that_begin_with_the_text_come_first(world: World) -> None:
    for login, name in (("a", "Anna Li"), ("b", "Li Ba"), ("c", "Li Ao")):
        world.person(login, name=name)

    with world.reading() as work:
        assert [person.name for person in accounts.find_people(work, "li")] == ["Li Ao", "Li Ba", "Anna Li"]


def test_one_changes_ones_own_preferences(world: World) -> None:
    li = world.person("li")

    with world.work(world.actor(li)) as work:
        accounts.change_preferences(work, language="zh-CN", theme="dark", timezone="Asia/Shanghai")
    actor = world.actor(li)

    assert (actor.language, actor.timezone) == ("zh-CN", "Asia/Shanghai")
    with pytest.raises(Invalid), world.work(actor) as work:
        accounts.change_preferences(work, theme="pink")
    before = world.audit()
    with world.work(actor) as work:
        accounts.change_preferences(work)
    with world.work() as work:
        accounts.change_user(work, li)
    assert world.audit() == before
    with world.work() as work:  # a part of the product has none, and none are missed
        accounts.change_preferences(work, theme="dark")


def test_ones_own_password_needs_the_current_one(world: World) -> None:
    li = world.person("li", PASSWORD)
    actor = world.actor(li)

    with pytest.raises(Invalid) as error, world.work(actor) as work:
        accounts.set_password(work, li, "another phrase", current="wrong")
    assert codes(error) == ["accounts.current_password"]
    with world.work(actor) as work:
        accounts.set_password(work, li, "another phrase", current=PASSWORD)
    with world.reading() as work:
        assert accounts.check_login(work, "li", "another phrase") == li


def test_missing_people_are_not_found(world: World) -> None:
    with world.work() as work:
        assert accounts.is_empty(work)
        for missing in (
            lambda: accounts.get_user(work, uuid4()), lambda: accounts.find_user(work, "nobody"),
            lambda: accounts.find_actor(work, uuid4()), lambda: accounts.change_user(work, uuid4(), name="X"),
            lambda: accounts.create_token(work, uuid4(), "x"),
        ):
            with pytest.raises(NotFound):
                missing()
    world.person("li")
    with world.reading() as work:
        assert not accounts.is_empty(work)
