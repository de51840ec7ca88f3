"""Does a business need a CRM, and which pack suits it? Rules as data in rules.json, read here.

The first verdict whose conditions all hold is the answer. A condition names the answers that fit
(`customers`, `sizes`) or how many pains there may be (`most_pains`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from engine.kernel import json
from engine.kernel.errors import Invalid, Problem
from engine.packs.shelf import list_packs

__all__ = ["Fit", "check_fit", "fit_questions"]
_ASKED = ("industries", "sizes", "customers")


@dataclass(frozen=True)
class Fit:
    """The recommendation: "none" (no CRM), "table" (begin with the spreadsheet) or "pack", and why.

    `start` and `later` are modules of the pack; `answers` say what it does about each pain.
    """

    verdict: Literal["none", "table", "pack"]
    why: Mapping[str, str]
    pack: str
    start: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    answers: tuple[tuple[Mapping[str, str], Mapping[str, str]], ...] = ()


@lru_cache(maxsize=1)
def fit_questions() -> Mapping[str, Any]:
    """The questions with their answers, and the verdicts."""
    found: Mapping[str, Any] = json.read((resources.files("engine.packs.fit") / "rules.json").read_bytes())
    return found


def check_fit(industry: str, size: str, customers: str, pains: Collection[str]) -> Fit:
    """What suits a business that answers so; raises Invalid for answers that were not offered."""
    rules = fit_questions()
    chosen = dict(zip(_ASKED, (industry, size, customers), strict=True))
    offered = {name: {item["key"]: item for item in rules[name]} for name in (*_ASKED, "pains")}
    problems = [Problem("fit.answer", {}, (name,)) for name, key in chosen.items() if key not in offered[name]]
    if problems or not offered["pains"].keys() >= set(pains):
        raise Invalid(*problems or [Problem("fit.answer", {}, ("pains",))])
    felt = [item for key, item in offered["pains"].items() if key in pains]
    verdict = next(item for item in rules["verdicts"] if _holds(item["when"], chosen, len(felt)))
    wanted = offered["industries"][industry]["pack"]
    manifest = {item.key: item for item in list_packs()}.get(wanted)
    called = {module for item in felt for module in item["modules"].get(wanted, ())}
    modules = [module.key for module in manifest.modules] if manifest else []
    return Fit(
        verdict["verdict"], verdict["why"], wanted if manifest else "", tuple(key for key in modules if key in called),
        tuple(key for key in modules if key not in called), tuple((item["label"], item["answer"]) for item in felt),
    )  # fmt: skip


def _holds(when: Mapping[str, Any], chosen: Mapping[str, str], pains: int) -> bool:
    named = all(chosen[name] in when[name] for name in _ASKED if name in when)
    return named and pains <= when.get("most_pains", pains)
