"""Keeps coverage true: what a camera, a preset, a building or a border stirred is reckoned anew at once.

It is reckoned in a process of its own, at low priority; this part of the server starts one where there is something to
do. Whoever asks for a whole area has a job.
"""

import asyncio
import os
import sys
import time
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import COVERAGE
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage

log = structlog.get_logger()

EVERY_S = 1.0
AGAIN_S = 30.0  # after one that ended badly


@dataclass(slots=True)
class CoverageKeeper:
    """One a server; of several servers one reckons at a time."""

    engine: AsyncEngine
    database_url: str
    beat: Beat = field(default_factory=lambda: Beat("coverage", EVERY_S))
    _not_before: float = 0.0

    async def run(self) -> None:
        """Look every second, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.beat.take(self.look)

    async def look(self) -> None:
        """Reckon where something waits; raises SQLAlchemyError or OSError where the store does not answer."""
        if time.monotonic() < self._not_before:
            return
        async with visit_whole(self.engine) as session:
            due = await coverage.any_waiting(session) or bool(await jobs.waiting(session, COVERAGE))
        if due:
            await self._reckon()

    async def _reckon(self) -> None:
        told = os.environ | {"QYRAN_DATABASE_URL": self.database_url}
        command = (sys.executable, "-m", "geo_server.planning.cli", "reckon")
        reckoning = await asyncio.create_subprocess_exec(*command, env=told, stdout=asyncio.subprocess.DEVNULL)
        try:
            code = await reckoning.wait()
        except asyncio.CancelledError:
            reckoning.terminate()
            raise
        if code:
            self._not_before = time.monotonic() + AGAIN_S
            log.warning("coverage_not_reckoned", exit_code=code)
