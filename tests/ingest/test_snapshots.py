from dataclasses import replace
from datetime import UTC, datetime

import cv2
import msgspec
import numpy as np
import pytest

from ingest.picture import Pixels
from ingest.snapshots import hidden, taken
from ingest.values import CameraNow, Frame
from layers.cameras.calibration_queries import Snapshot
from layers.cameras.queries import CameraRow
from layers.values import LonLat

ROW = CameraRow(
    id=1, code="C-1", place=LonLat(lon=76.95, lat=43.25), url="", reader="none", height_m=None, heading_deg=None,
    tilt_deg=None, roll_deg=0.0, hfov_deg=None, width_px=None, height_px=None, control_points=[], rules=[],
)  # fmt: skip
WHITE_IMAGE = np.full((360, 640, 3), 250, np.uint8)
WHITE = Frame(picture=Pixels(WHITE_IMAGE), at=datetime.now(UTC), camera_id=1, sequence=1)


def pixels(snapshot: Snapshot) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    decoded = cv2.imdecode(np.frombuffer(snapshot.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(decoded, np.uint8)


def test_a_picture_is_of_the_size_that_points_are_clicked_in() -> None:
    own = taken(WHITE, ROW)
    assert (own.width_px, own.height_px, own.at) == (640, 360, WHITE.at)
    sized = taken(WHITE, replace(ROW, width_px=320, height_px=180))
    assert (sized.width_px, sized.height_px) == (320, 180)
    assert pixels(sized).shape == (180, 320, 3)
    wide = replace(WHITE, picture=Pixels(np.zeros((2160, 3840, 3), np.uint8)))
    assert (taken(wide, ROW).width_px, taken(wide, ROW).height_px) == (2560, 1440)


def test_what_is_private_is_painted_over_and_what_is_only_not_analysed_is_not() -> None:
    left = {"polygon": [[0, 0], [100, 0], [100, 360], [0, 360]], "kind": "privacy"}
    right = {"polygon": [[540, 0], [640, 0], [640, 360], [540, 360]], "kind": "analysis", "why": "art. 9"}
    shown = pixels(taken(WHITE, replace(ROW, masks=[left, right])))
    assert shown[:, :90].max() < 40 and shown[:, 550:].min() > 200
    assert WHITE.image.min() == 250  # the frame itself goes on as it is


def test_of_a_camera_that_turns_the_masks_of_its_view_are_painted_and_all_is_where_it_has_none() -> None:
    left = {"polygon": [[0, 0], [100, 0], [100, 360], [0, 360]], "kind": "privacy", "preset": "gate"}
    turning = replace(ROW, kind="ptz", masks=[left])
    at_gate = taken(WHITE, turning, CameraNow(preset="gate"))
    assert at_gate.preset == "gate" and pixels(at_gate)[:, :90].max() < 40 and pixels(at_gate)[:, 110:].min() > 200
    for now in (CameraNow(preset="yard"), CameraNow(), CameraNow(preset="gate", broken=True), CameraNow(moving=True)):
        assert pixels(taken(WHITE, turning, now)).max() == 0
    assert pixels(taken(WHITE, replace(turning, masks=[]))).min() > 200


def test_masks_that_cannot_be_read_show_nothing() -> None:
    with pytest.raises(msgspec.ValidationError):
        taken(WHITE, replace(ROW, masks=[{"polygon": "all", "kind": "privacy"}]))


def test_an_event_s_picture_is_hidden_as_it_is_drawn_in_the_size_of_the_row_or_of_a_shown_picture() -> None:
    left = {"polygon": [[0, 0], [100, 0], [100, 1440], [0, 1440]], "kind": "privacy"}
    assert hidden(WHITE_IMAGE, ROW) is None
    assert hidden(WHITE_IMAGE, replace(ROW, masks=[left | {"kind": "analysis"}])) is None
    huge = np.full((2160, 3840, 3), 250, np.uint8)  # shown at 2560, and its masks are drawn in that
    for image, edge in ((WHITE_IMAGE, 100), (huge, 150)):
        shown = hidden(image, replace(ROW, masks=[left]))
        assert shown is not None and shown[:, : edge - 5].max() == 0 and shown[:, edge + 5 :].min() == 250
    turned = hidden(WHITE_IMAGE, replace(ROW, kind="ptz", masks=[left]), CameraNow(moving=True))
    assert turned is not None and turned.max() == 0
