"""Databases for tests, each a copy of one template: no test waits until one is made or dropped.

PostgreSQL looks but every 100 ms whether the connections to a database that is dropped have ended.
"""

import uuid
from concurrent.futures import Future, ThreadPoolExecutor

from geo_server.door.cluster import Store

KEPT = 4  # databases left behind that wait to be dropped: they stand in memory


class Clones:
    """Keeps one fresh database ahead of whoever takes it, in a thread of its own."""

    def __init__(self, store: Store, template: str) -> None:
        self._store, self._template = store, template
        self._beside = ThreadPoolExecutor(1, "clones")
        self._next: Future[str] = self._beside.submit(self._made)
        self._left: list[Future[None]] = []

    def take(self) -> str:
        """Give the name of a database that nobody used."""
        taken, self._next = self._next, self._beside.submit(self._made)
        return taken.result()

    def leave(self, name: str) -> None:
        """Have it dropped, whoever is still connected to it; what could not be dropped before is told now."""
        self._left.append(self._beside.submit(self._store.drop_database, name))
        while len(self._left) > KEPT or (self._left and self._left[0].done()):
            self._left.pop(0).result()

    def close(self) -> None:
        """Drop all that is left."""
        self._store.drop_database(self._next.result())
        for left in self._left:
            left.result()
        self._beside.shutdown()

    def _made(self) -> str:
        name = f"test_{uuid.uuid4().hex[:8]}"
        self._store.create_database(name, self._template)
        return name
