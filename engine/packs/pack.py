"""What a pack is once it has been read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.definitions import Document, Text
from engine.kernel.messages import translate


@dataclass(frozen=True)
class Module:
    """A part that may be left out: its documents as "kind/key", and the modules it can't be without."""

    key: str
    label: Text
    documents: tuple[str, ...]
    description: Text = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """What `pack.json` says. `requires` maps "formwork" or a pack that this one builds on to a version range."""

    uid: str
    key: str
    version: str
    label: Text
    description: Text = ""
    languages: tuple[str, ...] = ()
    requires: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    icon: str = ""
    leaves_out: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    checksums: Mapping[str, str] = field(default_factory=dict)
    migrations: tuple[Mapping[str, Any], ...] = ()
    """What an upgrade does to the records: {"to": version, "steps": […]} as `schema/pack.json` says."""


@dataclass(frozen=True)
class SampleFile:
    """Sample records of one entity, in the order in which they are created."""

    name: str
    entity: str
    records: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Signature:
    """Who vouches for a pack: nobody, a key that nobody here knows, or a trusted publisher.

    `key` is the public key (Base64), `signed_by` the publisher's name, or the key's fingerprint where it is unknown.
    """

    trust: Literal["none", "unknown", "trusted"] = "none"
    key: str = ""
    signed_by: str = ""

    def sentence(self, language: str) -> str:
        """Who signed it, in words."""
        return translate(f"pack.signature_{self.trust}", {"name": self.signed_by}, language)


@dataclass(frozen=True)
class Pack:
    """A set of definitions that travels, with sample records and demonstration people."""

    manifest: Manifest
    documents: tuple[Document, ...]
    samples: tuple[SampleFile, ...] = ()
    people: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Which file each document came from, by kind and key."""
    scenarios: tuple[Any, ...] = ()
    """Acceptance cases (`scenarios.Scenario`)."""
    extras: Mapping[str, bytes] = field(default_factory=dict)
    """Everything that is no definition, as it stands in its file: people, samples, scenarios, README, pictures, signature."""
    signature: Signature = Signature()

    def with_documents(self, documents: tuple[Document, ...], *, samples: tuple[SampleFile, ...] | None = None) -> Pack:
        """The same pack with other documents."""
        return replace(self, documents=documents, samples=self.samples if samples is None else samples)

    def with_scenarios(self, keys: Collection[str]) -> Pack:
        """The same pack with only these scenarios."""
        return replace(self, scenarios=tuple(scenario for scenario in self.scenarios if scenario.key in keys))
