from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from layers.cameras.queries import CameraState, NewCamera, enabled, put_up, write_states
from layers.cameras.table import camera
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
    return CameraState(camera_id=camera_id, state=word, at=at, reason=None, last_frame_at=at, fps=5.0)


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
