"""Published releases as the rest of the engine reads them: built once per process, then shared."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.definitions import Model, build_model
from engine.kernel.errors import NotFound, Problem
from engine.storage.dialects import Stamp
from engine.storage.record_tables import Tables, build
from engine.storage.system_tables import blob, release

KEPT_OLD = 6     # releases that running workflows are pinned to, say
_KEPT_STAMPS = 4
_KEPT_BUILT = 2  # of the same content on the same kind of database: a copy is opened without building it anew

_NUMBERS = "SELECT key, release FROM app"
_MANIFEST = sa.select(release.c.manifest).where(release.c.app == sa.bindparam("app"), release.c.number == sa.bindparam("number"))
_BLOBS = sa.select(blob.c.hash, blob.c.document).where(blob.c.hash.in_(sa.bindparam("hashes", expanding=True)))


@dataclass(frozen=True)
class Loaded:
    """A release ready for use."""

    model: Model
    tables: Tables


_built: OrderedDict[tuple[Hashable, ...], Loaded] = OrderedDict()
_building = threading.Lock()


class Releases:
    """What a process remembers of releases. Safe to use from several threads.

    A release never changes once it is committed, so only the current numbers can go out of date;
    they are remembered by the stamp under which they were read.
    """

    def __init__(self, dialect: str) -> None:
        self._loaded: dict[tuple[str, int], Loaded] = {}
        self._numbers: dict[int, Mapping[str, int]] = {}
        self._building = threading.Lock()

    def numbers(self, connection: sa.Connection, stamp: Stamp) -> Mapping[str, int]:
        """The number of each app's current release; 0 where nothing is published."""
        found = self._numbers.get(stamp.releases)
        if found is None:
            found = read_numbers(connection)
            with self._building:
                self._numbers[stamp.releases] = found
                for old in sorted(self._numbers)[:-_KEPT_STAMPS]:
                    del self._numbers[old]
        return found

    def load(self, connection: sa.Connection, app: str, number: int) -> Loaded:
        """A committed release; raises NotFound."""
        found = self._loaded.get((app, number))
        if found is None:
            with self._building:  # one thread builds, the others wait for it
                found = self._loaded.get((app, number))
                if found is None:
                    found = read_release(connection, app, number)
                    self._keep(found)
        return found

    def share(self, loaded: Loaded) -> None:
        """Remember a release that has just been committed."""
        with self._building:
            self._keep(loaded)

    def _keep(self, loaded: Loaded) -> None:
        newest: Mapping[str, int] = self._numbers[max(self._numbers)] if self._numbers else {}
        self._loaded[loaded.model.app.key, loaded.model.release] = loaded
        old = [key for key in self._loaded if newest.get(key[0], 0) > key[1]]
        for key in old[:-KEPT_OLD]:
            del self._loaded[key]


class Pinned:
    """The releases that one unit of work sees: the same ones from its beginning to its end."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._current: dict[str, Loaded] = {}
        self._own: dict[tuple[str, int], Loaded] = {}
        self._is_shared = True
        self.times_unpinned = 0

    def current(self, connection: sa.Connection, stamp: Stamp, app: str) -> Loaded:
        """The current release; raises NotFound when the app or a release of it is missing."""
        found = self._current.get(app)
        if found is None:
            number = self.number(connection, stamp, app)
            if number == 0:
                raise NotFound(Problem("storage.not_published", {"app": app}))
            found = self._current[app] = self.of(connection, app, number)
        return found

    def of(self, connection: sa.Connection, app: str, number: int) -> Loaded:
        """Any release; raises NotFound."""
        if self._is_shared:
            return self._releases.load(connection, app, number)
        if (app, number) not in self._own:  # may be undone yet, so it is nobody else's business
            self._own[app, number] = read_release(connection, app, number)
        return self._own[app, number]

    def number(self, connection: sa.Connection, stamp: Stamp, app: str) -> int:
        """The number of the current release, 0 for none; raises NotFound for an unknown app."""
        numbers = self._releases.numbers(connection, stamp) if self._is_shared else read_numbers(connection)
        if app not in numbers:
            raise NotFound(Problem("storage.no_app", {"app": app}))
        return numbers[app]

    def unpin(self) -> None:
        """Look again, at what this unit of work itself has written."""
        self._is_shared = False
        self.times_unpinned += 1
        self._current.clear()

    def forget_own(self) -> None:
        """What this unit of work has written may be undone: read it anew."""
        self._current.clear()
        self._own.clear()

    def adopt(self, loaded: Loaded) -> None:
        """Take a release that this unit of work has just written, so that it isn't built twice."""
        self._own[loaded.model.app.key, loaded.model.release] = loaded


def read_numbers(connection: sa.Connection) -> Mapping[str, int]:
    """The current release numbers as the connection sees them."""
    return {key: number for key, number in connection.exec_driver_sql(_NUMBERS)}  # noqa: C416 (rows aren't pairs to a type checker)


def read_documents(connection: sa.Connection, app: str, number: int) -> list[dict[str, Any]]:
    """The documents of a release; raises NotFound."""
    return _documents(connection, _manifest(connection, app, number))


def read_release(connection: sa.Connection, app: str, number: int) -> Loaded:
    """Read and build a release; raises NotFound."""
    manifest = _manifest(connection, app, number)
    key = (connection.dialect.name, app, number, tuple(sorted(manifest.items())))
    with _building:
        found = _built.get(key)
        if found is None:
            model = build_model(_documents(connection, manifest), release=number, release_id=f"{app}/{number}")
            found = _built[key] = Loaded(model, build(model))
            while len(_built) > _KEPT_BUILT:
                _built.popitem(last=False)
        _built.move_to_end(key)
    return found


def _manifest(connection: sa.Connection, app: str, number: int) -> Mapping[str, str]:
    found: Mapping[str, str] | None = connection.execute(_MANIFEST, {"app": app, "number": number}).scalar()
    if found is None:
        raise NotFound(Problem("storage.no_release", {"app": app, "number": number}))
    return found


def _documents(connection: sa.Connection, manifest: Mapping[str, str]) -> list[dict[str, Any]]:
    documents = {key: document for key, document in connection.execute(_BLOBS, {"hashes": list(manifest.values())})}  # noqa: C416
    return [documents[manifest[name]] for name in sorted(manifest)]
