"""One shard as an actor: it keeps a process in which cameras run with their whole pipeline.

That process is apart from the actor's own, as on one machine, for a stream may break its reader: then the actor finds
the camera, holds it back and says so, and neither the other cameras nor the other shards suffer from it.
"""

import asyncio
import os
import socket
import threading
import time
from functools import partial
from secrets import token_hex

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cluster.engine import engine as cluster
from ingest.cluster.reaching import NEVER, Reach
from ingest.cluster.wire import BEAT_S, CUT_OFF_S, Alive, Told
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
        self._told: dict[int, int] = {}
        self._epochs: dict[int, int] = {}  # those told, or none while it is cut off
        self._heard_s = NEVER
        self._reach = Reach()
        self._leases = Leases()
        self._keeper: Keeper | None = None
        settings = settings_for(None)
        store = engine_for(settings.database_url, size=1, abandoned_s=ABANDONED_S)
        threading.Thread(target=self._run, args=(settings, store), name="keeper", daemon=True).start()

    def beat(self, told: Told) -> Alive:
        """Take the cameras that are meant for it under its present name, and say that it lives."""
        self._heard_s = time.monotonic()
        if told.name == self.name:
            self._told = told.epochs
            self._hand()
        return Alive(name=self.name, pid=os.getpid(), node=self._node, store=self._reach.store(self._heard_s))

    def _hand(self) -> None:
        """Hold what it was told; nothing while it is cut off, for by then another runs its cameras."""
        now_s = time.monotonic()
        cut_off = self._reach.store(now_s) is None and now_s - self._heard_s >= CUT_OFF_S
        epochs = {} if cut_off else self._told
        if epochs != self._epochs:
            self._epochs = epochs
            self._leases.hand(epochs)
            if self._keeper is not None:
                self._keeper.epochs = epochs

    def _run(self, settings: Settings, store: AsyncEngine) -> None:
        asyncio.run(self._work(settings, store))

    async def _work(self, settings: Settings, store: AsyncEngine) -> None:
        await asyncio.gather(self._reach.keep(store), self._mind(), self._keep(settings, store))

    async def _mind(self) -> None:
        while True:
            self._hand()
            await asyncio.sleep(BEAT_S)

    async def _keep(self, settings: Settings, store: AsyncEngine) -> None:
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
