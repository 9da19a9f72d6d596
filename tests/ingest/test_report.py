from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest import report
from ingest.geolocate import itself
from ingest.values import EventDraft
from layers.cameras.queries import NewCamera, put_up
from layers.cameras.table import camera, camera_command, camera_preset
from layers.changes import since
from layers.database import visit
from layers.events.table import event, event_picture
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat, Title

pytestmark = pytest.mark.anyio
HERE = LonLat(lon=76.94, lat=43.24)


def draft(kind: str, camera_id: int, number: str = "1") -> EventDraft:
    return EventDraft(
        kind=kind,
        source="camera:A",
        source_event_id=number,
        camera_id=camera_id,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        certainty=0.8,
        placed=itself(HERE),
        details={"shift_px": [12.5, 0.0], "shift_percent": 1.6},
    )


async def put(engine: AsyncEngine) -> int:
    title = Title(kk="а", ru="б", en="c")
    new = NewCamera(code="A", title=title, place=HERE, url="clip.avi", reader="video_file", settings={})
    async with visit(engine) as session:
        (camera_id,) = await put_up(session, [new])
        await session.execute(update(camera).values(calibration="good"))
    return camera_id


async def told(engine: AsyncEngine) -> tuple[str, set[tuple[str, int]]]:
    async with visit(engine) as session:
        calibration = (await session.execute(select(camera.c.calibration))).scalar_one()
        return str(calibration), {(change.layer, change.feature_id) for change in await since(session, 0)}


async def test_a_camera_that_shifted_is_marked_with_the_event_and_the_windows_are_told_of_both(
    engine: AsyncEngine,
) -> None:
    camera_id = await put(engine)
    event_id = await report.event(engine, draft("camera_shifted", camera_id))
    calibration, changes = await told(engine)
    assert event_id is not None and calibration == "broken"
    assert {("events", event_id), ("cameras", camera_id)} <= changes


async def test_an_event_of_another_kind_or_one_that_came_before_breaks_nothing(engine: AsyncEngine) -> None:
    camera_id = await put(engine)
    await report.event(engine, draft("camera_shaking", camera_id))
    assert await report.event(engine, draft("camera_shifted", camera_id)) is None  # the number is known
    calibration, changes = await told(engine)
    assert calibration == "good" and ("cameras", camera_id) not in changes


@pytest.mark.parametrize(
    ("kind", "taken_s", "done_s", "placed_by"),
    [
        ("look_at", -1, None, "camera_position"),
        ("look_at", -3, -1, "camera_position"),  # the shard may not know yet where it stands now
        ("look_at", -9, -5, "camera"),
        ("look_at", 1, None, "camera"),
        ("stop", -1, None, "camera"),
    ],
)
async def test_what_was_seen_while_the_camera_was_turned_has_no_place(
    engine: AsyncEngine, kind: str, taken_s: float, done_s: float | None, placed_by: str
) -> None:
    camera_id = await put(engine)
    pose = Pose(height_m=8, heading_deg=30, tilt_deg=20, hfov_deg=60)
    placed = from_pose(HERE, pose, (1920, 1080)).place((960, 900))
    seen = replace(draft("line_crossing", camera_id), placed=placed)
    turned = {"camera_id": camera_id, "kind": kind, "asked_by": "d", "asked_rank": 1}
    done = {} if done_s is None else {"done_at": seen.at + timedelta(seconds=done_s), "outcome": "done"}
    async with visit(engine) as session:
        taken_at = seen.at + timedelta(seconds=taken_s)
        await session.execute(insert(camera_command).values(**turned, taken_at=taken_at, **done))
    await report.event(engine, seen)
    async with visit(engine) as session:
        assert (await session.execute(select(event.c.placed_by))).scalar_one() == placed_by


@pytest.mark.parametrize(
    ("kind", "turned_s", "kept"),
    [("ptz", None, True), ("ptz", -3, False), ("ptz", -30, True), ("fixed", -3, True)],
    ids=["at its preset", "just turned there", "turned there long before", "one that does not turn"],
)
async def test_a_masked_picture_is_kept_where_the_camera_surely_stood_as_its_masks_were_drawn(
    engine: AsyncEngine, kind: str, turned_s: float | None, kept: bool
) -> None:
    camera_id, now = await put(engine), datetime.now(UTC)
    pictured = replace(draft("motion", camera_id), picture_jpeg=b"whole", masked_jpeg=b"masked")
    seen = replace(pictured, at=now, width_px=4, height_px=3)
    async with visit(engine) as session:
        await session.execute(update(camera).values(kind=kind, preset="gate"))
        names = dict.fromkeys(("name_kk", "name_ru", "name_en"), "gate")
        await session.execute(insert(camera_preset).values(camera_id=camera_id, token="gate", **names))
        if turned_s is not None:
            at = now + timedelta(seconds=turned_s)
            turn = {"kind": "preset", "args": {"token": "gate"}, "taken_at": at, "done_at": at, "outcome": "done"}
            await session.execute(
                insert(camera_command).values(camera_id=camera_id, asked_by="d", asked_rank=1, **turn)
            )
    await report.event(engine, seen)
    async with visit(engine) as session:
        (row,) = await session.execute(select(event_picture.c.jpeg, event_picture.c.masked_jpeg))
    assert (row.jpeg, row.masked_jpeg) == (b"whole", b"masked" if kept else None)
