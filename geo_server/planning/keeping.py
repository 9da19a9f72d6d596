"""Keeps coverage true: what a camera, a preset, a building or a border stirred is reckoned anew at once.

Whoever asks for a whole area has a job.
"""

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs.keeping import JobKeeper, job_waits
from geo_server.jobs.schema import COVERAGE
from layers.coverage import queries as coverage
from layers.database import Session

_job_waits = job_waits(COVERAGE)


def coverage_keeper(engine: AsyncEngine, database_url: str) -> JobKeeper:
    """Return what has stirred tiles reckoned."""
    command = ("geo_server.planning.cli", "reckon")
    return JobKeeper.of("coverage", engine, _waits, *command, QYRAN_DATABASE_URL=database_url)


async def _waits(session: Session) -> bool:
    return await coverage.any_waiting(session) or await _job_waits(session)
