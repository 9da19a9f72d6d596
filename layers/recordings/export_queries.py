"""Every question about exports: who asked for which bytes and why, and how far they are."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from layers.database import Session
from layers.recordings.schema import Export
from layers.recordings.table import video_export

_NAMES = {"size": "bytes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExport:
    """An export that is asked for."""

    asked_by: str
    account_id: int
    area_id: int
    incident_id: int | None
    reason: str
    legal_basis: str
    camera_ids: list[int]
    begins_at: datetime
    ends_at: datetime


async def ask(session: Session, new: NewExport) -> int:
    """Write an export that waits to be built; return its id."""
    written = insert(video_export).values(asdict(new)).returning(video_export.c.id)
    return int((await session.execute(written)).scalar_one())


async def every(session: Session, *, limit: int = 100) -> list[Export]:
    """Return the exports that the visit's scope shows, newest first."""
    return [_export(row) for row in await session.execute(_exports().order_by(video_export.c.id.desc()).limit(limit))]


async def find(session: Session, export_id: int) -> Export | None:
    """Return one export, None where the visit's scope shows none."""
    row = (await session.execute(_exports().where(video_export.c.id == export_id))).one_or_none()
    return None if row is None else _export(row)


async def waiting(session: Session) -> list[Export]:
    """Return what is to be built, oldest first; what a crash left half built too."""
    asked = _exports().where(video_export.c.state.in_(("waiting", "building"))).order_by(video_export.c.id)
    return [_export(row) for row in await session.execute(asked.limit(20))]


async def move(session: Session, export_id: int, state: str, **values: Any) -> None:
    """Write how far an export is, and what is known of it by now."""
    if state == "ready":
        values["ready_at"] = func.now()
    await session.execute(update(video_export).where(video_export.c.id == export_id).values(state=state, **values))


def _exports() -> Select[Any]:
    return select(*(video_export.c[_NAMES.get(one.name, one.name)] for one in fields(Export)))


def _export(row: Row[Any]) -> Export:
    told = dict(row._mapping)
    told["size"], told["camera_ids"] = told.pop("bytes"), tuple(told["camera_ids"])
    told["sha256"] = None if told["sha256"] is None else bytes(told["sha256"])
    return Export(**told)
