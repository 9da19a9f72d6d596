"""A shard as the keeper of the cluster knows it."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import structlog

from ingest.cluster.engine import NAMESPACE, VIDEO
from ingest.cluster.engine import engine as cluster
from ingest.cluster.shard import Shard
from ingest.cluster.wire import SILENT_S, Alive, Told

log = structlog.get_logger()

ALWAYS = {"namespace": NAMESPACE, "lifetime": "detached", "get_if_exists": True, "max_restarts": -1}
ANEW_S = 2.0  # until an actor that is gone for good is made again
NEVER = float("-inf")
Epochs = dict[str, dict[int, int]]  # by shard and camera


def actor(name: str) -> Any:
    """Return the shard of this name, which begins where there was none."""
    told = {"name": name, "num_cpus": 0, "resources": {VIDEO: 1}}
    return cluster().remote(Shard).options(**told, **ALWAYS).remote()


@dataclass(slots=True, eq=False)
class Member:
    """A shard by the name of its actor: its last answer, when that came, and whether one is waited for."""

    name: str
    alive: Alive | None = None
    heard_s: float = NEVER
    store: str | None = None  # that it last said it reaches
    asking: asyncio.Task[None] | None = field(default=None, repr=False)
    _actor: Any = None

    def lives(self, now_s: float) -> bool:
        """Say whether it has answered lately."""
        return self.alive is not None and now_s - self.heard_s < SILENT_S

    def ask(self, epochs: Epochs | None) -> None:
        """Tell it what it holds, where that is known, and wait for its answer, unless one is waited for."""
        if self.asking is None or self.asking.done():
            name = self.alive.name if self.alive and epochs is not None else ""  # the name of nobody: nothing changes
            self.asking = asyncio.create_task(self._ask(Told(name=name, epochs=(epochs or {}).get(name, {}))))

    def heard(self, alive: Alive, now_s: float) -> None:
        """Note its answer; one that began anew has not yet reached any store."""
        known = self.store if self.alive is not None and self.alive.name == alive.name else None
        self.alive, self.heard_s, self.store = alive, now_s, alive.store or known

    async def _ask(self, told: Told) -> None:
        try:
            if self._actor is None:
                self._actor = await asyncio.to_thread(actor, self.name)
            self.heard(await self._actor.beat.remote(told), time.monotonic())
        except cluster().exceptions.RayError as error:  # its process or its node is gone: its cameras move at once
            if self.heard_s != NEVER or self.alive is None:
                log.warning("shard_gone", shard=told.name or self.name, reason=type(error).__name__)
            self.heard_s = NEVER
            if isinstance(error, cluster().exceptions.ActorDiedError):
                await asyncio.sleep(ANEW_S)
                self._actor = None  # one that could not even begin is not begun anew by Ray
