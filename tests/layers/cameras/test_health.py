from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from layers.areas.queries import by_code
from layers.cameras import health
from layers.cameras.health import CameraHealth
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera
from layers.database import Session
from layers.values import LonLat, Role, Title
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio
AT = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = CameraHealth(
    camera_id=0, at=AT, shard="shard-1", active=True, frames=10, dropped=1, detections=5, faults=0, reconnects=2,
    gate_ms=0.2, detector_ms=8.5, skew_s=None, codec="h264", width_px=640, height_px=360,
)  # fmt: skip


async def republic(session: Session) -> Viewer:
    area = await by_code(session, "KZ")
    assert area is not None
    return Viewer(account_id=1, name="c", role=Role.COMMANDER, area_id=area.id, own_area_id=area.id)


async def put(session: Session, **settings: float) -> int:
    title, place = Title(kk="а", ru="б", en="c"), LonLat(lon=76.94, lat=43.24)
    new = NewCamera(code="C-1", title=title, place=place, url="x", reader="rtsp", settings=settings)
    return (await put_up(session, [new]))[0]


async def test_how_a_camera_fares_is_told_anew_each_time(session: Session) -> None:
    camera_id = await put(session)
    first = replace(TOLD, camera_id=camera_id)
    await health.write(session, [first])
    await health.write(session, [replace(first, frames=20, codec=None)])
    (told,) = await health.of_all(session, await republic(session))
    assert told.health == replace(first, frames=20, codec=None)
    assert (told.code, told.state, told.name.ru) == ("C-1", "unknown", "б")


async def test_a_camera_that_is_gone_is_passed_over_and_one_that_nobody_runs_has_no_health(session: Session) -> None:
    await put(session)
    await health.write(session, [replace(TOLD, camera_id=10**6)])
    assert [told.health for told in await health.of_all(session, await republic(session))] == [None]


async def test_nothing_told_is_nothing_written(session: Session) -> None:
    await put(session)
    await health.write(session, [])
    assert [told.health for told in await health.of_all(session, await republic(session))] == [None]


POSE = {"height_m": 7.0, "heading_deg": 35.0, "tilt_deg": 17.0, "hfov_deg": 37.0}


@pytest.mark.parametrize(
    ("settings", "size"),
    [
        (POSE, (640, 360)),
        ({}, (None, None)),
        ({**POSE, "width_px": 1920, "height_px": 1080}, (1920, 1080)),
    ],
    ids=["a pose without a size", "no pose", "a pose and a size"],
)
async def test_a_camera_whose_pose_is_told_takes_the_size_that_is_seen(
    session: Session, settings: dict[str, float], size: tuple[int | None, int | None]
) -> None:
    camera_id = await put(session, **settings)
    await health.write(session, [replace(TOLD, camera_id=camera_id)])
    await health.take_sizes(session, [camera_id])
    row = (await session.execute(select(camera.c.width_px, camera.c.height_px))).one()
    assert tuple(row) == size
