from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from layers.cameras.now import CameraNow
from layers.cameras.queries import (
    TURNED_S,
    CameraState,
    NewCamera,
    calibration_broken,
    enabled,
    now,
    put_up,
    write_states,
)
from layers.cameras.table import camera, camera_command, camera_preset
from layers.database import Session
from layers.values import LonLat, Title

pytestmark = pytest.mark.anyio
AT = datetime(2026, 1, 1, tzinfo=UTC)


def new(code: str) -> NewCamera:
    return NewCamera(
        code=code,
        title=Title(kk="а", ru="б", en="c"),
        place=LonLat(lon=76.94, lat=43.24),
        url="clip.avi",
        reader="video_file",
        settings={"height_m": 7.0, "rules": [{"function": "line_crossing"}]},
    )


def state(camera_id: int, word: str, at: datetime) -> CameraState:
    return CameraState(camera_id=camera_id, state=word, at=at, why=(), last_frame_at=at, fps=5.0)


async def test_cameras_are_put_up_once(session: Session) -> None:
    assert len(await put_up(session, [new("A"), new("B")])) == 2
    assert await put_up(session, [new("A")]) == []


async def test_enabled_cameras_come_with_their_place_and_rules(session: Session) -> None:
    ids = await put_up(session, [new("A"), new("B")])
    await session.execute(update(camera).where(camera.c.id == ids[0]).values(enabled=False))
    (row,) = await enabled(session)
    assert (row.code, row.height_m, row.rules) == ("B", 7.0, [{"function": "line_crossing"}])
    assert (row.place.lon, row.place.lat) == pytest.approx((76.94, 43.24))


async def test_the_time_of_a_state_moves_only_when_the_state_does(session: Session) -> None:
    (camera_id,) = await put_up(session, [new("A")])
    for seconds, word in ((0, "live"), (10, "live"), (20, "down")):
        await write_states(session, [state(camera_id, word, AT + timedelta(seconds=seconds))])
        row = (await session.execute(select(camera))).one()
        assert row.state_at == AT + timedelta(seconds={0: 0, 10: 0, 20: 20}[seconds])
        assert row.last_frame_at == AT + timedelta(seconds=seconds)


async def test_a_camera_comes_with_its_presets_and_at_one_that_one_is_what_may_be_broken(session: Session) -> None:
    fixed, ptz = await put_up(session, [new("A"), new("B")])
    names = {"name_kk": "а", "name_ru": "б", "name_en": "c", "camera_id": ptz}
    rows = [
        {**names, "token": "1", "heading_deg": 90.0, "calibration": "good"},
        {**names, "token": "2", "heading_deg": None, "calibration": "broken"},
    ]
    await session.execute(insert(camera_preset), rows)
    await session.execute(update(camera).where(camera.c.id == fixed).values(calibration="broken", moving=True))
    assert [preset["heading_deg"] for preset in (await enabled(session))[1].presets] == [90.0, None]
    assert await now(session, [fixed, ptz]) == {fixed: CameraNow(moving=True, broken=True), ptz: CameraNow()}
    for token, broken in (("1", False), ("2", True), ("3", False)):
        await session.execute(update(camera).where(camera.c.id == ptz).values(preset=token))
        assert (await now(session, [ptz]))[ptz] == CameraNow(preset=token, broken=broken)


async def test_a_camera_that_knows_its_pose_loses_it_once_with_its_views_and_one_that_knows_none_keeps_that(
    session: Session,
) -> None:
    posed, plain = await put_up(session, [new("A"), new("B")])
    await session.execute(update(camera).where(camera.c.id == posed).values(calibration="good", preset="1"))
    view = {"camera_id": posed, "name_kk": "а", "name_ru": "б", "name_en": "c"}
    await session.execute(
        insert(camera_preset),
        [{**view, "token": "1", "calibration": "good"}, {**view, "token": "2", "calibration": "none"}],
    )
    assert await calibration_broken(session, posed) == [posed]
    assert await calibration_broken(session, posed) == [] == await calibration_broken(session, plain)
    marked = await session.execute(select(camera.c.calibration).order_by(camera.c.code))
    assert list(marked.scalars()) == ["broken", "none"]
    views = await session.execute(select(camera_preset.c.calibration).order_by(camera_preset.c.token))
    assert list(views.scalars()) == ["broken", "none"]


async def test_what_was_calibrated_again_after_a_shift_is_broken_by_the_next_and_so_is_a_view_that_has_a_pose(
    session: Session,
) -> None:
    (ptz,) = await put_up(session, [new("A")])
    await session.execute(update(camera).values(kind="ptz", calibration="broken", preset="1"))
    view = {"camera_id": ptz, "name_kk": "а", "name_ru": "б", "name_en": "c"}
    views = [
        {**view, "token": "1", "calibration": "good", "heading_deg": None},
        {**view, "token": "2", "calibration": "none", "heading_deg": 90.0},
    ]
    await session.execute(insert(camera_preset), views)
    assert await calibration_broken(session, ptz) == [ptz]
    assert list((await session.execute(select(camera_preset.c.calibration))).scalars()) == ["broken", "broken"]


async def test_a_camera_that_somebody_just_turned_was_not_shifted(session: Session) -> None:
    (ptz,) = await put_up(session, [new("A")])
    await session.execute(update(camera).values(kind="ptz", calibration="good", preset="1"))
    turned = {"camera_id": ptz, "kind": "preset", "asked_by": "d", "asked_rank": 1}
    await session.execute(insert(camera_command).values(**turned, taken_at=datetime.now(UTC)))
    assert await calibration_broken(session, ptz) == []
    await session.execute(update(camera_command).values(taken_at=datetime.now(UTC) - timedelta(seconds=TURNED_S + 9)))
    assert await calibration_broken(session, ptz) == [ptz]


async def test_a_view_sees_by_its_camera_s_lens_until_it_is_calibrated_by_itself(session: Session) -> None:
    (ptz,) = await put_up(session, [new("A")])
    await session.execute(update(camera).values(kind="ptz", distortion=[-0.2, 0.0, 0.0, 0.0, 0.0], roll_deg=2.0))
    names = {"camera_id": ptz, "name_kk": "а", "name_ru": "б", "name_en": "c"}
    await session.execute(
        insert(camera_preset),
        [
            {**names, "token": "1", "calibrated_at": None},
            {**names, "token": "2", "calibrated_at": datetime.now(UTC)},
        ],
    )
    ((whole,),) = [await enabled(session)]
    assert [(one["distortion"], one["roll_deg"]) for one in whole.presets] == [([-0.2, 0, 0, 0, 0], 2), (None, 0)]


async def test_control_points_or_a_heading_are_a_pose_too(session: Session) -> None:
    pointed, headed = await put_up(session, [new("A"), new("B")])
    await session.execute(update(camera).where(camera.c.id == pointed).values(control_points=[{"x": 1}]))
    await session.execute(update(camera).where(camera.c.id == headed).values(heading_deg=10.0))
    assert [await calibration_broken(session, one) for one in (pointed, headed)] == [[pointed], [headed]]
