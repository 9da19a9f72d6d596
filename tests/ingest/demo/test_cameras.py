from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo.cameras import CLIP, DEMO, seed_cameras
from ingest.demo.past import Address
from ingest.detectors.rule import function_of
from ingest.sources.register import open_source
from ingest.sources.source import SourceSettings
from ingest.watching import optics_of
from layers.cameras import queries
from layers.cameras.optics import locator_of
from layers.cameras.table import camera
from layers.database import Session
from layers.values import LonLat
from tests.ingest.surroundings import AMONG

pytestmark = pytest.mark.anyio


async def test_six_cameras_are_seeded_once_over_several_districts(session: Session) -> None:
    assert len(await seed_cameras(session)) == 6
    assert await seed_cameras(session) == []
    districts = (await session.execute(select(func.count(camera.c.area_id.distinct())))).scalar_one()
    assert districts >= 4


async def test_every_seeded_camera_has_a_reader_rules_and_a_pose_that_work(session: Session, tmp_path: Path) -> None:
    await seed_cameras(session)
    rows = await queries.enabled(session)
    for row in rows:
        open_source(row.reader, SourceSettings(camera_id=row.id, url=row.url, home=tmp_path))
        assert [function_of(rule, AMONG) for rule in row.rules]
        locator = locator_of(optics_of(row))
        assert locator is not None
        placed = locator.place((500, 300))
        assert placed.placed_by in ("camera", "control_points")
        assert placed.ellipse.major_m < 10
    assert {row.reader for row in rows} == {"rtsp", "video_file"}
    assert all(row.url.startswith((CLIP, "rtsp://127.0.0.1:")) for row in rows)


async def test_in_another_city_they_hang_at_its_own_crossings(session: Session) -> None:
    helsinki = [Address(words=f"Katu {n} / Tie", place=LonLat(lon=24.94 + n / 1000, lat=60.17)) for n in range(20)]
    await seed_cameras(session, helsinki)
    places = set((await session.execute(select(func.ST_X(camera.c.geom)))).scalars())
    assert len(places) == 6
    assert all(24.9 < lon < 25 for lon in places)
    assert "Katu" in (await session.execute(select(camera.c.name_kk).limit(1))).scalar_one()


async def test_seeding_again_points_the_rtsp_cameras_at_the_port_that_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seed_cameras(session)
    monkeypatch.setenv("QYRAN_RTSP_PORT", "9554")
    assert await seed_cameras(session) == []
    urls = (await session.execute(select(camera.c.url).where(camera.c.reader == "rtsp"))).scalars().all()
    assert urls and all(":9554/" in url for url in urls)


def test_the_six_take_turns_so_that_no_queue_is_flooded() -> None:
    assert len({demo.start_s for demo in DEMO}) == len(DEMO)


async def test_seeding_tells_the_house(engine: AsyncEngine) -> None:
    from layers.changes import since
    from layers.database import visit

    async with visit(engine) as session:
        ids = await seed_cameras(session)
    async with visit(engine) as session:
        told = [change.feature_id for change in await since(session, 0) if change.layer == "cameras"]
    assert told == ids
