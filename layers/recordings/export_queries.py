"""Every question about exports: who asked for which bytes and why, and how far they are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, any_, exists, func, insert, select, update

from layers.database import Session
from layers.incidents.table import incident
from layers.recordings.schema import Export
from layers.recordings.seen import seen_of
from layers.recordings.table import legal_hold, video_export

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
    return [
        _export(row._mapping)
        for row in await session.execute(_exports().order_by(video_export.c.id.desc()).limit(limit))
    ]


async def find(session: Session, export_id: int) -> Export | None:
    """Return one export, None where the visit's scope shows none."""
    row = (await session.execute(_exports().where(video_export.c.id == export_id))).one_or_none()
    return None if row is None else _export(row._mapping)


async def waiting(session: Session, *, until: datetime) -> list[Export]:
    """Return what is to be built of intervals that ended before a moment, oldest first; half built ones too."""
    unbuilt = video_export.c.state.in_(("waiting", "building")), video_export.c.ends_at <= until
    asked = _exports().where(*unbuilt).order_by(video_export.c.id)
    return [_export(row._mapping) for row in await session.execute(asked.limit(20))]


async def move(session: Session, export_id: int, state: str, **values: Any) -> None:
    """Write how far an export is, and what is known of it by now."""
    if state == "ready":
        values["ready_at"] = func.now()
    await session.execute(update(video_export).where(video_export.c.id == export_id).values(state=state, **values))


async def delete_old(session: Session, *, before: datetime, limit: int) -> list[str]:
    """Write that archives that were ready before a moment are gone, and return their files; none that a hold holds."""
    held = exists().where(
        legal_hold.c.camera_id == any_(video_export.c.camera_ids),
        legal_hold.c.begins_at < video_export.c.ends_at,
        legal_hold.c.ends_at > video_export.c.begins_at,
        legal_hold.c.released_at.is_(None),
    )
    old = (
        select(video_export.c.id)
        .where(video_export.c.state == "ready", video_export.c.ready_at < before, ~held)
        .order_by(video_export.c.id)
        .limit(limit)
    )
    gone = update(video_export).where(video_export.c.id.in_(old)).values(state="deleted", deleted_at=func.now())
    return list((await session.execute(gone.returning(video_export.c.path))).scalars())


async def untold(session: Session, *, limit: int) -> list[tuple[Export, int]]:
    """Return the deleted exports that the audit is not told of yet, each with its area: this visit tells it."""
    deleted = video_export.c.deleted_at.is_not(None) & video_export.c.told_at.is_(None)
    taken = select(video_export.c.id).where(deleted).order_by(video_export.c.id).limit(limit)
    told = update(video_export).where(video_export.c.id.in_(taken.with_for_update(skip_locked=True)))
    taken_now = told.values(told_at=func.now()).returning(*_columns(), video_export.c.area_id)
    rows = [dict(row._mapping) for row in await session.execute(taken_now)]
    return [(_export(row), area_id) for row in rows if (area_id := row.pop("area_id"))]


def _exports() -> Select[Any]:
    plain = (video_export.c[_NAMES.get(one.name, one.name)] for one in fields(Export) if one.name != "incident_id")
    return select(*plain, seen_of(incident, video_export.c.incident_id))


def _columns() -> list[Column[Any]]:
    return [video_export.c[_NAMES.get(one.name, one.name)] for one in fields(Export)]


def _export(row: Mapping[str, Any]) -> Export:
    told = dict(row)
    told["size"], told["camera_ids"] = told.pop("bytes"), tuple(told["camera_ids"])
    told["sha256"] = None if told["sha256"] is None else bytes(told["sha256"])
    return Export(**told)
