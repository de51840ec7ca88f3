"""A lock between processes that the system releases when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_STEP = 0.05
_LOCKED_AT = 1 << 20  # far behind the text, so that others can read who holds the lock


class FileLock:
    """An exclusive lock on a file; the file's text names the process that holds it.

    The lock belongs to this object: a second object locks out the first one in the same process too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Do we hold it?"""
        return self._descriptor is not None

    def acquire(self, timeout: float) -> bool:
        """Take the lock, waiting up to `timeout` seconds; False when another holder kept it."""
        if self.is_held:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        limit = time.monotonic() + timeout
        while not _try_lock(descriptor):
            if time.monotonic() >= limit:
                os.close(descriptor)
                return False
            time.sleep(_STEP)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0) if hasattr(os, "pwrite") else os.write(
            descriptor, f"{os.getpid()}\n".encode()
        )
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it isn't held."""
        if self._descriptor is not None:
            os.close(self._descriptor)  # closing gives up the lock on every system
            self._descriptor = None

    def holder(self) -> str:
        """The process that holds the lock, as it wrote itself down; "?" when it can't be read."""
        try:
            return self.path.read_text().strip() or "?"
        except OSError:
            return "?"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
