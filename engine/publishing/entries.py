"""What drafts and releases look like to those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from engine.definitions import Document, Finding
from engine.kernel.errors import PathPart
from engine.storage import Step

Level = Literal["note", "warning", "blocking"]
Status = Literal["new", "changed", "published"]


@dataclass(frozen=True)
class AppEntry:
    """An app that is here; `release` is 0 as long as nothing is published."""

    key: str
    uid: str
    release: int
    draft_rev: int
    created_at: datetime


@dataclass(frozen=True)
class DraftDocument:
    """A document of the draft, and the number that grows with each change of it."""

    document: Document
    rev: int
    changed_by: UUID | None = None
    changed_at: datetime | None = None

    @property
    def kind(self) -> str:
        """Kind of document."""
        return str(self.document["kind"])

    @property
    def key(self) -> str:
        """Key of the document."""
        return str(self.document["key"])


@dataclass(frozen=True)
class DraftEntry:
    """A line in the list of the draft's documents."""

    kind: str
    key: str
    uid: str
    label: Any
    rev: int
    status: Status
    changed_by: UUID | None
    changed_at: datetime | None


@dataclass(frozen=True)
class Release:
    """A published state of an app. `origin` says where it came from when nobody designed it here."""

    app: str
    number: int
    note: str
    author_id: UUID | None
    published_at: datetime
    is_current: bool
    origin: Mapping[str, Any] | None = None
    manifest: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Impact:
    """What publishing would do to what is there: records, running approvals, people's rights.

    `blocking` ones must be mended first. `values` may hold `uses`: who uses what would be gone.
    """

    code: str
    level: Level
    kind: str
    key: str
    path: tuple[PathPart, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """What a check found: faults of the definitions, effects on what is there, changes to tables."""

    findings: tuple[Finding, ...] = ()
    impact: tuple[Impact, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def can_publish(self) -> bool:
        """Is there nothing that forbids it?"""
        return not any(finding.severity == "error" for finding in self.findings) and not any(
            impact.level == "blocking" for impact in self.impact
        )
