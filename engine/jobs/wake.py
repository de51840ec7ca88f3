"""Wakes the workers of this process as soon as there is something to do.

Workers of other processes find it when they next look, a second later at most.
"""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary, WeakSet

_listening: WeakKeyDictionary[object, WeakSet[threading.Event]] = WeakKeyDictionary()
_lock = threading.Lock()


def listen(database: object) -> threading.Event:
    """An event that is set whenever a job of this database has been queued; lasts as long as it is kept."""
    event = threading.Event()
    with _lock:
        _listening.setdefault(database, WeakSet()).add(event)
    return event


def wake(database: object) -> None:
    """Wake everybody who listens."""
    with _lock:
        events = list(_listening.get(database, ()))
    for event in events:
        event.set()
