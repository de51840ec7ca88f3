"""Built scripts and styles: names from Vite's manifest, answers that may be cached for ever."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson
from flask import Blueprint, Response, abort, request, send_file

# vite.config.ts builds where FORMWORK_UI_OUT says; whoever tries a build of their own serves it from there.
BUILD = Path(os.environ.get("FORMWORK_UI_OUT") or Path(__file__).resolve().parent.parent / "static" / "build")
blueprint = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Entry:
    """What one page loads: its script, its style sheets, and modules to fetch early."""

    script: str
    styles: tuple[str, ...]
    preload: tuple[str, ...]


def manifest() -> dict[str, dict[str, object]]:
    """Vite's manifest; empty when the assets were never built (FORMWORK_SKIP_UI)."""
    return _read(_built())


def entry(source: str) -> Entry:
    """The files of an entry such as `runtime/ui/main.ts`."""
    return _entry(source, _built())


def _built() -> int:
    """When the assets were built: an upgrade under a running server must not leave pages without styles."""
    try:
        return (BUILD / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=4)
def _read(built: int) -> dict[str, dict[str, object]]:
    return orjson.loads((BUILD / "manifest.json").read_bytes()) if built else {}  # type: ignore[no-any-return]


@lru_cache(maxsize=16)
def _entry(source: str, built: int) -> Entry:
    known = _read(built)
    if source not in known:
        return Entry("", (), ())
    styles: list[str] = []
    preload: list[str] = []
    _walk(known, source, styles, preload, set())
    return Entry(_url(str(known[source]["file"])), tuple(styles), tuple(preload[1:]))


def sprite() -> str:
    """Address of the icon sprite."""
    return _sprite(_built())


@lru_cache(maxsize=4)
def _sprite(built: int) -> str:
    for item in _read(built).values():
        if str(item.get("file", "")).endswith(".svg") and "sprite" in str(item.get("file")):
            return _url(str(item["file"]))
    found = sorted(BUILD.glob("**/sprite*.svg"))
    return _url(found[0].relative_to(BUILD).as_posix()) if found else "/assets/sprite.svg"


def _walk(known: dict[str, dict[str, object]], key: str, styles: list[str], preload: list[str], seen: set[str]) -> None:
    if key in seen or key not in known:
        return
    seen.add(key)
    item = known[key]
    preload.append(_url(str(item["file"])))
    # As in the sources: what a module imports comes before its own styles, and names the layers in their order.
    for name in item.get("imports", []):  # type: ignore[attr-defined]
        _walk(known, name, styles, preload, seen)
    for name in item.get("css", []):  # type: ignore[attr-defined]
        if _url(name) not in styles:
            styles.append(_url(name))


def _url(file: str) -> str:
    return f"/assets/{file}"


@blueprint.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A built file, compressed where the browser takes it (`.br` and `.gz` lie beside it)."""
    path = (BUILD / name).resolve()
    if not path.is_relative_to(BUILD) or not path.is_file() or name == "manifest.json":
        abort(404)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    accepted = request.headers.get("Accept-Encoding", "")
    for coding, ending in (("br", ".br"), ("gzip", ".gz")):
        packed = path.with_name(path.name + ending)
        if coding in accepted and packed.is_file():
            response = send_file(packed, mimetype=media_type, conditional=True)
            response.headers["Content-Encoding"] = coding
            break
    else:
        response = send_file(path, mimetype=media_type, conditional=True)
    # Names under assets/ carry a hash of their content.
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    return response
