"""A folder or zip becomes a Pack: names, JSON, manifest, documents, samples, people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.definitions import Finding, lint, validate
from engine.kernel import json
from engine.kernel.errors import EngineError, Invalid, Problem, raise_invalid
from engine.packs.archive import read_files
from engine.packs.checksums import checksum_problems
from engine.packs.manifest import parse_manifest
from engine.packs.overlay import Find, complete
from engine.packs.pack import Pack, SampleFile
from engine.packs.scenarios import Scenario, read_scenario

FOLDERS = {"entities": "entity", "forms": "form", "views": "view", "workflows": "workflow", "roles": "role", "locales": "locale"}
PLAIN = ("README.md", "LICENSE")


def is_extra(name: str) -> bool:
    """Does a file of this name hold something else than a definition?"""
    folder = name.partition("/")[0]
    return name not in ("pack.json", "app.json", "signature.json") and folder not in FOLDERS


def read_pack(source: Path | bytes) -> Pack:
    """Read a pack; raises Invalid with every problem found, each under the file it is in."""
    files = read_files(source)
    contents: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, content in files.items():
        if name in PLAIN or name.startswith("pictures/"):
            continue
        try:
            contents[name] = json.read(content)
        except EngineError as error:
            problems += [problem.under(name) for problem in error.problems]
    if "pack.json" not in files:
        problems.append(Problem("pack.no_manifest"))
    if "app.json" not in files:
        problems.append(Problem("pack.no_app"))
    raise_invalid(problems)
    pack = _assemble(contents)
    raise_invalid(checksum_problems(pack.manifest.checksums, files))
    return replace(pack, extras={name: content for name, content in files.items() if is_extra(name)})


def _assemble(contents: dict[str, Any]) -> Pack:
    manifest = parse_manifest(contents["pack.json"])
    documents: list[Any] = []
    sources: dict[tuple[str, str], str] = {}
    samples: list[SampleFile] = []
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for name in sorted(contents):
        folder, _, rest = name.partition("/")
        if name in ("pack.json", "people.json"):
            continue
        if folder == "records" and rest:
            samples += _samples(name, contents[name], problems)
        elif folder == "scenarios" and rest:
            scenarios += _scenario(name, contents[name], problems)
        elif name == "app.json" or (folder in FOLDERS and rest):
            problems += _document(name, contents[name], FOLDERS.get(folder, "app"), sources)
            documents.append(contents[name])
        else:
            problems.append(Problem("pack.unknown_file", {"name": name}, (name,)))
    problems += [problem.under("people.json") for problem in _people(contents.get("people.json", {}))]
    raise_invalid(problems)
    return Pack(manifest, tuple(documents), tuple(samples), contents.get("people.json", {}), sources, tuple(scenarios))


def _document(name: str, document: Any, kind: str, sources: dict[tuple[str, str], str]) -> Iterator[Problem]:
    if not isinstance(document, dict) or document.get("kind") != kind:
        yield Problem("pack.wrong_kind", {"kind": kind}, (name,))
        return
    yield from (problem.under(name) for problem in validate(document))
    sources[kind, str(document.get("key"))] = name


def _scenario(name: str, content: Any, problems: list[Problem]) -> list[Scenario]:
    try:
        return [read_scenario(name.removeprefix("scenarios/").removesuffix(".json"), content)]
    except Invalid as error:
        problems += [problem.under(name) for problem in error.problems]
        return []


def _samples(name: str, content: Any, problems: list[Problem]) -> list[SampleFile]:
    if not isinstance(content, dict) or set(content) != {"entity", "records"} or not isinstance(content["records"], list):
        problems.append(Problem("pack.samples", {}, (name,)))
        return []
    if not all(isinstance(record, dict) for record in content["records"]):
        problems.append(Problem("pack.samples", {}, (name, "records")))
        return []
    return [SampleFile(name, str(content["entity"]), tuple(content["records"]))]


def _people(content: Any) -> Iterator[Problem]:
    if not isinstance(content, dict) or not set(content) <= {"departments", "users"}:
        yield Problem("pack.people")
        return
    for part, needed in (("departments", {"key", "name"}), ("users", {"login", "name"})):
        rows = content.get(part, [])
        if not isinstance(rows, list):
            yield Problem("pack.people", {}, (part,))
            continue
        for index, row in enumerate(rows):
            if not isinstance(row, dict) or not needed <= set(row):
                yield Problem("pack.people", {}, (part, index))


def check_pack(source: Path | bytes, find: Find) -> tuple[Finding, ...]:
    """Everything there is to say about a pack: what reading refuses, and what the lint rules find.

    `find` gives the packs that it builds on.
    """
    try:
        pack = complete(read_pack(source), find)
    except Invalid as error:
        return tuple(Finding(problem.code, "error", "pack", "", problem.path, problem.values) for problem in error.problems)
    return lint(pack.documents)
