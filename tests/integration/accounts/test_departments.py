"""Departments: a tree, with heads and members."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine import accounts, system_actor
from engine.kernel.errors import Invalid, NotFound
from tests.integration.accounts.account_world import World


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_departments_form_a_tree(world: World) -> None:
    with world.work() as work:
        company = accounts.create_department(work, "company", {"zh-CN": "公司", "en": "Company"})
        sales = accounts.create_department(work, "sales", "Sales", parent=company)
        accounts.create_department(work, "east", "East", parent=sales)
        (top,) = accounts.list_departments(work)

    assert (top.key, top.name_in("zh-CN"), top.below[0].key, top.below[0].below[0].key) == (
        "company", "公司", "sales", "east",
    )


def test_a_department_is_never_below_itself(world: World) -> None:
    with world.work() as work:
        company = accounts.create_department(work, "company", "Company")
        sales = accounts.create_department(work, "sales", "Sales", parent=company)
        for parent in (company, sales):
            with pytest.raises(Invalid) as error:
                accounts.change_department(work, company, parent=parent)
            assert codes(error) == ["accounts.department_circle"]
        accounts.change_department(work, sales)
        accounts.change_department(work, sales, parent=None, name={"en": "Sales team"})
        assert [item.key for item in accounts.list_departments(work)] == ["company", "sales"]


def test_what_is_wrong_with_a_department_is_said_at_once(world: World) -> None:
    with world.work() as work:
        accounts.create_department(work, "sales", "Sales")
        with pytest.raises(Invalid) as error:
            accounts.create_department(work, "sales", {"en": " "}, parent=uuid4(), head=uuid4())
        assert sorted(codes(error)) == [
            "accounts.department_name", "accounts.department_taken", "accounts.no_such_department",
            "accounts.no_such_user",
        ]
        with pytest.raises(Invalid) as error:
            accounts.create_department(work, "Sales!", {})
        assert sorted(codes(error)) == ["accounts.department_key", "accounts.department_name"]


def test_only_an_empty_department_can_be_removed(world: World) -> None:
    with world.work() as work:
        company = accounts.create_department(work, "company", "Company")
        sales = accounts.create_department(work, "sales", "Sales", parent=company)
    li = world.person("li", department=sales)

    with world.work() as work:
        for used in (company, sales):
            with pytest.raises(Invalid):
                accounts.remove_department(work, used)
        accounts.change_user(work, li, department=None)
        accounts.remove_department(work, sales)
        with pytest.raises(NotFound):
            accounts.get_department(work, sales)
        with pytest.raises(Invalid):  # a key is never given to another department
            accounts.create_department(work, "sales", "Sales")


def test_heads_and_members_are_found(world: World) -> None:
    boss, head, li = (world.person(login) for login in ("boss", "head", "li"))
    with world.work() as work:
        company = accounts.create_department(work, "company", "Company", head=boss)
        sales = accounts.create_department(work, "sales", "Sales", parent=company)
        east = accounts.create_department(work, "east", "East", parent=sales, head=head)
        accounts.change_user(work, li, department=east)
        accounts.change_user(work, head, department=east)

        assert accounts.department_head(work, east) == head
        assert accounts.department_head(work, sales) is None
        assert accounts.department_head(work, uuid4()) is None
        assert accounts.department_heads(work, li) == [head, boss]
        assert accounts.department_heads(work, boss) == []
        assert accounts.department_members(work, "east") == [head, li]
        assert accounts.department_members(work, "nowhere") == []
        assert accounts.department_names(work)[east] == {"en": "East"}
    assert world.actor(li).departments == (east,)


def test_an_actor_has_the_own_department_and_all_below(world: World) -> None:
    with world.work() as work:
        company = accounts.create_department(work, "company", "Company")
        sales = accounts.create_department(work, "sales", "Sales", parent=company)
    boss = world.person("boss", department=company)

    assert world.actor(boss).departments == (company, sales)
    with world.work() as work:
        east = accounts.create_department(work, "east", "East", parent=sales)
    assert world.actor(boss).departments == (company, sales, east)


def test_role_holders_are_the_active_ones(world: World) -> None:
    li = world.person("li", roles={"crm": ["sales"]})
    gone = world.person("gone", roles={"crm": ["sales"]})
    with world.work() as work:
        accounts.change_user(work, gone, is_active=False)
        assert accounts.role_holders(work, "crm", "sales") == [li]
        assert accounts.role_holders(work, "crm", "sales", everyone=True) == [gone, li]
        assert accounts.role_holders(work, "hr", "sales") == []


def test_what_is_undone_is_not_remembered_for_others_even_when_it_was_done_in_another_name(world: World) -> None:
    below: list[int] = []
    with world.work() as work:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), work.savepoint():
                with work.acting_as(system_actor("install")):
                    top = accounts.create_department(work, "top", "Top")
                    accounts.create_department(work, "east", "East", parent=top)
                    person = accounts.create_user(work, "ann", "Ann", department=top)
                below.append(len(accounts.find_actor(work, person).departments))
                raise ZeroDivisionError

    assert below == [2, 2]
