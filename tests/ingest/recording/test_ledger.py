"""What recording tells the store waits while it is away: in memory as much as memory should hold, then on the disk."""

import errno
import hashlib
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording import ledger
from ingest.recording.disk import Disk
from ingest.recording.ledger import Ledger
from ingest.recording.refused import Aside
from ingest.recording.spool import Spool
from layers.database import engine_for, visit
from layers.recordings import queries
from layers.recordings.schema import Gap, State, Written
from tests.ingest.recording.footage import START

pytestmark = pytest.mark.anyio
AWAY = engine_for("postgresql://nobody@127.0.0.1:1/none")


def closed(camera: int, n: int) -> Written:
    begins_at = START + timedelta(minutes=5 * n)
    return Written(
        camera_id=camera, path=f"C-1/{n:04}.mp4", begins_at=begins_at, ends_at=begins_at + timedelta(minutes=5),
        size=100, init_size=10, codec="avc1.640028", index=((0, 10, 1), (1000, 50, 0)), retention="public",
        sha256=hashlib.sha256(b"%d" % n).digest(),
    )  # fmt: skip


async def camera_of(engine: AsyncEngine) -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, record, geom) VALUES ('C-1', 'к', 'р',
        'e', 'rtsp://x', 'rtsp', 'continuous', ST_SetSRID(ST_MakePoint(76.94, 43.24), 4326)) RETURNING id"""
    async with visit(engine) as session:
        return int((await session.execute(text(asked))).scalar_one())


async def test_files_that_are_closed_while_the_store_is_away_wait_on_the_disk_and_come_in_their_order(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_CLOSED", 2)
    camera, told = await camera_of(engine), Ledger(tmp_path, Disk())
    for n in range(10):
        told.tell(closed(camera, n))
        assert not await told.write(AWAY)
        assert len(told.files) <= 2
    after = Ledger(tmp_path, Disk())  # of a process that began anew: the last lay in memory alone
    after.tell(closed(camera, 9))
    assert after.paths() == {f"C-1/{n:04}.mp4" for n in range(9)}  # recovery does not read these again
    while after.urgent:
        assert await after.write(engine)
    async with visit(engine) as session:
        chain = await queries.chain_of(session, camera)
    assert [one.path for one in chain] == [f"C-1/{n:04}.mp4" for n in range(10)]
    assert [one.index for one in chain] == [closed(camera, 0).index] * 10
    assert chain[3].sha256 == closed(camera, 3).sha256 and not Spool(tmp_path, Disk()).waiting()


RETENTION = "no class of ours"  # what the store's own check refuses


async def test_a_row_that_the_store_refuses_lies_aside_and_holds_up_nothing(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, told = await camera_of(engine), Ledger(tmp_path, Disk())
    gone, odd = closed(camera + 99, 1), replace(closed(camera, 2), retention=RETENTION)
    told.tell(closed(camera, 0), gone, odd, closed(camera, 3), replace(closed(camera + 99, 4), sha256=None))
    for one in (camera + 99, camera):
        told.gap(Gap(camera_id=one, begins_at=START, ends_at=None, reason="no_footage"))
        told.state(State(camera_id=one, at=START, state="recording"))
    assert await told.write(engine) and not told.urgent and not told.files
    async with visit(engine) as session:
        assert [one.path for one in await queries.chain_of(session, camera)] == ["C-1/0000.mp4", "C-1/0003.mp4"]
        assert await queries.faring(session) == {"recording": 1}
        assert (await session.execute(text("SELECT count(*) FROM recording_gap"))).scalar_one() == 1
    assert told.aside.rows() == [gone, odd]  # the open one is told again when it is closed


async def test_a_batch_on_the_disk_with_a_row_that_the_store_refuses_goes_on_with_the_others(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, told = await camera_of(engine), Ledger(tmp_path, Disk())
    told.spool.put([closed(camera, 0), closed(camera + 99, 1), closed(camera, 2)])
    told.spool.put([closed(camera, 3)])
    while told.urgent:
        assert await told.write(engine)
    async with visit(engine) as session:
        assert [one.number for one in await queries.chain_of(session, camera)] == [1, 2, 3]
    assert told.aside.rows() == [closed(camera + 99, 1)] and told.paths() == {"C-1/0001.mp4"}


async def test_what_lay_aside_is_offered_again_and_stays_there_while_it_is_refused(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, told = await camera_of(engine), Ledger(tmp_path, Disk())
    odd = [replace(closed(camera, n), retention=RETENTION) for n in range(2)]
    told.tell(odd[0], closed(camera + 99, 5))
    assert await told.write(engine)
    await Aside(tmp_path, Disk()).again(engine)
    assert told.aside.rows() == [odd[0], closed(camera + 99, 5)]
    async with visit(engine) as session:
        await session.execute(text("ALTER TABLE recording DROP CONSTRAINT recording_retention_check"))
    await Aside(tmp_path, Disk()).again(engine)
    async with visit(engine) as session:
        assert [one.path for one in await queries.chain_of(session, camera)] == ["C-1/0000.mp4"]
    assert told.aside.rows() == [closed(camera + 99, 5)] and told.aside.sentence().endswith(": 1.")


class Full(Disk):
    def write(self, file: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")


async def test_what_the_disk_does_not_take_either_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_CLOSED", 0)
    told = Ledger(tmp_path, Full())
    told.tell(closed(1, 0))
    assert not await told.write(AWAY)
    assert list(told.files) == ["C-1/0000.mp4"] and not told.spool.waiting()


async def test_a_refused_row_that_the_disk_does_not_take_either_stays_in_memory_and_holds_up_nothing(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    camera, told = await camera_of(engine), Ledger(tmp_path, Full())
    told.tell(closed(camera + 99, 0), closed(camera, 1))
    told.gap(Gap(camera_id=camera, begins_at=START, ends_at=START + timedelta(seconds=9), reason="too_slow"))
    for _ in range(2):
        assert await told.write(engine)
        assert list(told.files) == ["C-1/0000.mp4"] and not told.gaps
    async with visit(engine) as session:
        assert [one.path for one in await queries.chain_of(session, camera)] == ["C-1/0001.mp4"]
        assert (await session.execute(text("SELECT count(*) FROM recording_gap"))).scalar_one() == 1


def test_a_row_that_was_torn_loses_no_other(tmp_path: Path) -> None:
    spool = Spool(tmp_path, Disk())
    spool.put([closed(1, 0), closed(1, 1)])
    (batch,) = spool.waiting()
    batch.write_bytes(batch.read_bytes()[:-20])
    assert spool.read(batch) == [closed(1, 0)]


class Meanwhile(dict[int, State]):
    """States that somebody adds to while they are gone through; that one has a moment to do so."""

    tell: threading.Thread

    def items(self) -> Any:
        before = list(super().items())
        self.tell.start()
        self.tell.join(0.05)
        return before


def test_what_is_told_while_something_is_written_is_not_lost(tmp_path: Path) -> None:
    told = Ledger(tmp_path, Disk())
    told.states = states = Meanwhile()
    late = State(camera_id=1, at=START, state="ring")
    states.tell = threading.Thread(target=told.state, args=[late])
    told._written({}, [], {})
    states.tell.join()
    assert told.states == {1: late}
