"""Which addresses the product may call: decided before anything is resolved, and again after.

What is allowed is named and all else refused. The rules follow the ways in which such guards have
been got round: other spellings of an address (0177.0.0.1, 2130706433, ::ffff:127.0.0.1), networks that
Python calls global and that lead inside all the same (6to4, NAT64, site-local, IPv4-compatible), names
with an address of their own choice, and parsers that disagree about where the host ends.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES

PORTS = frozenset({80, 443, 8443})
LONGEST = 2048
_DEFAULT_PORTS = {"https": 443, "http": 80}
_SIGNS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")  # RFC 3986, without # and \
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LEADING_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in ("fec0::/10", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10")
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Blocked(Exception):
    """This address must not be called. Whoever gave it doesn't learn why."""


@dataclass(frozen=True)
class Target:
    """Where to call, taken apart once; `url` is put together again from the parts."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool
    """Has the operator named this very host and port?"""

    @property
    def url(self) -> str:
        """The address in a form that all parsers read alike."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def read_target(url: str, allowed: Collection[str] = ()) -> Target:
    """Take an address apart; raises Blocked.

    `allowed` are the operator's own receivers, each `host:port`; only those may be called without TLS,
    on other ports than 443, 80 and 8443, and inside of the operator's networks.
    """
    found = _split(url)
    is_allowed = f"{found.host}:{found.port}" in {item.lower() for item in allowed}
    if not is_allowed and (found.scheme != "https" or found.port not in PORTS):
        raise Blocked
    return replace(found, is_allowed=is_allowed)


def is_url(url: str) -> bool:
    """Is this an address at all?"""
    try:
        _split(url)
    except Blocked:
        return False
    return True


def _split(url: str) -> Target:
    if len(url) > LONGEST or not _SIGNS.fullmatch(url):
        raise Blocked
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Blocked from None
    if parts.scheme not in _DEFAULT_PORTS or "@" in parts.netloc or not parts.netloc:
        raise Blocked
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        parts.scheme, _plain_host(host, is_bracketed="[" in parts.netloc),
        _DEFAULT_PORTS[parts.scheme] if port is None else port, path, is_allowed=False,
    )


def check_address(address: str, target: Target) -> Address:
    """The address of a host, if it may be called; raises Blocked."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        raise Blocked from None
    if "%" in address:
        raise Blocked
    if not target.is_allowed and not is_public(found):
        raise Blocked
    return found


def is_public(address: Address) -> bool:
    """Does this address lead to the open internet and nowhere else?"""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    blocked = (*_LEADING_INSIDE, *EXTRA_BLOCKED_NET_RANGES)
    return not any(address in network for network in blocked if network.version == address.version)


def _plain_host(host: str, *, is_bracketed: bool) -> str:
    """A name or a plainly written address; raises Blocked for everything that only looks like one."""
    if is_bracketed:
        if "%" in host:  # a zone: it means something on this machine only
            raise Blocked
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise Blocked from None
    if not _HOST.fullmatch(host):
        raise Blocked
    last = host.rsplit(".", 1)[-1]
    if last.isdigit() or last.startswith("0x"):  # a number: then it is all of it, in the one usual form
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise Blocked from None
    return host
