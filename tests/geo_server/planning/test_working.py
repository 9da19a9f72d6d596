"""Tiles that wait are reckoned from what the store holds, and wait again when what stands there changes."""

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import COVERAGE
from geo_server.planning.asking import take_up
from geo_server.planning.laying import squares
from geo_server.planning.reckoning import reckoned
from geo_server.planning.working import NotReckoned, work_off
from layers.areas.queries import by_code
from layers.areas.scope import visit_whole
from layers.areas.table import area
from layers.buildings.table import building
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera, camera_preset
from layers.coverage import queries as coverage
from layers.coverage.schema import Reckoned, Standing, Stirred
from layers.coverage.table import camera_unseeing, coverage_share, coverage_tile
from layers.coverage.table import coverage as seen
from layers.coverage.writing import write
from layers.gaps.table import gap
from layers.places.table import place
from layers.values import LonLat, Role, Title
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio
LON, LAT = 76.94, 43.24
LENS: dict[str, Any] = {
    "height_m": 6.0, "heading_deg": 0.0, "hfov_deg": 60.0, "tilt_deg": 10.0, "width_px": 1920, "height_px": 1080
}  # fmt: skip


@pytest.fixture(scope="module")
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


async def hang(engine: AsyncEngine, code: str = "A", **told: Any) -> int:
    """Hang a camera that looks north, with the tiles it looks into."""
    new = NewCamera(
        code=code,
        title=Title(kk=code, ru=code, en=code),
        place=LonLat(lon=LON, lat=LAT),
        url="a.mp4",
        reader="video_file",
        settings={**LENS, **told},
    )
    async with visit_whole(engine) as session:
        (camera_id,) = await put_up(session, [new])
        await coverage.lay(session, squares([], [(LON, LAT, 120.0)]))
    return camera_id


async def seen_m2(engine: AsyncEngine, purpose: str = "situation") -> float:
    total = func.coalesce(func.sum(func.ST_Area(func.geography(seen.c.geom))), 0.0)
    async with visit_whole(engine) as session:
        return float((await session.execute(select(total).where(seen.c.purpose == purpose))).scalar_one())


async def waiting(engine: AsyncEngine) -> int:
    async with visit_whole(engine) as session:
        asked = select(func.count()).select_from(coverage_tile).where(coverage_tile.c.stirred_at.is_not(None))
        return int((await session.execute(asked)).scalar_one())


def box(west: float, south: float, east: float, north: float) -> Any:
    return func.ST_Multi(func.ST_MakeEnvelope(west, south, east, north, 4326))


def point(lon: float, lat: float) -> Any:
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)


async def add_house(engine: AsyncEngine) -> None:
    """Build a high house before the camera."""
    house = box(LON - 0.001, LAT + 0.0001, LON + 0.001, LAT + 0.0002)
    async with visit_whole(engine) as session:
        await session.execute(insert(building).values(osm_id=1, kind="yes", height_m=20.0, geom=house))


async def test_what_a_camera_sees_what_it_leaves_and_the_shares_of_its_district_are_written(
    engine: AsyncEngine, workers: Executor
) -> None:
    await hang(engine)
    async with visit_whole(engine) as session:
        await session.execute(insert(place).values(osm_id=1, kind="school", geom=point(LON, LAT + 0.0003)))
    assert (await work_off(engine, workers) or 0) >= 1
    assert 500 < await seen_m2(engine, "person") + await seen_m2(engine) < 20_000
    async with visit_whole(engine) as session:
        left = (await session.execute(select(gap.c.schools, gap.c.weight, gap.c.ground_m2))).all()
        rows = (await session.execute(select(coverage_share).where(coverage_share.c.purpose == "situation"))).all()
    assert any(row.ground_m2 > 1e5 for row in left)
    schools = [row for row in rows if row.measure == "schools"]
    assert [(row.whole, row.seen, row.twice) for row in schools] == [(1, 1, 0)]
    assert sum(row.seen for row in rows if row.measure == "ground_m2") == pytest.approx(await seen_m2(engine), rel=0.05)
    assert await waiting(engine) == 0


async def test_of_a_republic_all_shares_below_come_together(engine: AsyncEngine, workers: Executor) -> None:
    await hang(engine)
    await work_off(engine, workers)
    async with visit_whole(engine) as session:
        top = await by_code(session, "KZ")
        assert top is not None
        viewer = Viewer(account_id=1, name="a", role=Role.PLANNER, area_id=top.id, own_area_id=top.id)
        found = await coverage.shares(session, viewer, "situation")
        own = {row.area_id: row.seen for row in found if row.measure == "ground_m2"}
        state = await coverage.state(session, list(own))
    assert own[top.id] == max(own.values()) > 0 and len(own) >= 3
    assert state.waiting == 0 and state.tiles >= 1 and state.oldest is not None


@pytest.mark.parametrize(
    ("change", "stirs"),
    [
        ({"heading_deg": 180.0}, True),
        ({"height_m": 12.0}, True),
        ({"owner_kind": "private"}, True),
        ({"state": "live", "fps": 4.0}, False),
        ({"heading_deg": 0.0}, False),
    ],
    ids=["turned", "raised", "sold", "watched", "written again as it was"],
)
async def test_a_camera_stirs_its_tiles_when_what_it_sees_changes(
    engine: AsyncEngine, workers: Executor, change: dict[str, Any], stirs: bool
) -> None:
    camera_id = await hang(engine)
    await work_off(engine, workers)
    async with visit_whole(engine) as session:
        await session.execute(update(camera).where(camera.c.id == camera_id).values(change))
    assert (await waiting(engine) > 0) is stirs


async def test_a_building_a_preset_and_a_border_stir_the_tiles_around(engine: AsyncEngine, workers: Executor) -> None:
    camera_id = await hang(engine)
    await work_off(engine, workers)
    before = await seen_m2(engine)
    await add_house(engine)
    assert await waiting(engine) > 0
    await work_off(engine, workers)
    assert await seen_m2(engine) < before / 2
    async with visit_whole(engine) as session:
        names = dict.fromkeys(("name_kk", "name_ru", "name_en"), "gate")
        lens = {"heading_deg": 180.0, "tilt_deg": 10.0, "hfov_deg": 60.0}
        await session.execute(insert(camera_preset).values(camera_id=camera_id, token="gate", **names, **lens))
    assert await waiting(engine) > 0
    await work_off(engine, workers)
    assert await seen_m2(engine) == pytest.approx(before, rel=0.1)  # it looks away from the house now
    async with visit_whole(engine) as session:
        await session.execute(update(area).where(area.c.code == "KZ-75").values(geom=area.c.geom))
    assert await waiting(engine) > 0


async def test_a_camera_whose_lens_nobody_knows_is_told_until_somebody_does(
    engine: AsyncEngine, workers: Executor
) -> None:
    camera_id = await hang(engine, hfov_deg=None)
    await work_off(engine, workers)
    reasons = select(camera_unseeing.c.camera_id, camera_unseeing.c.reason)
    async with visit_whole(engine) as session:
        assert [tuple(row) for row in await session.execute(reasons)] == [(camera_id, "no_lens")]
        await session.execute(update(camera).values(hfov_deg=60.0))
    await work_off(engine, workers)
    async with visit_whole(engine) as session:
        assert not (await session.execute(reasons)).all()


async def test_what_changed_while_it_was_reckoned_waits_on(engine: AsyncEngine, workers: Executor) -> None:
    await hang(engine)
    async with visit_whole(engine) as session:
        (tile, *_) = await coverage.waiting(session, 1)
        standing = await coverage.standing(session, tile.id)
        await session.execute(update(camera).values(heading_deg=90.0))
    async with visit_whole(engine) as session:
        await write(session, [(tile, reckoned(tile, standing))])
        assert tile.id in {one.id for one in await coverage.waiting(session, 10)}


async def ask(engine: AsyncEngine, code: str) -> int:
    """Make a small town and have somebody ask for its coverage."""
    async with visit_whole(engine) as session:
        above = await by_code(session, "KZ-19")
        assert above is not None
        names = dict.fromkeys(("name_kk", "name_ru", "name_en"), code)
        border = box(LON, 50.0, LON + 0.02, 50.01)
        town = insert(area).values(parent_id=above.id, level=3, code=code, geom=border, **names)
        area_id = int((await session.execute(town.returning(area.c.id))).scalar_one())
        viewer = Viewer(account_id=1, name="a", role=Role.PLANNER, area_id=area_id, own_area_id=area_id)
        return await jobs.ask(session, viewer, COVERAGE, {})


async def job(engine: AsyncEngine, job_id: int) -> Any:
    async with visit_whole(engine) as session:
        return (await session.execute(text("SELECT * FROM job WHERE id = :id"), {"id": job_id})).one()


async def test_a_job_lays_and_reckons_a_town_and_tells_how_far_it_is(engine: AsyncEngine, workers: Executor) -> None:
    job_id = await ask(engine, "TOWN")
    await work_off(engine, workers)
    told = await job(engine, job_id)
    assert (told.outcome, told.done) == ("done", told.total) and told.total >= 2
    async with visit_whole(engine) as session:
        whole = (await session.execute(select(func.sum(coverage_share.c.whole)))).scalar_one()
    assert whole / 4 == pytest.approx(1430 * 1112, rel=0.02)  # of four purposes; nothing is seen


async def test_a_job_that_is_called_off_leaves_its_tiles(engine: AsyncEngine, workers: Executor) -> None:
    job_id = await ask(engine, "TOWN")
    async with visit_whole(engine) as session:
        assert await jobs.cancel(session, job_id)
    await work_off(engine, workers)
    assert (await job(engine, job_id)).outcome == "cancelled"
    async with visit_whole(engine) as session:
        assert not await jobs.cancel(session, job_id)


async def test_a_first_reckoning_that_is_called_off_goes_on_with_nothing(
    engine: AsyncEngine, workers: Executor
) -> None:
    job_id = await ask(engine, "TOWN")
    await take_up(engine)
    assert await waiting(engine) > 0
    async with visit_whole(engine) as session:
        assert await jobs.cancel(session, job_id)
    assert await work_off(engine, workers) == 0
    assert (await job(engine, job_id)).outcome == "cancelled" and await waiting(engine) == 0


async def test_jobs_are_taken_up_one_after_another(engine: AsyncEngine, workers: Executor) -> None:
    first, second = await ask(engine, "TOWN"), await ask(engine, "VILLAGE")
    await take_up(engine)
    assert (await job(engine, first)).begun_at is not None and (await job(engine, second)).begun_at is None
    await work_off(engine, workers)
    assert [(await job(engine, one)).outcome for one in (first, second)] == ["done", "done"]


async def test_what_stands_in_a_tile_and_what_is_found_travel_between_processes(engine: AsyncEngine) -> None:
    camera_id = await hang(engine)
    await add_house(engine)
    async with visit_whole(engine) as session:
        names = dict.fromkeys(("name_kk", "name_ru", "name_en"), "gate")
        await session.execute(insert(camera_preset).values(camera_id=camera_id, token="gate", **names))
        (tile, *_) = await coverage.waiting(session, 1)
        standing = await coverage.standing(session, tile.id)
    sent = pickle.loads(pickle.dumps((tile, standing)))
    assert sent == (tile, standing) and standing.buildings.wkb and standing.presets
    found = reckoned(*sent)
    assert pickle.loads(pickle.dumps(found)) == found


class Broken(ThreadPoolExecutor):
    """Workers that fail."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(RuntimeError("no"))
        return failed


async def test_tiles_that_cannot_be_reckoned_wait_and_their_job_says_so(engine: AsyncEngine) -> None:
    job_id = await ask(engine, "TOWN")
    with Broken() as workers, pytest.raises(NotReckoned, match="could not be reckoned"):
        await work_off(engine, workers)
    told = await job(engine, job_id)
    assert told.outcome == "failed" and "could not be reckoned" in told.fault
    assert await waiting(engine) == told.total


async def test_of_two_processes_one_reckons(engine: AsyncEngine, workers: Executor) -> None:
    async with engine.connect() as other:
        assert await coverage.may_reckon(other)
        assert await work_off(engine, workers) is None


async def test_a_tile_that_the_store_refuses_spoils_no_other(
    engine: AsyncEngine, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ask(engine, "TOWN")
    await take_up(engine)
    async with visit_whole(engine) as session:
        refused, *_ = await coverage.waiting(session, 1)

    def spoilt(tile: Stirred, standing: Standing) -> Reckoned:
        found = reckoned(tile, standing)
        return replace(found, gaps=[{**one, "ground_m2": -1.0} for one in found.gaps]) if tile == refused else found

    monkeypatch.setattr("geo_server.planning.working.reckoned", spoilt)
    with pytest.raises(NotReckoned, match="1 tiles"):
        await work_off(engine, workers)
    assert (await job(engine, job_id)).outcome == "failed" and await waiting(engine) == 1
