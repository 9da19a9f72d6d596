import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import cv2
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import report
from ingest.cameras import run_cameras
from ingest.measuring.lenses import moved
from ingest.values import Image
from layers.cameras import calibration_queries
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera, camera_snapshot, camera_view
from layers.changes import since
from layers.database import visit
from layers.events.table import event, event_picture
from layers.values import LonLat, Title
from tests.ingest.detectors.pictures import noisy, street

pytestmark = pytest.mark.anyio
Serve = Callable[..., AbstractContextManager[int]]
ZONE = {"zone": [[0, 0], [768, 0], [768, 576], [0, 576]], "dwell_s": 0.0, "cooldown_s": 1.0}
POSE = {"height_m": 7.2, "heading_deg": 35.0, "tilt_deg": 17.1, "hfov_deg": 36.9, "width_px": 768, "height_px": 576}


def new(code: str, reader: str, url: str, **settings: Any) -> NewCamera:
    title = Title(kk=code, ru=code, en=code)
    rules = [{"function": "zone_motion", "settings": ZONE}]
    place = LonLat(lon=76.94, lat=43.24)
    return NewCamera(
        code=code, title=title, place=place, url=url, reader=reader, settings={"rules": rules, **POSE, **settings}
    )


@asynccontextmanager
async def running(engine: AsyncEngine, home: Path, *cameras: NewCamera) -> AsyncIterator[None]:
    async with visit(engine) as session:
        await put_up(session, cameras)
    task = asyncio.create_task(run_cameras(engine, home, look_s=0.1))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(engine: AsyncEngine, asked: Any, seconds: float = 60) -> Any:
    """Ask until there is an answer."""
    for _ in range(int(seconds * 10)):
        async with visit(engine) as session:
            row = (await session.execute(asked)).first()
        if row is not None:
            return row
        await asyncio.sleep(0.1)
    raise AssertionError("it did not come in time")


def in_state(code: str, state: str) -> Any:
    return select(camera).where(camera.c.code == code, camera.c.state == state)


async def test_a_pedestrian_on_an_rtsp_camera_becomes_an_event_with_a_place_and_a_picture(
    engine: AsyncEngine, home: Path, serve: Serve
) -> None:
    with serve("a") as port:
        async with running(engine, home, new("R", "rtsp", f"rtsp://127.0.0.1:{port}/a")):
            seen = await until(engine, select(event))
            row = await until(engine, in_state("R", "live"))
            picture = await until(engine, select(event_picture).where(event_picture.c.event_id == seen.id))
            async with visit(engine) as session:
                changes = {(change.layer, change.feature_id) for change in await since(session, 0)}
    assert (seen.kind, seen.source, seen.placed_by) == ("zone_motion", "camera:R", "camera")
    assert seen.details["label"] == "person"
    assert 0 < seen.ellipse_minor_m <= seen.ellipse_major_m < 100
    assert picture.jpeg[:2] == b"\xff\xd8" and len(picture.box) == 4
    assert row.last_frame_at is not None
    assert {("events", seen.id), ("cameras", row.id)} <= changes


async def test_broken_cameras_say_why_and_leave_the_others_alone(engine: AsyncEngine, home: Path) -> None:
    (home / "text.avi").write_text("no video " * 100)
    cameras = (
        new("TEXT", "video_file", "text.avi"),
        new("READER", "telepathy", "x"),
        new("TILT", "video_file", "fetched/vtest.avi", tilt_deg=-5.0),
        new("RULE", "video_file", "fetched/vtest.avi", rules=[{"function": "teleport"}]),
        new("FEW", "video_file", "fetched/vtest.avi", control_points=[{"x": 1, "y": 1, "lon": 76.9, "lat": 43.2}]),
        new("NUL", "video_file", "a%00b.avi"),
        new("HALF", "rtsp", "rtsp://[::1/a"),
        new("NAN", "video_file", "fetched/vtest.avi", height_m=float("nan")),
        new("LIST", "video_file", "fetched/vtest.avi", rules=5),
        new("HUGE", "video_file", "fetched/vtest.avi", width_px=2**31 - 1, height_px=2**31 - 1),
    )
    async with running(engine, home, *cameras):
        states = {"TEXT": "down", "READER": "down", "TILT": "live", "RULE": "live", "FEW": "live"}
        states |= {"NUL": "down", "HALF": "down", "NAN": "live", "LIST": "live", "HUGE": "live"}
        rows = {code: await until(engine, in_state(code, state)) for code, state in states.items()}
    reasons = {code: row.state_reason for code, row in rows.items()}
    assert reasons["TEXT"] == "What is there is no video."
    assert "no reader telepathy" in reasons["READER"]
    assert "does not look below the horizon" in reasons["TILT"]
    assert "no function teleport" in reasons["RULE"]
    assert "There are 1 control points" in reasons["FEW"]
    assert reasons["NUL"].endswith(".") and "rtsp://host/name" in reasons["HALF"]
    assert "not finite" in reasons["NAN"] and "no function None" in reasons["LIST"]
    assert "No camera's picture is" in reasons["HUGE"]


async def test_a_changed_row_restarts_its_camera_and_a_disabled_one_stops(engine: AsyncEngine, home: Path) -> None:
    async with running(engine, home, new("C", "video_file", "absent.avi")):
        await until(engine, in_state("C", "down"))
        async with visit(engine) as session:
            await session.execute(update(camera).values(url="fetched/vtest.avi"))
        await until(engine, in_state("C", "live"))


async def test_without_a_model_motion_alone_still_tells(engine: AsyncEngine, tmp_path: Path, home: Path) -> None:
    (tmp_path / "fetched").symlink_to(home / "fetched")
    by_motion = [{"function": "zone_motion", "settings": {**ZONE, "by": "motion"}}]
    async with running(engine, tmp_path, new("M", "video_file", "fetched/vtest.avi", rules=by_motion)):
        seen = await until(engine, select(event))
    assert seen.details["label"] == "motion"


async def test_after_an_event_the_next_ones_come_too(engine: AsyncEngine, tmp_path: Path, home: Path) -> None:
    (tmp_path / "fetched").symlink_to(home / "fetched")
    by_motion = [{"function": "zone_motion", "settings": {**ZONE, "by": "motion"}}]
    async with running(engine, tmp_path, new("M", "video_file", "fetched/vtest.avi", rules=by_motion)):
        await until(engine, select(event).offset(2), seconds=20)


async def test_a_picture_that_somebody_asks_for_is_written(engine: AsyncEngine, home: Path) -> None:
    async with running(engine, home, new("P", "video_file", "fetched/vtest.avi", rules=[])):
        async with visit(engine) as session:
            camera_id = (await session.execute(select(camera.c.id))).scalar_one()
            asked_at = await calibration_queries.ask_picture(session, camera_id, "planner")
        got = camera_snapshot.c.at.is_not(None)
        row = await until(engine, select(camera_snapshot).where(got))
    assert (row.width_px, row.height_px, row.jpeg[:2]) == (768, 576, b"\xff\xd8")
    assert row.at >= asked_at


def filmed(path: Path, image: Image) -> None:
    """Write a clip of five seconds in which nothing moves but the noise."""
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, image.shape[1::-1])
    for number in range(50):
        film.write(noisy(image, number))
    film.release()


async def test_a_camera_that_was_turned_while_the_server_was_down_is_told_when_it_is_up(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    size = {"width_px": 640, "height_px": 360}
    rules = [{"function": "camera_shifted", "settings": {"every_s": 0.1, "hold_s": 0.5}}]
    stands = new("T", "video_file", "street.mp4", rules=rules, **size)
    filmed(tmp_path / "street.mp4", street())
    async with running(engine, tmp_path, stands):
        await until(engine, select(camera_view), seconds=20)
    filmed(tmp_path / "street.mp4", moved(street(), 30, 0))
    async with running(engine, tmp_path, stands):
        seen = await until(engine, select(event), seconds=20)
        broken = await until(engine, select(camera).where(camera.c.calibration == "broken"))
    assert (seen.kind, broken.code) == ("camera_shifted", "T")
    assert seen.details["shift_px"][0] == pytest.approx(30, abs=2)


async def test_a_part_that_fails_ends_all_of_them_so_that_no_event_is_lost_unseen(
    engine: AsyncEngine, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> int:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(report, "event", fails)
    (tmp_path / "fetched").symlink_to(home / "fetched")
    by_motion = [{"function": "zone_motion", "settings": {**ZONE, "by": "motion"}}]
    async with visit(engine) as session:
        await put_up(session, [new("M", "video_file", "fetched/vtest.avi", rules=by_motion)])
    with pytest.raises(ExceptionGroup) as failed:
        await asyncio.wait_for(run_cameras(engine, tmp_path, look_s=0.1), 60)
    assert failed.group_contains(RuntimeError, match="a fault of ours")
