"""What the address of a list asks for: view, search, filter, sort, columns, page, month."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request

from engine import Problem
from engine.rendering import Addresses, parse_where
from engine.rendering.views import Asked, Sight
from runtime.records.place import Place
from runtime.shell.application import the_engine, the_work


@dataclass
class Listing:
    """What the address asks for, with the view's own settings filled in."""

    here: Place
    view: Any
    saved: Any = None
    where: str = ""
    search: str = ""
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    cursor: str = ""
    month: date | None = None
    day: date | None = None
    adds_up: bool = False
    problems: tuple[Problem, ...] = ()
    chips: list[dict[str, Any]] = field(default_factory=list)

    def href(self, **changes: Any) -> str:
        """The same list with some settings changed; a new setting starts at the first page."""
        values = {"view": self.view.key if self.view else "", "saved": str(self.saved.id) if self.saved else "",
                  "where": self.where, "q": self.search, "sort": request.args.get("sort", ""),
                  "columns": request.args.get("columns", ""), "month": f"{self.month:%Y-%m}" if self.month else "", **changes}
        text = urlencode({key: value for key, value in values.items() if value})
        return self.here.href() + (f"?{text}" if text else "")

    @property
    def hidden(self) -> dict[str, str]:
        """Settings that a form on the page has to carry along."""
        values = {"view": self.view.key if self.view else "", "saved": str(self.saved.id) if self.saved else "",
                  "sort": request.args.get("sort", ""), "columns": request.args.get("columns", ""),
                  "month": f"{self.month:%Y-%m}" if self.month else ""}
        return {key: value for key, value in values.items() if value}

    def sight(self, filter_text: str = "") -> Sight:
        """The look at the view that the address asks for."""
        here = self.here
        asked = Asked(filter=filter_text, search=self.search, sort=self.sort, columns=self.columns, cursor=self.cursor,
                      month=self.month, day=self.day, adds_up=self.adds_up, is_picked=bool(self.columns))
        return Sight(here.model, here.policy, self.view, here.source, asked, self._addresses, self.href)

    def read_filter(self) -> str:
        """The filter as an expression, with its chips filled in; raises Invalid."""
        if not self.where:
            return ""
        here = self.here
        where = parse_where(here.model, here.policy, here.entity, self.where, _title(here))
        self.chips = [{"label": term.label, "href": self.href(where=term.rest)} for term in where.terms]
        return where.filter

    @cached_property
    def _addresses(self) -> Addresses:
        here = self.here
        more = urlencode({key: value for key, value in (("view", self.view.key), ("columns", ",".join(self.columns))) if value})
        return replace(
            here.addresses,
            cell=lambda _entity, id, key: f"{here.href(id)}/cells/{key}?{more}",
            board=lambda _entity, id: f"{here.href(id)}/board?{more}",
            new=lambda _entity, key, value: f"{here.href()}/new?{urlencode({key: value})}",
        )


def listing_of(here: Place) -> Listing:
    """Read the address; a view that isn't there, or not for this person, is the first one."""
    args = request.args
    saved = next((item for item in the_engine().records.list_saved_views(the_work(), here.app, here.entity)
                  if str(item.id) == args.get("saved")), None)
    stored = saved.settings if saved else {}

    def setting(name: str) -> str:
        kept = stored.get(name, "")
        return str(args.get(name, ",".join(kept) if isinstance(kept, list) else kept))[:4000]

    views = here.views()
    view = next((item for item in views if item.key == setting("view")), views[0])
    day = _date(args.get("day", ""))
    return Listing(
        here, view, saved, setting("where"), setting("q"), _keys(setting("sort")), _keys(setting("columns")),
        args.get("cursor", "")[:2000], _date(args.get("month", "") + "-01") if view.type == "calendar" else None,
        day if view.type == "calendar" else None, args.get("sums") == "1",
    )


def _keys(text: str) -> tuple[str, ...]:
    return tuple(key for key in text.split(",") if key)


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None


def _title(here: Place) -> Any:
    """Names the record, person or department that a condition is about."""
    def title(field: Any, id: str) -> str:
        found = the_engine().records.titles_of(the_work(), here.app, here.entity, {field.key: id})
        return str(found.get(field.key, id))
    return title
