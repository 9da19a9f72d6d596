import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources import klv
from ingest.sources.drone_pose import pose_of
from ingest.sources.klv import KlvError, numbers
from tests.ingest.sources.packets import packet

FLIGHT = {
    klv.HEADING: 90.0, klv.PITCH: 0.0, klv.ROLL: 0.0, klv.LAT: 43.24, klv.LON: 76.94, klv.ALTITUDE: 900.0,
    klv.HFOV: 60.0, klv.AZIMUTH: 0.0, klv.ELEVATION: -45.0, klv.SENSOR_ROLL: 0.0, klv.CENTRE_ELEVATION: 800.0,
}  # fmt: skip


@pytest.mark.parametrize("long_length", [True, False])
def test_a_packet_built_by_the_formulas_is_read_back(long_length: bool) -> None:
    found = numbers(b"\x00\x01junk" + packet(FLIGHT, long_length=long_length))
    assert found == pytest.approx(FLIGHT, abs=0.4)  # sixteen bits of altitude are 0.3 m apart
    assert found[klv.LAT] == pytest.approx(43.24, abs=1e-7) and found[klv.LON] == pytest.approx(76.94, abs=1e-7)


def test_the_examples_of_the_standard_are_read_as_it_says() -> None:
    assert klv.SCALES[klv.HEADING].read(bytes.fromhex("71c2")) == pytest.approx(159.9744, abs=1e-4)
    assert klv.SCALES[klv.PITCH].read(bytes.fromhex("fd3d")) == pytest.approx(-0.4315251, abs=1e-5)
    assert klv.SCALES[klv.LAT].read(bytes.fromhex("5595b66d")) == pytest.approx(60.17682296, abs=1e-7)
    assert klv.SCALES[klv.LON].read(bytes.fromhex("5b5360c4")) == pytest.approx(128.42675904, abs=1e-7)
    assert klv.SCALES[klv.ALTITUDE].read(bytes.fromhex("c221")) == pytest.approx(14190.72, abs=0.01)
    assert klv.SCALES[klv.PITCH].read(bytes.fromhex("8000")) is None


def test_a_packet_with_one_bit_changed_or_cut_short_is_refused() -> None:
    whole = packet(FLIGHT)
    for at in range(16, len(whole)):
        with pytest.raises(KlvError):
            numbers(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
    for end in range(len(whole)):
        with pytest.raises(KlvError):
            numbers(whole[:end])


@given(st.binary(max_size=80))
def test_garbage_behind_the_key_is_refused_by_a_sentence(garbage: bytes) -> None:
    with pytest.raises(KlvError, match=r"\.$"):
        numbers(klv.KEY + garbage)


def test_level_flight_looks_where_its_sensor_points() -> None:
    pose = pose_of(FLIGHT)
    assert pose is not None and (pose.place.lon, pose.place.lat) == (76.94, 43.24)
    assert (pose.height_m, pose.hfov_deg) == (100.0, 60.0)
    assert (pose.heading_deg, pose.tilt_deg, pose.roll_deg) == pytest.approx((90, 45, 0))
    turned = pose_of({**FLIGHT, klv.AZIMUTH: 300.0})
    assert turned is not None and turned.heading_deg == pytest.approx(30)


def test_a_platform_that_banks_or_pitches_turns_its_sensor_with_it() -> None:
    aside = pose_of({**FLIGHT, klv.ROLL: 20.0, klv.AZIMUTH: 90.0, klv.ELEVATION: 0.0})
    assert aside is not None and (aside.heading_deg, aside.tilt_deg) == pytest.approx((180, 20))
    ahead = pose_of({**FLIGHT, klv.ROLL: 20.0, klv.ELEVATION: 0.0})
    assert ahead is not None and (ahead.tilt_deg, ahead.roll_deg) == pytest.approx((0, 20), abs=1e-9)
    nose_up = pose_of({**FLIGHT, klv.FULL_PITCH: 30.0})
    assert nose_up is not None and nose_up.tilt_deg == pytest.approx(15)


def test_straight_down_the_top_of_the_picture_says_the_heading() -> None:
    pose = pose_of({**FLIGHT, klv.ELEVATION: -90.0})
    assert pose is not None
    assert (pose.heading_deg, pose.tilt_deg, pose.roll_deg) == pytest.approx((90, 90, 0), abs=1e-6)


def test_without_angles_the_centre_of_the_frame_is_looked_at_and_without_a_place_there_is_no_pose() -> None:
    told = {tag: FLIGHT[tag] for tag in (klv.LAT, klv.LON, klv.ALTITUDE, klv.CENTRE_ELEVATION)}
    pose = pose_of({**told, klv.CENTRE_LAT: 43.24 + 100 / 111_320, klv.CENTRE_LON: 76.94})
    assert pose is not None and (pose.heading_deg, pose.tilt_deg) == pytest.approx((0, 45))
    bare = pose_of({klv.LAT: 43.24, klv.LON: 76.94})
    assert bare is not None and bare.height_m is None and bare.heading_deg is None
    assert pose_of({klv.HEADING: 1.0}) is None
