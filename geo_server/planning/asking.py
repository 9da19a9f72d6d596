"""Jobs of coverage: an area's tiles are laid and reckoned, whatever they were before."""

from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import COVERAGE, Job
from geo_server.planning.laying import squares
from layers.areas import queries as areas
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage


async def take_up(engine: AsyncEngine) -> bool:
    """Begin, follow and end the jobs: lay what is new, let go of what is called off, tell how far each is.

    Say whether any is left.
    """
    async with visit_whole(engine) as session:
        found = await jobs.waiting(session, COVERAGE)
    running = [one for one in found if one.cancelled_at is None]
    for one in found:
        if one.cancelled_at is not None:
            await _call_off(engine, one)
        elif one.begun_at is not None:
            await _follow(engine, one)
        elif one == running[0]:  # one after another: a tile is of one job
            await _begin(engine, one)
    async with visit_whole(engine) as session:
        return bool(await jobs.waiting(session, COVERAGE))


async def _begin(engine: AsyncEngine, job: Job) -> None:
    async with visit_whole(engine) as session:
        inside = [area.id for area in await areas.below(session, job.area_id)]
        found = squares(await coverage.settled(session, inside), await coverage.hanging(session, inside))
        await coverage.lay(session, found)
        total = await coverage.ask_anew(session, job.id, found)
        await jobs.tell(session, job.id, done=0, total=total)
        if not total:
            await jobs.end(session, job.id, "done")


async def _follow(engine: AsyncEngine, job: Job) -> None:
    async with visit_whole(engine) as session:
        left = await coverage.left_of(session, job.id)
        total = job.total or left
        await jobs.tell(session, job.id, done=max(0, total - left), total=total)
        if not left:
            await jobs.end(session, job.id, "done")


async def _call_off(engine: AsyncEngine, job: Job) -> None:
    async with visit_whole(engine) as session:
        await coverage.forget_unreckoned(session, job.id)
        await coverage.let_go(session, job.id)
        await jobs.end(session, job.id, "cancelled")


async def give_up(engine: AsyncEngine, tiles: int) -> None:
    """End the jobs that wait for tiles which cannot be reckoned."""
    async with visit_whole(engine) as session:
        for one in await jobs.waiting(session, COVERAGE):
            await coverage.let_go(session, one.id)
            await jobs.end(session, one.id, "failed", f"{tiles} tiles could not be reckoned.")
