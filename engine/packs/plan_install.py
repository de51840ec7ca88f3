"""What installing a pack would do, in words; changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import accounts
from engine.definitions import Finding, lint
from engine.kernel.errors import Problem
from engine.kernel.messages import pick, translate
from engine.packs.pack import Manifest, Pack
from engine.packs.prepare import Setting, app_of, check_mapping, prepare
from engine.publishing import list_apps
from engine.storage import Work

__all__ = ["Plan", "plan_install"]

IS_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}").fullmatch


@dataclass(frozen=True)
class Plan:
    """The plan: counts by kind, people, samples, what blocks it, and what the lint rules say."""

    manifest: Manifest
    documents: dict[str, int]
    records: dict[str, int]
    people: int
    known_people: tuple[str, ...]
    blocks: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_blocked(self) -> bool:
        """Would installing be refused?"""
        return bool(self.blocks) or any(finding.severity == "error" for finding in self.findings)

    def lines(self, language: str) -> list[str]:
        """The plan as sentences, for a terminal or a page."""
        label = pick(self.manifest.label, language)
        found = [translate("pack.plan_title", {"label": label, "version": self.manifest.version}, language)]
        for kind, count in self.documents.items():
            found.append(translate("pack.plan_documents", {"kind": translate(f"pack.kind_{kind}", {}, language), "count": count}, language))
        if self.records:
            found.append(translate("pack.plan_records", {"count": sum(self.records.values()), "entities": len(self.records)}, language))
        if self.people:
            found.append(translate("pack.plan_people", {"count": self.people}, language))
        if self.known_people:
            found.append(translate("pack.plan_known_people", {"logins": list(self.known_people)}, language))
        found += [translate(problem.code, problem.values, language) for problem in self.blocks]
        found += [f"{finding.kind}/{finding.key}: {translate(finding.code, finding.values, language)}" for finding in self.findings]
        return found


def plan_install(
    work: Work, pack: Pack, *, key: str | None = None, leave_out: Iterable[str] = (), mapping: Mapping[str, Any] | None = None
) -> Plan:
    """Compare a pack, complete with what it builds on, with what is here; the rest is as `install_pack` takes it.

    Raises Invalid where something it builds on is missing.
    """
    setting = Setting(key or "", tuple(leave_out), check_mapping(mapping))
    pack = prepare(pack, setting)
    placed = {login for login, here in setting.mapping.get("users", {}).items() if here is not None}
    absent = setting.mapping.get("users", {}).keys() - placed
    records: Counter[str] = Counter()
    for file in pack.samples:
        records[file.entity] += len(file.records)
    known = {user.login for user in accounts.list_users(work)} | placed
    logins = [row["login"] for row in pack.people.get("users", ()) if row["login"] not in absent]
    return Plan(
        pack.manifest,
        dict(Counter(document["kind"] for document in pack.documents)),
        dict(records),
        len([login for login in logins if login not in known]),
        tuple(login for login in logins if login in known),
        tuple(_blocks(work, pack)),
        lint(pack.documents, are_checked=True),  # each was checked when the pack was read
    )


def _blocks(work: Work, pack: Pack) -> list[Problem]:
    apps = {entry.key: entry.uid for entry in list_apps(work)}
    app = app_of(pack.documents)
    found = [] if IS_KEY(app["key"]) else [Problem("pack.key", {}, ("key",))]
    if app["key"] in apps:
        found.append(Problem("pack.app_exists", {"app": app["key"]}))
    elif app["uid"] in apps.values():
        found.append(Problem("pack.uid_exists", {"app": app["key"]}))
    return found
