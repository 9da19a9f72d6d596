"""Has plans of cameras reckoned that somebody asked for: in a process of low priority, begun where one waits."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import PLACEMENT
from layers.areas.scope import visit_whole

log = structlog.get_logger()
EVERY_S = 1.0
AGAIN_S = 30.0  # after one that ended badly


@dataclass(slots=True)
class PlacementKeeper:
    """One a server; of several servers one reckons at a time, and a server that starts anew goes on."""

    engine: AsyncEngine
    database_url: str
    beat: Beat = field(default_factory=lambda: Beat("placement", EVERY_S))
    _not_before: float = 0.0
    _reckoning: Process | None = None

    async def run(self) -> None:
        """Look every second, until cancelled; what reckons ends with it."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.beat.take(self.look)
        finally:
            if self._reckoning is not None and self._reckoning.returncode is None:
                self._reckoning.terminate()

    async def look(self) -> None:
        """Begin to reckon where a plan waits; raises SQLAlchemyError or OSError where the store does not answer."""
        if self._is_busy() or time.monotonic() < self._not_before:
            return
        async with visit_whole(self.engine) as session:
            due = bool(await jobs.waiting(session, PLACEMENT))
        if due:
            told = os.environ | {"QYRAN_DATABASE_URL": self.database_url}
            command = (sys.executable, "-m", "geo_server.planning.cli", "place")
            quiet = asyncio.subprocess.DEVNULL
            self._reckoning = await asyncio.create_subprocess_exec(*command, env=told, stdout=quiet)

    def _is_busy(self) -> bool:
        """Say whether it reckons; where that has ended badly, the next waits a little."""
        if self._reckoning is None or self._reckoning.returncode is None:
            return self._reckoning is not None
        if self._reckoning.returncode:
            self._not_before = time.monotonic() + AGAIN_S
            log.warning("plans_not_reckoned", exit_code=self._reckoning.returncode)
        self._reckoning = None
        return False
