from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo.cameras import CLIP, DEMO, seed_cameras
from ingest.sources.register import open_source
from ingest.sources.source import SourceSettings
from ingest.watching import function_of, locator_of
from layers.cameras import queries
from layers.cameras.table import camera
from layers.database import Session

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
        assert [function_of(rule) for rule in row.rules]
        locator = locator_of(row)
        assert locator is not None
        placed = locator.place((500, 300))
        assert placed.placed_by in ("camera", "control_points")
        assert placed.ellipse.major_m < 10
    assert {row.reader for row in rows} == {"rtsp", "video_file"}
    assert all(row.url.startswith((CLIP, "rtsp://127.0.0.1:")) for row in rows)


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
