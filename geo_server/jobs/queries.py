"""Every question asked of jobs."""

from typing import Any

from sqlalchemy import Row, case, func, insert, select, update

from geo_server.jobs.schema import Job, Outcome
from geo_server.jobs.table import job
from layers.areas.queries import seen_by
from layers.database import Session
from layers.viewer import Viewer

_c = job.c
MOST = 50


async def ask(session: Session, viewer: Viewer, kind: str, args: dict[str, Any]) -> int:
    """Write down that somebody asks for work in the own area; returns its id."""
    told = {"kind": kind, "args": args, "area_id": viewer.area_id, "asked_by": viewer.name}
    return int((await session.execute(insert(job).values(told).returning(_c.id))).scalar_one())


async def find(session: Session, viewer: Viewer, job_id: int) -> Job | None:
    """Return one job of the viewer's area or below; None where there is none."""
    row = (await session.execute(select(job).where(_c.id == job_id, seen_by(viewer, _c.area_id)))).one_or_none()
    return None if row is None else _job(row)


async def latest(session: Session, viewer: Viewer, kind: str | None = None) -> list[Job]:
    """Return the newest jobs of the viewer's area and below, of one kind or of any, those that run first."""
    running = case((_c.ended_at.is_(None), 0), else_=1)
    asked = select(job).where(seen_by(viewer, _c.area_id)).order_by(running, _c.id.desc()).limit(MOST)
    some = asked if kind is None else asked.where(_c.kind == kind)
    return [_job(row) for row in await session.execute(some)]


async def waiting(session: Session, kind: str) -> list[Job]:
    """Return the jobs of a kind that have not ended, oldest first."""
    asked = select(job).where(_c.kind == kind, _c.ended_at.is_(None)).order_by(_c.id)
    return [_job(row) for row in await session.execute(asked)]


async def cancel(session: Session, job_id: int) -> bool:
    """Ask a job to stop; False where it has ended."""
    asked = update(job).where(_c.id == job_id, _c.ended_at.is_(None))
    stopped = asked.values(cancelled_at=func.coalesce(_c.cancelled_at, func.clock_timestamp()))
    return bool((await session.execute(stopped)).rowcount)


async def is_cancelled(session: Session, job_id: int) -> bool:
    """Say whether somebody called a job off."""
    return bool((await session.execute(select(_c.cancelled_at.is_not(None)).where(_c.id == job_id))).scalar_one())


async def tell(session: Session, job_id: int, *, done: int, total: int) -> None:
    """Say how far a job is."""
    told = {"done": done, "total": total, "begun_at": func.coalesce(_c.begun_at, func.clock_timestamp())}
    await session.execute(update(job).where(_c.id == job_id, _c.ended_at.is_(None)).values(told))


async def end(session: Session, job_id: int, outcome: Outcome, fault: str | None = None) -> None:
    """End a job."""
    ended = update(job).where(_c.id == job_id, _c.ended_at.is_(None))
    await session.execute(ended.values(ended_at=func.clock_timestamp(), outcome=outcome, fault=fault))


def _job(row: Row[Any]) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})
