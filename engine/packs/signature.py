"""Who vouches for a pack: an Ed25519 signature over the bytes of `pack.json`, whose checksums cover the rest.

A pack may be unsigned, and says so. One that is signed has to be signed rightly; whether the signer is known
is decided by the list of trusted publishers that the administrator keeps.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.kernel import json
from engine.kernel.errors import Conflict, Invalid, Problem, raise_invalid
from engine.packs.archive import Files, read_files
from engine.packs.checksums import checksum_problems, checksums_of
from engine.packs.manifest import parse_manifest
from engine.packs.pack import Signature
from engine.packs.schemas import file_problems
from engine.packs.write_files import zip_of

FILE = "signature.json"


# reading ------------------------------------------------------------------------------------------
def read_signature(files: Mapping[str, bytes], publishers: Mapping[str, str] | None = None) -> Signature:
    """Whose signature a pack bears; `publishers` are names by public key.

    Raises Invalid: `pack.signature_wrong` where pack.json is not what was signed, `pack.signature_unsummed`
    where the signed pack.json doesn't cover the files.
    """
    if FILE not in files:
        return Signature()
    content = json.read(files[FILE])
    raise_invalid(problem.under(FILE) for problem in file_problems("signature", content))
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(content["key"])).verify(b64decode(content["signature"]), files["pack.json"])
    except (InvalidSignature, ValueError):
        raise Invalid(Problem("pack.signature_wrong", {"key": fingerprint(content["key"])}, (FILE,))) from None
    said = json.read(files["pack.json"]).get("checksums")
    if not said:
        raise Invalid(Problem("pack.signature_unsummed", {}, (FILE,)))
    raise_invalid(checksum_problems(said, files))
    return judge(content["key"], publishers or {})


def judge(key: str, publishers: Mapping[str, str]) -> Signature:
    """What is thought of a key that signed rightly; `publishers` are names by public key."""
    name = publishers.get(key)
    return Signature("trusted" if name else "unknown", key, name or fingerprint(key))


def fingerprint(key: str) -> str:
    """What people compare instead of a key: 16 letters in groups of four."""
    text = sha256(b64decode(key)).hexdigest()[:16]
    return " ".join(text[at : at + 4] for at in range(0, 16, 4))


# signing ------------------------------------------------------------------------------------------
def new_keypair(path: Path) -> str:
    """A new private key at `path` (PEM, readable by its owner only) and its public key beside it as `.pub`.

    Returns the public key; raises Conflict where there is a file already: keys are never written over.
    """
    beside = public_path(path)
    if path.exists() or beside.exists():
        raise Conflict(Problem("pack.key_exists", {"path": path.name}))
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    public = _public(private)
    beside.write_text(public + "\n", encoding="ascii")
    return public


def public_path(path: Path) -> Path:
    """Where the public key of a private one lies."""
    return path.with_name(path.name + ".pub")


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """A private key as `new_keypair` or openssl wrote it; raises Invalid (`pack.key_unreadable`)."""
    try:
        found = serialization.load_pem_private_key(path.read_bytes()[:10_000], None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise Invalid(Problem("pack.key_unreadable", {"path": path.name})) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise Invalid(Problem("pack.key_unreadable", {"path": path.name}))
    return found


def signed(files: Mapping[str, bytes], private: Ed25519PrivateKey) -> Files:
    """The files with checksums in pack.json, and with the signature of that; raises Invalid for a bad manifest."""
    kept = {name: content for name, content in files.items() if name != FILE}
    if "pack.json" not in kept:
        raise Invalid(Problem("pack.no_manifest"))
    manifest = json.read(kept["pack.json"])
    parse_manifest(manifest)
    kept["pack.json"] = json.canonical({**manifest, "checksums": checksums_of(kept)})
    signature = {"algorithm": "ed25519", "key": _public(private), "signature": b64encode(private.sign(kept["pack.json"])).decode()}
    return dict(sorted({**kept, FILE: json.canonical(signature)}.items()))


def sign(source: Path, key: Path) -> str:
    """Sign a folder or zip where it lies; returns the signer's public key. Raises Invalid."""
    private = read_private_key(key)
    found = signed(read_files(source), private)
    if source.is_dir():
        for name in ("pack.json", FILE):
            (source / name).write_bytes(found[name])
    else:
        source.write_bytes(zip_of(found))
    return _public(private)


def _public(private: Ed25519PrivateKey) -> str:
    return b64encode(private.public_key().public_bytes_raw()).decode()
