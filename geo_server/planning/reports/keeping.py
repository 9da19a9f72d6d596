"""Keeps reports going: where somebody asked for one, a process of its own makes it; what is old is taken away."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.jobs import queries as jobs
from geo_server.planning.reports.schema import REPORT
from geo_server.planning.reports.shelf import Shelf
from layers.areas.scope import visit_whole

log = structlog.get_logger()

EVERY_S = 1.0
AGAIN_S = 30.0  # after a process that ended badly
TIDY_S = 600.0


@dataclass(slots=True)
class ReportKeeper:
    """One a server; of several servers one makes reports at a time."""

    engine: AsyncEngine
    database_url: str
    home: Path
    beat: Beat = field(default_factory=lambda: Beat("reports", EVERY_S))
    _not_before: float = 0.0
    _tidy_at: float = 0.0
    _making: Process | None = None

    async def run(self) -> None:
        """Look every second, until cancelled; what makes reports ends with it."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.beat.take(self.look)
        finally:
            if self._making is not None and self._making.returncode is None:
                self._making.terminate()

    async def look(self) -> None:
        """Begin where something waits; raises SQLAlchemyError or OSError where store or folder do not answer."""
        if time.monotonic() >= self._tidy_at:
            await asyncio.to_thread(Shelf.under(self.home).tidy, datetime.now(UTC))
            self._tidy_at = time.monotonic() + TIDY_S
        if self._is_busy() or time.monotonic() < self._not_before:
            return
        async with visit_whole(self.engine) as session:
            due = bool(await jobs.waiting(session, REPORT))
        if due:
            told = os.environ | {"QYRAN_DATABASE_URL": self.database_url, "QYRAN_HOME": str(self.home)}
            command = (sys.executable, "-m", "geo_server.planning.reports.process")
            quiet = asyncio.subprocess.DEVNULL
            self._making = await asyncio.create_subprocess_exec(*command, env=told, stdout=quiet)

    def _is_busy(self) -> bool:
        """Say whether reports are made; where that has ended badly, the next waits a little."""
        if self._making is None or self._making.returncode is None:
            return self._making is not None
        if self._making.returncode:
            self._not_before = time.monotonic() + AGAIN_S
            log.warning("reports_not_made", exit_code=self._making.returncode)
        self._making = None
        return False
