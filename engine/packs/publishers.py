"""Publishers whose signatures this installation trusts: a list that its administrator keeps."""

from __future__ import annotations

from dataclasses import replace

from engine.accounts.rights import require_admin
from engine.kernel.errors import Conflict, Invalid, NotFound, Problem
from engine.packs.pack import Pack
from engine.packs.schemas import file_problems
from engine.packs.signature import fingerprint, judge
from engine.packs.store import done_so_far, note_done
from engine.storage import Work

_TRUSTED = "packs.publishers"


def judged(work: Work, pack: Pack) -> Pack:
    """The pack with what this installation thinks of its signer."""
    if pack.signature.trust == "none":
        return pack
    publishers = {key: name for name, key in trusted_publishers(work).items()}
    return replace(pack, signature=judge(pack.signature.key, publishers))


def trusted_publishers(work: Work) -> dict[str, str]:
    """Public keys by the publisher's name."""
    return {str(name): str(key) for name, key in sorted(done_so_far(work, _TRUSTED).items())}


def trust_publisher(work: Work, name: str, public_key: str) -> None:
    """Take whatever this key signs for the publisher's, from now on.

    Raises Invalid for text that is no key; Conflict where the name or the key is taken; Forbidden unless an administrator asks.
    """
    require_admin(work)
    key, name = public_key.strip(), " ".join(name.split())
    content = {"algorithm": "ed25519", "key": key, "signature": "A" * 86 + "=="}
    if file_problems("signature", content):
        raise Invalid(Problem("pack.no_public_key"))
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise Invalid(Problem("pack.publisher_name"))
    known = trusted_publishers(work)
    if known.get(name, key) != key or key in (known[other] for other in known if other != name):
        raise Conflict(Problem("pack.publisher_known", {"name": name}))
    note_done(work, _TRUSTED, {**known, name: key})
    work.log("pack.publisher_trusted", subject=name, details={"key": fingerprint(key)})


def forget_publisher(work: Work, name: str) -> None:
    """Trust a publisher no longer; raises NotFound, Forbidden."""
    require_admin(work)
    known = trusted_publishers(work)
    if name not in known:
        raise NotFound(Problem("pack.no_publisher", {"name": name[:80]}))
    note_done(work, _TRUSTED, {other: key for other, key in known.items() if other != name})
    work.log("pack.publisher_forgotten", subject=name, details={"key": fingerprint(known[name])})
