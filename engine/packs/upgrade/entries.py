"""What a plan of an upgrade looks like to those who ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.definitions import Document, Finding, Text
from engine.kernel.errors import Problem
from engine.publishing import Impact

Status = Literal["taken", "kept", "both_same", "conflict", "added", "removed", "removed_here"]
Choice = Literal["mine", "theirs"]
CHOICES: tuple[Choice, ...] = ("mine", "theirs")


@dataclass(frozen=True)
class UpgradeItem:
    """One place where the new version, or the app, differs from the version that was installed.

    `id` stays the same from plan to plan. `base` is what was installed, `mine` what stands here, `theirs` what the
    new version brings; a side named in `absent` has nothing there. `choice` is what will be done: what was
    chosen, else what the status suggests; None for a conflict that nobody has decided. `place` says where, in
    the reader's language; `because` why a removal is a conflict: who still uses what goes.
    """

    id: str
    document: str
    kind: str
    document_label: str
    place: str
    status: Status
    base: Any
    mine: Any
    theirs: Any
    choice: Choice | None
    absent: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class UpgradePlan:
    """What an upgrade would do. `blocks` forbid it whatever is chosen; `findings` are the lint's on the result.

    `removed_states` say where records and runs could go that stand in a state which the result hasn't, by workflow
    and state; `removed_options` likewise for options that records hold, by entity/field and option. `migrations`
    are the declared steps in words, with how many records each concerns.
    """

    app: str
    from_version: str
    to_version: str
    items: tuple[UpgradeItem, ...] = ()
    blocks: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    impact: tuple[Impact, ...] = ()
    migrations: tuple[str, ...] = ()
    removed_states: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    removed_options: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    """What workflows, states, fields and options in the two maps are called, by "workflow/state"."""

    @property
    def conflicts(self) -> tuple[UpgradeItem, ...]:
        """Items that somebody has to decide."""
        return tuple(item for item in self.items if item.choice is None)

    @property
    def can_apply(self) -> bool:
        """Is nothing left that stands against it, but for where records go?"""
        return not (self.blocks or self.conflicts or any(item.severity == "error" for item in self.findings)
                    or any(item.level == "blocking" for item in self.impact))


@dataclass(frozen=True)
class Merged:
    """The documents as they would be, and how they came about."""

    documents: tuple[Document, ...]
    items: tuple[UpgradeItem, ...]

    def __iter__(self) -> Iterator[UpgradeItem]:
        return iter(self.items)
