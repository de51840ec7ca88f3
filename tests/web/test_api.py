"""The API: the contract others build on, and what it answers to bad input."""

from __future__ import annotations

import json

Q = "/manufacturing/quotation"


def a_quotation(client, **changes):
    account = client.get("/manufacturing/account?limit=1&fields=name").json["items"][0]["id"]
    product = client.get('/manufacturing/product?filter=code%20%3D%20%22HL-500%22').json["items"][0]["id"]
    values = {"subject": "Test", "account": account, "payment_terms": "net30", "lines": [{"product": product, "quantity": "2"}]}
    return client.post(Q, {**values, **changes})


def test_a_record_is_created_read_changed_and_removed(as_person):
    sales = as_person("sales1")

    made = a_quotation(sales)
    assert made.status == 201
    assert made.json["amount"] == "536000.00"
    assert made.json["_titles"]["account"]

    path = f"{Q}/{made.json['id']}"
    changed = sales.patch(path, {"discount": "10"}, **{"If-Match": f'"{made.json["rev"]}"'})
    assert changed.status == 200
    assert changed.json["amount"] == "482400.00"
    assert sales.get(path).json["discount"] in ("10.00", "10")

    history = sales.get(f"{path}/history").json["items"]
    assert [entry["verb"] for entry in history][:2] == ["changed", "created"]

    assert sales.call("DELETE", path).status == 204
    assert sales.get(path).status == 404


def test_a_stale_rev_is_a_conflict_that_shows_what_stands(as_person):
    sales = as_person("sales1")
    made = a_quotation(sales).json
    assert sales.patch(f"{Q}/{made['id']}", {"subject": "One", "rev": made["rev"]}).status == 200

    late = sales.patch(f"{Q}/{made['id']}", {"subject": "Two", "rev": made["rev"]})

    assert late.status == 409
    assert late.json["current"]["subject"] == "One"


def test_lists_filter_sort_search_count_and_page(as_person):
    manager = as_person("salesmanager")
    first = manager.get(f"{Q}?filter=amount%20%3E%3D%20100000&sort=-amount&limit=5&count=exact").json
    assert len(first["items"]) == 5
    amounts = [float(item["amount"]) for item in first["items"]]
    assert amounts == sorted(amounts, reverse=True)
    assert min(amounts) >= 100000

    seen = [item["id"] for item in first["items"]]
    page = first
    while page["next"]:
        page = manager.get(f"{Q}?filter=amount%20%3E%3D%20100000&sort=-amount&limit=5&cursor={page['next']}").json
        seen += [item["id"] for item in page["items"]]
    assert len(seen) == len(set(seen)) == first["count"]

    found = manager.get(f"{Q}?q=knuckle").json["items"]
    assert found
    assert all("knuckle" in item["subject"].lower() for item in found)


def test_bulk_creation_answers_row_by_row(as_person):
    sales = as_person("sales1")
    answer = sales.post("/manufacturing/lead", [
        {"name": "One", "company": "A"}, {"name": "Two"}, {"name": "Three", "company": "C", "rating": 9}, "nonsense",
    ])
    assert answer.status == 200
    results = answer.json["results"]
    assert "id" in results[0]
    assert all("problems" in row for row in results[1:])
    assert results[1]["problems"][0]["path"] == ["company"]


def test_a_quotation_runs_through_its_approval(as_person):
    sales = as_person("sales1")
    engineer = as_person("engineer")
    made = a_quotation(sales, lead_engineer=engineer.id).json
    fired = sales.post(f"{Q}/{made['id']}/transitions/submit", {})
    assert fired.status == 200, fired.text
    assert sales.get(f"{Q}/{made['id']}").json["status"] == "pending_manager"

    for login, values in (("salesmanager", {}), ("finance", {"cost_check": "ok"}), ("engineer", {"feasibility_note": "ok"}), ("gm", {})):
        client = as_person(login)
        task = next(item for item in client.get("/inbox").json["items"] if item["record_id"] == made["id"])
        answer = client.post(f"/tasks/{task['id']}/decisions", {"decision": "approve", "comment": "yes", "values": values})
        assert answer.status == 200, answer.text
    assert sales.get(f"{Q}/{made['id']}").json["status"] == "approved"


def test_the_status_and_a_locked_record_are_closed_to_writing(as_person):
    sales = as_person("sales1")
    made = a_quotation(sales).json
    assert sales.patch(f"{Q}/{made['id']}", {"status": "approved"}).status == 422
    sales.post(f"{Q}/{made['id']}/transitions/submit", {})
    assert sales.patch(f"{Q}/{made['id']}", {"discount": "5"}).status == 409
    assert sales.patch(f"{Q}/{made['id']}", {"internal_note": "allowed"}).status == 200


def test_a_hidden_field_answers_like_one_that_does_not_exist(as_person):
    sales = as_person("sales1")
    assert "floor_price" not in sales.get("/manufacturing/product?limit=1").json["items"][0]
    assert "floor_price" not in sales.get("/manufacturing/product/schema").json["properties"]
    for query in ("filter={} > 1", "sort={}", "fields={}"):
        answers = [sales.get(f"/manufacturing/product?{query.format(name)}") for name in ("floor_price", "no_such_field")]
        assert [answer.status for answer in answers] == [422, 422]
        shapes = [json.dumps(answer.json["errors"]).replace("floor_price", "X").replace("no_such_field", "X") for answer in answers]
        assert shapes[0] == shapes[1]
    writes = [sales.post("/manufacturing/product", {name: "1"}).status for name in ("floor_price", "no_such_field")]
    assert writes[0] == writes[1]


def test_an_idempotency_key_makes_a_repeated_write_harmless(as_person):
    sales = as_person("sales1")
    body = {"name": "Once", "company": "Only"}
    first = sales.post("/manufacturing/lead", body, **{"Idempotency-Key": "k1"})
    again = sales.post("/manufacturing/lead", body, **{"Idempotency-Key": "k1"})
    other = sales.post("/manufacturing/lead", {**body, "name": "Twice"}, **{"Idempotency-Key": "k1"})
    assert first.status == 201
    assert again.json["id"] == first.json["id"]
    assert other.status == 409
    assert sales.get("/manufacturing/lead?filter=company%20%3D%20%22Only%22&count=exact").json["count"] == 1


BAD = [
    (b'{"name": "a", "name": "b", "company": "c"}', 422, "json.duplicate_key"),
    (b'{"name": "a", "company": "c", "expected_amount": NaN}', 422, "json.constant"),
    (b'{"name": "a", "company": "c", "rating": 9223372036854775808}', 422, "json.number"),
    (b'{"name": "\\ud800", "company": "c"}', 422, "json.character"),
    (b'{"name": "a\\u0000b", "company": "c"}', 422, "json.character"),
    (b'{"name": "a", "company": "c", "no_such": 1}', 422, "field.unknown"),
    (b'{"name": 5, "company": "c"}', 422, None),
    (b'{"name": "a", "company": "c", "next_contact_on": "2026-02-31"}', 422, None),
    (b'{"name": "a", "company": "c", "expected_amount": "12,5"}', 422, None),
    (b'{"name": "a", "company": "c", "account": "00000000-0000-7000-8000-000000000000"}', 422, None),
    (b'{"name": "a", "company": "c", "level": "zzz"}', 422, None),
    (b'{"name": "a", ', 422, "json.syntax"),
    (b'"text"', 422, None),
    (b"\xff\xfe", 422, "json.encoding"),
    (b"[" * 5000, 422, None),
]


def test_bad_input_is_refused_at_its_place(as_person):
    sales = as_person("sales1")
    for content, status, code in BAD:
        answer = sales.raw("POST", "/manufacturing/lead", content)
        assert answer.status == status, (content[:80], answer.text)
        assert answer.json["errors"]
        assert all(entry["message"] and entry["message"] != entry["code"] for entry in answer.json["errors"])
        if code:
            assert code in [entry["code"] for entry in answer.json["errors"]], (content[:80], answer.text)


def test_full_width_digits_are_read_as_digits(as_person):
    answer = as_person("sales1").post("/manufacturing/lead", {"name": "a", "company": "c", "expected_amount": "１２３４"})
    assert answer.status == 201
    assert answer.json["expected_amount"] == "1234.00"


def test_other_refusals(as_person, app):
    sales = as_person("sales1")
    assert sales.raw("POST", "/manufacturing/lead", b"x" * (9 * 2**20)).status == 413
    assert sales.raw("POST", "/manufacturing/lead", b"a=b", "application/x-www-form-urlencoded").status == 422
    assert sales.get("/manufacturing/lead/not-an-id").status == 404
    assert sales.get("/manufacturing/no_such/schema").status == 404
    assert sales.get("/nowhere/lead").status == 404
    assert sales.get("/manufacturing/lead?filter=" + "(" * 300).status == 422
    assert sales.get("/manufacturing/lead?filter=9**9**9").status == 422
    assert sales.get("/manufacturing/lead?cursor=zzz").status == 422
    assert sales.get("/manufacturing/lead?limit=0").status == 422
    assert sales.get("/manufacturing/lead?colour=red").status == 422
    assert app.test_client().get("/api/v1/apps").status_code == 401
    assert app.test_client().get("/api/v1/apps", headers={"Authorization": "Bearer fw_wrong"}).status_code == 401
    assert sales.post("/design/manufacturing/publish", {"note": ""}).status == 403


def test_a_browser_session_needs_its_csrf_token(app):
    client = app.test_client()
    signed = client.post("/api/v1/session", json={"username": "sales1", "password": "correct horse battery"})
    assert signed.status_code == 200
    lead = {"name": "a", "company": "b"}
    assert client.post("/api/v1/manufacturing/lead", json=lead).status_code == 403
    assert client.post("/api/v1/manufacturing/lead", json=lead, headers={"X-CSRF-Token": "old"}).status_code == 403
    headers = {"X-CSRF-Token": signed.get_json()["csrf"]}
    assert client.post("/api/v1/manufacturing/lead", json=lead, headers={**headers, "Origin": "https://evil.example"}).status_code == 403
    assert client.post("/api/v1/manufacturing/lead", json=lead, headers=headers).status_code == 201


def test_openapi_names_every_entity_that_the_person_may_read(as_person):
    paths = as_person("sales1").get("/openapi.json").json["paths"]
    assert "/manufacturing/quotation/{id}" in paths
    assert "/manufacturing/quotation_line" not in paths
