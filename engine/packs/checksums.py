"""Checksums of a pack's files: what `pack.json` says against what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from engine.kernel.errors import Problem

UNSUMMED = ("pack.json", "signature.json")
"""The manifest holds the sums, and the signature is over the manifest."""


def checksums_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of every file that is summed, in hex, by its path."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items()) if name not in UNSUMMED}


def checksum_problems(said: Mapping[str, str], files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Files that were changed, that are missing, or that nobody summed; nothing for a pack without checksums."""
    if not said:
        return
    found = checksums_of(files)
    for name in sorted(said.keys() | found.keys()):
        if name not in found:
            yield Problem("pack.checksum_missing", {"name": name}, (name,))
        elif name not in said:
            yield Problem("pack.checksum_unlisted", {"name": name}, (name,))
        elif said[name] != found[name]:
            yield Problem("pack.checksum_wrong", {"name": name}, (name,))
