"""Has plans of cameras reckoned that somebody asked for."""

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs.keeping import JobKeeper, job_waits
from geo_server.jobs.schema import PLACEMENT


def placement_keeper(engine: AsyncEngine, database_url: str) -> JobKeeper:
    """Return what has plans reckoned."""
    command = ("geo_server.planning.cli", "place")
    return JobKeeper.of("placement", engine, job_waits(PLACEMENT), *command, QYRAN_DATABASE_URL=database_url)
