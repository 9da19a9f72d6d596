from datetime import UTC, datetime

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import flying, pipeline
from ingest.flying import Flights
from ingest.geolocate import nowhere
from ingest.leases import Leases
from ingest.picture import Pixels
from ingest.pipeline import Moment
from ingest.values import Frame, FramePose, Placed, Seen
from layers.cameras import leases as rows
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.changes import since
from layers.database import visit
from layers.values import LonLat, Title

MAST, DRONE = LonLat(lon=76.90, lat=43.20), LonLat(lon=76.94, lat=43.24)
NORTHWARD = FramePose(place=DRONE, height_m=100.0, heading_deg=0.0, tilt_deg=45.0, hfov_deg=60.0)


def frame(pose: FramePose | None) -> Frame:
    picture = Pixels(np.zeros((360, 640, 3), np.uint8))
    return Frame(picture=picture, at=datetime(2026, 1, 1, tzinfo=UTC), camera_id=1, sequence=1, pose=pose)


def placed(pose: FramePose | None) -> Placed:
    seen = Seen(kind="zone_motion", at=frame(None).at, certainty=0.5, box=(0, 0, 9, 9), foot=(320, 180))
    moment = pipeline.place(lambda _: nowhere(MAST))(Moment(frame=frame(pose), seen=(seen,)))
    assert moment is not None
    return moment.placed[0]


def test_what_a_drone_sees_is_placed_from_where_it_was() -> None:
    found = placed(NORTHWARD)
    assert (found.place.lon, found.place.lat) == pytest.approx((DRONE.lon, DRONE.lat + 100 / 111_320), abs=1e-5)
    assert found.placed_by == "camera" and found.ellipse.major_m > found.ellipse.minor_m > 5


def test_a_drone_that_tells_half_or_looks_at_the_sky_gives_its_own_place_and_a_mast_the_masts() -> None:
    half = FramePose(place=DRONE, heading_deg=0.0)
    sky = FramePose(place=DRONE, height_m=100.0, heading_deg=0.0, tilt_deg=-5.0, hfov_deg=60.0)
    assert [placed(pose).place for pose in (half, sky, None)] == [DRONE, DRONE, MAST]
    assert flying.placing(frame(None), nowhere_at_mast) is nowhere_at_mast


def nowhere_at_mast(_: tuple[float, float]) -> Placed:
    return nowhere(MAST)


@pytest.mark.anyio
async def test_the_row_of_a_drone_follows_it_and_that_of_a_mast_stays(engine: AsyncEngine) -> None:
    def new(code: str, kind: str) -> NewCamera:
        title = Title(kk="а", ru="б", en="c")
        return NewCamera(code=code, title=title, place=MAST, url="x", reader="drone", settings={"kind": kind})

    async with visit(engine) as session:
        flies, stays = await put_up(session, [new("D", "drone"), new("M", "fixed")])
    flights = Flights(move_s=0.0)
    near = LonLat(lon=DRONE.lon, lat=DRONE.lat + 2e-6)  # 0.2 m on
    for place in (DRONE, DRONE, near):
        await flights.follow(engine, {flies: place, stays: place, 99: None})
    async with visit(engine) as session:
        rows = {row.id: row for row in await session.execute(select(camera.c.id, camera.c.geom.ST_X().label("lon")))}
        rung = [(one.layer, one.feature_id) for one in await since(session, 0)]
    assert (rows[flies].lon, rows[stays].lon) == pytest.approx((DRONE.lon, MAST.lon))
    assert rung == [("cameras", flies)]


@pytest.mark.anyio
async def test_a_row_moves_no_oftener_than_once_a_second(engine: AsyncEngine) -> None:
    flights = Flights()
    await flights.follow(engine, {1: DRONE})
    await flights.follow(engine, {1: MAST})
    assert flights._places == {1: DRONE}


@pytest.mark.anyio
async def test_a_drone_that_another_shard_runs_is_not_moved_and_its_place_is_forgotten(engine: AsyncEngine) -> None:
    new = NewCamera(code="D", title=Title(kk="а", ru="б", en="c"), place=MAST, url="x", reader="drone",
                    settings={"kind": "drone"})  # fmt: skip
    async with visit(engine) as session:
        (flies,) = await put_up(session, [new])
        await rows.take(session, {flies: "a"})
        await rows.take(session, {flies: "b"})
    late = Leases()
    late.hand({flies: 1})
    flights = Flights(move_s=0.0, leases=late)
    await flights.follow(engine, {flies: DRONE})
    assert flights._places == {} and await place_of(engine, flies) == pytest.approx(MAST.lon)
    late.hand({flies: 2})
    await flights.follow(engine, {flies: DRONE})
    assert await place_of(engine, flies) == pytest.approx(DRONE.lon)
    await flights.follow(engine, {})
    assert flights._places == {}


async def place_of(engine: AsyncEngine, camera_id: int) -> float:
    async with visit(engine) as session:
        asked = select(camera.c.geom.ST_X()).where(camera.c.id == camera_id)
        return float((await session.execute(asked)).scalar_one())
