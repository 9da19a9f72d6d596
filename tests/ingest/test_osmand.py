import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import Refusal
from ingest.osmand import Told, from_body, from_fields

NOW_S = 1_772_366_400.0  # 2026-03-01T12:00:00Z
GOOD = {"id": "a1", "lat": "43.25", "lon": "76.9", "timestamp": "1772366400"}


def body(**changes: Any) -> bytes:
    coords = {"latitude": 43.25, "longitude": 76.9, "speed": 10, "heading": 90, "accuracy": 4.5}
    location = {"timestamp": "2026-03-01T12:00:00.000Z", "coords": coords, "battery": {"level": 0.5}, "is_moving": True}
    return json.dumps({"location": location | changes, "device_id": "a1"}).encode()


def test_speed_is_told_in_knots() -> None:
    told = from_fields(GOOD | {"speed": "10", "bearing": "271.5"}, NOW_S)
    assert told == Told(device="a1", at_s=NOW_S, lon=76.9, lat=43.25, speed_kmh=18.52, heading_deg=271.5)


@pytest.mark.parametrize(
    "timestamp",
    ["1772366400", "1772366400000", "2026-03-01T12:00:00Z", "2026-03-01T17:00:00 05:00", "2026-03-01 12:00:00"],
)
def test_a_time_comes_as_seconds_milliseconds_or_iso(timestamp: str) -> None:
    assert from_fields(GOOD | {"timestamp": timestamp}, 0).at_s == NOW_S


def test_without_a_time_it_is_now() -> None:
    assert from_fields({"id": "a1", "lat": "1", "lon": "2"}, NOW_S).at_s == NOW_S


def test_other_names_of_the_same_fields_are_taken() -> None:
    told = from_fields({"deviceid": "a1", "location": "43.25,76.9", "heading": "5", "valid": "true"}, NOW_S)
    assert (told.device, told.lat, told.lon, told.heading_deg) == ("a1", 43.25, 76.9, 5)


def test_negative_speed_and_bearing_mean_unknown() -> None:
    told = from_fields(GOOD | {"speed": "-1", "bearing": "-1"}, NOW_S)
    assert (told.speed_kmh, told.heading_deg) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": ""}, "missing_field"),
        ({"lat": ""}, "missing_field"),
        ({"location": "43.25"}, "missing_field"),
        ({"lat": "north"}, "bad_entry"),
        ({"speed": "fast"}, "bad_entry"),
        ({"valid": "false"}, "no_fix"),
        ({"valid": "0"}, "no_fix"),
    ],
)
def test_fields_that_cannot_be_read_are_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        from_fields(GOOD | changes, NOW_S)
    assert refusal.value.code == code


def test_the_body_of_newer_clients_tells_metres_a_second() -> None:
    assert from_body(body()) == Told(device="a1", at_s=NOW_S, lon=76.9, lat=43.25, speed_kmh=36, heading_deg=90)


def test_a_body_may_leave_out_speed_and_heading() -> None:
    told = from_body(body(coords={"latitude": 1, "longitude": 2, "speed": -1, "heading": None}))
    assert (told.speed_kmh, told.heading_deg) == (0, 0)


@pytest.mark.parametrize(
    "sent", [b"{", b"[]", b"{}", b'{"device_id":"a1"}', b'{"device_id":"a1","location":[]}', b"\xff"]
)
def test_a_body_that_is_something_else_is_refused(sent: bytes) -> None:
    with pytest.raises(Refusal, match="malformed"):
        from_body(sent)


@given(
    st.dictionaries(
        st.sampled_from(["id", "lat", "lon", "timestamp", "speed", "bearing", "location", "valid"]), st.text()
    )
)
def test_no_fields_break_the_reading(fields: dict[str, str]) -> None:
    try:
        assert isinstance(from_fields(fields, NOW_S), Told)
    except Refusal as refusal:
        assert refusal.status == 400


@given(st.binary())
def test_no_bytes_break_the_reading(sent: bytes) -> None:
    with pytest.raises(Refusal):
        from_body(sent)
