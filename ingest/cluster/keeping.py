"""The keeper of the cluster: one actor that hands the cameras to the shards that live, by leases in the store.

It knows nothing that does not stand in the store or answer by its name: started anew, it goes on where it was. Two of
them at once, for a moment, would hand leases to and fro and still never let two shards write of one camera.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.cluster.engine import VIDEO
from ingest.cluster.engine import engine as cluster
from ingest.cluster.members import ALWAYS, Epochs, Member
from ingest.cluster.planning import allotted
from ingest.cluster.reaching import Reach
from ingest.cluster.wire import BEAT_S, SILENT_S, Alive
from ingest.settings import settings_for
from ingest.shards.limits import ABANDONED_S
from layers.cameras import leases, queries
from layers.database import engine_for, visit
from layers.logs import configure

log = structlog.get_logger()

KEEPER = "keeper"
GROW_S = 2.0  # how often it is looked whether nodes came
AWAY_S = 12.0  # after the store was away for all, who has not found back by then is cut off from it
HEAD = {"node:__internal_head__": 0.001}  # where the keeper lives: without the head there is no cluster to keep


class Keeper:
    """The actor; it works by itself from its start on."""

    def __init__(self) -> None:
        """Begin to keep."""
        configure(KEEPER)
        self._members: list[Member] = []
        self._epochs: Epochs | None = None  # as last read
        self._began_s = time.monotonic()
        self._reach = Reach()
        self._elsewhere: set[str] = set()
        store = engine_for(settings_for(None).database_url, size=1, abandoned_s=ABANDONED_S)
        threading.Thread(target=lambda: asyncio.run(self._keep(store)), name=KEEPER, daemon=True).start()

    def shards(self) -> list[Alive]:
        """Return the shards that cameras may be handed to."""
        now_s = time.monotonic()
        return [member.alive for member in list(self._members) if member.alive and self._serves(member, now_s)]

    async def _keep(self, store: AsyncEngine) -> None:
        """Do each on its own: while the store hangs, the shards are still asked whether they live."""
        await asyncio.gather(
            self._reach.keep(store),
            _often(self._grow, GROW_S),
            _often(self._ask, BEAT_S),
            _often(partial(self._hand_out, store), BEAT_S),
        )

    async def _grow(self) -> None:
        """Have a shard for each core for video that there is; those whose node is gone wait for another."""
        there = await asyncio.to_thread(cluster().cluster_resources)
        begun = await asyncio.to_thread(cluster().util.list_named_actors)  # of a keeper before this one
        wanted = [f"shard-{number + 1}" for number in range(int(there.get(VIDEO, 0)))]
        known = {member.name for member in self._members}
        named = {*(name for name in begun if name.startswith("shard-")), *wanted}
        self._members += [Member(name) for name in sorted(named - known)]

    async def _ask(self) -> None:
        for member in self._members:
            member.ask(self._epochs)

    def _knows_all(self) -> bool:
        """Say whether each shard has answered or was waited for: a new keeper takes no camera from one unheard."""
        waited = time.monotonic() - self._began_s >= SILENT_S
        return waited or (bool(self._members) and all(member.alive for member in self._members))

    def _serves(self, member: Member, now_s: float) -> bool:
        """Say whether a shard lives and reaches the keeper's own store; after that was away for all, it has a while."""
        ours = self._reach.store(now_s)
        if member.alive is None or not member.lives(now_s) or ours is None:
            return False
        theirs = member.alive.store if self._reach.for_s(now_s) >= AWAY_S else member.store
        if theirs not in (None, ours) and member.alive.name not in self._elsewhere:
            self._elsewhere.add(member.alive.name)
            log.error("shard_elsewhere", shard=member.alive.name, reason="QYRAN_DATABASE_URL names another store there")
        return theirs == ours

    async def _hand_out(self, store: AsyncEngine) -> None:
        """Hand the cameras to those who serve, where that is another one than before; then read who holds what."""
        alive = {shard.name for shard in self.shards()}
        if not alive or not self._knows_all():
            return
        async with visit(store) as session:
            cameras = await queries.shareable_ids(session)
            before = {lease.camera_id: lease.shard for lease in await leases.of_all(session)}
            where = allotted(cameras, before, alive)
            moved = {camera: shard for camera, shard in where.items() if before.get(camera) != shard}
            await leases.take(session, moved)
            held = await leases.of_all(session)
        if moved:
            log.info("cameras_moved", cameras=len(moved), shards=len(alive))
        epochs: Epochs = {shard: {} for shard in alive}
        for lease in held:
            if lease.camera_id in where and lease.shard in alive:
                epochs[lease.shard][lease.camera_id] = lease.epoch
        self._epochs = epochs


async def _often(act: Callable[[], Awaitable[None]], every_s: float) -> None:
    """Do it again and again; what keeps it from being done is told."""
    while True:
        try:
            await act()
        except (DBAPIError, OSError) as error:
            log.warning("cluster_waits", reason=type(error).__name__)
        except Exception as error:
            log.error("cluster_failed", error=type(error).__name__, exc_info=error)
        await asyncio.sleep(every_s)


def keeper() -> Any:
    """Return the cluster's keeper, which begins to keep where there was none."""
    return cluster().remote(Keeper).options(name=KEEPER, num_cpus=0, resources=HEAD, **ALWAYS).remote()
