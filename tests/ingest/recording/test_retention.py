from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.recording.disk import Disk
from ingest.recording.retention import Retention, days, expired, is_held, pressed
from layers.database import visit
from layers.recordings import queries
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
    retention = Retention(engine, tmp_path, Small(7000), least_free=0.4)
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
    retention = Retention(engine, tmp_path, Small(2100), least_free=0.5)
    assert await retention.look(NOW + timedelta(days=4000)) == 0 and len(left(tmp_path)) == 2
    assert retention.pressure.endswith("all that is recorded is held.")


@pytest.mark.anyio
async def test_what_is_older_than_its_class_goes(engine: AsyncEngine, tmp_path: Path) -> None:
    await filled(engine, tmp_path, 3)
    retention = Retention(engine, tmp_path, Small(10**9))
    assert await retention.look(START + timedelta(days=30, minutes=12)) == 2
    assert left(tmp_path) == ["2.mp4"]
