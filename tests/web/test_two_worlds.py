"""Two installations that differ only in what sales people may not see answer them alike, byte for byte."""

from __future__ import annotations

import re
import shutil
import sqlite3
from urllib.parse import quote

import pytest

from engine import system_actor
from tests.web.browser import Browser
from tests.web.conftest import Client

P = "/manufacturing/product"
HIDDEN = "floor_price"
VISIBLE = ("code", "name", "category", "price", "cost", "unit", "warranty_months", "on_sale", "changed_on", "created_on")
ODD = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}|\d{4}-\d\d-\d\dT[\d:.]+Z|>(?:just now|\d+ (?:second|minute)s? ago)<|\"[\w-]{16}\"")


@pytest.fixture(scope="module")
def worlds(_installed_sqlite, tmp_path_factory):
    """Two applications, a token and a browser's cookies that are good in both."""
    from runtime.app import create_app
    from runtime.settings import Settings

    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    shutil.copy(_installed_sqlite, folders[0] / "formwork.db")
    first = create_app(Settings(data=folders[0]))
    client, browser = Client(first, "sales1"), Browser(first, "sales1")
    cookie = browser.client.get_cookie("formwork").value
    first.engine.close()
    for ending in ("", "-wal", "-shm"):
        if (folders[0] / f"formwork.db{ending}").exists():
            shutil.copy(folders[0] / f"formwork.db{ending}", folders[1])
    apps = [create_app(Settings(data=folder)) for folder in folders]
    change_secrets(apps[1], folders[1] / "formwork.db")
    yield apps, client.headers, cookie
    for app in apps:
        app.engine.close()


def change_secrets(app, path) -> None:
    """Other floor prices, by the API, so that history knows of them; then the records look untouched."""
    finance = Client(app, "finance")
    with app.engine.work(system_actor("test"), writes=False) as work:
        table = work.tables("manufacturing").entity["product"]
        name = table.name
    before = rows(path, name)
    for number, product in enumerate(finance.get(f"{P}?limit=500").json["items"]):
        low = None if number % 5 == 0 else f"{(number * 37) % 11 + 0.5:.2f}"
        assert finance.patch(f"{P}/{product['id']}", {HIDDEN: low}).status == 200
    with sqlite3.connect(path) as connection:
        for id, rev, changed_on, changed_by in before:
            connection.execute(f"UPDATE {name} SET rev = ?, changed_on = ?, changed_by = ? WHERE id = ?", (rev, changed_on, changed_by, id))
    connection.close()


def rows(path, name):
    with sqlite3.connect(path) as connection:
        found = connection.execute(f"SELECT id, rev, changed_on, changed_by FROM {name}").fetchall()
    connection.close()
    return found


def questions(product: str, asset: str) -> list[tuple[str, str, object]]:
    """What a curious sales person might send."""
    found: list[tuple[str, str, object]] = [
        ("GET", address, None) for address in (
            P, f"{P}?limit=7&count=exact", f"{P}?count=capped", f"{P}/{product}", f"{P}/{product}/history", f"{P}/{product}/standing", f"{P}/schema",
            "/openapi.json", "/apps", "/inbox", f"{P}?q=385000", f"{P}?q=HL", f"{P}?fields=code,price", f"{P}?fields={HIDDEN}",
            f"{P}?sort={HIDDEN}", f"{P}?sort=-{HIDDEN},code", f"/manufacturing/asset?sort=product.{HIDDEN}",
            f"/manufacturing/asset?fields=product.{HIDDEN}", "/manufacturing/asset?sort=product.price", f"/manufacturing/asset/{asset}",
        )
    ]
    found += [("GET", f"{P}?sort={sign}{key}&limit=10", None) for key in VISIBLE for sign in ("", "-")]
    filters = [
        "price > 1000", "price > cost", "is_blank(category)", 'contains(name, "e")', f"{HIDDEN} > 1", f"is_blank({HIDDEN})", f"price > {HIDDEN}",
        f"not ({HIDDEN} > 1)", f"if({HIDDEN} > 1, true, false)", f"coalesce({HIDDEN}, 0) = 0", f"price > 0 or {HIDDEN} > 0", f"record.{HIDDEN} > 1",
        f"old.{HIDDEN} > 1",
    ]
    found += [("GET", f"{P}?filter={quote(text)}&count=exact", None) for text in filters]
    found += [("GET", f"/manufacturing/asset?filter={quote(f'product.{HIDDEN} > {number}')}", None) for number in (0, 5, 10**6)]
    measures = [[{"fn": "count"}], [{"fn": "sum", "field": "price"}], [{"fn": "max", "field": HIDDEN}], [{"fn": "avg", "field": HIDDEN}]]
    found += [("POST", f"{P}/aggregate", {"group_by": ["category"], "measures": each}) for each in measures]
    found += [
        ("POST", f"{P}/aggregate", {"group_by": [HIDDEN], "measures": [{"fn": "count"}]}),
        ("POST", f"{P}/aggregate", {"measures": [{"fn": "count"}], "filter": f"{HIDDEN} > 1"}),
        ("POST", f"{P}/aggregate", {"group_by": ["category"], "measures": [{"fn": "count"}], "sort": HIDDEN}),
        ("POST", "/manufacturing/asset/aggregate", {"group_by": [f"product.{HIDDEN}"], "measures": [{"fn": "count"}]}),
        ("POST", P, {"code": "X", "name": "Y", HIDDEN: "1"}), ("PATCH", f"{P}/{product}", {HIDDEN: "1"}), ("PATCH", f"{P}/{product}", {"price": "1"}),
        ("DELETE", f"{P}/{product}", None),
    ]
    return found


def pages(product: str) -> list[str]:
    where = quote(f'[["{HIDDEN}","more","1"]]')
    base = "/a/manufacturing"
    return [
        f"{base}/product", f"{base}/product?q=HL&sort=-price", f"{base}/product?sort={HIDDEN}", f"{base}/product?columns=code,{HIDDEN}",
        f"{base}/product?where={where}", f"{base}/product/{product}", f"{base}/quotation/look-up/account?q=a",
        f"{base}/quotation_line/look-up/product?q=H", f"{base}/quotation/scope?rows=lines&names=product.{HIDDEN},product.price&product={product}",
        f"{base}/quotation/new", "/",
    ]


def settle(text: str) -> str:
    """Without ids, moments and one-time keys."""
    return ODD.sub("~", text)


def test_the_worlds_do_differ(worlds):
    apps, _, _ = worlds
    one, two = (Client(app, "finance").get(f"{P}?limit=500").json["items"] for app in apps)
    assert [row[HIDDEN] for row in one] != [row[HIDDEN] for row in two]
    assert [{**row, HIDDEN: 0} for row in one] == [{**row, HIDDEN: 0} for row in two]


def test_the_api_answers_alike(worlds):
    apps, headers, _ = worlds
    clients = [app.test_client() for app in apps]

    def ask(method, path, body):
        found = [client.open(f"/api/v1{path}", method=method, json=body, headers=headers) if body is not None else
                 client.open(f"/api/v1{path}", method=method, headers=headers) for client in clients]
        assert found[0].status_code == found[1].status_code < 500, (path, found[0].status_code, found[1].status_code)
        assert found[0].get_data() == found[1].get_data(), path
        assert found[0].headers == found[1].headers, path
        return found[0]

    product = ask("GET", f"{P}?limit=1", None).get_json()["items"][0]["id"]
    asset = ask("GET", "/manufacturing/asset?limit=1", None).get_json()["items"][0]["id"]
    for method, path, body in questions(product, asset):
        answer = ask(method, path, body)
        if HIDDEN in path and answer.mimetype != "application/problem+json":
            pytest.fail(f"{path} was answered with {answer.status_code}")
    cursor, seen = "", 0
    while cursor is not None:
        page = ask("GET", f"{P}?limit=5&sort=category,-price" + (f"&cursor={cursor}" if cursor else ""), None).get_json()
        cursor, seen = page["next"], seen + len(page["items"])
    assert seen > 20


def test_pages_look_alike(worlds):
    apps, headers, cookie = worlds
    browsers = [Browser(app) for app in apps]
    for browser in browsers:
        browser.client.set_cookie("formwork", cookie)
    product = apps[0].test_client().get(f"/api/v1{P}?limit=1", headers=headers).get_json()["items"][0]["id"]
    for path in pages(product):
        one, two = (browser.get(path) for browser in browsers)
        assert one.status == two.status < 500, path
        assert settle(one.text) == settle(two.text), path


def test_what_is_written_comes_out_alike(worlds):
    """Quotations with the products whose floor prices differ: the same amounts, margins and refusals."""
    apps, headers, _ = worlds
    texts = []
    for app in apps:
        client = app.test_client()

        def call(method, path, body=None, client=client):
            return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

        account = call("GET", "/manufacturing/account?limit=1").get_json()["items"][0]["id"]
        products = [row["id"] for row in call("GET", f"{P}?limit=6&sort=code").get_json()["items"]]
        for price in ("1.00", "50.00", "900000.00"):
            lines = [{"product": id, "quantity": "1", "unit_price": price} for id in products]
            made = call("POST", "/manufacturing/quotation", {"subject": "x", "account": account, "lines": lines})
            texts.append((app, settle(made.get_data(as_text=True))))
    first, second = ([text for app, text in texts if app is each] for each in apps)
    assert first == second
