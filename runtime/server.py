"""Starts granian: few threads, as memory grows with each; more processes for more load."""

from __future__ import annotations

import os

from granian import Granian
from granian.constants import Interfaces

THREADS = 4


def run(host: str, port: int, *, workers: int = 1, threads: int = THREADS, quiet: bool = False) -> None:
    """Serve until told to stop; the settings travel in the environment."""
    server = Granian(
        "runtime.wsgi:app", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=threads, runtime_threads=1, backlog=1024, log_enabled=not quiet,
        log_access=bool(os.environ.get("GRANIAN_LOG_ACCESS")), respawn_failed_workers=True, workers_kill_timeout=10,
    )
    server.serve()
