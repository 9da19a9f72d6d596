"""Has files that wait taken in: in a process of low priority, which reads what users send apart from the serving."""

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
from geo_server.jobs.schema import REGISTER
from layers.areas.scope import visit_whole

log = structlog.get_logger()

EVERY_S = 1.0
AGAIN_S = 5.0  # after one that ended badly


@dataclass(slots=True)
class RegisterKeeper:
    """One a server; of several servers one takes files in at a time."""

    engine: AsyncEngine
    database_url: str
    beat: Beat = field(default_factory=lambda: Beat("register", EVERY_S))
    _not_before: float = 0.0
    _taking: Process | None = None

    async def run(self) -> None:
        """Look every second, until cancelled; what takes files in ends with it."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.beat.take(self.look)
        finally:
            if self._taking is not None and self._taking.returncode is None:
                self._taking.terminate()

    async def look(self) -> None:
        """Begin where a file waits; raises SQLAlchemyError or OSError where the store does not answer."""
        if self._is_busy() or time.monotonic() < self._not_before:
            return
        async with visit_whole(self.engine) as session:
            due = bool(await jobs.waiting(session, REGISTER))
        if due:
            told = os.environ | {"QYRAN_DATABASE_URL": self.database_url}
            command = (sys.executable, "-m", "geo_server.register.process")
            quiet = asyncio.subprocess.DEVNULL
            self._taking = await asyncio.create_subprocess_exec(*command, env=told, stdout=quiet)

    def _is_busy(self) -> bool:
        """Say whether files are being taken in; where that has ended badly, the next waits a little."""
        if self._taking is None or self._taking.returncode is None:
            return self._taking is not None
        if self._taking.returncode:
            self._not_before = time.monotonic() + AGAIN_S
            log.warning("register_work_ended", exit_code=self._taking.returncode)
        self._taking = None
        return False
