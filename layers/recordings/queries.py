"""Everything that keeps recordings in rows: how far files are, their chain, gaps, states, what may go."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, select, update
from sqlalchemy.dialects import postgresql

from layers.areas.queries import seen_by
from layers.cameras.table import camera
from layers.database import Session
from layers.locks import AdvisoryLock
from layers.recordings.chain import FIRST, Link
from layers.recordings.schema import Gap, Held, Recording, State, Written
from layers.recordings.table import legal_hold, recording, recording_disk, recording_gap, recording_state
from layers.viewer import Viewer

_TO_RECORD = camera.c.enabled & (camera.c.record != "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A camera that is to be recorded: `mode` is "continuous" or "events"."""

    id: int
    code: str
    mode: str
    retention: str


async def chosen(session: Session) -> list[Chosen]:
    """Return the cameras whose footage is kept, all of it or around events."""
    asked = select(camera.c.id, camera.c.code, camera.c.record.label("mode"), camera.c.retention)
    found = await session.execute(asked.where(camera.c.enabled, camera.c.record != "none").order_by(camera.c.id))
    return [Chosen(**row._mapping) for row in found]


async def keep(session: Session, written: Sequence[Written]) -> None:
    """Write how far files are; one that is closed gets its place in its camera's chain. Safe to repeat."""
    codes = await _codes(session, {one.camera_id for one in written})
    for one in written:
        values: dict[str, Any] = _values(one)
        if one.sha256 is not None:
            values |= await _link(session, one, one.sha256, codes.get(one.camera_id, ""))  # of no camera: refused below
        row = postgresql.insert(recording).values(path=one.path, **values)
        still_open = recording.c.state == "open"
        await session.execute(row.on_conflict_do_update(index_elements=["path"], set_=values, where=still_open))


def _values(one: Written) -> dict[str, Any]:
    return {
        "camera_id": one.camera_id,
        "begins_at": one.begins_at,
        "ends_at": max(one.ends_at, one.begins_at),
        "bytes": one.size,
        "init_bytes": one.init_size,
        "codec": one.codec,
        "index": [list(entry) for entry in one.index],
        "retention": one.retention,
    }


async def _link(session: Session, one: Written, sha256: bytes, code: str) -> dict[str, Any]:
    last = select(recording.c.number, recording.c.chain_sha256).where(recording.c.camera_id == one.camera_id)
    found = (
        await session.execute(last.where(recording.c.number.is_not(None)).order_by(recording.c.number.desc()).limit(1))
    ).first()
    number, previous = (1, FIRST) if found is None else (found[0] + 1, bytes(found[1]))
    link = Link(
        code=code,
        path=one.path,
        begins_at=one.begins_at,
        ends_at=max(one.ends_at, one.begins_at),
        size=one.size,
        sha256=sha256,
        number=number,
        previous=previous,
    )
    hashes = {"sha256": sha256, "previous_sha256": previous, "chain_sha256": link.chained, "number": number}
    return {**hashes, "state": "closed", "closed_at": func.clock_timestamp()}


async def _codes(session: Session, ids: Iterable[int]) -> dict[int, str]:
    found = await session.execute(select(camera.c.id, camera.c.code).where(camera.c.id.in_(list(ids))))
    return {row.id: row.code for row in found}


async def still_open(session: Session) -> list[Recording]:
    """Return the files that stand open, oldest first: after a crash they are to be recovered."""
    return await _all(session, _recordings().where(recording.c.state == "open").order_by(recording.c.begins_at))


async def forget_empty(session: Session, recording_id: int, at: datetime) -> None:
    """Write of an open file that nothing of it is there any more."""
    values = {"state": "deleted", "deleted_at": at, "deleted_why": "lost", "sha256": FIRST}
    row = (await session.execute(_recordings().where(recording.c.id == recording_id))).one()
    one = recording_of(row)
    lost = Written(
        camera_id=one.camera_id,
        path=one.path,
        begins_at=one.begins_at,
        ends_at=one.ends_at,
        size=one.size,
        init_size=one.init_size,
        codec=one.codec,
        index=one.index,
        retention=one.retention,
    )
    values |= await _link(session, lost, FIRST, one.code) | {"state": "deleted"}
    await session.execute(update(recording).where(recording.c.id == recording_id).values(values))


async def paths_since(session: Session, camera_id: int, since: datetime) -> list[str]:
    """Return the files of a camera that rows know, from a moment on."""
    asked = select(recording.c.path).where(recording.c.camera_id == camera_id, recording.c.ends_at >= since)
    return list((await session.execute(asked)).scalars())


async def chain_of(session: Session, camera_id: int) -> list[Recording]:
    """Return a camera's closed and deleted files in the order of its chain."""
    asked = _recordings().where(recording.c.camera_id == camera_id, recording.c.number.is_not(None))
    return await _all(session, asked.order_by(recording.c.number))


# ── what was not recorded, and how recording fares ──────────────────────────────────────────────────────────


async def begin_gap(session: Session, gap: Gap) -> None:
    """Write that a camera is not recorded from a moment on; where that is known already, the first reason stands."""
    values = {"camera_id": gap.camera_id, "begins_at": gap.begins_at, "reason": gap.reason}
    ended = {} if gap.ends_at is None else {"ends_at": max(gap.ends_at, gap.begins_at)}
    await session.execute(postgresql.insert(recording_gap).values(**values, **ended).on_conflict_do_nothing())


async def end_gap(session: Session, camera_id: int, at: datetime) -> None:
    """Write that a camera is recorded again from a moment on."""
    open_one = (recording_gap.c.camera_id == camera_id, recording_gap.c.ends_at.is_(None))
    ends = func.greatest(recording_gap.c.begins_at, at)
    await session.execute(update(recording_gap).where(*open_one).values(ends_at=ends))


async def write_states(session: Session, states: Sequence[State]) -> None:
    """Write how the recording of cameras fares."""
    for one in states:
        values = {
            "at": one.at,
            "state": one.state,
            "reason": one.reason,
            "sentence": one.sentence,
            "safe_until": one.safe_until,
        }
        row = postgresql.insert(recording_state).values(camera_id=one.camera_id, **values)
        await session.execute(row.on_conflict_do_update(index_elements=["camera_id"], set_=values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fares:
    """How the recording of a camera that is to be recorded fares, by its recorder's last word; None: there is none."""

    record: str
    at: datetime | None
    state: str | None
    reason: str | None


async def fares(session: Session, viewer: Viewer, *, only: int | None = None) -> dict[int, Fares]:
    """Return how the recordings fare of all cameras that the viewer sees and that are to be recorded; or of one."""
    wanted = (_TO_RECORD, seen_by(viewer, camera.c.area_id), *([] if only is None else [camera.c.id == only]))
    told = (recording_state.c[name] for name in ("at", "state", "reason"))
    asked = select(camera.c.id, camera.c.record, *told).select_from(camera.outerjoin(recording_state)).where(*wanted)
    found = await session.execute(asked)
    return {row.id: Fares(record=row.record, at=row.at, state=row.state, reason=row.reason) for row in found}


async def faring(session: Session) -> dict[str, int]:
    """Return how many cameras' recordings are in which state, of those that are to be recorded."""
    state = func.coalesce(recording_state.c.state, "waiting")
    asked = select(state, func.count()).select_from(camera.outerjoin(recording_state)).where(_TO_RECORD).group_by(state)
    return {row[0]: row[1] for row in await session.execute(asked)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSeen:
    """The disk that recordings lie on; `pressure` is a sentence, "" while enough is free."""

    at: datetime
    free_bytes: int
    total_bytes: int
    pressure: str


async def write_disk(session: Session, seen: DiskSeen) -> None:
    """Write how the disk of the recordings is."""
    row = postgresql.insert(recording_disk).values(one=True, **asdict(seen))
    await session.execute(row.on_conflict_do_update(index_elements=["one"], set_=asdict(seen)))


async def disk(session: Session) -> DiskSeen | None:
    """Return how the disk of the recordings was last seen; None where nothing was ever recorded."""
    row = (await session.execute(select(*(recording_disk.c[one.name] for one in fields(DiskSeen))))).one_or_none()
    return None if row is None else DiskSeen(**row._mapping)


# ── what may go ─────────────────────────────────────────────────────────────────────────────────────────────


async def oldest(
    session: Session, *, limit: int, before: datetime | None = None, retention: str | None = None
) -> list[Recording]:
    """Return closed files that nothing holds, oldest first: of a class and older than a moment where these are told."""
    asked = _recordings(whole=False).where(recording.c.state == "closed", ~_held())
    if before is not None:
        asked = asked.where(recording.c.ends_at < before)
    if retention is not None:
        asked = asked.where(recording.c.retention == retention)
    return await _all(session, asked.order_by(recording.c.begins_at, recording.c.id).limit(limit))


def _held() -> Any:
    """Return the condition that a hold that was not released reaches into a file."""
    same = legal_hold.c.camera_id == recording.c.camera_id
    touches = (legal_hold.c.begins_at < recording.c.ends_at) & (legal_hold.c.ends_at > recording.c.begins_at)
    return exists().where(same, touches, legal_hold.c.released_at.is_(None))


async def standing_holds(session: Session) -> list[Held]:
    """Return what is held now."""
    columns = (legal_hold.c[name] for name in ("camera_id", "begins_at", "ends_at"))
    found = await session.execute(select(*columns).where(legal_hold.c.released_at.is_(None)))
    return [Held(**row._mapping) for row in found]


async def keep_holds_out(session: Session) -> None:
    """Let no hold be set until the visit ends: what is chosen to go is then gone, or held, for whoever set it."""
    await session.execute(select(func.pg_advisory_xact_lock(AdvisoryLock.HOLDS.value)))


async def mark_deleted(session: Session, ids: Sequence[int], *, why: str) -> list[int]:
    """Write that files are gone, their rows stay; return those that still could go: none that is held by now."""
    values = {"state": "deleted", "deleted_at": func.now(), "deleted_why": why, "index": []}
    change = update(recording).where(recording.c.id.in_(list(ids)), recording.c.state == "closed", ~_held())
    return list((await session.execute(change.values(values).returning(recording.c.id))).scalars())


# ── rows as values ──────────────────────────────────────────────────────────────────────────────────────────


def _recordings(*, whole: bool = True) -> Select[Any]:
    left_out = {"closed_at", "deleted_at"} | (set() if whole else {"index"})
    columns = (column for column in recording.c if column.name not in left_out)
    return select(*columns, camera.c.code).join(camera, camera.c.id == recording.c.camera_id)


async def _all(session: Session, asked: Select[Any]) -> list[Recording]:
    return [recording_of(row) for row in await session.execute(asked)]


def recording_of(row: Row[Any]) -> Recording:
    """Return a row as a value."""
    told = dict(row._mapping)
    for name in ("sha256", "previous_sha256", "chain_sha256"):
        told[name] = None if told[name] is None else bytes(told[name])
    index = tuple((ms, offset, key) for ms, offset, key in told.pop("index", ()))
    return Recording(size=told.pop("bytes"), init_size=told.pop("init_bytes"), index=index, **told)
