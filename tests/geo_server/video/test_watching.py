import pytest

from geo_server.video.watching import is_masked, kind_for
from layers.values import Role
from layers.video.schema import Watchable


def camera(*, masks: bool = True, own: bool = True, reader: str = "rtsp") -> Watchable:
    return Watchable(id=1, reader=reader, enabled=True, has_privacy_masks=masks, own=own)


@pytest.mark.parametrize(
    ("role", "masks", "own", "masked"),
    [
        (Role.DISPATCHER, True, True, False),
        (Role.COMMANDER, True, True, False),
        (Role.COMMANDER, True, False, True),
        (Role.PLANNER, True, True, True),
        (Role.PLANNER, False, True, False),
        (Role.DISPATCHER, False, False, False),
    ],
)
def test_masks_hold_for_who_plans_and_for_who_sees_the_camera_by_a_grant(
    role: Role, masks: bool, own: bool, masked: bool
) -> None:
    assert is_masked(role, camera(masks=masks, own=own)) is masked


def test_what_is_masked_or_no_coded_stream_comes_picture_by_picture() -> None:
    assert kind_for(camera(), "live", masked=False) == "live"
    assert kind_for(camera(), "mjpeg", masked=False) == "mjpeg"
    assert kind_for(camera(), "live", masked=True) == "mjpeg"
    assert kind_for(camera(reader="mjpeg"), "live", masked=False) == "mjpeg"
