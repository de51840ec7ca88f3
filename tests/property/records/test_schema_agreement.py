"""An outside JSON Schema validator and the server come to the same verdict on records with every kind of field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.errors import Invalid
from engine.publishing import create_app, publish, put_document
from engine.records import change_record, create_record, schema_of
from engine.storage import Database
from tests.factories.small_app import SYSTEM
from tests.kitchen_sink import documents

BEYOND = {"reference.missing", "reference.not_offered", "file.missing", "file.ending", "rows.unknown", "record.rule", "field.taken"}
"""What a schema can't know: whether something exists, what it is called, what a rule over fields says."""

WILD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12), st.sampled_from(["", " ", "0", "-0", "12.50", "1e3", "１２", "1234567890123456789", "2026-02-29", "2024-02-29", "a" * 90,
        "2026-11-24T10:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T10:00:00", "draft", "lost", "a@b.example", "a@b", "+86 138 0000 0000", "https://x.example/é",
        "javascript:alert(1)", "http://user@x.example", "01939e2c-6f00-7abc-8def-0123456789ab", "01939E2C-6F00-7ABC-8DEF-0123456789AB", "line\nbreak", "\t", "\u200b", "ok"]),
    st.lists(st.sampled_from(["key", "export", "x", 1, None, "01939e2c-6f00-7abc-8def-0123456789ab"]), max_size=4),
    st.lists(st.dictionaries(st.sampled_from(["id", "name", "amount", "x"]), st.sampled_from([None, "", "ok", "1.5", 3, "1.555", []]), max_size=4), max_size=3),
    st.dictionaries(st.sampled_from(["id", "title", "x"]), st.sampled_from(["01939e2c-6f00-7abc-8def-0123456789ab", "x", None]), max_size=3),
)


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The kitchen sink, published on SQLite: types don't know the database."""
    folder = tmp_path_factory.mktemp("sink")
    database = Database(f"sqlite:///{folder / 'formwork.db'}", data=folder)
    database.migrate()
    with database.work(SYSTEM) as work:
        for document in documents():
            if document["kind"] == "app":
                create_app(work, document)
            else:
                put_document(work, "kitchen", document)
        publish(work, "kitchen")
    yield database
    database.close()


class UndoError(Exception):
    """Leaves a unit of work without a trace."""


@settings(max_examples=80)
@given(data=st.data())
def test_schema_and_server_come_to_the_same_verdict(sink: Database, data: st.DataObject) -> None:
    app = documents()[0]["key"]
    with sink.work(SYSTEM, writes=False) as work:
        keys = [key for key in work.model(app).entities["kitchen_sink"].fields if key.startswith("a_")]
        schemas = {use: schema_of(work, app, "kitchen_sink", for_=use) for use in ("write", "patch")}
    values = data.draw(st.dictionaries(st.sampled_from([*keys, "nothing"]), WILD, max_size=5))
    whole = {"a_text": "ok", **values}

    for use, given_values in (("write", whole), ("write", values), ("patch", values)):
        outside = jsonschema_rs.validator_for(schemas[use], validate_formats=True).is_valid(given_values)
        codes = _refused(sink, app, use, given_values)
        if not codes <= BEYOND:
            assert not outside, (use, given_values, codes)
        elif not codes:
            assert outside, (use, given_values)


def _refused(sink: Database, app: str, use: str, values: dict[str, Any]) -> set[str]:
    """The codes with which the server refuses a record, or changes to one; nothing is kept."""
    try:
        with sink.work(SYSTEM) as work:
            if use == "patch":
                id_ = create_record(work, app, "kitchen_sink", {"a_text": "before"}).id
                change_record(work, app, "kitchen_sink", id_, values)
            else:
                create_record(work, app, "kitchen_sink", values)
            raise UndoError
    except UndoError:
        return set()
    except Invalid as error:
        return {problem.code for problem in error.problems}
