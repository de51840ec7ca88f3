"""A published field is there on the next request of every process; rolled back it is gone; its data waits."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.conftest import Client, serving

DESIGN = "/design/manufacturing"


@pytest.fixture
def two_processes(installed_url, tmp_path):
    """Two applications on one database: SQLite has one writing process, so there it is one application twice."""
    from runtime.settings import Settings

    settings = Settings(data=tmp_path, database_url=installed_url)
    first = serving(settings)
    second = first if installed_url.startswith("sqlite") else serving(settings)
    yield first, second
    first.engine.close()
    second.engine.close()


def put(client, document, rev):
    return client.call("PUT", f"{DESIGN}/{document['kind']}/{document['key']}", document, **{"If-Match": f'"{rev}"'})


def test_a_field_added_by_the_api_is_everywhere_at_once(two_processes):
    first, second = two_processes
    designer, other = Client(first, "designer"), Client(second, "designer")
    assert "po_number" not in other.get("/manufacturing/quotation/schema").json["properties"]

    entity = designer.get(f"{DESIGN}/entity/quotation").json
    document = entity["document"]
    document["fields"].append({"key": "po_number", "uid": str(uuid.uuid4()), "type": "text", "label": {"en": "PO number", "zh-CN": "客户订单号"}})
    assert put(designer, document, entity["rev"]).status == 200
    form = designer.get(f"{DESIGN}/form/quotation").json
    form["document"]["tabs"][0]["sections"][0]["items"].append({"field": "po_number"})
    assert put(designer, form["document"], form["rev"]).status == 200
    view = designer.get(f"{DESIGN}/view/quotations_all").json
    view["document"]["columns"].append({"field": "po_number"})
    assert put(designer, view["document"], view["rev"]).status == 200
    assert designer.post(f"{DESIGN}/check", {}).status == 200
    published = designer.post(f"{DESIGN}/publish", {"note": "PO number"})
    assert published.status == 200, published.text

    for client, app in ((designer, first), (other, second)):
        assert "po_number" in client.get("/manufacturing/quotation/schema").json["properties"]
        text = client.get("/openapi.json").text
        assert "po_number" in text
        assert client.get('/manufacturing/quotation?filter=po_number%20%3D%20%22x%22').status == 200
        page = browser(app)
        assert "PO number" in page.get("/a/manufacturing/quotation").get_data(as_text=True)
        assert "PO number" in page.get("/a/manufacturing/quotation/new").get_data(as_text=True)

    record = designer.get("/manufacturing/quotation?filter=status%20%3D%20%22draft%22&limit=1").json["items"][0]
    assert designer.patch(f"/manufacturing/quotation/{record['id']}", {"po_number": "PO-77"}).status == 200

    assert designer.post(f"{DESIGN}/rollback", {"release": 1}).status == 200
    assert "po_number" not in other.get(f"/manufacturing/quotation/{record['id']}").json
    assert other.get('/manufacturing/quotation?filter=po_number%20%3D%20%22x%22').status == 422

    assert designer.post(f"{DESIGN}/rollback", {"release": 2}).status == 200
    assert other.get(f"/manufacturing/quotation/{record['id']}").json["po_number"] == "PO-77"


def browser(app):
    client = app.test_client()
    client.get("/login", headers={"Accept-Language": "en"})
    token = client.get_cookie("formwork_login").value
    answer = client.post("/login", data={"login": "designer", "password": "correct horse battery", "csrf": token})
    assert answer.status_code == 302
    return client


def test_publishing_refuses_to_remove_a_field_that_is_used(two_processes):
    designer = Client(two_processes[0], "designer")
    entity = designer.get(f"{DESIGN}/entity/quotation").json
    document = entity["document"]
    document["fields"] = [item for item in document["fields"] if item["key"] != "discount"]
    assert put(designer, document, entity["rev"]).status == 200
    check = designer.post(f"{DESIGN}/check", {}).json
    assert check["findings"] or check["problems"]
    refused = designer.post(f"{DESIGN}/publish", {"note": ""})
    assert refused.status == 422
    assert any("discount" in str(entry) for entry in refused.json["errors"])


def test_both_go_on_serving_while_it_is_published(two_processes):
    """Traffic on both all the while: nobody meets an error, and what was answered by the publication is there at once."""
    first, second = two_processes
    designer = Client(first, "designer")
    sales = [Client(first, "sales1"), Client(second, "sales1")]
    account = sales[0].get("/manufacturing/account?limit=1").json["items"][0]["id"]
    ends, served = threading.Event(), []

    def traffic(client) -> None:
        number = 0
        while not ends.is_set():
            number += 1
            made = client.post("/manufacturing/quotation", {"subject": f"Traffic {number}", "account": account})
            served.append(("create", made.status, made.text[:200]))
            id = made.json.get("id")
            for what, answer in (
                ("get", client.get(f"/manufacturing/quotation/{id}")), ("list", client.get("/manufacturing/quotation?limit=20&sort=-amount")),
                ("change", client.patch(f"/manufacturing/quotation/{id}", {"subject": "Changed"})), ("schema", client.get("/manufacturing/quotation/schema")),
            ):
                served.append((what, answer.status, answer.text[:200]))

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(traffic, client) for client in sales]
        for turn in range(4):
            entity = designer.get(f"{DESIGN}/entity/quotation").json
            document = entity["document"]
            key = f"extra_{turn}"
            document["fields"].append({"key": key, "uid": str(uuid.uuid4()), "type": "money" if turn % 2 else "text", "label": {"en": key, "zh-CN": key}})
            assert put(designer, document, entity["rev"]).status == 200
            assert designer.post(f"{DESIGN}/publish", {"note": key}).status == 200
            for client in sales:
                assert key in client.get("/manufacturing/quotation/schema").json["properties"]
                assert client.get(f"/manufacturing/quotation?filter=is_blank({key})&sort={key}&limit=1").status == 200
        assert designer.post(f"{DESIGN}/rollback", {"release": 1}).status == 200
        for client in sales:
            assert "extra_0" not in client.get("/manufacturing/quotation/schema").json["properties"]
            assert client.get("/manufacturing/quotation?sort=extra_0").status == 422
        ends.set()
        for future in running:
            future.result(timeout=30)
    assert len(served) > 20
    assert [item for item in served if item[1] not in (200, 201)] == []
