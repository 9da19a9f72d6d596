"""Learns the roads' speeds anew each night, in a process of its own: hours of reckoning must not hold up an answer."""

import asyncio
import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from layers.database import visit
from layers.roads import queries as roads
from layers.values import KAZAKHSTAN

log = structlog.get_logger()

HOURS = range(3, 5)  # local: when the fewest calls come
AT_MOST_EVERY = timedelta(hours=20)
LOOKS_EVERY_S = 900.0


@dataclass(frozen=True, slots=True)
class Nightly:
    """One a server; what another server learned tonight is not learned again."""

    engine: AsyncEngine
    database_url: str
    beat: Beat = field(default_factory=lambda: Beat("speeds", LOOKS_EVERY_S))

    async def run(self) -> None:
        """Look at the clock each quarter of an hour, until cancelled."""
        while True:
            await asyncio.sleep(LOOKS_EVERY_S)
            await self.beat.take(self.look)

    async def look(self) -> None:
        """Learn where it is due; raises SQLAlchemyError or OSError where the store does not answer."""
        async with visit(self.engine) as session:
            last = await roads.learned_at(session)
        if is_due(datetime.now(UTC), last):
            await self._learn()

    async def _learn(self) -> None:
        told = os.environ | {"QYRAN_DATABASE_URL": self.database_url}
        command = (sys.executable, "-m", "geo_server.routing.cli", "learn")
        learning = await asyncio.create_subprocess_exec(*command, env=told, stdout=asyncio.subprocess.DEVNULL)
        try:
            code = await learning.wait()
        except asyncio.CancelledError:
            learning.terminate()
            raise
        if code:
            log.warning("speeds_not_learned", exit_code=code)


def is_due(now: datetime, last: datetime | None) -> bool:
    """Say whether it is night and nothing was learned since the last one."""
    return now.astimezone(KAZAKHSTAN).hour in HOURS and (last is None or now - last > AT_MOST_EVERY)
