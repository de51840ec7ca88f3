"""`kill -9` of server and worker under load: nothing that was acknowledged is lost or doubled, mails and webhooks included.

    python benchmarks/kill_loop.py [--rounds 100] [--database sqlite|postgresql|both]

Each round: clients create quotations below the automatic limit and submit them, each request with an
Idempotency-Key of its own and repeated until it is acknowledged; after a random moment server and worker
are killed. At the end: every acknowledged quotation is there once and approved once; it has one mail in
the outbox and at least one delivery of one webhook event; nothing is there that nobody asked for.
"""
from __future__ import annotations

import argparse
import contextlib
import http.server
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(HERE))
from compare import dsn, postgresql, postmaster  # noqa: E402

PORT, HOOK = 5061, 5062
CLIENTS = 4


class Receiver(http.server.BaseHTTPRequestHandler):
    """Counts webhook deliveries by event id, and keeps what they were about."""

    seen: Counter[str] = Counter()
    about: dict[str, str] = {}

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = self.headers["webhook-id"]
        self.seen[event] += 1
        self.about[event] = body.decode()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        return


class Client(threading.Thread):
    """Creates and submits quotations until told to stop; repeats a request until it is acknowledged."""

    def __init__(self, number: int, token: str, account: str, product: str, engineer: str) -> None:
        super().__init__(daemon=True)
        self.number, self.token = number, token
        self.values = {"account": account, "payment_terms": "net30", "lead_engineer": engineer, "lines": [{"product": product, "quantity": "1", "unit_price": "1000.00"}]}
        self.stopping = False
        self.acknowledged: dict[str, str] = {}
        self.repeats = 0

    def run(self) -> None:
        count = 0
        while not self.stopping:
            subject = f"kill-{self.number}-{count}"
            count += 1
            made = self.send("POST", "/manufacturing/quotation", {"subject": subject, **self.values}, f"{subject}-c")
            self.send("POST", f"/manufacturing/quotation/{made['id']}/transitions/submit", {}, f"{subject}-s")
            self.acknowledged[subject] = made["id"]

    def send(self, method: str, path: str, body: object, key: str) -> dict:
        while True:
            request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/v1{path}", json.dumps(body).encode(), method=method, headers={
                "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": key})
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                text = error.read().decode(errors="replace")
                if error.code not in (500, 503):
                    raise SystemExit(f"{method} {path}: {error.code} {text[:500]}") from None
            except OSError:
                pass
            self.repeats += 1
            time.sleep(0.1)


def formwork(settings: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([BIN / "formwork", *arguments], env={**os.environ, **settings}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"formwork {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def start(settings: dict[str, str], kind: str) -> list[subprocess.Popen]:
    environment = {**os.environ, **settings}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment, "start_new_session": True}
    found = [subprocess.Popen([BIN / "formwork", "serve", "--port", str(PORT), "--workers", "1"], **quiet)]
    if kind == "postgresql":
        found.append(subprocess.Popen([BIN / "formwork", "worker"], **quiet))
    return found


def kill(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_up() -> None:
    for _ in range(400):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/login", timeout=5)
            return
        time.sleep(0.05)
    raise SystemExit("the server doesn't come up")


def get(token: str, path: str) -> dict:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def run(kind: str, rounds: int) -> bool:
    folder = Path(tempfile.mkdtemp(prefix="fwkill"))
    settings = {"FORMWORK_DATA": str(folder / "data"), "FORMWORK_ALLOW_INTERNAL": f"127.0.0.1:{HOOK}"}
    server = None
    if kind == "postgresql":
        server, binaries = postgresql(folder)
        subprocess.run([binaries / "createdb", "-h", "127.0.0.1", "-p", "54329", "-U", "postgres", "formwork"], check=True)
        settings["FORMWORK_DATABASE_URL"] = dsn("formwork", "+psycopg")
    Receiver.seen, Receiver.about = Counter(), {}
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", HOOK), Receiver)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    processes: list[subprocess.Popen] = []
    chance = random.Random(11)
    try:
        formwork(settings, "init")
        formwork(settings, "pack", "install", "manufacturing", "--lang", "en", "--people")
        prepare(settings)
        token = formwork(settings, "token", "add", "sales1").strip()
        processes = start(settings, kind)
        wait_up()
        account = get(token, "/manufacturing/account?limit=1&fields=name")["items"][0]["id"]
        product = get(token, "/manufacturing/product?limit=1&fields=name")["items"][0]["id"]
        engineer = get(token, "/manufacturing/quotation?limit=1&filter=not%20is_blank(lead_engineer)")["items"][0]["lead_engineer"]
        before = len(list((folder / "data" / "outbox").glob("*.eml")))
        clients = [Client(number, token, account, product, engineer) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for number in range(rounds):
            time.sleep(chance.uniform(0.2, 1.2))
            kill(processes)
            processes = start(settings, kind)
            wait_up()
            if number % 10 == 9:
                print(f"  {kind}: {number + 1} kills, {sum(len(client.acknowledged) for client in clients)} acknowledged", flush=True)
        for client in clients:
            client.stopping = True
        for client in clients:
            client.join(60)
        return judge(kind, rounds, clients, token, folder, before)
    finally:
        kill(processes)
        hook.shutdown()
        if server is not None:
            os.kill(int(postmaster(folder)), signal.SIGINT)
            server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def prepare(settings: dict[str, str]) -> None:
    """Give the webhook its address and the seller a mailbox; the receiver is ours, on the loopback."""
    formwork(settings, "webhook", "manufacturing", "erp_quote_release", f"http://127.0.0.1:{HOOK}/")
    formwork(settings, "user", "email", "sales1", "sales1@example.com")


def judge(kind: str, rounds: int, clients: list[Client], token: str, folder: Path, before: int) -> bool:
    acknowledged = {subject: id for client in clients for subject, id in client.acknowledged.items()}
    stored: dict[str, list[tuple[str, str]]] = {}
    cursor = ""
    while True:
        page = get(token, f"/manufacturing/quotation?filter=starts_with(subject%2C%20%22kill-%22)&sort=subject&limit=500&fields=subject,status,number{cursor}")
        for item in page["items"]:
            stored.setdefault(item["subject"], []).append((item["id"], item["status"]))
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    deadline = time.time() + 120
    mails: Counter[str] = Counter()
    while time.time() < deadline:  # the worker goes on until all is sent
        mails = mails_of(folder)
        events = {id: sum(id in about for about in list(Receiver.about.values())) for id in acknowledged.values()}
        if all(mails[id] for id in acknowledged.values()) and all(events.values()):
            break
        time.sleep(1)
    events = Counter(id for about in list(Receiver.about.values()) for id in acknowledged.values() if id in about)
    lost = [subject for subject in acknowledged if subject not in stored]
    doubled = [subject for subject, found in stored.items() if len(found) > 1]
    unfinished = [subject for subject in acknowledged if stored.get(subject, [("", "")])[0][1] != "approved"]
    result = {
        "database": kind, "kills": rounds, "acknowledged": len(acknowledged), "repeated requests": sum(client.repeats for client in clients),
        "lost": len(lost), "doubled": len(doubled), "not approved": len(unfinished),
        "without mail": sum(not mails[id] for id in acknowledged.values()), "two mails": sum(mails[id] > 1 for id in acknowledged.values()),
        "without webhook": sum(not events[id] for id in acknowledged.values()), "two webhook events": sum(events[id] > 1 for id in acknowledged.values()),
        "deliveries": sum(Receiver.seen.values()), "distinct events": len(Receiver.seen),
    }
    print(json.dumps(result), flush=True)
    return not any(result[key] for key in ("lost", "doubled", "not approved", "without mail", "two mails", "without webhook", "two webhook events"))


def mails_of(folder: Path) -> Counter[str]:
    """Mails in the outbox by the record whose address they hold."""
    import email
    import email.policy

    found: Counter[str] = Counter()
    for path in (folder / "data" / "outbox").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        for id in set(re.findall(r"/quotation/([0-9a-f-]{36})", body.get_content() if body else "")):
            found[id] += 1
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    given = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    results = [run(kind, given.rounds) for kind in kinds]
    sys.exit(0 if all(results) else 1)
