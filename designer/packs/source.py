"""Where a pack comes from: the shelf, or a file that somebody has uploaded; both have an address."""

from __future__ import annotations

from typing import Any

from flask import request

from designer.access import the_engine, the_work
from engine import Invalid, NotFound, Problem

PLACES = ("shelf", "file")


def read(place: str, name: str) -> Any:
    """The pack at an address such as shelf/retail; raises NotFound, Invalid, Forbidden."""
    if place not in PLACES:
        raise NotFound(Problem("http.404"))
    return the_engine().packs.read_source(the_work(), {place: name})


def take_upload() -> str:
    """Keep the file that the form sends and look whether it is a pack; its id. Raises Invalid, for the field `file`."""
    engine, work = the_engine(), the_work()
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(Problem("packs.no_file", {}, ("file",)))
    stored = engine.records.store_file(work, given.stream, given.filename)
    engine.packs.read_source(work, {"file": str(stored.id)})
    return str(stored.id)


def texts(prefix: str, languages: Any) -> dict[str, str]:
    """What the form gives for each language under `prefix`: {"en": …}."""
    return {code: text for code in languages if (text := request.form.get(f"{prefix}_{code}", "").strip()[:100])}


def free_key(words: str) -> str:
    """A key that no app has yet."""
    return str(the_engine().packs.free_app_key(the_work(), words))
