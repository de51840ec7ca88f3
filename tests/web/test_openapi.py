"""What the description says is what the API answers: schemathesis, as three people.

Short, so that it fits into the suite; `benchmarks/schemathesis_run.py` gives every operation as many
examples as one has patience for.
"""

from __future__ import annotations

import shutil

import jsonschema_rs
import pytest

from engine.kernel.errors import Invalid
from tests.web.openapi_run import run

QUOTATION = "^/(apps|inbox|jobs|tasks|session|openapi|manufacturing/quotation)"
RECORDS = "^/manufacturing/(account|contract)"
DESIGN = "^/design/"


@pytest.fixture
def described(_installed_sqlite, tmp_path):
    """The application on a database of this test's own, on SQLite."""
    from runtime.app import create_app
    from runtime.settings import Settings

    shutil.copy(_installed_sqlite, tmp_path / "formwork.db")
    app = create_app(Settings(data=tmp_path))
    yield app
    app.engine.close()


def test_a_sales_person_meets_no_undocumented_answer(described):
    """Everything that hangs on quotations, and what doesn't hang on an entity; every phase of schemathesis."""
    found = run(described, "sales1", examples=2, only=QUOTATION)
    assert found.failures == []
    assert found.operations > 12
    assert len(found.good) > 10, found.good
    assert not any(status >= 500 for status in found.statuses)


@pytest.mark.long
def test_an_administrator_meets_no_undocumented_answer(described):
    """The operations of several entities, a little each."""
    found = run(described, "admin", examples=2, only=RECORDS, phases=("fuzzing",))
    assert found.failures == []
    assert found.operations == 20
    assert len(found.good) > 12, found.good


def test_a_designer_meets_no_undocumented_answer(described):
    """The draft: documents, check, publish, roll back. Apart from the records, for it changes what they are."""
    found = run(described, "designer", examples=2, only=DESIGN)
    assert found.failures == []
    assert found.operations == 9
    assert len(found.good) >= 7, found.good


@pytest.mark.parametrize("installed_url", ["sqlite"], indirect=True)  # it is made of definitions
def test_the_description_itself_is_sound(as_person):
    """OpenAPI 3.1 with whole references, a name for each operation, and JSON Schemas that are ones."""
    for login in ("admin", "sales1", "service"):
        document = as_person(login).get("/openapi.json").json
        assert document["openapi"].startswith("3.1")
        names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
        assert len(names) == len(set(names))
        schemas = document["components"]["schemas"]
        for schema in schemas.values():
            jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        assert not [name for name in references(document) if name.removeprefix("#/components/schemas/") not in schemas]


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_address_of_the_api_is_described(app, as_person):
    paths = as_person("admin").get("/openapi.json").json["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1"):
            continue
        path = rule.rule.removeprefix("/api/v1")
        for given, shown in (("<app_key:app>", "manufacturing"), ("<app>", "manufacturing"), ("<entity>", "quotation"), ("<record_id:id>", "{id}"),
                             ("<id>", "{id}"), ("<name>", "{name}"), ("<kind>", "{kind}"), ("<key>", "{key}")):
            path = path.replace(given, shown)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert (path, method) in described, f"{method} {path}"


def test_the_description_leaves_out_what_one_may_not_see(as_person):
    document = as_person("sales1").get("/openapi.json")
    assert "floor_price" not in document.text
    assert "/design/manufacturing/publish" not in document.json["paths"]
    assert "floor_price" in as_person("admin").get("/openapi.json").text


@pytest.mark.parametrize("key", ["session", "apps", "inbox", "tasks", "jobs", "design", "packs"])
def test_no_app_may_be_called_like_an_address_of_the_api(key):
    from engine.definitions import build_model
    from tests.factories.small_app import ACCOUNT, an_app

    with pytest.raises(Invalid) as caught:
        build_model([an_app(key=key), ACCOUNT])
    assert "definition.reserved_key" in [problem.code for problem in caught.value.problems]


OTHER_METHODS = [
    ("POST", "/apps", "GET"), ("PUT", "/inbox", "GET"), ("TRACE", "/apps", "GET"), ("POST", "/jobs/x", "GET"), ("PATCH", "/tasks/x/decisions", "POST"),
    ("PUT", "/manufacturing/lead", "GET"), ("DELETE", "/manufacturing/lead", "POST"), ("PATCH", "/manufacturing/lead/schema", "GET"),
    ("DELETE", "/manufacturing/lead/aggregate", "POST"), ("POST", "/manufacturing/lead/x", "PATCH"), ("GET", "/session", "POST"),
    ("GET", "/design/manufacturing/publish", "POST"), ("POST", "/design/manufacturing/view/x", "PUT"),
]


def test_a_method_that_is_not_there_is_answered_so(as_person):
    for method, path, allowed in OTHER_METHODS:
        answer = as_person("admin").call(method, path)
        assert answer.status == 405, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert allowed in answer.headers["Allow"], path
        assert answer.json["status"] == 405


def test_head_and_options_answer_like_their_methods(as_person):
    admin = as_person("admin")
    head = admin.call("HEAD", "/manufacturing/lead")
    assert (head.status, head.text) == (200, "")
    options = admin.call("OPTIONS", "/manufacturing/lead")
    assert options.status == 200
    assert {"GET", "POST"} <= {name.strip() for name in options.headers["Allow"].split(",")}
