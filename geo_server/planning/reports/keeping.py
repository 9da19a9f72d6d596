"""Has reports made that somebody asked for, and takes away what is old."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.beating import Beat
from geo_server.jobs.keeping import JobKeeper, job_waits
from geo_server.planning.reports.schema import REPORT
from geo_server.planning.reports.shelf import Shelf

TIDY_S = 600.0


def report_keeper(engine: AsyncEngine, database_url: str, home: Path) -> JobKeeper:
    """Return what has reports made, into the shelf of a home."""
    told = {"QYRAN_DATABASE_URL": database_url, "QYRAN_HOME": str(home)}
    return JobKeeper.of("reports", engine, job_waits(REPORT), "geo_server.planning.reports.process", **told)


@dataclass(slots=True)
class ReportTidier:
    """One a server: a file lies on the shelf of the server that made it."""

    home: Path
    beat: Beat = field(default_factory=lambda: Beat("report_files", TIDY_S))

    async def run(self) -> None:
        """Tidy every ten minutes, until cancelled."""
        while True:
            await self.beat.take(self.look)
            await asyncio.sleep(TIDY_S)

    async def look(self) -> None:
        """Take away what is old; raises OSError where the folder does not answer."""
        await asyncio.to_thread(Shelf.under(self.home).tidy, datetime.now(UTC))
