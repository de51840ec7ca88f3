"""Short ways to make records of the shop in tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from engine.kernel.errors import EngineError
from engine.records import create_record, get_record
from tests.factories.shop import APP, Shop


def make(shop: Shop, entity: str, who: str = "maria", **values: Any) -> UUID:
    """A new record's id."""
    with shop.work(who) as work:
        return create_record(work, APP, entity, {key: _raw(value) for key, value in values.items()}).id


def value(shop: Shop, entity: str, id_: UUID, key: str, who: str = "maria") -> Any:
    """One value of a record, as it stands."""
    with shop.work(who, writes=False) as work:
        return get_record(work, APP, entity, id_).values[key]


def problems(kind: type[EngineError], call: Callable[[], Any]) -> set[tuple[str, tuple[Any, ...]]]:
    """Codes and paths of the problems that a call raises."""
    with pytest.raises(kind) as caught:
        call()
    return {(problem.code, problem.path) for problem in caught.value.problems}


def _raw(item: Any) -> Any:
    if isinstance(item, UUID):
        return str(item)
    if isinstance(item, list):
        return [_raw(each) for each in item]
    if isinstance(item, Mapping):
        return {key: _raw(each) for key, each in item.items()}
    return item
