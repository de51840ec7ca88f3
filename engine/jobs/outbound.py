"""The only way out by HTTP. Whatever calls a server calls it through here.

An address is taken apart once, resolved once, and every address behind the name must be public; the
connection then goes to the address that was checked, while certificate and Host keep the name. No
redirects, no proxies or credentials from the environment, bounded in time and size.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession

from engine.jobs.addresses import Address, Blocked, Target, check_address, read_target
from engine.kernel.errors import Invalid, Problem, Unavailable

CONNECT, TOTAL = 3.0, 15.0
MOST_BYTES = 64 * 1024
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Answer:
    """What came back: the status and the first 64 KB."""

    status: int
    body: bytes


def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a host; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


@dataclass(frozen=True)
class Outbound:
    """A way out with the operator's rules: `allowed` receivers (`host:port`) inside of their network.

    `certificates` names a file of further authorities; `resolve` is for tests.
    """

    allowed: frozenset[str] = frozenset()
    certificates: str | None = None
    resolve: Resolve = resolve
    total: float = TOTAL

    def check(self, url: str) -> None:
        """Raise Invalid (`outbound.blocked`) when the address could never be called, whatever it resolves to."""
        try:
            read_target(url, self.allowed)
        except Blocked:
            raise Invalid(Problem("outbound.blocked")) from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body; raises Invalid (`outbound.blocked`) or Unavailable (`outbound.no_answer`)."""
        try:
            target = read_target(url, self.allowed)
            address = self._address(target)
            return self._send(target, address, body, headers)
        except Blocked:
            raise Invalid(Problem("outbound.blocked")) from None
        except (OSError, urllib3.exceptions.HTTPError) as error:  # requests' own errors are OSErrors
            raise Unavailable(Problem("outbound.no_answer")) from error

    def _address(self, target: Target) -> Address:
        """The first address, if all are fit to be called."""
        found = [check_address(item, target) for item in self.resolve(target.host, target.port)]
        if not found:
            raise OSError("the host has no address")
        return found[0]

    def _send(self, target: Target, address: Address, body: bytes, headers: Mapping[str, str]) -> Answer:
        config = Config(
            ip_filter_enable=False, ip_filter_allow_loopback_ips=False,  # done above, and more strictly
            never_redirect=True, default_timeout=(CONNECT, self.total), user_agent_override="Formwork",
        )
        adapter = _PinnedAdapter(target, address)
        with HTTPSession(config) as session, adapter.at_most(self.total):
            session.trust_env = False
            session.mount(f"{target.scheme}://", adapter)
            response = session.request(
                "POST", target.url, data=body, headers={**headers, "Accept-Encoding": "identity"}, stream=True,
                allow_redirects=False, verify=self.certificates or True,
            )
            with response:
                # As it comes: a small compressed answer could become a large one.
                return Answer(response.status_code, response.raw.read(MOST_BYTES, decode_content=False) or b"")


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allowed: Collection[str] = ()
) -> Answer:
    """Send a body to an address; raises Invalid (`outbound.blocked`) or Unavailable."""
    return Outbound(frozenset(allowed)).post(url, body, headers)


class _PinnedAdapter(HTTPAdapter):
    """Connects to one checked address, whatever the name resolves to by now."""

    def __init__(self, target: Target, address: Address) -> None:
        super().__init__(max_retries=0)
        self._target, self._address = target, address
        self._lines: list[socket.socket] = []
        self._is_late = False

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        host: dict[str, Any]
        pool: dict[str, Any]
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)  # type: ignore[assignment]
        if self._target.scheme == "https":
            pool["assert_hostname"] = pool["server_hostname"] = self._target.host
        request.headers["Host"] = self._target.url.split("/", 3)[2]
        host["host"] = f"[{self._address}]" if self._address.version == 6 else str(self._address)
        return host, pool

    def get_connection_with_tls_context(self, *args: Any, **more: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **more)
        make = pool.ConnectionCls

        def remember(*inner: Any, **settings: Any) -> Any:
            connection = make(*inner, **settings)
            connect = connection.connect

            def connect_and_remember() -> None:
                if self._is_late:
                    raise TimeoutError
                connect()
                self._lines.append(connection.sock)  # an answer takes the line away from its connection

            connection.connect = connect_and_remember
            return connection

        pool.ConnectionCls = remember
        return pool

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Cut the line after so long: timeouts of a socket start anew with every byte that drips in."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if self._is_late:
            raise TimeoutError

    def _cut(self) -> None:
        self._is_late = True
        for line in self._lines:
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)  # below TLS, which another thread uses
