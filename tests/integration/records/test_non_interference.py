"""Nobody learns what is hidden from them: two worlds that differ only in that look the same.

Each surface is asked in one world, the hidden values and records are changed past all doors, and it
is asked again. What differs between the worlds: a hidden field, a record out of reach, and a field of
a record out of reach behind a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import EngineError
from engine.records import (
    Query,
    aggregate,
    change_record,
    get_json,
    get_record,
    history,
    list_comments,
    look_up,
    query_json,
    query_records,
)
from engine.records.access import access_to
from engine.records.search_text import search_text
from engine.storage import Work
from tests.factories.records import make
from tests.factories.shop import APP, Shop

Ask = Callable[..., Any]
MARK = "twoworlds"


@pytest.fixture(scope="session")
def world(shop: Shop) -> dict[str, UUID]:
    """Sam's sale and account, and what is hidden from Sam and Ann."""
    account = make(shop, "account", name=f"{MARK} open", secret="100", owner=shop.user("ann"))
    hidden = make(shop, "account", name=f"{MARK} hidden", level="a", code="two-worlds")
    return {
        "account": account,
        "hidden account": hidden,
        "sale": make(shop, "sale", subject=f"{MARK} one", memo="memo one", owner=shop.user("sam"), account=account, lines=[{"quantity": 1}]),
        "other sale": make(shop, "sale", subject=f"{MARK} theirs", owner=shop.user("sue"), rank=5, account=account),
        "pointing": make(shop, "sale", subject=f"{MARK} pointing", owner=shop.user("sam"), account=hidden),
    }


def put(work: Work, entity: str, id_: UUID, **values: Any) -> None:
    """Write values past all doors, with the search text that goes with them."""
    plan, table = access_to(work, APP).plan(entity), work.tables(APP)[entity]
    row = work.connection.execute(table.select().where(table.c.id == id_)).mappings().one()
    now = {key: row[item.column] for key, item in plan.stored.items()}
    columns = {plan.entity.fields[key].column: value for key, value in values.items()}
    text = search_text(plan, {**now, **values})
    work.connection.execute(table.update().where(table.c.id == id_).values(**columns, search_text=text))


def disturb_for_sam(work: Work, world: dict[str, UUID]) -> None:
    """What a seller can't see: the memo, what is secret of accounts, sales of others."""
    put(work, "sale", world["sale"], memo="quite different zebra")
    put(work, "account", world["account"], secret=Decimal("999.99"))
    put(work, "account", world["hidden account"], secret=Decimal(-5))
    put(work, "sale", world["other sale"], subject=f"{MARK} zebra", rank=77, memo="zebra", account=world["hidden account"])


def disturb_for_otto(work: Work, world: dict[str, UUID]) -> None:
    """What an outsider can't see: accounts, and what sales show of them."""
    for key, id_ in (("hidden account", "pointing"), ("account", "sale")):
        put(work, "account", world[key], name=f"{MARK} zebra", level="c", code=f"zebra {key}", secret=Decimal(1), turnover=Decimal(5))
        put(work, "sale", world[id_], headline="zebra", discount=Decimal(7), net=Decimal(99))


def disturb_for_ann(work: Work, world: dict[str, UUID]) -> None:
    """What somebody can't see who reads only their own accounts."""
    put(work, "account", world["hidden account"], name=f"{MARK} zebra", level="c", code="zebra", secret=Decimal(1), turnover=Decimal(5))


HIDDEN = {"sam": disturb_for_sam, "otto": disturb_for_otto, "ann": disturb_for_ann}


SALE_FILTERS = [
    f'starts_with(subject, "{MARK}")', f'contains(subject, "{MARK}") and rank = null', "rank = 77", "rank = 5", 'memo = "memo one"', "is_blank(memo)",
    "len(memo) > 10", 'contains(memo, "zebra")', 'account.secret = 100', 'account.secret > 500', 'contains(account.name, "hidden")',
    'contains(account.name, "zebra")', 'account.level = "a"', 'account.level = "c"', 'account.code = "zebra"', "account.turnover >= 0",
]
SORTS: list[tuple[str, ...]] = [(), ("memo",), ("-memo",), ("account",), ("-account",), ("account.level", "subject"), ("account.secret",), ("-rank", "subject"), ("headline",)]
SEARCHES = [MARK, "zebra", "memo", f"{MARK} zebra", "theirs", "hidden", "100.00", "999"]


def surfaces(world: dict[str, UUID]) -> Iterator[tuple[str, Ask]]:
    """Every way to read, by name."""
    mine = f'starts_with(subject, "{MARK}")'
    for condition in SALE_FILTERS:
        yield f"list {condition}", partial(_ask, query_json, "sale", Query(filter=condition, limit=2, count="exact"))
        yield f"aggregate {condition}", partial(
            _ask, aggregate, "sale", ["account", "status"], [{"fn": "count"}, {"fn": "max", "field": "rank"}], filter=condition
        )
    for sort in SORTS:
        yield f"sort {sort}", partial(_ask, query_records, "sale", Query(filter=mine, sort=sort, limit=2, count="capped"))
    for text in SEARCHES:
        for entity in ("sale", "account"):
            yield f"search {entity} {text}", partial(_ask, query_json, entity, Query(search=text, count="capped", sort=("-created_on",)))
            yield f"look up {entity} {text}", partial(_ask, look_up, entity, text)
        yield f"pick {text}", partial(_ask, look_up, "sale", text, field="account")
    for name in ("memo", "account.secret", "account.level", "account", "headline", "rank", "net"):
        yield f"group {name}", partial(_ask, aggregate, "sale", [name], [], filter=mine)
        yield f"measure {name}", partial(_ask, aggregate, "sale", [], [{"fn": "max", "field": name}], filter=mine)
    for key, id_ in world.items():
        entity = "account" if "account" in key else "sale"
        for ask in (get_json, get_record, history, list_comments):
            yield f"{ask.__name__} {key}", partial(_ask, ask, entity, id_)


def refusals(world: dict[str, UUID]) -> Iterator[tuple[str, Ask]]:
    """Writes that are refused, and say why."""
    for key, id_ in world.items():
        entity = "account" if "account" in key else "sale"
        yield f"stale {key}", partial(_ask, change_record, entity, id_, {}, 99)
        yield f"refused {key}", partial(_ask, change_record, entity, id_, {"memo": "x", "secret": "x", "rank": "x", "name": ""})


def _ask(call: Any, entity: str, *arguments: Any, work: Work, **more: Any) -> Any:
    return call(work, APP, entity, *arguments, **more)


def answers(work: Work, asked: Iterator[tuple[str, Ask]]) -> dict[str, str]:
    """What somebody gets on each surface, errors with all that they say included."""
    found = {}
    for name, ask in asked:
        try:
            found[name] = repr(ask(work=work))
        except EngineError as error:
            found[name] = repr((type(error).__name__, error.problems, getattr(error, "current", None)))
    return found


class UndoError(Exception):
    """Leaves a unit of work without a trace."""


def both(shop: Shop, world: dict[str, UUID], who: str, disturb: Callable[[Work, dict[str, UUID]], None]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers in the one world and in the other."""
    with pytest.raises(UndoError), shop.work(who) as work:
        before = answers(work, surfaces(world)) | answers(work, refusals(world))
        disturb(work, world)
        after = answers(work, surfaces(world)) | answers(work, refusals(world))
        raise UndoError
    return before, after


@pytest.mark.parametrize("who", list(HIDDEN))
def test_the_worlds_look_the_same_on_every_surface(shop: Shop, world: dict[str, UUID], who: str) -> None:
    before, after = both(shop, world, who, HIDDEN[who])

    assert {name: (found, after[name]) for name, found in before.items() if after[name] != found} == {}


def test_the_worlds_do_differ_for_somebody_who_may_see_all(shop: Shop, world: dict[str, UUID]) -> None:
    before, after = both(shop, world, "maria", disturb_for_sam)

    assert sum(before[name] != after[name] for name in before) > 10
