"""Works off the plans that were asked for, one after another: reads the ground, proposes, keeps what was found."""

import asyncio
from dataclasses import dataclass

import shapely
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import PLACEMENT, Job
from geo_server.planning.placement import ground_queries, queries
from geo_server.planning.placement.hanging import around
from geo_server.planning.placement.proposing import propose
from geo_server.planning.placement.schema import Asked, Plan, Proposal
from layers import faults
from layers.areas.scope import visit_whole
from layers.coverage.queries import standing_in
from layers.database import Session

log = structlog.get_logger()
LOOKS_S = 0.3


class CalledOff(Exception):
    """Nobody wants the proposal any more."""


class NoPlan(Exception):
    """A plan could not be reckoned; its text is a sentence."""


async def work_off(engine: AsyncEngine) -> int | None:
    """Reckon until no plan waits; returns how many were, and None where another process is at it.

    Raises NoPlan where one could not be: the log says why, and its job has failed.
    """
    async with engine.connect() as alone:
        if not await queries.may_reckon(alone):
            return None
        done, failed = 0, 0
        while (job := await _next(engine)) is not None:
            if await _end_well(engine, job):
                done += 1
            else:
                failed += 1
    if failed:
        raise NoPlan(f"{failed} plans could not be reckoned; the log says why.")
    return done


async def _next(engine: AsyncEngine) -> Job | None:
    async with visit_whole(engine) as session:
        return next(iter(await jobs.waiting(session, PLACEMENT)), None)


async def _end_well(engine: AsyncEngine, job: Job) -> bool:
    """Reckon a job's plan and end the job; False where it failed."""
    try:
        await _reckon(engine, job)
    except CalledOff:
        async with visit_whole(engine) as session:
            await jobs.end(session, job.id, "cancelled")
    except Exception as error:  # noqa: BLE001 - whatever it is, the job must not wait for ever
        log.error("plan_not_reckoned", job=job.id, error=faults.told(error))
        async with visit_whole(engine) as session:
            await jobs.end(session, job.id, "failed", "The plan could not be reckoned.")
        return False
    return True


async def _reckon(engine: AsyncEngine, job: Job) -> None:
    async with visit_whole(engine) as session:
        plan = await queries.of_job(session, job.id)
        if plan is None or job.cancelled_at is not None:
            raise CalledOff
        asked = await asked_of(session, plan)
        await jobs.tell(session, job.id, done=0, total=1)
    found = await _beside(engine, job, asked)
    async with visit_whole(engine) as session:
        if await _is_called_off(session, job.id):
            raise CalledOff
        await queries.write(session, plan.id, found)
        await jobs.end(session, job.id, "done")


async def asked_of(session: Session, plan: Plan) -> Asked:
    """Return all that a plan is reckoned from."""
    box = around(plan.region)
    return Asked(
        question=plan.question,
        epsg=plan.epsg,
        region=plan.region,
        standing=await standing_in(session, shapely.to_wkb(shapely.box(box.west, box.south, box.east, box.north))),
        zones=await queries.zones_in(session, box),
        poles=await ground_queries.poles(session, box),
    )


@dataclass(slots=True)
class _Way:
    """How far a proposal is, told from its thread; and whether anybody still wants it."""

    done: int = 0
    total: int = 1
    off: bool = False

    def tell(self, done: int, total: int) -> None:
        if self.off:
            raise CalledOff
        self.done, self.total = done, total


async def _beside(engine: AsyncEngine, job: Job, asked: Asked) -> Proposal:
    """Propose in a thread, and tell meanwhile how far it is; one that is called off ends at once for who asked."""
    way = _Way()
    work = asyncio.ensure_future(asyncio.to_thread(propose, asked, way.tell))
    while not work.done():
        await asyncio.wait({work}, timeout=LOOKS_S)
        async with visit_whole(engine) as session:
            await jobs.tell(session, job.id, done=way.done, total=way.total)
            if await _is_called_off(session, job.id):
                way.off = True
                await jobs.end(session, job.id, "cancelled")
    return await work


async def _is_called_off(session: Session, job_id: int) -> bool:
    """Say whether nobody wants a job any more: it was called off, or has ended."""
    found = [one for one in await jobs.waiting(session, PLACEMENT) if one.id == job_id]
    return not found or found[0].cancelled_at is not None
