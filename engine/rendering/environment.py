"""Jinja with our filters, globals and templates; no web framework.

`install` adds them to an environment that exists (Flask's); `environment` makes one of its own for
tests and for whoever renders without Flask. Our templates are reached as `formwork/<name>`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.kernel.messages import catalogue, translate
from engine.rendering import formats
from engine.rendering.locale import current_locale

Sprite = Callable[[str], str]
"""From an icon's name to the address of its symbol: "/static/build/assets/icons-x.svg#plus"."""

FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": formats.show_date,
    "datetime": formats.show_datetime,
    "ago": formats.show_ago,
    "number": formats.show_number,
    "money": formats.show_money,
    "percent": formats.show_percent,
    "size": formats.show_size,
    "yes_no": formats.show_yes_no,
    "say": formats.say,
    "initials": formats.initials,
    "tone": formats.tone,
}


def loader() -> PrefixLoader:
    """Finds our templates under the prefix `formwork/`."""
    return PrefixLoader({"formwork": PackageLoader("engine.rendering", "templates")})


def install(target: Environment, sprite: Sprite) -> None:
    """Give an environment our filters and globals; its loader must include `loader()`."""
    target.trim_blocks = target.lstrip_blocks = True
    target.filters.update(FILTERS)
    target.globals.update(
        t=text,
        icon=_icons(sprite),
        attributes=attributes,
        browser_texts=browser_texts,
        locale=current_locale,
        currency_sign=formats.currency_sign,
    )


def environment(sprite: Sprite) -> Environment:
    """An environment of our own: everything is escaped, a missing name is an error."""
    made = Environment(loader=loader(), autoescape=True, undefined=StrictUndefined)
    install(made, sprite)
    return made


def text(code: str, **values: Any) -> str:
    """The sentence for a code in the reader's language."""
    return translate(code, values, current_locale().language)


def attributes(given: Mapping[str, Any]) -> Markup:
    """HTML attributes from keyword arguments: `hx_get="/x"` becomes ` hx-get="/x"`.

    True gives a bare attribute; None and False give none.
    """
    parts = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        shown = name.rstrip("_").replace("_", "-")
        parts.append(
            f" {escape(shown)}" if value is True else f' {escape(shown)}="{escape(value)}"'
        )
    return Markup("".join(parts))  # noqa: S704 – every piece was escaped above


def browser_texts() -> dict[str, str]:
    """The sentences that scripts say: all whose code begins with "browser.", without that word."""
    return _browser_texts(current_locale().language)


@lru_cache(maxsize=8)
def _browser_texts(language: str) -> dict[str, str]:
    prefix = "browser."
    found = {**catalogue("en"), **catalogue(language)}
    return {
        code[len(prefix) :]: sentence for code, sentence in found.items() if code.startswith(prefix)
    }


def _icons(sprite: Sprite) -> Callable[..., Markup]:
    def icon(name: str, *, large: bool = False, style: str = "") -> Markup:
        """An icon of the sprite; decoration only, so hidden from assistive technology."""
        classes = " ".join(part for part in ("icon", "large" if large else "", style) if part)
        return _svg(classes, sprite(name))

    return icon


@lru_cache(maxsize=1024)
def _svg(classes: str, address: str) -> Markup:
    """A page has hundreds of icons, most of them the same few."""
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>').format(classes, address)
