"""From a place to pan and tilt, against a head whose true mounting is known."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.onvif.aiming import aim, nearest_preset, position_for, turn
from ingest.onvif.values import Node, Position, Range
from layers.cameras.commands import Preset
from layers.values import LonLat, Title

HERE = LonLat(lon=76.945, lat=43.238)
ONE = Range(low=-1, high=1)
GENERIC = Node(space="g", spaces="generic", pan=ONE, tilt=ONE, zoom=Range(low=0, high=1))
DEGREES = Node(space="d", spaces="degrees", pan=Range(low=-180, high=180), tilt=Range(low=-90, high=20), zoom=None)


def preset(token: str, heading: float | None = None, **more: Any) -> Preset:
    return Preset(token=token, name=Title(kk=token, ru=token, en=token), heading_deg=heading, **more)


def east(metres: float, north: float = 0.0) -> LonLat:
    up = math.radians(1) * 6_371_008.8
    return LonLat(lon=HERE.lon + metres / up / math.cos(math.radians(HERE.lat)), lat=HERE.lat + north / up)


def test_a_place_lies_in_a_direction_and_below_the_horizon() -> None:
    to = aim(HERE, 9.5, east(8.0))
    assert to.heading_deg == pytest.approx(90, abs=0.01) and to.tilt_deg == pytest.approx(45, abs=0.01)
    assert aim(HERE, None, east(-100)).heading_deg == pytest.approx(270, abs=0.01)


def test_without_presets_pan_0_is_home_and_a_generic_space_is_the_whole_circle() -> None:
    to = aim(HERE, 9.5, east(8.0))
    turned = position_for(to, GENERIC, [], 0.0)
    assert turned is not None
    assert turned.pan == pytest.approx(0.5, abs=1e-4) and turned.tilt == pytest.approx(-0.5, abs=1e-4)
    assert turned.zoom == 0.0  # the widest: nobody told how wide the others are
    in_degrees = position_for(to, DEGREES, [], 100.0)
    assert in_degrees is not None and in_degrees.pan == pytest.approx(-10, abs=0.01)
    assert in_degrees.tilt == pytest.approx(-45, abs=0.01)
    assert position_for(to, GENERIC, [], None) is None


@given(
    zero=st.floats(0, 359.9), span=st.sampled_from([360.0, 355.0, 350.0, 340.0]), sign=st.sampled_from([1, -1]),
    pans=st.lists(st.floats(-0.95, 0.95), min_size=3, max_size=6, unique_by=lambda one: round(one, 1)),
    wanted=st.floats(-0.9, 0.9), tilts=st.tuples(st.floats(40, 100), st.floats(-0.4, 0.4)),
)  # fmt: skip
def test_presets_whose_headings_were_told_teach_how_the_head_is_mounted(
    zero: float, span: float, sign: int, pans: list[float], wanted: float, tilts: tuple[float, float]
) -> None:
    per_unit, (up_per_unit, level) = sign * span / 2, tilts

    def heading(pan: float) -> float:
        return (zero + per_unit * pan) % 360

    def down(tilt: float) -> float:
        return -(tilt - level) * up_per_unit

    told = [preset(str(n), heading(pan), tilt_deg=down(n / 10), pan=pan, tilt=n / 10) for n, pan in enumerate(pans)]
    if max(pans) - min(pans) < 0.6:
        return  # too near to each other to tell one span from the next
    away = 50.0
    bearing = math.radians(heading(wanted))
    to = aim(HERE, 6.0, east(away * math.sin(bearing), away * math.cos(bearing)))
    turned = position_for(to, GENERIC, told, None)
    if turned is not None:  # a head that spans less than the circle does not look everywhere
        assert abs(turn(heading(turned.pan), to.heading_deg)) < 0.05
        assert turned.tilt == pytest.approx(max(-1, min(1, level - to.tilt_deg / up_per_unit)), abs=1e-3)


def test_two_presets_whose_views_are_known_tell_how_far_to_zoom() -> None:
    told = [
        preset("w", 0.0, pan=0, tilt=0, zoom=0.0, hfov_deg=60),
        preset("n", 90.0, pan=0.5, tilt=0, zoom=1.0, hfov_deg=4),
    ]
    near, far = (position_for(aim(HERE, 6.0, east(away)), GENERIC, told, None) for away in (15.0, 250.0))
    assert near is not None and far is not None and 0 <= near.zoom < 0.1 and far.zoom == pytest.approx(0.99, abs=0.02)


def test_a_camera_without_positions_takes_the_preset_that_looks_most_nearly_there() -> None:
    told = [preset("n", 0.0), preset("e", 80.0), preset("x"), preset("wide", 130.0, hfov_deg=120.0)]
    found = nearest_preset(aim(HERE, 6.0, east(50)), told)
    assert found is not None and found.token == "e"
    assert nearest_preset(aim(HERE, 6.0, east(-50)), told) is None


def test_a_heading_is_reached_the_short_way_round() -> None:
    assert (turn(350, 10), turn(10, 350), Position(pan=1, tilt=0, zoom=0).pan) == (20, -20, 1)


def test_where_a_preset_looked_before_it_was_broken_turns_nobody() -> None:
    told = [preset("1", 90.0, pan=0.0, hfov_deg=60.0, broken=True), preset("2", 0.0, pan=0.5, hfov_deg=60.0)]
    to = aim(HERE, 6.0, east(50.0))
    assert nearest_preset(to, told) is None
    position = position_for(to, GENERIC, told, None)
    assert position is not None and position == position_for(to, GENERIC, told[1:], None)
