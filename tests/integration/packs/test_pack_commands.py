"""A consultant's day on the command line: make, sign, test, install, change, export, and all of it in words."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import Engine, system_actor
from runtime.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A command's exit code and what it printed."""
    monkeypatch.setenv("FORMWORK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    for name in ("FORMWORK_DATABASE_URL", "FORMWORK_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: object) -> tuple[int, str]:
        found = CliRunner().invoke(main, ["pack", *map(str, words)], catch_exceptions=False)
        return found.exit_code, found.output

    return call


def done(answer: tuple[int, str]) -> str:
    assert answer[0] == 0, answer[1]
    return answer[1]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edit(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_from_a_new_pack_to_a_client_and_back(run, tmp_path, monkeypatch):
    folder, key = tmp_path / "bakery", tmp_path / "key.pem"
    done(run("new", folder, "--label", "en=Bakery", "--label", "zh-CN=烘焙"))
    assert "not signed" in done(run("check", folder))
    said = done(run("test", folder, "--lang", "en"))
    assert "✓ A salesperson adds a customer" in said
    assert "Alex Stone creates: Customer — refused, as expected: Fill in this field." in said
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "场景通过 1 个，失败 0 个" in done(run("test", folder, "--lang", "zh-CN"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    assert "Public key" in done(run("sign", folder, "--new-key", key))
    assert key.stat().st_mode & 0o077 == 0
    assert "a key that nobody here knows" in done(run("plan", folder))
    done(run("trust", "Stone & Partners", f"{key}.pub"))
    assert "Stone & Partners" in done(run("trust"))
    assert "signed by Stone & Partners" in done(run("plan", folder, "--map", "user:sales1="))

    done(run("install", folder, "--people"))
    assert "bakery 0.1.0" in done(run("list", "--installed"))
    done(run("export", "bakery", tmp_path / "out"))
    assert files_of(tmp_path / "out") == files_of(folder)
    done(run("export", "bakery", tmp_path / "out.zip"))
    done(run("export", "bakery", tmp_path / "again.zip"))
    assert (tmp_path / "out.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()

    said = done(run("export", "bakery", tmp_path / "part", "--only", "view/customers_all", "--version", "2.0.0", "--records", "customer"))
    assert "entity/customer goes along: view/customers_all needs it" in said
    assert "1 record of customer" in said
    assert "personal data" in said.lower()
    assert "forms/customer.json" not in files_of(tmp_path / "part")
    said = done(run("export", "bakery", tmp_path / "part", "--only", "entity/customer", "--with-pages", "--replace"))
    assert {"forms/customer.json", "views/customers_all.json"} <= files_of(tmp_path / "part").keys()
    assert not [name for name in files_of(tmp_path / "part") if name.startswith("records/")]


def test_what_is_wrong_is_said_with_exit_code_1_and_misunderstandings_with_2(run, tmp_path):
    folder = tmp_path / "bakery"
    done(run("new", folder, "--lang", "en"))
    code, said = run("new", folder)
    assert (code, "not empty" in said) == (1, True)

    done(run("sign", folder, "--new-key", tmp_path / "key.pem"))
    edit(folder / "app.json", currency="EUR")
    code, said = run("check", folder)
    assert (code, "app.json was changed" in said) == (1, True)
    assert run("install", folder)[0] == 1
    done(run("sign", folder, "--key", tmp_path / "key.pem"))
    assert "0 errors" in done(run("check", folder))
    edit(folder / "pack.json", version="0.2.0")
    code, said = run("plan", folder)
    assert (code, "not what the key" in said) == (1, True)

    (folder / "signature.json").unlink()
    (folder / "pack.json").write_text(json.dumps({**json.loads((folder / "pack.json").read_text()), "checksums": {}}))
    scenario = folder / "scenarios" / "add_customer.json"
    edit(scenario, steps=[{"by": "sales1", "create": "customer", "values": {}}])
    code, said = run("test", folder)
    assert (code, "✗" in said, "Fill in this field" in said) == (1, True, True)
    code, said = run("install", folder)
    assert (code, "The scenario" in said) == (1, True)
    assert done(run("list", "--installed")) == ""
    assert "--people creates them" in done(run("install", folder, "--no-scenarios"))

    assert run("sign", "--new-key", tmp_path / "none" / "key")[0] == 1
    assert run("sign", folder)[0] == 2
    assert run("plan", folder, "--map", "somebody")[0] == 2
    assert run("test", folder, "--scenario", "none")[0] == 2
    assert run("trust", "nobody", "--forget")[0] == 1
    assert run("trust", "somebody", "no key")[0] == 1
    assert run("export", "nothing", tmp_path / "x")[0] == 1
    assert run("check", "no-such-pack")[0] == 1


def changed_here(data: Path) -> None:
    """What the company does to its app in the designer."""
    engine = Engine(f"sqlite:///{data / 'formwork.db'}", data=data)
    with closing(engine), engine.work(system_actor("test"), writes=True) as work:
        document = engine.publishing.get_document(work, "bakery", "entity", "customer").document
        fields = [{**item, "label": "Grade"} if item["key"] == "level" else item for item in document["fields"]]
        fields.append({"key": "own", "uid": "0b8e4f4e-5b7e-4a8e-9d59-57d1f6f0a001", "type": "text", "label": "Our own"})
        engine.publishing.put_document(work, "bakery", {**document, "fields": fields})
        engine.publishing.publish(work, "bakery", "our own")


def second_version(folder: Path) -> None:
    """A new label that the company has changed, too, another, and a new required field with what fills it."""
    path = folder / "entities" / "customer.json"
    fields = json.loads(path.read_text())["fields"]
    for item in fields:
        item["label"] = {"level": "Rank", "notes": "Remarks"}.get(item["key"], item["label"])
    fields.append({"key": "area", "uid": "0b8e4f4e-5b7e-4a8e-9d59-57d1f6f0a002", "type": "text", "label": "Area", "required": True, "default": '"?"'})
    edit(path, fields=fields)
    steps = [{"default": "entity/customer", "field": "area", "value": '"?"'}]
    edit(folder / "pack.json", version="0.2.0", migrations=[{"to": "0.2.0", "steps": steps}])


def test_a_new_version_is_planned_decided_carried_out_taken_back_and_done_again(run, tmp_path):
    folder, old = tmp_path / "bakery", tmp_path / "old"
    done(run("new", folder, "--lang", "en"))
    shutil.copytree(folder, old)
    done(run("install", folder, "--people"))
    changed_here(tmp_path / "data")
    second_version(folder)

    said = done(run("diff", old, folder))
    assert "Level" in said
    assert run("diff", old, folder, "--exit-code")[0] == 1
    assert "0 differences" in done(run("diff", "app:bakery@1", old))

    code, said = run("plan", folder)
    assert (code, "formwork pack upgrade bakery" in said) == (1, True)
    code, said = run("upgrade", "bakery", folder, "--dry-run")
    assert code == 1
    assert "from 0.1.0 to 0.2.0" in said
    assert all(word in said for word in ("“Level”", "“Grade”", "“Rank”", "“Notes” → “Remarks”", "gets a value in 1 record"))
    id_ = re.search(r"--choose (\S+)=mine", said)[1]
    assert run("upgrade", "bakery", folder)[0] == 1
    assert run("upgrade", "bakery", folder, "--safe", "--choose", f"{id_}=theirs")[0] == 1
    assert run("upgrade", "bakery", folder, "--choose", "nonsense")[0] == 2
    assert run("upgrade", "bakery", folder, "--state", "nonsense")[0] == 2

    assert "version 0.2.0" in done(run("upgrade", "bakery", folder, "--choose", f"{id_}=theirs"))
    assert "“Grade” → “Rank”" in done(run("diff", "app:bakery@2", "app:bakery"))
    assert run("upgrade", "bakery", old)[0] == 1
    assert "can be taken back" in done(run("return", "bakery", "--dry-run"))
    assert "version 0.1.0 again" in done(run("return", "bakery"))
    assert "0 differences" in done(run("diff", "app:bakery@2", "app:bakery"))
    assert run("return", "bakery")[0] == 1
    assert "version 0.2.0" in done(run("upgrade", "bakery", folder, "--all", "mine"))
    assert "Rank" not in done(run("diff", "app:bakery@2", "app:bakery"))
