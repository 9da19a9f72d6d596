"""The keeper of the cluster: one actor that hands the cameras to the shards that live, by leases in the store.

It knows nothing that does not stand in the store or answer by its name: started anew, it goes on where it was. Two of
them at once, for a moment, would hand leases to and fro and still never let two shards write of one camera.
"""

import asyncio
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cluster.engine import NAMESPACE, VIDEO
from ingest.cluster.engine import engine as cluster
from ingest.cluster.planning import allotted
from ingest.cluster.shard import Shard
from ingest.cluster.wire import BEAT_S, SILENT_S, Alive, Told
from ingest.settings import settings_for
from ingest.shards.limits import ABANDONED_S
from layers.cameras import leases, queries
from layers.database import engine_for, visit
from layers.logs import configure

log = structlog.get_logger()

KEEPER = "keeper"
GROW_S = 2.0  # how often it is looked whether nodes came
HEAD = {"node:__internal_head__": 0.001}  # where the keeper lives: without the head there is no cluster to keep
ALWAYS = {"namespace": NAMESPACE, "lifetime": "detached", "get_if_exists": True, "max_restarts": -1}
NEVER = float("-inf")
Epochs = dict[str, dict[int, int]]  # by shard and camera


@dataclass(slots=True, eq=False)
class Member:
    """A shard as the keeper knows it: the last answer of its actor, when that came, and whether one is waited for."""

    actor: Any
    alive: Alive | None = None
    heard_s: float = NEVER
    asking: asyncio.Task[None] | None = field(default=None, repr=False)

    def lives(self, now_s: float) -> bool:
        """Say whether it has answered lately."""
        return self.alive is not None and now_s - self.heard_s < SILENT_S

    def ask(self, epochs: Epochs | None) -> None:
        """Tell it what it holds, where that is known, and wait for its answer, unless one is waited for."""
        if self.asking is None or self.asking.done():
            name = self.alive.name if self.alive and epochs is not None else ""  # the name of nobody: nothing changes
            self.asking = asyncio.create_task(self._ask(Told(name=name, epochs=(epochs or {}).get(name, {}))))

    async def _ask(self, told: Told) -> None:
        try:
            self.alive = await self.actor.beat.remote(told)
            self.heard_s = time.monotonic()
        except cluster().exceptions.RayError as error:  # its process or its node is gone: its cameras move at once
            if self.heard_s != NEVER:
                log.warning("shard_gone", shard=told.name, reason=type(error).__name__)
            self.heard_s = NEVER


class Keeper:
    """The actor; it works by itself from its start on."""

    def __init__(self) -> None:
        """Begin to keep."""
        configure(KEEPER)
        self._members: list[Member] = []
        self._epochs: Epochs | None = None  # as last read
        self._began_s, self._grown_s = time.monotonic(), NEVER
        threading.Thread(target=lambda: asyncio.run(self._keep()), name=KEEPER, daemon=True).start()

    def shards(self) -> list[Alive]:
        """Return the shards that live."""
        now_s = time.monotonic()
        return [member.alive for member in list(self._members) if member.alive and member.lives(now_s)]

    async def _keep(self) -> None:
        store = engine_for(settings_for(None).database_url, size=1, abandoned_s=ABANDONED_S)
        while True:
            try:
                await self._step(store)
            except (DBAPIError, OSError) as error:
                log.warning("cluster_waits", reason=type(error).__name__)
            except Exception as error:
                log.error("cluster_failed", error=type(error).__name__, exc_info=error)
            await asyncio.sleep(BEAT_S)

    async def _step(self, store: AsyncEngine) -> None:
        await self._grow()
        try:
            if self._knows_all():
                await self._hand_out(store)
        finally:  # while the store is away, the shards are still asked whether they live
            for member in self._members:
                member.ask(self._epochs)

    def _knows_all(self) -> bool:
        """Say whether each shard has answered or was waited for: a new keeper takes no camera from one unheard."""
        waited = time.monotonic() - self._began_s >= SILENT_S
        return waited or all(member.alive for member in self._members)

    async def _grow(self) -> None:
        """Have a shard for each core for video that there is; those whose node is gone wait for another."""
        if time.monotonic() - self._grown_s < GROW_S:
            return
        self._grown_s = time.monotonic()
        there = await asyncio.to_thread(cluster().cluster_resources)
        for number in range(len(self._members), int(there.get(VIDEO, 0))):
            self._members.append(Member(_actor(f"shard-{number + 1}")))

    async def _hand_out(self, store: AsyncEngine) -> None:
        """Hand the cameras to those who live, where that is another one than before; then read who holds what."""
        alive = {shard.name for shard in self.shards()}
        async with visit(store) as session:
            cameras = await queries.enabled_ids(session)
            before = {lease.camera_id: lease.shard for lease in await leases.of_all(session)}
            where = allotted(cameras, before, alive)
            moved = {camera: shard for camera, shard in where.items() if before.get(camera) != shard}
            await leases.take(session, moved)
            held = await leases.of_all(session)
        if moved:
            log.info("cameras_moved", cameras=len(moved), shards=len(alive))
        self._epochs = {shard: {} for shard in alive}
        for lease in held:
            if lease.camera_id in where and lease.shard in alive:
                self._epochs[lease.shard][lease.camera_id] = lease.epoch


def _actor(name: str) -> Any:
    told = {"name": name, "num_cpus": 0, "resources": {VIDEO: 1}}
    return cluster().remote(Shard).options(**told, **ALWAYS).remote()


def keeper() -> Any:
    """Return the cluster's keeper, which begins to keep where there was none."""
    return cluster().remote(Keeper).options(name=KEEPER, num_cpus=0, resources=HEAD, **ALWAYS).remote()
