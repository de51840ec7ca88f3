"""An outside JSON Schema validator and the server reach the same verdict on generated records of every entity of the pack.

FORMWORK_AGREEMENT_RECORDS sets how many of each entity (1000 takes some minutes).
"""

from __future__ import annotations

import json
import os
import random
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest

RECORDS = int(os.environ.get("FORMWORK_AGREEMENT_RECORDS", "60"))
APP = "manufacturing"
# What JSON Schema can't say: whether another record exists and fits, whether a rule over several fields or a form's condition holds, whether a value is taken.
BEYOND = ("record.rule", "record.required_when", "reference.", "field.taken")

WILD = [None, True, False, 0, 1, -1, 1.5, 10**12, 2**53, "", " ", "x", "a" * 300, "a" * 25000, "１２３", "12.345", "-0", "1e5", "2026-11-24", "2026-02-30",
        "2026-11-24T10:00:00Z", "2026-11-24T25:00:00Z", [], ["x"], [{}], [{"id": "x"}], {}, {"id": "x"}, "https://example.com", "javascript:alert(1)",
        "a@b.example", "not an address", "+86 138 0000 0000", "\t", "line\nline", "0.01", "99999999999999999999", "true",
        "00000000-0000-7000-8000-000000000000"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    from engine import Engine, system_actor

    folder: Path = tmp_path_factory.mktemp("agreement")
    found = Engine(f"sqlite:///{folder / 'formwork.db'}", data=folder)
    found.database.migrate()
    with found.work(system_actor("install"), writes=True) as work:
        found.accounts.create_user(work, "admin", "Administrator", "correct horse battery", is_admin=True)
        found.packs.install_pack(work, found.packs.read_shelf(APP), language="en")
    yield found
    found.close()


@pytest.fixture
def admin(engine):
    """A person: defaults such as "whoever enters it" need one."""
    from engine import system_actor

    with engine.work(system_actor("test"), writes=False) as work:
        return engine.accounts.find_actor(work, engine.accounts.find_user(work, "admin").id)


def entities() -> list[str]:
    """Entities of the pack that have records of their own; owned rows come with the record that owns them."""
    from engine.packs import shelf_path

    documents = [json.loads(path.read_bytes()) for path in sorted((shelf_path(APP) / "entities").glob("*.json"))]
    return [document["key"] for document in documents if not document.get("part_of")]


@pytest.mark.parametrize("entity", entities())
@pytest.mark.timeout(400)
def test_validator_and_server_agree(engine, admin, entity):
    from engine import EngineError

    wrong: list[str] = []
    with engine.work(admin, writes=True) as work:
        makes = Maker(engine, work, entity, random.Random(zlib.crc32(entity.encode())))
        outside = jsonschema_rs.Draft202012Validator(makes.schema, validate_formats=True)
        accepted = 0
        for _ in range(RECORDS):
            record = makes.record()
            fine = outside.is_valid(record)
            problems = verdict(engine, work, entity, record, EngineError)
            accepted += not problems
            told = [code for code in problems if not code.startswith(BEYOND)]
            if fine and told:
                wrong.append(f"the server refuses {told} what the schema allows: {str(record)[:300]}")
            if not fine and not problems:
                reason = next(iter(outside.iter_errors(record))).message
                wrong.append(f"the schema refuses ({reason[:120]}) what the server takes: {str(record)[:300]}")
    assert wrong[:12] == []
    assert accepted > RECORDS // 20, f"too few valid records for the comparison to mean anything ({accepted})"


class Maker:
    """Makes records of an entity: mostly of right values, some with a wild one, some with an unknown key."""

    def __init__(self, engine: Any, work: Any, entity: str, chance: random.Random) -> None:
        from engine import Query

        self.chance = chance
        self.made = 0
        self.schema = engine.records.schema_of(work, APP, entity, for_="write")
        listed = engine.records.query_json(work, APP, entity, Query(limit=40)).items
        rows = [engine.records.get_json(work, APP, entity, row["id"]) for row in listed]
        model = work.model(APP)
        self.main = self._part(model, entity, self.schema, rows)
        self.children = {
            key: self._part(model, field.options["entity"], _rows_schema(self.schema["properties"][key]),
                            [line for row in rows for line in row.get(key) or ()])
            for key, field in model.entities[entity].fields.items()
            if field.type.kind == "rows" and key in self.schema["properties"]
        }

    def _part(self, model: Any, entity: str, schema: Any, rows: list[Any]) -> SimpleNamespace:
        """What is known of one level: its schema, good values of each field, and which values must be new ones."""
        fields = model.entities[entity].fields
        known = {}
        for key in schema["properties"]:
            if key not in fields:  # the id of a row
                continue
            field = fields[key]
            known[key] = [row[key] for row in rows if row.get(key) is not None and field.type.kind != "rows"]
            if field.type.kind not in ("reference", "rows", "file"):
                known[key] += field.type.samples
        unique = {key for key in known if fields[key].unique}
        return SimpleNamespace(schema=schema, known=known, unique=unique)

    def record(self) -> dict[str, Any]:
        record = self._level(self.main)
        for key, part in self.children.items():
            if self.chance.random() < (0.95 if key in self.schema.get("required", ()) else 0.4):
                record[key] = [self._level(part) for _ in range(self.chance.randint(1, 3))]
        if self.chance.random() < 0.5 and record:
            self._spoil(record, self.main)
        for key, part in self.children.items():
            if self.chance.random() < 0.2 and isinstance(record.get(key), list) and record[key] and isinstance(record[key][0], dict):
                self._spoil(record[key][0], part)
        return record

    def _spoil(self, record: dict[str, Any], part: SimpleNamespace) -> None:
        record[self.chance.choice(list(part.schema["properties"]))] = self.chance.choice(WILD)
        if self.chance.random() < 0.06:
            record["no_such_field"] = 1

    def _level(self, part: SimpleNamespace) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for key, values in part.known.items():
            needed = key in part.schema.get("required", ())
            if not values or self.chance.random() > (0.97 if needed else 0.4):
                continue
            record[key] = self.chance.choice(values)
            if key in part.unique and isinstance(record[key], str):
                self.made += 1
                record[key] = f"{record[key][:40]} {self.made}"
        return record


def _rows_schema(schema: Any) -> Any:
    """The schema of one row, out of the field's."""
    found = next((one for one in (schema, *schema.get("anyOf", ())) if "items" in one), None)
    assert found is not None
    return found["items"]


def verdict(engine, work, entity, record, error_type):
    class Undo(Exception):
        pass

    try:
        with work.savepoint():
            engine.records.create_record(work, APP, entity, record)
            raise Undo
    except Undo:
        return []
    except error_type as error:
        return [problem.code for problem in error.problems]
