"""A folder or zip becomes a Pack: names, JSON, manifest, signature, documents, samples, people, scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.definitions import Finding, lint, validate
from engine.kernel import json
from engine.kernel.errors import EngineError, Invalid, Problem, raise_invalid
from engine.packs.archive import Files, read_files
from engine.packs.checksums import checksum_problems
from engine.packs.manifest import parse_manifest
from engine.packs.overlay import Find, complete
from engine.packs.pack import Pack, SampleFile
from engine.packs.pictures import picture_problem
from engine.packs.scenario_file import Scenario
from engine.packs.schemas import file_problems
from engine.packs.signature import FILE as SIGNATURE
from engine.packs.signature import read_signature

FOLDERS = {"entities": "entity", "forms": "form", "views": "view", "workflows": "workflow", "roles": "role", "locales": "locale"}
PLAIN = ("README.md", "LICENSE")
MOST_JSON = 2 * 2**20
"""Bytes of one JSON file: what is parsed takes twenty times as much, and a document is never that long."""
MOST_VALUES = 500_000
"""Values of all JSON files together."""
MOST_PROBLEMS = 100


def is_extra(name: str) -> bool:
    """Does a file of this name hold something else than a definition?"""
    folder = name.partition("/")[0]
    return name not in ("pack.json", "app.json") and folder not in FOLDERS


def read_pack(source: Path | bytes, publishers: Mapping[str, str] | None = None) -> Pack:
    """Read a pack; raises Invalid with every problem found (a hundred at most), each under the file it is in.

    `publishers` are the names of trusted publishers by public key; without them a signer is unknown.
    """
    files = read_files(source)
    contents, problems = _contents(files)
    problems += _missing(files)
    raise_invalid(problems[:MOST_PROBLEMS])
    pack = _assemble(contents)
    raise_invalid(list(checksum_problems(pack.manifest.checksums, files))[:MOST_PROBLEMS])
    signature = read_signature(files, publishers)
    return replace(pack, signature=signature, extras={name: content for name, content in files.items() if is_extra(name)})


def _contents(files: Files) -> tuple[dict[str, Any], list[Problem]]:
    """What the JSON files hold, and what is wrong with files by themselves."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    left = MOST_VALUES
    for name, content in files.items():
        folder = name.partition("/")[0]
        if name in PLAIN:
            problems += _text(name, content)
        elif folder == "pictures" and name != folder:
            problems += [problem for problem in [picture_problem(name, content)] if problem]
        elif not name.endswith(".json") or not _has_a_place(name):
            problems.append(Problem("pack.unknown_file", {"name": name}, (name,)))
        elif len(content) > MOST_JSON:
            problems.append(Problem("pack.file_too_large", {"name": name, "limit": MOST_JSON // 2**20}, (name,)))
        else:
            try:
                found[name] = json.read(content)
                left -= _count(found[name], left)
            except EngineError as error:
                problems += [problem.under(name) for problem in error.problems]
        if left < 0:
            return {}, [*problems, Problem("pack.too_many_values", {"limit": MOST_VALUES})]
    return found, problems


def _has_a_place(name: str) -> bool:
    folder, _, rest = name.partition("/")
    if not rest:
        return name in ("pack.json", "app.json", "people.json", SIGNATURE)
    return "/" not in rest and (folder in FOLDERS or folder in ("records", "scenarios"))


def _text(name: str, content: bytes) -> list[Problem]:
    try:
        content.decode()
    except UnicodeDecodeError:
        return [Problem("json.encoding", {}, (name,))]
    return []


def _count(value: Any, most: int) -> int:
    """How many values there are, without recursion; stops once there are more than `most`."""
    waiting, count = [value], 0
    while waiting and count <= most:
        item = waiting.pop()
        if isinstance(item, dict):
            item = list(item.values())
        if isinstance(item, list):
            count += len(item)
            waiting += [inner for inner in item if isinstance(inner, (dict, list))]
    return count


def _missing(files: Files) -> list[Problem]:
    if "pack.json" in files:
        return [] if "app.json" in files else [Problem("pack.no_app")]
    inside = next((name for name in files if name.endswith("/pack.json")), None)
    if inside:
        return [Problem("pack.in_a_folder", {"name": inside.removesuffix("/pack.json")})]
    return [Problem("pack.no_manifest")]


def _assemble(contents: dict[str, Any]) -> Pack:
    manifest = parse_manifest(contents["pack.json"])
    documents: list[Any] = []
    sources: dict[tuple[str, str], str] = {}
    samples: list[SampleFile] = []
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for name in sorted(contents):
        folder, _, rest = name.partition("/")
        content = contents[name]
        if folder == "records":
            problems += _checked("records", name, content)
            if not problems:
                samples.append(SampleFile(name, content["entity"], tuple(content["records"])))
        elif folder == "scenarios":
            problems += _checked("scenario", name, content)
            if not problems:
                scenarios.append(Scenario(rest.removesuffix(".json"), content["label"], tuple(content["steps"]), content.get("main", False)))
        elif name == "people.json":
            problems += _checked("people", name, content)
        elif name == "app.json" or folder in FOLDERS:
            problems += _document(name, content, FOLDERS.get(folder, "app"), sources)
            documents.append(content)
        if len(problems) >= MOST_PROBLEMS:
            break
    raise_invalid(problems[:MOST_PROBLEMS])
    return Pack(manifest, tuple(documents), tuple(samples), contents.get("people.json", {}), sources, tuple(scenarios))


def _checked(schema: str, name: str, content: Any) -> list[Problem]:
    return [problem.under(name) for problem in file_problems(schema, content)]


def _document(name: str, document: Any, kind: str, sources: dict[tuple[str, str], str]) -> Iterator[Problem]:
    if not isinstance(document, dict) or document.get("kind") != kind:
        yield Problem("pack.wrong_kind", {"kind": kind}, (name,))
        return
    yield from (problem.under(name) for problem in validate(document))
    place = (kind, str(document.get("key")))
    if place in sources:
        yield Problem("pack.document_twice", {"name": f"{kind}/{place[1]}", "other": sources[place]}, (name,))
    sources.setdefault(place, name)


def check_pack(source: Path | bytes, find: Find) -> tuple[Finding, ...]:
    """Everything there is to say about a pack: what reading refuses, and what the lint rules find.

    `find` gives the packs that it builds on.
    """
    try:
        pack = complete(read_pack(source), find)
    except Invalid as error:
        return tuple(Finding(problem.code, "error", "pack", "", problem.path, problem.values) for problem in error.problems)
    return lint(pack.documents)
