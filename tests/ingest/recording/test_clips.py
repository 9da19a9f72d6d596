import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.clips import Clips
from ingest.recording.disk import Disk
from ingest.recording.reading import stretch_of
from ingest.recording.retention import Retention
from ingest.recording.ring import Ring
from ingest.recording.writer import Recorded, Writer
from layers.changes import since
from layers.database import visit
from layers.recordings import clip_queries, queries
from layers.recordings.schema import Recording
from tests.ingest.recording.footage import START, footage, init

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC).replace(microsecond=0)
EXPORTS = timedelta(days=30)
EVENT = NOW - timedelta(seconds=60)


async def seen(engine: AsyncEngine, record: str) -> tuple[int, int]:
    """A camera recorded so, and an event of it a minute ago."""
    camera = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES ('C-1', 'к', 'р',
        'e', 'rtsp://x', 'rtsp', :record, ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    event = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom) VALUES ('line_crossing',
        'test', :camera, :at, 0.9, 'camera', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    async with visit(engine) as session:
        one = int((await session.execute(text(camera), {"record": record})).scalar_one())
        return one, int((await session.execute(text(event), {"camera": one, "at": EVENT})).scalar_one())


async def recorded(engine: AsyncEngine, home: Path, camera: int, since: datetime, seconds: float) -> None:
    writer = Writer(home / "recordings", Recorded(id=camera, code="C-1", retention="public"), Disk())
    written = [*writer.write(footage(seconds, start=since)).written, *writer.close().written]
    async with visit(engine) as session:
        await queries.keep(session, written)


async def clip(engine: AsyncEngine) -> Any:
    async with visit(engine) as session:
        return (await session.execute(text("SELECT * FROM event_clip"))).one()


def clips(engine: AsyncEngine, home: Path, ring: Ring | None = None) -> Clips:
    return Clips(engine, home, lambda _: ring, Disk())


async def test_a_clip_of_recordings_holds_ten_seconds_before_and_twenty_after(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, event = await seen(engine, "continuous")
    await recorded(engine, tmp_path, camera, EVENT - timedelta(seconds=30), 90)
    assert await clips(engine, tmp_path).look(NOW) == 1
    row = await clip(engine)
    assert (row.event_id, row.state, row.reason) == (event, "ready", None)
    async with visit(engine) as session:
        assert [(one.layer, one.feature_id) for one in await since(session, 0)][-1:] == [("events", event)]
    assert timedelta(0) <= EVENT - timedelta(seconds=10) - row.begins_at <= timedelta(seconds=1)
    assert timedelta(0) <= row.ends_at - (EVENT + timedelta(seconds=20)) <= timedelta(seconds=1)
    data = (tmp_path / "clips" / row.path).read_bytes()
    assert data.startswith(init().data) and len(data) == row.bytes and data[row.init_bytes + 4 :][:4] == b"moof"


async def test_a_clip_waits_for_its_last_seconds_and_then_takes_what_there_is(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, _ = await seen(engine, "continuous")
    await recorded(engine, tmp_path, camera, EVENT - timedelta(seconds=5), 10)
    assert await clips(engine, tmp_path).look(EVENT + timedelta(seconds=21)) == 0
    assert (await clip(engine)).state == "waiting"
    assert await clips(engine, tmp_path).look(NOW) == 1
    row = await clip(engine)
    assert row.state == "ready" and row.ends_at - row.begins_at == timedelta(seconds=10)


async def test_a_camera_that_is_recorded_around_events_gives_its_clip_from_memory(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await seen(engine, "events")
    ring = Ring(keep_s=60)
    ring.put(footage(50, start=EVENT - timedelta(seconds=20)))
    assert await clips(engine, tmp_path, ring).look(NOW) == 1
    row = await clip(engine)
    assert row.state == "ready" and row.ends_at - row.begins_at == timedelta(seconds=30)


@pytest.mark.parametrize(("record", "reason"), [("none", "not_recorded"), ("events", "no_footage")])
async def test_a_clip_of_no_frames_is_missing_and_says_why(
    engine: AsyncEngine, tmp_path: Path, record: str, reason: str
) -> None:
    await seen(engine, record)
    await clips(engine, tmp_path, Ring(keep_s=60)).look(NOW)
    row = await clip(engine)
    assert (row.state, row.reason) == ("missing", reason) and not (tmp_path / "clips").exists()


class Full(Disk):
    """A disk that takes nothing until room is made."""

    full = True

    def write(self, file: int, data: bytes) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "full")
        super().write(file, data)


async def test_a_clip_that_a_full_disk_did_not_take_says_so_and_is_made_once_there_is_room(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.recording.clips.AGAIN_S", 0.0)
    _, event = await seen(engine, "events")
    ring, disk = Ring(keep_s=60), Full()
    ring.put(footage(50, start=EVENT - timedelta(seconds=20)))
    made = Clips(engine, tmp_path, lambda _: ring, disk)
    assert await made.look(NOW) == 0
    row = await clip(engine)
    assert (row.state, row.reason) == ("waiting", "disk_full") and not list((tmp_path / "clips").rglob("*.mp4"))
    async with visit(engine) as session:
        assert [one.feature_id for one in await since(session, 0) if one.layer == "events"][-1:] == [event]
    disk.full = False
    assert await made.look(NOW) == 1
    row = await clip(engine)
    assert (row.state, row.reason) == ("ready", None) and row.ends_at - row.begins_at == timedelta(seconds=30)


async def test_a_clip_whose_fragments_are_gone_before_there_was_room_is_missing_for_the_disk(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await seen(engine, "events")
    ring = Ring(keep_s=60)
    ring.put(footage(50, start=EVENT - timedelta(seconds=20)))
    made = Clips(engine, tmp_path, lambda _: ring, Full())
    await made.look(NOW)
    ring.put(footage(70, start=NOW))
    assert await made.look(NOW + timedelta(seconds=70)) == 1
    row = await clip(engine)
    assert (row.state, row.reason) == ("missing", "disk_full")


async def test_a_clip_that_the_disk_hinders_stands_behind_what_is_new(engine: AsyncEngine, tmp_path: Path) -> None:
    _, first = await seen(engine, "events")
    later = """INSERT INTO event (kind, source, camera_id, at, certainty, placed_by, geom) SELECT kind, source,
        camera_id, at + interval '1 s', certainty, placed_by, geom FROM event RETURNING id"""
    async with visit(engine) as session:
        second = (await session.execute(text(later))).scalar_one()
        await clip_queries.begin(session, before_s=10, after_s=20, since=NOW - timedelta(hours=1))
        assert [one.event_id for one in await clip_queries.waiting(session, until=NOW)] == [first, second]
        await clip_queries.hindered(session, first, "disk_full")
        assert [one.event_id for one in await clip_queries.waiting(session, until=NOW)] == [second, first]


async def test_the_clip_of_an_open_incident_outlives_its_class(engine: AsyncEngine, tmp_path: Path) -> None:
    camera, _ = await seen(engine, "continuous")
    await recorded(engine, tmp_path, camera, EVENT - timedelta(seconds=30), 90)
    await clips(engine, tmp_path).look(NOW)
    incident = """INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom) VALUES
        ('1', 'fire', 1, 'pending', now(), 'x', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    async with visit(engine) as session:
        one = (await session.execute(text(incident))).scalar_one()
        await session.execute(text("UPDATE event SET incident_id = :one"), {"one": one})
    later = NOW + timedelta(days=40)
    await Retention(engine, tmp_path, Disk(), least_free=0.0, exports=EXPORTS).look(later)
    assert (await clip(engine)).state == "ready"
    async with visit(engine) as session:
        await session.execute(text("UPDATE incident SET state = 'closed', closed_at = now()"))
    await Retention(engine, tmp_path, Disk(), least_free=0.0, exports=EXPORTS).look(later)
    assert (await clip(engine)).state == "deleted" and not list((tmp_path / "clips").rglob("*.mp4"))


def test_a_stretch_begins_at_a_key_frame_and_ends_at_a_fragment(tmp_path: Path) -> None:
    writer = Writer(tmp_path, Recorded(id=1, code="C", retention="public"), Disk())
    (told,) = writer.write(footage(10, start=START)).written
    one = Recording(
        id=1, camera_id=1, code="C", path=told.path, begins_at=told.begins_at, ends_at=told.ends_at, size=told.size,
        init_size=told.init_size, codec=told.codec, index=told.index, state="closed", retention="public",
    )  # fmt: skip
    part = stretch_of(one, START + timedelta(seconds=2.5), START + timedelta(seconds=4.5))
    assert part is not None and not part.whole
    assert (part.begins_at, part.ends_at) == (START + timedelta(seconds=2), START + timedelta(seconds=5))
    whole = stretch_of(one, START - timedelta(seconds=9), START + timedelta(seconds=99))
    assert whole is not None and whole.whole and whole.size == one.size - one.init_size
    assert stretch_of(one, START + timedelta(seconds=10), START + timedelta(seconds=11)) is None
