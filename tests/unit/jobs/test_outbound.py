"""Calling out, to servers on this machine."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from engine.jobs import post
from engine.jobs.outbound import MOST_BYTES, Outbound, resolve
from engine.kernel.errors import Invalid, Unavailable

Handle = Callable[[BaseHTTPRequestHandler], None]


class Receiver:
    """A server that answers as it is told and keeps what it was sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.handle: Handle = lambda request: answer(request, 204)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                outer.handle(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def out(self, total: float = 5) -> Outbound:
        return Outbound(frozenset({f"erp.internal:{self.port}"}), resolve=lambda *_: ["127.0.0.1"], total=total)

    @property
    def url(self) -> str:
        return f"http://erp.internal:{self.port}"


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_body_arrives_at_the_checked_address_with_the_name_as_host(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    receiver.handle = lambda request: answer(request, 200, b"ok")

    got = receiver.out().post(f"{receiver.url}/in?x=1", b'{"a":1}', {"webhook-id": "7"})

    assert (got.status, got.body) == (200, b"ok")
    path, headers, body = receiver.requests[0]
    assert (path, body) == ("/in?x=1", b'{"a":1}')
    assert headers["host"] == f"erp.internal:{receiver.port}"
    assert (headers["webhook-id"], headers["user-agent"]) == ("7", "Formwork")


def test_redirects_are_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.handle = lambda request: answer(request, 302, Location="http://127.0.0.1:1/admin")

    assert receiver.out().post(receiver.url, b"", {}).status == 302
    assert len(receiver.requests) == 1


def test_only_the_beginning_of_a_long_answer_is_read(receiver: Receiver) -> None:
    receiver.handle = lambda request: answer(request, 200, b"x" * (MOST_BYTES + 5000))

    assert len(receiver.out().post(receiver.url, b"", {}).body) == MOST_BYTES


def test_compressed_answers_stay_compressed(receiver: Receiver) -> None:
    receiver.handle = lambda request: answer(request, 200, b"\x1f\x8bzip", **{"Content-Encoding": "gzip"})

    assert receiver.out().post(receiver.url, b"", {}).body == b"\x1f\x8bzip"


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_receiver_that_drips_is_cut_off(receiver: Receiver, part: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        if part == "body":
            request.send_response(200)
            request.end_headers()
        try:
            for _ in range(50):
                request.wfile.write(b"X: y\r\n" if part == "headers" else b"x")
                time.sleep(0.05)
        except OSError:
            return

    receiver.handle = drip
    begun = time.monotonic()

    with pytest.raises(Unavailable):
        receiver.out(total=0.4).post(receiver.url, b"", {})
    assert time.monotonic() - begun < 2


def test_nobody_listening_is_worth_another_try() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    out = Outbound(frozenset({f"127.0.0.1:{port}"}))

    with pytest.raises(Unavailable) as error:
        out.post(f"http://127.0.0.1:{port}/", b"", {})
    assert error.value.problems[0].code == "outbound.no_answer"


def test_without_an_allow_list_this_machine_is_out_of_reach(receiver: Receiver) -> None:
    for url in (f"http://127.0.0.1:{receiver.port}/", f"https://localhost:{receiver.port}/"):
        with pytest.raises(Invalid):
            post(url, b"", {})
    with pytest.raises(Invalid):
        Outbound(resolve=lambda *_: ["127.0.0.1"]).post("https://rebound.example.com/", b"", {})
    assert post(f"http://127.0.0.1:{receiver.port}/", b"", {}, allowed=[f"127.0.0.1:{receiver.port}"]).status == 204
    assert len(receiver.requests) == 1


def test_addresses_resolve_to_themselves() -> None:
    assert list(resolve("127.0.0.1", 80)) == ["127.0.0.1"]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for erp.internal, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=erp.internal", "-addext", "subjectAltName=DNS:erp.internal", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )
    return cert, key


def test_tls_checks_the_name_although_the_address_is_pinned(receiver: Receiver, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    allowed = frozenset({f"{name}:{receiver.port}" for name in ("erp.internal", "other.internal")})
    out = Outbound(allowed, str(cert), lambda *_: ["127.0.0.1"])

    assert out.post(f"https://erp.internal:{receiver.port}/", b"x", {}).status == 204
    assert receiver.requests[0][1]["host"] == f"erp.internal:{receiver.port}"
    with pytest.raises(Unavailable):
        out.post(f"https://other.internal:{receiver.port}/", b"x", {})
    with pytest.raises(Unavailable):  # signed by nobody we know
        Outbound(allowed, None, lambda *_: ["127.0.0.1"]).post(f"https://erp.internal:{receiver.port}/", b"x", {})
    assert len(receiver.requests) == 1
