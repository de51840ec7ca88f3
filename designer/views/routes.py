"""A view of the draft drawn as the work pages draw it, over real records, while it is edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request

from designer.access import the_engine, the_work
from designer.answers import answer, body
from engine import Invalid, Problem
from engine.rendering.views import Asked


def install(blueprint: Blueprint) -> None:
    """Add this part's addresses."""
    blueprint.get("/<app>/view-preview", endpoint="view_preview_frame")(frame)
    blueprint.post("/<app>/view-preview", endpoint="view_preview")(preview)


def frame(app: str) -> Response:
    """The page in which previews are drawn: the work pages' styles, and nothing that runs."""
    the_engine().publishing.list_documents(the_work(), app)  # refuses whoever may not design
    device = request.args.get("device", "desktop")
    return make_response(render_template("designer/view/frame.html", device=device if device in ("desktop", "tablet", "phone") else "desktop"))


def preview(app: str) -> Response:
    """{"document", "month"?, "day"?, "cursor"?} → {"html", "type", "missing"}; raises Invalid for what can't be drawn.

    The records are those that the designer may read.
    """
    given = body()
    if not isinstance(given.get("document"), dict):
        raise Invalid(Problem("request.not_object", {}, ("document",)))
    asked = Asked(month=_date(given.get("month"), "-01"), day=_date(given.get("day")), cursor=str(given.get("cursor") or "")[:2000])
    found = the_engine().publishing.preview_view(the_work(), app, given["document"], asked, _link)
    page = found.shown.page if found.shown else None
    html = render_template(
        "designer/view/preview.html", preview=found, shown=found.shown,
        next=_link(cursor=page.next_cursor) if page and page.next_cursor else "",
        previous=_link(cursor=page.previous_cursor) if page and page.previous_cursor else "",
    )
    return answer({"html": html, "type": found.type, "missing": list(found.missing), "count": page.count if page else None})


def _link(**changes: Any) -> str:
    """Where a link of the preview leads: read by the designer, which asks for the preview anew."""
    return f"#{urlencode({key: value for key, value in changes.items() if value})}"


def _date(text: object, more: str = "") -> date | None:
    try:
        return datetime.strptime(f"{text}{more}", "%Y-%m-%d").date() if isinstance(text, str) else None  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return None
