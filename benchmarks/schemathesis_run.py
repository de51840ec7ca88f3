"""Schemathesis over every operation of the API, on a database of its own with the manufacturing pack.

    python benchmarks/schemathesis_run.py --examples 200 --login admin --login sales1 [--stateful]

Prints the number of operations and requests and what was answered; ends with 1 when a check fails. The
design endpoints come last and on a database of their own, for they change what the others describe.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

DESIGN = "^/design/"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="examples per operation and kind of data")
    parser.add_argument("--login", action="append", help="whose rights to use (admin, sales1, …); may come several times")
    parser.add_argument("--only", help="regular expression of paths")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--stateful", action="store_true", help="also chains of requests")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    failed = 0
    for login in given.login or ["sales1", "admin"]:
        failed += part(login, given, only=given.only, leave_out=DESIGN)
    if not given.only:
        failed += part("designer", given, only=DESIGN, leave_out=None)
    return 1 if failed else 0


def part(login: str, given: argparse.Namespace, *, only: str | None, leave_out: str | None) -> int:
    from runtime.app import create_app
    from runtime.settings import Settings
    from tests.web.conftest import _install
    from tests.web.openapi_run import run

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        _install(f"sqlite:///{data / 'formwork.db'}", data)
        app = create_app(Settings(data=data))
        began = time.monotonic()
        found = run(app, login, examples=given.examples, only=only, leave_out=leave_out, stateful=given.stateful, seed=given.seed)
        app.engine.close()
    seconds = time.monotonic() - began
    answered = ", ".join(f"{status}: {count}" for status, count in sorted(found.statuses.items()))
    print(f"{login}: {found.operations} operations ({len(found.good)} with good answers), {found.requests} requests in {seconds:.0f} s; {answered}")
    for failure in found.failures:
        print(failure)
    print(f"{login}: {len(found.failures)} failures")
    return len(found.failures)


if __name__ == "__main__":
    sys.exit(main())
