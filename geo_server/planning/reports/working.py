"""Works off the reports that were asked for, one after another: each is a job that is followed and called off."""

from dataclasses import dataclass

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import Job, Outcome
from geo_server.planning.reports.asking import Asked, viewer_of
from geo_server.planning.reports.making import make
from geo_server.planning.reports.queries import may_report
from geo_server.planning.reports.schema import REPORT
from geo_server.planning.reports.shelf import Shelf
from layers import faults
from layers.areas.scope import visit_whole

log = structlog.get_logger()


class CalledOff(Exception):
    """Nobody wants the report any more."""


@dataclass(frozen=True, slots=True)
class _Telling:
    engine: AsyncEngine
    job_id: int

    async def tell(self, done: int, total: int) -> None:
        """Say how far the job is; raises CalledOff."""
        async with visit_whole(self.engine) as session:
            await jobs.tell(session, self.job_id, done=done, total=total)
            waiting = await jobs.waiting(session, REPORT)
        if next((one for one in waiting if one.id == self.job_id and one.cancelled_at is None), None) is None:
            raise CalledOff


async def work_off(engine: AsyncEngine, shelf: Shelf) -> int | None:
    """Make every report that waits; returns how many were made, None where another process is at it."""
    async with engine.connect() as alone:
        if not await may_report(alone):
            return None
        made = 0
        while (job := await _next(engine)) is not None:
            made += await _take(engine, shelf, job)
        return made


async def _next(engine: AsyncEngine) -> Job | None:
    async with visit_whole(engine) as session:
        return next(iter(await jobs.waiting(session, REPORT)), None)


async def _take(engine: AsyncEngine, shelf: Shelf, job: Job) -> bool:
    """Make one report and end its job; False where it was called off or could not be made."""
    asked = msgspec.convert(job.args, Asked)
    telling = _Telling(engine, job.id)
    try:
        await telling.tell(0, 1)
        draft = shelf.begin(job.id, asked.format)
        await make(engine, viewer_of(job, asked), asked.wanted, draft, telling.tell)
        shelf.finish(job.id, asked.format)
    except CalledOff:
        shelf.give_up(job.id, asked.format)
        await _end(engine, job.id, "cancelled")
        return False
    except Exception as error:  # noqa: BLE001 - whatever it is, the next report is made
        shelf.give_up(job.id, asked.format)
        log.error("report_not_made", job=job.id, error=faults.told(error))
        await _end(engine, job.id, "failed", f"The report could not be made: {type(error).__name__}.")
        return False
    await _end(engine, job.id, "done")
    return True


async def _end(engine: AsyncEngine, job_id: int, outcome: Outcome, fault: str | None = None) -> None:
    async with visit_whole(engine) as session:
        await jobs.end(session, job_id, outcome, fault)
