"""Recording against a real RTSP server: what came stands in files, also over a kill -9 and on a disk that fails."""

import asyncio
import errno
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.footage.feeds import Feeds
from ingest.recording import recovering
from ingest.recording.boxes import walk
from ingest.recording.disk import Disk
from ingest.recording.recorder import Recorder
from ingest.recording.recovering import recover
from ingest.recording.refused import Aside
from ingest.recording.writer import Recorded, Writer
from layers.cameras import queries as cameras
from layers.database import INGEST, as_role, engine_for, visit
from layers.recordings import queries
from layers.recordings.schema import Recording
from tests.ingest.recording.footage import footage

pytestmark = pytest.mark.anyio
Serve = Callable[..., AbstractContextManager[int]]
CHECKOUT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def told_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.recording.recorder.PROGRESS_S", 0.5)


@pytest.fixture
async def west(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The store as the west wing comes to it."""
    engine = engine_for(as_role(database_url, INGEST))
    yield engine
    await engine.dispose()


async def put_up(engine: AsyncEngine, code: str, url: str, record: str = "continuous") -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES
        (:code, 'к', 'р', 'e', :url, 'rtsp', :record, ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    async with visit(engine) as session:
        found = await session.execute(text(asked), {"code": code, "url": url, "record": record})
        return int(found.scalar_one())


@asynccontextmanager
async def recording(west: AsyncEngine, home: Path, disk: Disk | None = None) -> AsyncIterator[Recorder]:
    feeds = Feeds(home)
    async with visit(west) as session:
        feeds.keep(await cameras.enabled(session))
    recorder = Recorder(west, home, feeds, disk=disk)
    task = asyncio.create_task(recorder.run(0.2))
    try:
        yield recorder
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await asyncio.to_thread(feeds.stop)


async def until(west: AsyncEngine, asked: str, seconds: float = 40, *, kept: Callable[[], bool] = lambda: True) -> Any:
    for _ in range(int(seconds * 10)):
        async with visit(west) as session:
            row = (await session.execute(text(asked))).first()
        if row is not None and kept():
            return row
        await asyncio.sleep(0.1)
    raise AssertionError(f"it did not come in time: {asked}")


async def chain(west: AsyncEngine, camera_id: int) -> list[Recording]:
    async with visit(west) as session:
        return await queries.chain_of(session, camera_id)


async def test_what_a_camera_sends_stands_in_a_file_that_plays(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path, serve: Serve
) -> None:
    with serve("a") as port:
        one = await put_up(engine, "C-1", f"rtsp://127.0.0.1:{port}/a")
        await put_up(engine, "C-RING", f"rtsp://127.0.0.1:{port}/a", record="events")
        async with recording(west, tmp_path) as recorder:
            await until(west, "SELECT 1 FROM recording WHERE ends_at - begins_at > interval '2 s'")
            row = await until(
                west, "SELECT * FROM recording_state WHERE state = 'recording' AND safe_until IS NOT NULL"
            )
            assert row.camera_id == one and row.safe_until <= datetime.now(UTC)
            await until(west, "SELECT 1 FROM recording_state WHERE state = 'ring'")
            rings = [recorder.ring_of(camera_id) for camera_id in recorder.kept]
            assert [ring is not None and ring.size > 0 for ring in rings] == [False, True]
    (closed,) = await chain(west, one)
    path = tmp_path / "recordings" / closed.path
    assert closed.state == "closed" and closed.sha256 == hashlib.sha256(path.read_bytes()).digest()
    with av.open(str(path)) as film:
        assert sum(1 for _ in film.decode(video=0)) >= 20
    assert not list((tmp_path / "recordings").glob("C-RING/**/*.mp4"))


async def test_over_a_kill_9_nothing_is_lost_that_was_told_as_safe(
    engine: AsyncEngine, west: AsyncEngine, database_url: str, tmp_path: Path, serve: Serve
) -> None:
    with serve("a") as port:
        one = await put_up(engine, "C-1", f"rtsp://127.0.0.1:{port}/a")
        command = ("-m", "tests.ingest.recording.alone", as_role(database_url, INGEST), str(tmp_path))
        told = os.environ | {"PYTHONPATH": str(CHECKOUT)}
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=CHECKOUT, env=told)
        safe = await until(
            west, "SELECT * FROM recording WHERE state = 'open' AND ends_at - begins_at > interval '3 s'"
        )
        process.send_signal(signal.SIGKILL)
        await process.wait()
    path = tmp_path / "recordings" / safe.path
    with path.open("ab") as torn:
        torn.write(path.read_bytes()[-500:-200])  # as a write that the loss of power cut
    await recover(west, tmp_path / "recordings", Disk())
    (closed,) = await chain(west, one)
    whole = path.read_bytes()
    assert closed.state == "closed" and closed.size == len(whole) >= safe.bytes
    assert closed.ends_at >= safe.ends_at and closed.sha256 == hashlib.sha256(whole).digest()
    found = closed.index[: len(safe.index)]
    assert [[*entry[1:]] for entry in found] == [[*entry[1:]] for entry in safe.index]
    assert all(before < after for (before, *_), (after, *_) in pairwise(found))
    assert [ms for ms, *_ in found] == pytest.approx([ms for ms, *_ in safe.index], abs=1000)  # in its own second
    with path.open("rb") as opened:
        assert walk(opened).whole == len(whole)


class Failing(Disk):
    """A disk that is full for one camera while `full` says so."""

    full = False

    def write(self, file: int, data: bytes) -> None:
        if self.full and "C-FULL" in str(Path(f"/proc/self/fd/{file}").readlink()):
            raise OSError(errno.ENOSPC, "full")
        super().write(file, data)


async def test_a_disk_that_fills_stops_that_camera_s_recording_alone_and_it_goes_on_by_itself(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.recording.keeping.AGAIN_S", 0.5)
    disk = Failing()
    with serve("a", "b") as port:
        full = await put_up(engine, "C-FULL", f"rtsp://127.0.0.1:{port}/a")
        fine = await put_up(engine, "C-FINE", f"rtsp://127.0.0.1:{port}/b")
        async with recording(west, tmp_path, disk):
            for one in (full, fine):
                await until(west, f"SELECT 1 FROM recording WHERE camera_id = {one} AND ends_at > begins_at")
            disk.full = True
            failed = await until(west, "SELECT * FROM recording_state WHERE state = 'failing'")
            assert failed.camera_id == full and failed.sentence == "The disk of the recordings is full."
            gap = await until(west, "SELECT * FROM recording_gap WHERE ends_at IS NULL")
            assert (gap.camera_id, gap.reason) == (full, "disk_full")
            disk.full = False
            await until(west, "SELECT * FROM recording_gap WHERE ends_at > begins_at")
            await until(west, f"SELECT 1 FROM recording_state WHERE camera_id = {full} AND state = 'recording'")
    assert [row.state for row in await chain(west, full)] == ["closed", "closed"]
    assert len(await chain(west, fine)) == 1


async def test_a_file_that_a_crash_left_and_nobody_can_read_keeps_no_other_from_being_closed(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path
) -> None:
    one = await put_up(engine, "C-1", "rtsp://127.0.0.1:9/a")
    writer = Writer(tmp_path, Recorded(id=one, code="C-1", retention="public"), Disk())
    (fine,) = writer.write(footage(2)).written
    bad = replace(fine, path="C-1/bad.mp4", begins_at=fine.begins_at - timedelta(minutes=9))
    (tmp_path / bad.path).mkdir()
    async with visit(engine) as session:
        await queries.keep(session, [bad, fine])
    await recover(west, tmp_path, Disk())
    assert [row.path for row in await chain(west, one)] == [fine.path]


async def test_what_the_store_does_not_take_of_a_recovery_is_told_again(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "AGAIN_S", 0.0)
    one = await put_up(engine, "C-1", "rtsp://127.0.0.1:9/a")
    writer = Writer(tmp_path, Recorded(id=one, code="C-1", retention="public"), Disk())
    (left,) = writer.write(footage(2)).written
    async with visit(engine) as session:
        await queries.keep(session, [left])
    keep, faults = queries.keep, [OperationalError("", {}, Exception("away"))]

    async def kept(session: Any, written: Any) -> None:
        if faults:
            raise faults.pop()
        await keep(session, written)

    monkeypatch.setattr(queries, "keep", kept)
    await recover(west, tmp_path, Disk())
    assert [row.state for row in await chain(west, one)] == ["closed"]


async def test_what_the_store_refuses_of_a_recovery_lies_aside_and_recovery_ends(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path
) -> None:
    one = await put_up(engine, "C-1", "rtsp://127.0.0.1:9/a")
    writer = Writer(tmp_path, Recorded(id=one, code="C-1", retention="public"), Disk())
    (left,) = writer.write(footage(2)).written
    async with visit(engine) as session:
        await queries.keep(session, [left])
        await session.execute(text("ALTER TABLE recording ADD CONSTRAINT never CHECK (state <> 'closed')"))
    await asyncio.wait_for(recover(west, tmp_path, Disk()), 5)
    assert [row.path for row in Aside(tmp_path, Disk()).rows()] == [left.path] and (tmp_path / left.path).exists()


async def test_a_camera_whose_feed_was_made_anew_is_recorded_from_the_new_one(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path
) -> None:
    one = await put_up(engine, "C-1", "rtsp://127.0.0.1:9/a")
    async with recording(west, tmp_path) as recorder:
        await until(west, "SELECT 1", kept=lambda: one in recorder.kept)
        async with visit(west) as session:
            rows = await cameras.enabled(session)
        for of in ([], rows):  # switched off and on again between two looks
            await asyncio.to_thread(recorder.feeds.keep, of)
        await until(west, "SELECT 1", kept=lambda: recorder.kept[one].feed is recorder.feeds.of(one))


async def test_a_camera_that_brings_nothing_has_a_gap_and_a_sentence(
    engine: AsyncEngine, west: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.recording.keeping.QUIET_S", 0.5)
    await put_up(engine, "C-1", "rtsp://127.0.0.1:9/a")
    async with recording(west, tmp_path):
        told = await until(west, "SELECT * FROM recording_state WHERE state = 'waiting'")
        assert told.sentence.endswith(".") and told.reason == "no_footage"
        assert (await until(west, "SELECT * FROM recording_gap")).reason == "no_footage"
