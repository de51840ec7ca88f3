"""A small site of one form and one list, drawn by the rendering room under the real content policy."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Flask, Response, jsonify, render_template_string, request
from werkzeug.serving import make_server

from engine.kernel.errors import Problem
from engine.rendering import (
    Addresses,
    Locale,
    filter_fields,
    form_tree,
    install,
    loader,
    parse_form,
    set_locale,
    view_table,
)
from runtime.shell import assets
from tests.unit.rendering import shop

BUILD = Path(__file__).parents[2] / "runtime" / "static" / "build"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
IDS = [UUID(int=number + (7 << 76)) for number in range(1, 9)]
PRODUCTS = ["Pump P-200", 'Valve 4"', "Filter", "Spindle", "Gear", "Belt", "Motor", "Sensor"]
ADDRESSES = Addresses(
    lookup=lambda _entity, key: f"/look-up/{key}", moves=lambda _entity, identity: f"/moves/{identity}", record=lambda _e, i: f"/r/{i}",
    file=lambda identity: f"/files/{identity}", upload="/files", scope="/scope",
)  # fmt: skip
PAGE = """{% import 'formwork/parts.html' as parts %}{% import 'formwork/form.html' as forms %}{% import 'formwork/list_table.html' as lists %}
<!doctype html><html lang="{{ locale().language }}"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">{{ parts.htmx_config() }}
{% for address in styles %}<link rel="stylesheet" href="{{ address }}">{% endfor %}<script type="module" src="{{ script }}"></script></head>
<body hx-headers:inherited='{"X-CSRF-Token": "token"}'><main class="main"><h1>Shop</h1><a id="away" href="/list">Away</a>{% block main %}{% endblock %}</main>
{{ parts.toasts() }}{{ parts.boot() }}</body></html>"""
FORM = """{% import 'formwork/form.html' as forms %}<form class="panel" id="form" method="post" action="/form" hx-post="/form" hx-target="this" hx-swap="outerHTML"
{{ forms.form_attributes(tree) }}>{{ forms.form_body(tree) }}<div class="action-bar"><button class="button primary" data-busy-text="Saving">Save</button></div></form>"""
LIST = """{% import 'formwork/list_table.html' as lists %}{% import 'formwork/parts.html' as parts %}<section class="panel">
{{ parts.search_box() }}{{ lists.filter_builder(fields, '', '/list') }}{% call lists.bulk_bar() %}<button type="button" class="button" data-bulk-post="/bulk">Do it</button>{% endcall %}
{{ lists.list_table(table, 'Orders') }}{{ lists.column_chooser(columns, '/list') }}</section>"""


@dataclass
class Site:
    """The running site: what it was sent, and how it answers the next save."""

    address: str = ""
    posted: list[dict[str, Any]] = field(default_factory=list)
    bulk: list[str] = field(default_factory=list)
    status: int = 204
    problems: tuple[Problem, ...] = ()


def values() -> dict[str, Any]:
    return {
        "subject": "Pumps", "result": "open", "due": datetime(2026, 12, 1, tzinfo=UTC).date(),
        "lines": [
            {"id": str(IDS[0]), "product": IDS[0], "quantity": 2, "price": Decimal("100.00"), "cost": Decimal("60.00")},
            {"id": str(IDS[1]), "product": IDS[1], "quantity": 1, "price": Decimal("50.50"), "cost": Decimal("20.00")},
        ],
        "total": Decimal("250.50"), "cost": Decimal("140.00"), "margin": Decimal("110.50"),
    }  # fmt: skip


def _make(site: Site) -> Flask:  # noqa: C901 (one small function for each address)
    web = Flask("shop", static_folder=str(BUILD), static_url_path="/assets")
    manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    files = assets.entry("runtime/ui/main.ts")
    model = shop.model()
    web.jinja_loader = loader()
    install(web.jinja_env, sprite=lambda name: f"/assets/{manifest['sprite.svg']['file']}#{name}")

    def page(part: str, **more: Any) -> str:
        text = PAGE.replace("{% block main %}{% endblock %}", part)
        return render_template_string(
            text,
            script=files.script,
            styles=list(files.styles),
            **more,
        )

    def tree(
        given: dict[str, Any], titles: dict[str, Any], problems: tuple[Problem, ...] = ()
    ) -> Any:
        return form_tree(
            model,
            shop.policy(),
            model.forms["order"],
            values=given,
            titles=titles,
            problems=problems,
            addresses=ADDRESSES,
            rev=3,
        )

    @web.before_request
    def locale() -> None:
        set_locale(Locale("en", "Asia/Shanghai", now=datetime(2026, 11, 24, tzinfo=UTC)))

    @web.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @web.get("/form")
    def form() -> str:
        return page(
            FORM,
            tree=tree(values(), {"lines": [{"product": PRODUCTS[0]}, {"product": PRODUCTS[1]}]}),
        )

    @web.post("/form")
    def save() -> Any:
        found = parse_form(model, "order", request.form.items(multi=True))
        site.posted.append(found.values)
        if site.status == 422:
            return render_template_string(
                FORM, tree=tree({**values(), **found.values}, found.titles, site.problems)
            ), 422
        return "", site.status, {"HX-Redirect": "/list"} if site.status == 204 else {}

    @web.get("/list")
    def work_list() -> str:
        records = [
            SimpleNamespace(
                id=identity, values={"number": f"SO-{place}", "status": "draft"}, titles={}
            )
            for place, identity in enumerate(IDS)
        ]
        table = view_table(
            model,
            shop.policy(),
            "order",
            [("number", None), ("status", None)],
            records,
            addresses=ADDRESSES,
        )
        columns = [
            {"key": key, "label": key.title(), "shown": key != "due"}
            for key in ("number", "status", "due")
        ]
        return page(
            LIST,
            table=table,
            fields=filter_fields(model, shop.policy(), "order", ADDRESSES),
            columns=columns,
        )

    @web.get("/look-up/<key>")
    def look_up(key: str) -> Response:
        text = request.args.get("q", "").lower()
        return jsonify(
            [
                {"id": str(each), "title": name}
                for each, name in zip(IDS, PRODUCTS, strict=True)
                if text in name.lower()
            ]
        )

    @web.get("/scope")
    def scope() -> Response:
        return jsonify(
            {"product.price": "99.50"}
            if request.args.get("rows") == "lines"
            else {"account.level": "b", "account.secret": None}
        )

    @web.get("/moves/<identity>")
    def moves(identity: str) -> str:
        return '<button type="button" role="menuitem" hx-post="/bulk" hx-swap="none">Send</button>'

    @web.post("/bulk")
    def bulk() -> tuple[str, int, dict[str, str]]:
        site.bulk = request.form.getlist("id")
        return "", 204, {"HX-Trigger": '{"toast": {"text": "Done", "tone": "ok"}}'}

    @web.post("/files")
    def upload() -> tuple[Response, int]:
        sent = request.files["file"]
        return jsonify(id=str(IDS[0]), name=sent.filename, size=len(sent.read())), 201

    return web


@contextmanager
def running() -> Iterator[Site]:
    """The site on a port of its own."""
    site = Site()
    server = make_server("127.0.0.1", 0, _make(site), threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(5)
