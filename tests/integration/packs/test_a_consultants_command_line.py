"""A consultant's journey on the command line: an app made from a pack, carried to a client's PostgreSQL, upgraded there."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine import Engine, system_actor
from engine.kernel.json import canonical
from runtime.cli import main
from tests.conftest import execute
from tests.factories.machines import relabel, version_two, with_legal_step

SYSTEM = system_actor("test")


@pytest.fixture
def client_url(postgresql_url: str) -> Iterator[str]:
    name = f"client_{uuid.uuid4().hex[:8]}"
    execute(postgresql_url, f'CREATE DATABASE "{name}"')
    yield sa.make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    execute(postgresql_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Place:
    """An installation, and what is typed there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def run(self, *words: object, code: int = 0) -> str:
        environment = {"FORMWORK_DATA": str(self.folder), "FORMWORK_DATABASE_URL": self.url, "LC_ALL": "en_US.UTF-8"}
        found = CliRunner(env=environment).invoke(main, list(map(str, words)), catch_exceptions=False)
        print(f"$ formwork {' '.join(map(str, words))}\n{found.output}")
        assert found.exit_code == code, found.output
        return found.output

    def change_field_label(self, entity: str, key: str, label: str) -> None:
        """As the client's own designer does, and publishes."""
        with closing(Engine(self.url, data=self.folder)) as engine, engine.work(SYSTEM, writes=True) as work:
            draft = engine.publishing.get_document(work, "machines", "entity", entity)
            document = json.loads(json.dumps(draft.document))
            relabel(document, key, label)
            engine.publishing.put_document(work, "machines", document)
            engine.publishing.publish(work, "machines", "our own words")

    def fields(self, entity: str) -> dict[str, Any]:
        with closing(Engine(self.url, data=self.folder)) as engine, engine.work(SYSTEM, writes=False) as work:
            return {key: field.label for key, field in work.model("machines").entities[entity].fields.items()}

    def values(self, entity: str, field: str) -> list[Any]:
        from engine import Query

        with closing(Engine(self.url, data=self.folder)) as engine, engine.work(SYSTEM, writes=False) as work:
            return [record.values[field] for record in engine.records.query_records(work, "machines", entity, Query(limit=100)).records]


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_bytes(canonical(document))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def two_fields_more(document: dict[str, Any]) -> None:
    relabel(document, "subject", "What it is about")
    for number, (key, label) in enumerate((("incoterm", "Incoterm"), ("packing", "Packing")), 1):
        document["fields"].append({"key": key, "uid": str(uuid.UUID(int=number)), "type": "text", "label": {"en": label, "zh-CN": label}})


def make(office: Place, folder: Path) -> None:
    """A clone of manufacturing under its own name, exported, changed as files, proved."""
    office.run("init")
    office.run("pack", "install", "manufacturing", "--key", "machines", "--label", "en=Machines", "--label", "zh-CN=机械", "--people", "--detached", "--no-scenarios")
    office.run("pack", "export", "machines", folder, "--version", "1.0.0", "--records", "product")
    edit(folder / "pack.json", lambda head: head.pop("checksums", None))
    edit(folder / "entities/quotation.json", two_fields_more)
    edit(folder / "workflows/quotation_approval.json", with_legal_step)
    office.run("pack", "check", folder)


def carry(client: Place, folder: Path) -> None:
    """To a client whose people are others."""
    client.run("init")
    for login, name in (("li", "Li Na"), ("wang", "Wang Wei")):
        client.run("user", "add", login, "--name", name)
    people = ("--map", "role:sales=li,wang", "--map", "role:sales_manager=wang")
    assert "Machines 1.0.0" in client.run("pack", "plan", folder, *people)
    client.run("pack", "install", folder, *people)
    assert "machines 1.0.0" in client.run("pack", "list", "--installed")
    assert client.values("product", "name")


def upgrade(client: Place, folder: Path, conflict: str) -> None:
    assert "version 2.0.0" in client.run("pack", "upgrade", "machines", folder, "--choose", f"{conflict}=mine", "--all", "mine")
    fields = client.fields("quotation")
    assert fields["subject"]["en"] == "Headline"
    assert {"delivery_terms", "packing", "branch"} <= fields.keys()
    assert "incoterm" not in fields


@pytest.mark.long
def test_an_app_is_made_carried_to_a_client_changed_there_upgraded_taken_back_and_upgraded_again(tmp_path, client_url):
    office = Place(tmp_path / "office", f"sqlite:///{tmp_path / 'office.db'}")
    client = Place(tmp_path / "client", client_url)
    folder = tmp_path / "machines"
    make(office, folder)
    carry(client, folder)
    client.run("pack", "export", "machines", tmp_path / "back")
    assert files_of(tmp_path / "back")["entities/quotation.json"] == files_of(folder)["entities/quotation.json"]

    client.change_field_label("quotation", "subject", "Headline")
    for name, content in version_two(files_of(folder)).items():
        (folder / name).write_bytes(content)
    office.run("pack", "check", folder)
    said = client.run("pack", "upgrade", "machines", folder, "--dry-run", code=1)
    assert all(word in said for word in ("Headline", "Heading", "What it is about", "Delivery terms", "Branch", "Legal department"))
    conflict = re.search(r"--choose (\S+)=mine", said)[1]
    client.run("pack", "upgrade", "machines", folder, "--dry-run", "--choose", f"{conflict}=mine", "--all", "mine")

    upgrade(client, folder, conflict)
    assert "version 1.0.0 again" in client.run("pack", "return", "machines")
    fields = client.fields("quotation")
    assert (fields["subject"]["en"], "incoterm" in fields, "branch" in fields) == ("Headline", True, False)
    upgrade(client, folder, conflict)
    assert "machines 2.0.0" in client.run("pack", "list", "--installed")
