"""Code to sentence, per language.

A catalogue is a JSON object {code: sentence} in `<package>/messages/<language>.json`; every room may
have one. A sentence holds `{name}` placeholders and, where a number decides, plural forms separated
by `|` (English: one|other; Chinese has a single form).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

LANGUAGES = ("zh-CN", "en")
FALLBACK = "en"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PACKAGES = ("engine", "runtime", "designer")


@cache
def catalogue(language: str) -> dict[str, str]:
    """All sentences of one language, joined from every room's catalogue."""
    found: dict[str, str] = {}
    for package in _PACKAGES:
        try:
            root = Path(str(resources.files(package)))
        except ModuleNotFoundError:  # an installation without the designer
            continue
        for path in sorted(root.glob(f"**/messages/{language}.json")):
            found.update(orjson.loads(path.read_bytes()))
    return found


def translate(code: str, values: Mapping[str, Any] | None = None, language: str = FALLBACK) -> str:
    """The sentence for a code; the code itself where no catalogue knows it."""
    sentence = catalogue(language).get(code) or catalogue(FALLBACK).get(code) or code
    values = values or {}
    if "|" in sentence:
        forms = sentence.split("|")
        count = values.get("n", values.get("count"))  # where `count` is written with thousands, `n` is the number
        sentence = forms[0] if count == 1 else forms[-1]
    return _PLACEHOLDER.sub(lambda match: _show(values.get(match[1], match[0]), language), sentence)


def texts_for(language: str, *prefixes: str) -> dict[str, str]:
    """The sentences of one language whose codes begin with one of `prefixes`, for scripts; English where there is none."""
    found = {**catalogue(FALLBACK), **catalogue(language)}
    return {code: sentence for code, sentence in found.items() if code.startswith(prefixes)}


def pick(text: object, language: str, fallback: str = FALLBACK) -> str:
    """One language's text out of a label, which is a plain string or a {language: text} map."""
    if isinstance(text, Mapping):
        return str(text.get(language) or text.get(fallback) or next(iter(text.values()), ""))
    return "" if text is None else str(text)


def _show(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return pick(value, language)
    if isinstance(value, (list, tuple)):
        return ("、" if language.startswith("zh") else ", ").join(_show(item, language) for item in value)
    return str(value)
