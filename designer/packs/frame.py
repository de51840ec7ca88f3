"""A page beside the app's navigator, and what the pages of this part say of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, g, make_response, render_template

from designer.access import say, sentence, the_engine, the_work
from designer.draft import documents_json
from designer.navigator import navigator
from engine import Problem, translate

LANGUAGES = ("zh-CN", "en")
LANGUAGE_NAMES = {"zh-CN": "中文", "en": "English"}


def page(template: str, app: str, status: int = 200, **values: Any) -> Response:
    """A page of one app; raises NotFound, Forbidden."""
    documents = documents_json(app)
    settings = next(item["document"] for item in documents if item["document"]["kind"] == "app")
    return make_response(render_template(
        f"designer/packs/{template}.html", section="design", app=app, app_label=say(settings["label"]), settings=settings,
        navigator=navigator(app, documents, ("", "")), names=LANGUAGE_NAMES, **values,
    ), status)


def plain(template: str, status: int = 200, **values: Any) -> Response:
    """A page of no app in particular."""
    return make_response(render_template(f"designer/packs/{template}.html", section="design", names=LANGUAGE_NAMES, **values), status)


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Sentences by the field that they belong to; "" for those that belong to none."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(str(problem.path[0]) if problem.path else "", []).append(sentence(problem))
    return found


def summary(problems: Iterable[Problem], fields: Iterable[str] = ()) -> list[dict[str, str]]:
    """Problems for the summary above a form, with a way to the field concerned."""
    known = set(fields)
    found = []
    for problem in problems:
        at = str(problem.path[0]) if problem.path else ""
        place = "/".join(str(part) for part in problem.path)
        found.append({"label": "" if at in known else place, "message": sentence(problem), "href": f"#{at}" if at in known else ""})
    return found


def installed() -> Mapping[str, Mapping[str, Any]]:
    """By app, what is known of the pack that it came from."""
    return the_engine().packs.list_installed(the_work())  # type: ignore[no-any-return]


def app_label(app: str) -> str:
    """What an app is called, published or not."""
    document = the_engine().publishing.get_document(the_work(), app, "app", app).document
    return say(document.get("label", app)) or app


def all_apps() -> list[dict[str, Any]]:
    """Every app that the reader may design, by name."""
    engine, work = the_engine(), the_work()
    found = [{"key": entry.key, "label": app_label(entry.key), "release": entry.release}
             for entry in engine.publishing.list_apps(work) if engine.may_design(work, entry.key)]
    return sorted(found, key=lambda item: str(item["label"]))


def word(code: str, **values: Any) -> str:
    """A sentence in the reader's language."""
    return translate(code, values, g.language)


def kind_word(kind: str) -> str:
    """What a kind of document is called, at the beginning of a line."""
    found = word(f"change.kind.{kind}")
    return found[:1].upper() + found[1:]


def version_of(text: str) -> tuple[int, ...]:
    """A version that can be compared; (0,) for what is none."""
    parts = text.split(".")
    return tuple(int(part) for part in parts) if all(part.isascii() and part.isdigit() for part in parts) else (0,)
