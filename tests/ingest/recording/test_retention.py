import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.clock import Clock
from ingest.recording.disk import Disk
from ingest.recording.refused import Aside, Refused
from ingest.recording.retention import Retention, days, expired, is_held, pressed
from layers.database import visit
from layers.recordings import hold_queries, queries
from layers.recordings.hold_queries import NewHold
from layers.recordings.schema import Held, Recording
from tests.layers.recordings.test_queries import START, put_up, written

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=10 * hours))


@st.composite
def recordings(draw: st.DrawFn) -> list[Recording]:
    made = []
    for n in range(draw(st.integers(0, 12))):
        begins = draw(MOMENTS)
        made.append(
            Recording(
                id=n, camera_id=draw(st.integers(1, 2)), code="C", path=str(n), begins_at=begins,
                ends_at=begins + timedelta(minutes=5), size=draw(st.integers(1, 100)), init_size=1, codec="", index=(),
                state=draw(st.sampled_from(["open", "closed", "closed"])),
                retention=draw(st.sampled_from(sorted(days()))),
            )
        )  # fmt: skip
    return made


HOLDS = st.lists(
    st.builds(
        lambda camera, at, hours: Held(camera_id=camera, begins_at=at, ends_at=at + timedelta(hours=hours)),
        st.integers(1, 2), MOMENTS, st.integers(1, 200),
    ), max_size=4,
)  # fmt: skip


@given(recordings(), HOLDS)
def test_what_is_held_or_young_never_goes_and_all_that_is_old_does(kept: list[Recording], holds: list[Held]) -> None:
    goes = expired(kept, holds, NOW).recordings
    assert not any(is_held(one, holds) or one.state == "open" for one in goes)
    due = {one.id for one in kept if one.state == "closed" and NOW - one.ends_at > days()[one.retention]}
    assert {one.id for one in goes} == {one.id for one in kept if one.id in due and not is_held(one, holds)}


@given(recordings(), HOLDS, st.integers(0, 400))
def test_under_pressure_the_oldest_go_first_no_hold_is_touched_and_it_ends_as_soon_as_there_is_room(
    kept: list[Recording], holds: list[Held], needed: int
) -> None:
    goes = pressed(kept, holds, needed).recordings
    assert not any(is_held(one, holds) or one.state != "closed" for one in goes)
    assert list(goes) == sorted(goes, key=lambda one: (one.begins_at, one.id))
    stays = [one for one in kept if one not in goes and one.state == "closed" and not is_held(one, holds)]
    assert all(one.begins_at <= other.begins_at for one in goes for other in stays)
    freed = sum(one.size for one in goes)
    assert freed >= needed or not stays
    assert freed - (goes[-1].size if goes else 0) < needed or not goes


class Small(Disk):
    """A disk of `total` bytes on which only our files lie."""

    def __init__(self, total: int) -> None:
        self.total = total

    def room(self, folder: Path) -> tuple[int, int]:
        used = sum(file.stat().st_size for file in folder.rglob("*.mp4"))
        return self.total - used, self.total


async def filled(engine: AsyncEngine, home: Path, count: int) -> None:
    async with visit(engine) as session:
        one = await put_up(session)
        files = [written(one, n) for n in range(count)]
        await queries.keep(session, files)
    for file in files:
        path = home / "recordings" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(file.size))


def left(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "recordings").rglob("*.mp4"))


@pytest.mark.anyio
async def test_a_disk_that_fills_loses_the_oldest_that_nothing_holds_and_the_rows_stay(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await filled(engine, tmp_path, 6)
    hold = """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
        SELECT id, :since, :until, 'r', 'b', 'x' FROM camera"""
    async with visit(engine) as session:
        await session.execute(text(hold), {"since": START, "until": START + timedelta(minutes=1)})
    retention = Retention(engine, tmp_path, Small(7000), least_free=0.4, exports=timedelta(days=30))
    assert await retention.look(START + timedelta(days=1)) == 2
    assert left(tmp_path) == ["0.mp4", "3.mp4", "4.mp4", "5.mp4"] and "deleted early" in retention.pressure
    async with visit(engine) as session:
        rows = (await session.execute(text("SELECT number, state, deleted_why FROM recording ORDER BY number"))).all()
    assert [tuple(row) for row in rows][:3] == [(1, "closed", None), (2, "deleted", "disk"), (3, "deleted", "disk")]
    assert await retention.look(START + timedelta(days=1)) == 0 and retention.pressure == ""


@pytest.mark.anyio
async def test_where_all_is_held_nothing_goes_and_it_is_said(engine: AsyncEngine, tmp_path: Path) -> None:
    await filled(engine, tmp_path, 2)
    hold = """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
        SELECT id, '2020-01-01', '2030-01-01', 'r', 'b', 'x' FROM camera"""
    async with visit(engine) as session:
        await session.execute(text(hold))
    retention = Retention(engine, tmp_path, Small(2100), least_free=0.5, exports=timedelta(days=30))
    assert await retention.look(NOW + timedelta(days=4000)) == 0 and len(left(tmp_path)) == 2
    assert retention.pressure.endswith("all that is recorded is held.")


@pytest.mark.anyio
async def test_what_is_older_than_its_class_goes(engine: AsyncEngine, tmp_path: Path) -> None:
    await filled(engine, tmp_path, 3)
    retention = Retention(engine, tmp_path, Small(10**9), least_free=0.05, exports=timedelta(days=30))
    assert await retention.look(START + timedelta(days=30, minutes=12)) == 2
    assert left(tmp_path) == ["2.mp4"]


class Stubborn(Disk):
    """A disk that lets go of all but one file."""

    def remove(self, path: Path) -> None:
        if path.name == "0.mp4":
            raise PermissionError(13, "no")
        super().remove(path)


@pytest.mark.anyio
async def test_a_file_that_cannot_be_deleted_keeps_no_other(engine: AsyncEngine, tmp_path: Path) -> None:
    await filled(engine, tmp_path, 3)
    retention = Retention(engine, tmp_path, Stubborn(), least_free=0.0, exports=timedelta(days=30))
    assert await retention.look(START + timedelta(days=60)) == 2 and left(tmp_path) == ["0.mp4"]
    async with visit(engine) as session:
        states = (await session.execute(text("SELECT state FROM recording ORDER BY number"))).scalars().all()
    assert states == ["closed", "deleted", "deleted"]


@pytest.mark.anyio
async def test_a_hold_is_answered_once_nothing_that_it_holds_is_being_deleted(engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        one = await put_up(session)
        await queries.keep(session, [written(one, 0)])
    hold = NewHold(
        camera_id=one, incident_id=None, event_id=None, begins_at=START, ends_at=NOW, reason="r", legal_basis="b",
        set_by="x",
    )  # fmt: skip

    async def held() -> list[int]:
        async with visit(engine) as session:
            await hold_queries.set_(session, hold)
            return [row.id for row in await queries.oldest(session, limit=9)]

    async with visit(engine) as deleting:
        await queries.keep_holds_out(deleting)
        waiting = asyncio.create_task(held())
        waits = """SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database =
            (SELECT oid FROM pg_database WHERE datname = current_database())"""
        for _ in range(200):
            if waiting.done() or (await deleting.execute(text(waits))).first() is not None:
                break
            await asyncio.sleep(0.02)
        assert not waiting.done()
    assert await waiting == []


EXPORT = """INSERT INTO video_export (asked_by, account_id, area_id, reason, legal_basis, camera_ids, begins_at,
    ends_at, state, path, bytes, ready_at) SELECT 'x', 1, area_id, 'r', 'b', ARRAY[id], :at,
    CAST(:at AS timestamptz) + interval '1 h', 'ready', :path, 9, :at FROM camera"""


@pytest.mark.anyio
async def test_an_archive_is_kept_as_long_as_is_set_and_longer_where_a_hold_holds_what_is_in_it(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    (tmp_path / "exports").mkdir()
    async with visit(engine) as session:
        await put_up(session)
        for path, day in (("old.zip", 1), ("held.zip", 2), ("new.zip", 9)):
            (tmp_path / "exports" / path).write_bytes(b"x")
            await session.execute(text(EXPORT), {"path": path, "at": START + timedelta(days=day)})
        hold = """INSERT INTO legal_hold (camera_id, begins_at, ends_at, reason, legal_basis, set_by)
            SELECT id, :since, :until, 'r', 'b', 'x' FROM camera"""
        second = {"since": START + timedelta(days=2), "until": START + timedelta(days=2, minutes=1)}
        await session.execute(text(hold), second)
    retention = Retention(engine, tmp_path, Disk(), least_free=0.0, exports=timedelta(days=7))
    await retention.look(START + timedelta(days=12))
    assert sorted(path.name for path in (tmp_path / "exports").iterdir()) == ["held.zip", "new.zip"]
    async with visit(engine) as session:
        rows = (
            await session.execute(text("SELECT path, state, deleted_at IS NULL FROM video_export ORDER BY id"))
        ).all()
    assert [tuple(row) for row in rows] == [
        ("old.zip", "deleted", False), ("held.zip", "ready", True), ("new.zip", "ready", True)
    ]  # fmt: skip


def test_nothing_is_old_by_a_clock_that_has_just_jumped_ahead() -> None:
    clock = Clock(NOW)
    assert clock.is_steady(NOW + timedelta(hours=5), 0.0)  # the machine was off for a while
    assert clock.is_steady(NOW + timedelta(hours=5, seconds=60), 60.0)
    wrong = NOW + timedelta(days=3650)
    assert not clock.is_steady(wrong, 120.0) and not clock.is_steady(wrong, 3000.0)
    assert clock.is_steady(NOW + timedelta(hours=6), 3060.0)  # somebody set it right
    assert not clock.is_steady(wrong, 3120.0) and not clock.is_steady(wrong, 6600.0)
    assert clock.is_steady(wrong, 6720.0)  # nobody minds: so late it is
    assert clock.is_steady(NOW, 6780.0) and clock.is_steady(NOW + timedelta(minutes=1), 6840.0)


@pytest.mark.anyio
async def test_a_clock_that_jumped_over_a_restart_deletes_nothing_at_once(engine: AsyncEngine, tmp_path: Path) -> None:
    await filled(engine, tmp_path, 3)
    for now in (START + timedelta(hours=1), START + timedelta(days=400), START + timedelta(days=400)):
        await Retention(engine, tmp_path, Disk(), least_free=0.0, exports=timedelta(days=7)).look(now)
    assert len(left(tmp_path)) == 3


@pytest.mark.anyio
async def test_health_tells_a_person_of_rows_that_the_store_refused(engine: AsyncEngine, tmp_path: Path) -> None:
    Aside(tmp_path / "recordings", Disk()).put([Refused(one=written(1, 0), why="CheckViolation")])
    await Retention(engine, tmp_path, Disk(), least_free=0.0, exports=timedelta(days=30)).look()
    async with visit(engine) as session:
        told = await queries.disk(session)
    assert told is not None
    assert told.pressure == "Rows of recorded files that the store refused lie in recordings/.refused: 1."
