"""An outside JSON Schema validator and the server reach the same verdict on generated records of every entity of the pack."""

from __future__ import annotations

import random
from pathlib import Path

import jsonschema_rs
import pytest

RECORDS = 1000
# What JSON Schema can't say: whether another record exists, whether a rule over several fields holds, whether a value is taken.
BEYOND = ("record.rule", "record.reference", "record.unique", "record.not_", "record.taken", "reference.", "unique.")

WILD = [None, True, False, 0, 1, -1, 1.5, 10**12, 2**53, "", " ", "x", "a" * 300, "a" * 25000, "１２３", "12.345", "-0", "1e5", "2026-11-24", "2026-02-30",
        "2026-11-24T10:00:00Z", "2026-11-24T25:00:00Z", [], ["x"], {}, {"id": "x"}, "https://example.com", "javascript:alert(1)", "a@b.example",
        "not an address", "+86 138 0000 0000", "\t", "line\nline", "0.01", "99999999999999999999", "true", "00000000-0000-7000-8000-000000000000"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    from engine import Engine, system_actor

    folder: Path = tmp_path_factory.mktemp("agreement")
    found = Engine(f"sqlite:///{folder / 'formwork.db'}", data=folder)
    found.database.migrate()
    with found.work(system_actor("install"), writes=True) as work:
        found.packs.install_pack(work, found.packs.read_shelf("manufacturing"), language="en")
    yield found
    found.close()


def seeds(engine, work, entity):
    """Values that are right: those of the sample records, and for fields they leave out, samples of the type."""
    schema = engine.records.schema(work, "manufacturing", entity, "write")
    rows = engine.records.query_json(work, "manufacturing", entity, engine_query())["items"]
    known: dict[str, list] = {key: [] for key in schema["properties"]}
    for row in rows:
        for key in known:
            if row.get(key) is not None:
                known[key].append(row[key])
    model = work.model("manufacturing")
    for key, values in known.items():
        field = model.entities[entity].fields[key]
        values += [sample for sample in field.type.samples if field.type.kind not in ("reference", "rows", "file")]
    return schema, known


def engine_query():
    from engine import Query

    return Query(limit=50)


def test_validator_and_server_agree(engine):
    from engine import EngineError, system_actor

    chance = random.Random(7)
    wrong: list[str] = []
    with engine.work(system_actor("test"), writes=True) as work:
        model = work.model("manufacturing")
        for entity, definition in model.entities.items():
            if definition.part_of:
                continue
            schema, known = seeds(engine, work, entity)
            outside = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            accepted = 0
            for _ in range(RECORDS):
                record = generate(chance, schema, known)
                fine = outside.is_valid(record)
                problems = verdict(engine, work, entity, record, EngineError)
                accepted += not problems
                told = [code for code in problems if not code.startswith(BEYOND)]
                if fine and told:
                    wrong.append(f"{entity}: the server refuses {told} what the schema allows: {str(record)[:300]}")
                if not fine and not problems:
                    reason = next(iter(outside.iter_errors(record))).message
                    wrong.append(f"{entity}: the schema refuses ({reason[:120]}) what the server takes: {str(record)[:300]}")
            assert accepted > RECORDS // 20, f"{entity}: too few valid records for the comparison to mean anything ({accepted})"
    assert wrong[:12] == []


def generate(chance, schema, known):
    record = {}
    for key in schema["properties"]:
        needed = key in schema.get("required", ())
        if known[key] and chance.random() < (0.97 if needed else 0.4):
            record[key] = chance.choice(known[key])
    if chance.random() < 0.5 and record:
        record[chance.choice(list(schema["properties"]))] = chance.choice(WILD)
    if chance.random() < 0.03:
        record["no_such_field"] = 1
    return record


def verdict(engine, work, entity, record, error_type):
    class Undo(Exception):
        pass

    try:
        with work.savepoint():
            engine.records.create_record(work, "manufacturing", entity, record)
            raise Undo
    except Undo:
        return []
    except error_type as error:
        return [problem.code for problem in error.problems]
