"""One shard as an actor: it keeps a process in which cameras run with their whole pipeline.

That process is apart from the actor's own, as on one machine, for a stream may break its reader: then the actor finds
the camera, holds it back and says so, and neither the other cameras nor the other shards suffer from it.
"""

import asyncio
import os
import socket
import threading
from functools import partial
from secrets import token_hex

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cluster.engine import engine as cluster
from ingest.cluster.wire import Alive, Told
from ingest.leases import Leases
from ingest.serve import AGAIN_S, hold_back
from ingest.settings import Settings, settings_for
from ingest.shards.keeping import Keeper, shard_command
from ingest.shards.limits import ABANDONED_S
from layers.database import engine_for
from layers.logs import configure

log = structlog.get_logger()


class Shard:
    """An actor; the cluster starts it anew, under a new name, wherever there is room."""

    def __init__(self) -> None:
        """Hold no camera."""
        self.name = f"{socket.gethostname()}-{token_hex(4)}"
        configure(self.name)
        self._node = str(cluster().get_runtime_context().get_node_id())
        self._epochs: dict[int, int] = {}
        self._leases = Leases()
        self._keeper: Keeper | None = None
        threading.Thread(target=self._run, args=(settings_for(None),), name="keeper", daemon=True).start()

    def beat(self, told: Told) -> Alive:
        """Take the cameras that are meant for it under its present name, and say that it lives."""
        if told.name == self.name and told.epochs != self._epochs:
            self._epochs = told.epochs
            self._leases.hand(told.epochs)
            if self._keeper is not None:
                self._keeper.epochs = told.epochs
        return Alive(name=self.name, pid=os.getpid(), node=self._node)

    def _run(self, settings: Settings) -> None:
        asyncio.run(self._keep(settings))

    async def _keep(self, settings: Settings) -> None:
        store = engine_for(settings.database_url, size=1, abandoned_s=ABANDONED_S)
        for tried in range(2**31):
            self._keeper = self._made(settings, store)
            try:
                await self._keeper.keep(self._cameras)
            except Exception as error:
                log.error("cameras_failed", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(AGAIN_S[min(tried, len(AGAIN_S) - 1)])

    def _made(self, settings: Settings, store: AsyncEngine) -> Keeper:
        held_back = partial(hold_back, store, leases=self._leases)
        made = Keeper(shard_command(settings.home, shared=True), held_back, shards=1, of=f"{self.name}/")
        made.epochs = self._epochs
        return made

    async def _cameras(self) -> set[int]:
        return set(self._epochs)
