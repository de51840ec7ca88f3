"""Write docs/reference/definitions/ from the JSON Schemas, the field types and the lint rules.

    python docs/generate_definitions.py            writes the pages
    python docs/generate_definitions.py --check    fails when a page is out of date
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.definitions import KINDS, document_schema
from engine.definitions.lint import RULES
from engine.fields import PALETTE
from engine.kernel.messages import translate

FOLDER = Path(__file__).parent / "reference" / "definitions"
_NOTE = "<!-- Written by docs/generate_definitions.py. Change the schema, not this page. -->"
_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
}
_OWN_PAGE_PARTS = {"name", "uid", "version", "language", "text", "expression", "names", "path", "icon"}
_ONE = re.compile(r" 1 (character|entr(?=ies))(?:s|ies)")
_HEADER = {"key", "uid", "schema"}
Schema = Mapping[str, Any]


def pages() -> dict[str, str]:
    """Every page by file name."""
    found = {f"{kind}.md": kind_page(kind) for kind in KINDS}
    found["field_options.md"] = options_page()
    found["checks.md"] = checks_page()
    found["README.md"] = index_page()
    return found


def index_page() -> str:
    """What the kinds have in common."""
    shared = document_schema(KINDS[0])["$defs"]
    lines = ["# Definitions", _NOTE, "", "An app is a set of JSON documents. Every document has `kind`, `key`, `uid` and `schema`; the rest is up to its kind.", ""]
    lines += ["| Kind | What it is |", "| --- | --- |"]
    lines += [f"| [{kind}]({kind}.md) | {document_schema(kind)['description']} |" for kind in KINDS]
    lines += ["", "Also here: [options of field types](field_options.md), [checks](checks.md).", "", "## Parts that occur everywhere", ""]
    lines += ["| Part | Meaning |", "| --- | --- |"]
    for name in sorted(_OWN_PAGE_PARTS):
        schema = shared[name]
        lines.append(f"| {schema.get('title', name)} | {_cell(_meaning(schema, shared))} |")
    return _joined(lines)


def kind_page(kind: str) -> str:
    """A kind's keys, part by part."""
    schema = document_schema(kind)
    return _joined([f"# {schema['title']}", _NOTE, "", *schema_lines(schema, "##")])


def schema_lines(schema: Schema, heading: str) -> list[str]:
    """What a schema allows, part by part."""
    parts = schema["$defs"]
    lines = [schema["description"], "", *_table(schema, parts)]
    for name in _parts_used(schema, parts):
        part = parts[name]
        lines += ["", f"{heading} {part.get('title', name)}", ""]
        if "description" in part:
            lines += [part["description"], ""]
        lines += list(_part(part, parts))
    return lines


def options_page() -> str:
    """The options of every field type."""
    parts = document_schema("entity")["$defs"]
    variants = {item["if"]["properties"]["type"]["const"]: item["then"] for item in parts["field"]["allOf"]}
    lines = ["# Options of field types", _NOTE, "", "What may stand in a field's `options`, by its type.", ""]
    for group in PALETTE:
        for entry in group.types:
            then = variants[entry.key]
            options = then["properties"]["options"]
            lines += [f"## {entry.key}", "", (entry.__doc__ or "").strip().splitlines()[0], ""]
            lines += list(_table(options, parts)) if options["properties"] else ["No options."]
            if "formula" in then["required"]:
                lines += ["", "Needs a `formula`."]
            if "filter" not in then["properties"]:
                lines += ["", "May have a `filter`."]
            lines.append("")
    return _joined(lines)


def checks_page() -> str:
    """What lint finds beyond the schemas."""
    lines = ["# Checks", _NOTE, "", "What is checked beyond the JSON Schemas, with what is said about it. Errors block publishing.", ""]
    for rule in RULES:
        text = (sys.modules[rule.check.__module__].__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        lines += [f"## {rule.key}", "", text, ""]
        for code in rule.codes:
            sentence = translate(code, None, "en")
            lines.append(f"- `{code}`" + (f": {sentence}" if sentence != code else ""))
        lines.append("")
    return _joined(lines)


def _part(part: Schema, parts: Schema) -> Iterator[str]:
    if "properties" in part:
        yield from _table(part, parts)
    elif "oneOf" in part:
        for variant in part["oneOf"]:
            if "properties" in variant:
                yield f"**{variant.get('title', 'Object')}**"
                yield ""
                yield from _table(variant, parts)
                yield ""
            else:
                yield f"**{_kind(variant, parts).capitalize()}**"
                yield ""
    else:
        yield f"{_kind(part, parts).capitalize()}."


def _table(schema: Schema, parts: Schema) -> list[str]:
    """The keys of an object."""
    lines = ["| Key | Value | Meaning |", "| --- | --- | --- |"]
    for key, inner in schema["properties"].items():
        if inner == {"not": {}}:
            continue
        required = " (required)" if key in schema.get("required", ()) else ""
        target = parts.get(_reference(inner), {})
        title = inner.get("title") or target.get("title", "")
        is_everywhere = _reference(inner) in _OWN_PAGE_PARTS and key not in _HEADER
        described = inner.get("description") or ("" if is_everywhere else target.get("description", ""))
        meaning = f"{title}. {described}" if described else f"{title}."
        if "default" in inner:
            meaning += f" Default: `{json.dumps(inner['default'], ensure_ascii=False)}`."
        lines.append(f"| `{key}`{required} | {_cell(_kind(inner, parts))} | {_cell(meaning)} |")
    return lines


def _kind(schema: Schema, parts: Schema) -> str:
    """What a value may be, in a few words."""
    name = _reference(schema)
    if name:
        title = parts[name].get("title", name)
        return ("list of keys" if name == "names" else title.lower()) if name in _OWN_PAGE_PARTS else f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "oneOf" in schema or "anyOf" in schema:
        variants = [_kind(variant, parts) for variant in schema.get("oneOf") or schema["anyOf"]]
        return " or ".join(dict.fromkeys(variants))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), parts)}{_limits(schema)}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of key → {_kind(schema['additionalProperties'], parts)}"
    if schema.get("type") == "object" and "properties" in schema:
        return "object of " + ", ".join(f"`{key}`" for key in schema["properties"])
    return {"boolean": "yes or no", "integer": "whole number", "string": "text"}.get(
        str(schema.get("type")), str(schema.get("type", "value"))
    ) + _limits(schema)


def _meaning(schema: Schema, parts: Schema) -> str:
    described = schema.get("description", "")
    kind = _kind(schema, parts)
    return f"{described} ({kind})" if described else kind


def _limits(schema: Schema) -> str:
    found = [text.format(schema[key]) for key, text in _LIMITS.items() if key in schema]
    found = [_ONE.sub(lambda match: " 1 entry" if match[1] == "entr" else " 1 character", text) for text in found]
    return f" ({', '.join(found)})" if found else ""


def _reference(schema: Schema) -> str:
    return str(schema.get("$ref", "")).removeprefix("#/$defs/")


def _parts_used(schema: Schema, parts: Schema) -> list[str]:
    """The parts that a page shows, in the order in which they are met."""
    found: list[str] = []
    waiting: list[Any] = [{key: value for key, value in schema.items() if key != "$defs"}]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, dict):
            name = _reference(item)
            if name and name not in found and name not in _OWN_PAGE_PARTS:
                found.append(name)
                part = parts[name]
                waiting.append({key: part[key] for key in part if not (name == "field" and key == "allOf")})
            waiting.extend(value for key, value in item.items() if key != "$ref")
        elif isinstance(item, list):
            waiting.extend(item)
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the pages, or with --check say which are out of date."""
    found = pages()
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in found.items() if not _is_current(FOLDER / name, text)]
        for name in stale:
            print(f"out of date: docs/reference/definitions/{name}; run python docs/generate_definitions.py")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
