"""Rows and cells of a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from engine.definitions import Model
from engine.rendering import Addresses, Locale, reading_in, view_table
from engine.rendering.view_table import Table
from tests.unit.rendering import shop

SOME_ID = UUID("0192f0c1-2233-7abc-8def-001122334455")
RECORD = SimpleNamespace(
    id=SOME_ID,
    values={
        "number": "SO-0001",
        "account": SOME_ID,
        "account.level": "a",
        "status": "sent",
        "due": date(2026, 11, 24),
        "total": Decimal(1200),
        "urgent": True,
    },
    titles={"account": "Heng"},
)
ADDRESSES = Addresses(
    record=lambda entity, identity: f"/{entity}/{identity[:4]}",
    moves=lambda entity, identity: f"/moves/{identity[:4]}",
)


@cache
def model() -> Model:
    return shop.model()


@pytest.fixture(autouse=True)
def _english() -> Any:
    with reading_in(Locale("en", "Asia/Shanghai")):
        yield


def table(*columns: str, policy: Any = None, **more: Any) -> Table:
    return view_table(
        model(),
        policy or shop.policy(),
        "order",
        [(key, None) for key in columns],
        [RECORD],
        addresses=ADDRESSES,
        **more,
    )


def test_cells_show_values_titles_and_choices() -> None:
    cells = {
        cell.key: cell
        for cell in table("number", "account", "status", "due", "total", "urgent").lines[0].cells
    }

    assert cells["account"].shown.text == "Heng"
    assert cells["account"].shown.href == "/account/0192"
    assert cells["status"].chip is not None
    assert (cells["status"].chip.label, cells["status"].chip.colour) == ("Sent", "blue")
    assert cells["due"].shown.text == "24 Nov 2026"
    assert cells["total"].shown.text == "1,200.00"
    assert cells["urgent"].shown.text == "Yes"


def test_the_title_leads_to_the_record_and_the_state_to_its_moves() -> None:
    line = table("account", "number", "status").lines[0]

    assert line.href == "/order/0192"
    assert line.title == "SO-0001"
    assert [cell.role for cell in line.cells] == ["main", "title", "state"]
    assert line.cells[2].moves == "/moves/0192"


def test_without_the_title_the_first_column_leads_to_the_record() -> None:
    assert [cell.role for cell in table("due", "account").lines[0].cells] == ["title", "main"]


def test_hidden_unknown_and_rows_columns_are_left_out() -> None:
    policy = shop.policy(order__total="hidden", account__level="hidden")

    assert [
        head.key
        for head in table(
            "number", "total", "account.level", "nothing", "lines", policy=policy
        ).heads
    ] == ["number"]


def test_a_value_one_step_away_is_labelled_with_its_way() -> None:
    found = table("account.level")

    assert found.heads[0].label == "Account · Level"
    assert found.lines[0].cells[0].shown.text == "A"


def test_heads_say_how_the_list_is_sorted_and_turn_it_round() -> None:
    heads = {
        head.key: head
        for head in table(
            "number", "due", "total", sort=("due", "number"), link=lambda key: f"?sort={key}"
        ).heads
    }

    assert (heads["due"].direction, heads["due"].sort) == ("ascending", "?sort=-due")
    assert (heads["number"].direction, heads["number"].sort) == ("", "?sort=number")
    assert heads["total"].is_number
    assert table("due", sort=("-due",), link=lambda key: key).heads[0].direction == "descending"
    assert table("due").heads[0].sort == ""
