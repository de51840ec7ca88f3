"""Jinja for the pages: the shell's, the area's and the engine's templates, and what all of them show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from flask import Flask, g, request
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from engine import pick
from engine.rendering import Locale, loader, set_locale
from engine.rendering import install as install_rendering
from runtime.shell import assets
from runtime.shell.application import the_engine, the_work
from runtime.shell.session import csrf_token

ENTRY = "runtime/ui/main.ts"
LANGUAGES = (("zh-CN", "中文"), ("en", "English"))
HERE = Path(__file__).resolve().parent


def install(app: Flask) -> None:
    """Set up the environment, and the locale of each request."""
    app.jinja_options = {"autoescape": True}
    app.jinja_loader = ChoiceLoader([
        FileSystemLoader(HERE / "templates"),
        FileSystemLoader(HERE.parent / "templates"),
        PrefixLoader({"designer": FileSystemLoader(HERE.parent.parent / "designer" / "templates")}),
        loader(),
    ])
    install_rendering(app.jinja_env, sprite=lambda name: f"{assets.sprite()}#{known_icon(name)}")
    app.jinja_env.globals.update(entry=assets.entry, ENTRY=ENTRY, LANGUAGES=LANGUAGES)

    @app.before_request
    def locale() -> None:
        choose_locale()

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "csrf": csrf_token(),
            "actor": g.get("actor"),
            "sight": g.get("sight"),
            "theme": request.cookies.get("theme", "auto"),
            "navigation": navigation if _is_person() else (lambda _app=None: []),
            "counts": counts if _is_person() else (dict),
            "may_design": (lambda: the_engine().designs_any(the_work())) if _is_person() else (lambda: False),
            "here": request.full_path.rstrip("?"),
        }


def choose_locale() -> None:
    """The reader's language and time zone, for all that this request shows."""
    actor = g.get("actor")
    zone = actor.timezone if actor is not None and actor.user_id is not None else "UTC"
    set_locale(Locale(language=g.get("language", "en"), timezone=zone, currency="CNY", now=the_engine().clock.now()))


def _is_person() -> bool:
    return g.get("actor") is not None and g.actor.user_id is not None


def known_icon(name: str) -> str:
    """The icon's name, or `box` where the sprite has no such icon."""
    icons = icon_names()
    return name if not icons or name in icons else "box"


def icon_names() -> frozenset[str]:
    """Names in the sprite; empty when the assets were never built."""
    found = _icons.get("names")
    if found is None:
        path = assets.BUILD / "icons.json"
        found = _icons["names"] = frozenset(orjson.loads(path.read_bytes())) if path.exists() else frozenset()
    return found


_icons: dict[str, frozenset[str]] = {}


def navigation(current: str | None = None) -> list[dict[str, Any]]:
    """The side navigation: every app's groups and items that this person may open."""
    return the_engine().navigation(the_work(), g.language, current)


def counts() -> dict[str, int]:
    """Numbers beside the inbox and the bell."""
    if "counts" not in g:
        g.counts = the_engine().workflow.counts(the_work())
    return g.counts  # type: ignore[no-any-return]


def say(text: object) -> str:
    """A label in the reader's language."""
    return pick(text, g.get("language", "en"))
