"""Has files that wait taken in: what users send is read apart from the serving."""

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs.keeping import JobKeeper, job_waits
from geo_server.jobs.schema import REGISTER


def register_keeper(engine: AsyncEngine, database_url: str) -> JobKeeper:
    """Return what has files taken in."""
    command = "geo_server.register.process"
    return JobKeeper.of("register", engine, job_waits(REGISTER), command, QYRAN_DATABASE_URL=database_url)
