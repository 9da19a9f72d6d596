"""Works off the files that wait to be taken into the register: one after another, in a process of its own."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import REGISTER, Job
from geo_server.register import queries
from geo_server.register.fields import said
from geo_server.register.reading.table import Unreadable
from geo_server.register.schema import Import
from geo_server.register.taking import Cancelled, Progress, columns_of, read_in, write_in
from layers import faults
from layers.areas.scope import visit_as, visit_whole
from layers.values import Role
from layers.viewer import Viewer

log = structlog.get_logger()
TRIES = 3  # a file that ends its process so often is not taken
TOLD_EVERY_S = 0.5
# What a file can be mended by: its columns are shown, and somebody chooses.
_ASKS = ("needs_place", "needs_crs", "bad_crs", "bad_field")


async def work_off(engine: AsyncEngine) -> int | None:
    """Take files in until none waits; returns how many jobs ended, and None where another process is at it."""
    ended = 0
    async with engine.connect() as alone:
        if not await queries.may_work(alone):
            return None
        while found := await _waiting(engine):
            for job in found:
                await _work(engine, job)
                ended += 1
    return ended


async def _waiting(engine: AsyncEngine) -> list[Job]:
    async with visit_whole(engine) as session:
        return await jobs.waiting(session, REGISTER)


async def _work(engine: AsyncEngine, job: Job) -> None:
    async with visit_whole(engine) as session:
        one = await queries.of_job(session, job.id)
        if one is None:  # somebody forgot it
            await jobs.end(session, job.id, "cancelled")
            return
        tries = one.counts.get("tries", 0) + 1
        await queries.write(session, one.id, counts=one.counts | {"tries": tries})
    viewer = viewer_of(one)
    try:
        if tries > TRIES:
            raise Unreadable("unforeseen")
        if job.cancelled_at is not None:
            raise Cancelled
        await _do(engine, viewer, one, job)
    except Cancelled:
        back = "ready" if one.state == "writing" else "cancelled"
        await _end(engine, one, job, state=back, outcome="cancelled")
    except Unreadable as fault:
        await _fail(engine, viewer, one, job, fault)
    except MemoryError:
        await _fail(engine, viewer, one, job, Unreadable("too_large", value=">"))
    except Exception as error:  # noqa: BLE001 - the next file is not held up by this one
        log.error("register_not_taken", file=one.id, error=faults.told(error))
        await _fail(engine, viewer, one, job, Unreadable("unforeseen"))
    else:
        await _end(engine, one, job, outcome="done")


async def _do(engine: AsyncEngine, viewer: Viewer, one: Import, job: Job) -> None:
    if one.state == "writing":
        await write_in(engine, viewer, one, _telling(engine, job))
        return
    async with _file(engine, viewer, one) as path:
        try:
            await read_in(engine, viewer, one, path, _telling(engine, job))
        except Unreadable as fault:
            if fault.code in _ASKS:
                await columns_of(engine, viewer, one, path)
            raise


async def _fail(engine: AsyncEngine, viewer: Viewer, one: Import, job: Job, fault: Unreadable) -> None:
    told = {"code": fault.code, **{name: str(value)[:200] for name, value in fault.details.items()}}
    sentence = said(fault.code, column=told.get("column"), value=told.get("value")).en
    state = "ready" if one.state == "writing" else "failed"
    async with visit_as(engine, viewer) as session:
        await queries.write(session, one.id, state=state, fault=told, counts=_untried(one))
        await jobs.end(session, job.id, "failed", sentence)


async def _end(engine: AsyncEngine, one: Import, job: Job, *, outcome: str, state: str | None = None) -> None:
    async with visit_whole(engine) as session:
        if state is not None:
            await queries.write(session, one.id, state=state, counts=_untried(one))
        await jobs.end(session, job.id, "done" if outcome == "done" else "cancelled")


def _untried(one: Import) -> dict[str, int]:
    return {name: count for name, count in one.counts.items() if name != "tries"}


def viewer_of(one: Import) -> Viewer:
    """Return who takes a file in: whoever sent it, in the area they had entered and nowhere else."""
    at = one.area_id
    return Viewer(account_id=0, name=one.asked_by, role=Role.PLANNER, area_id=at, own_area_id=at)


@asynccontextmanager
async def _file(engine: AsyncEngine, viewer: Viewer, one: Import) -> AsyncIterator[Path]:
    """Lay a file that was sent in pieces on this machine, under a name of our own."""
    with tempfile.TemporaryDirectory(prefix="qyran-register-") as folder:
        path = Path(folder) / "sent"
        with path.open("wb") as file:
            async with visit_as(engine, viewer) as session:
                async for piece in queries.pieces(session, one.id):
                    file.write(piece)
        yield path


def _telling(engine: AsyncEngine, job: Job) -> Progress:
    """Return what tells how far a job is, now and then, and looks whether it was called off."""
    told = [0.0]

    async def tell(done: int, total: int) -> None:
        if time.monotonic() - told[0] < TOLD_EVERY_S and done < total:
            return
        told[0] = time.monotonic()
        async with visit_whole(engine) as session:
            await jobs.tell(session, job.id, done=_small(done, total), total=_small(total, total))
            cancelled = await jobs.is_cancelled(session, job.id)
        if cancelled:
            raise Cancelled

    return tell


def _small(count: int, total: int) -> int:
    """Return a count as the table of jobs keeps it: of bytes there may be more than it holds."""
    return count if total < 2**31 else count >> 10
