import base64
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.outside import MOST_LEVELS, EventTold, picture, wrong
from ingest.sources.jpegs import size_px

NOW_S = 1_772_366_400.0
KINDS: dict[str, Any] = {"smoke": {}, "plate_hit": {}}
GOOD = {"id": "e1", "kind": "smoke", "at": NOW_S, "lon": 76.9, "lat": 43.2, "certainty": 0.9}


def event(**changes: Any) -> EventTold:
    return msgspec.convert(GOOD | changes, EventTold)


def nested(levels: int) -> Any:
    return {"a": nested(levels - 1)} if levels else 1


def jpeg(width: int, height: int) -> bytes:
    return cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8))[1].tobytes()


def test_a_good_event_has_nothing_wrong() -> None:
    shown = base64.b64encode(jpeg(64, 48)).decode()
    drawn = {"major_m": 9, "minor_m": 4, "bearing_deg": 20}
    assert wrong(event(ellipse=drawn, details={"lane": "қызыл"}, picture_jpeg_base64=shown), KINDS, NOW_S) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "nothing"}, "unknown_event_kind"),
        ({"kind": "plate_hit"}, "unknown_event_kind"),
        ({"id": "a\0b"}, "bad_text"),
        ({"details": {"a": "\ud800"}}, "bad_text"),
        ({"details": {"a": float("nan")}}, "bad_text"),
        ({"details": {"a\0": 1}}, "bad_text"),
        ({"details": {"a": 10**400}}, "bad_text"),
        ({"details": nested(MOST_LEVELS + 1)}, "bad_text"),
        ({"ellipse": {"major_m": 1e-320, "minor_m": 1e-320}}, "bad_ellipse"),
        ({"certainty": 1.01}, "bad_certainty"),
        ({"certainty": float("nan")}, "bad_certainty"),
        ({"ellipse": {"major_m": 1, "minor_m": 2}}, "bad_ellipse"),
        ({"ellipse": {"major_m": float("inf"), "minor_m": 2}}, "bad_ellipse"),
        ({"picture_jpeg_base64": "no picture"}, "bad_picture"),
        ({"picture_jpeg_base64": base64.b64encode(b"GIF89a").decode()}, "bad_picture"),
        ({"at": NOW_S + 61}, "from_the_future"),
        ({"at": "yesterday"}, "bad_time"),
        ({"lon": 181}, "off_the_globe"),
        ({"lat": float("nan")}, "not_finite"),
    ],
)
def test_each_fault_has_its_code(changes: dict[str, Any], code: str) -> None:
    assert wrong(event(**changes), KINDS, NOW_S) == code


def test_details_may_nest_as_deep_as_is_told() -> None:
    assert wrong(event(details=nested(MOST_LEVELS)), KINDS, NOW_S) is None


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (1920, 1080)])
def test_the_size_of_a_jpeg_is_read_from_its_head(size: tuple[int, int]) -> None:
    assert size_px(jpeg(*size)) == size
    assert picture(base64.b64encode(jpeg(*size)).decode()) == (jpeg(*size), *size)


@given(st.binary())
def test_no_bytes_break_the_reading_of_a_size(sent: bytes) -> None:
    for told in (sent, b"\xff\xd8" + sent, b"\xff\xd8\xff\xe0" + sent):
        size = size_px(told)
        assert size is None or min(size) > 0
