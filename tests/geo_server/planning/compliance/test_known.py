"""What is known of a camera and where from: hand-computed geometry, what comes before what, why nothing is known."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.planning.compliance.judging import Verdict
from geo_server.planning.compliance.known import Known, Source, Why, spots
from geo_server.planning.compliance.reports import assessed
from geo_server.planning.compliance.rules import rules
from geo_server.planning.compliance.words import words
from layers.cameras.installed import Installed
from layers.near import apart_m
from tests.geo_server.planning.compliance.scenes import CAMERAS, LINE, camera, judge, practice


def fact(name: str, one: Installed, **more: Any) -> tuple[float, Source]:
    found = judge(one, **more).known.facts[name]
    return float(found.value[0]), Source(int(found.source[0]))


def why(name: str, one: Installed) -> Why:
    found = judge(one).known.facts[name]
    assert math.isnan(found.value[0]) and found.source[0] == Source.UNKNOWN
    return Why(int(found.why[0]))


def test_every_fact_of_a_rule_has_a_name_in_three_languages() -> None:
    assert {rule.fact for rule in rules()} == set(words().facts)
    assert all(Why(one).name.lower() in words().because for one in Why)
    assert all(rule.mend for rule in rules())


def test_a_plate_in_the_middle_of_the_picture_is_as_wide_as_its_distance_makes_it() -> None:
    # 6 m high, 0.6 m the plate, 12° down: 5.4 / sin 12° = 25.97 m away; 1920 px of 60° are 1,662.8 px of focal length.
    width, source = fact("plate_width_px", camera())
    assert width == pytest.approx(0.52 * 1662.77 / 25.973, rel=1e-4) and source is Source.DERIVED
    assert fact("plate_vertical_deg", camera())[0] == pytest.approx(12.0)
    assert fact("plate_height_px", camera())[0] == pytest.approx(width * 0.112 / 0.52 * math.cos(math.radians(12)))
    assert fact("zone_width_m", camera())[0] == pytest.approx(6 / math.sin(math.radians(12)) * 1920 / 1662.77, rel=1e-4)


def test_what_is_drawn_in_the_picture_says_where_it_is_looked_at_and_how_wide() -> None:
    lower = [{"function": "zone_motion", "settings": {"zone": [[860, 800], [1060, 800], [960, 900]]}}]
    down = 12 + math.degrees(math.atan((850 - 540) / 1662.77))
    assert fact("plate_vertical_deg", camera(functions=lower))[0] == pytest.approx(down, abs=1e-3)
    depth = 6 / math.sin(math.radians(down)) * math.cos(math.radians(down - 12))
    assert fact("zone_width_m", camera(functions=lower))[0] == pytest.approx(200 * depth / 1662.77, rel=1e-4)


def test_who_crosses_a_level_line_comes_straight_and_who_crosses_a_slanted_one_aside() -> None:
    assert fact("aside_deg", camera(functions=LINE))[0] == pytest.approx(0.0, abs=1e-9)
    slanted = [{"function": "counting", "settings": {"line": [[860, 540], [1060, 640]]}}]
    assert fact("aside_deg", camera(functions=slanted))[0] > 20


def test_a_register_that_tells_how_far_it_is_counts_before_the_tilt() -> None:
    told = camera(tilt_deg=None, facts={"watched_m": 20})
    assert fact("plate_vertical_deg", told)[0] == pytest.approx(math.degrees(math.atan(5.4 / 20)))
    assert fact("face_px", told)[0] == pytest.approx(0.16 * 1662.77 / math.hypot(20, 4.4), rel=1e-4)


def test_measured_comes_before_the_register_and_the_register_before_geometry() -> None:
    told = camera(facts={"moving_px": 300, "plate_width_px": 90.5})
    assert fact("moving_px", told) == (300.0, Source.REGISTER)
    assert fact("plate_width_px", told) == (90.5, Source.REGISTER)
    assert fact("moving_px", told, seen=practice(moving_px2=99.0)) == (99.0, Source.MEASURED)
    assert fact("tilt_deg", camera(pointed=True)) == (12.0, Source.MEASURED)
    assert fact("tilt_deg", camera()) == (12.0, Source.REGISTER)


def test_how_tall_plates_are_follows_from_how_wide_they_were_seen() -> None:
    tall, source = fact("plate_height_px", camera(), seen=practice(plate_width_px=200.0))
    assert tall == pytest.approx(200 * 0.112 / 0.52 * math.cos(math.radians(12))) and source is Source.DERIVED
    assert fact("plate_height_px", camera(facts={"plate_height_px": 30}), seen=practice(plate_width_px=200.0))[0] == 30


def test_a_picture_that_went_dark_by_night_has_no_light_then_whatever_the_register_says() -> None:
    seen = practice(dark_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert fact("lit_at_night", camera(facts={"lit_at_night": 1}), seen=seen) == (0.0, Source.MEASURED)
    assert fact("lit_at_night", camera(facts={"lit_at_night": 1})) == (1.0, Source.REGISTER)


@pytest.mark.parametrize(
    ("name", "one", "expected"),
    [
        ("height_m", camera(height_m=None), Why.NOT_IN_REGISTER),
        ("tilt_deg", camera(tilt_deg=None), Why.NO_TILT_DEG),
        ("tilt_deg", camera(calibration="broken"), Why.MOVED),
        ("plate_vertical_deg", camera(kind="ptz", turned=True), Why.TURNED),
        ("plate_width_px", camera(hfov_deg=None), Why.NO_HFOV_DEG),
        ("plate_width_px", camera(hfov_deg=360.0), Why.NO_HFOV_DEG),
        ("plate_width_px", camera(width_px=None), Why.NO_WIDTH_PX),
        ("face_px", camera(height_m=None), Why.NO_HEIGHT_M),
        ("face_px", camera(tilt_deg=1.0), Why.NOTHING_IN_REACH),
        ("face_px", camera(tilt_deg=-5.0), Why.NOTHING_IN_REACH),
        ("plate_horizontal_deg", camera(), Why.NO_STREET),
        ("plate_horizontal_deg", camera(heading_deg=None), Why.NO_HEADING_DEG),
        ("plate_roll_deg", camera(), Why.NOT_CALIBRATED),
        ("shake_share", camera(), Why.NOT_WATCHED_FOR),
        ("shake_share", camera(functions=[{"function": "camera_shaking"}], live=False), Why.NOT_LIVE),
        ("infrared", camera(facts={"infrared": "yes"}), Why.NOT_IN_REGISTER),
    ],
)
def test_what_cannot_be_known_is_unknown_and_says_why(name: str, one: Installed, expected: Why) -> None:
    assert why(name, one) is expected


def test_the_angle_to_a_street_is_the_same_both_ways_along_it() -> None:
    for bearing in (30.0, 210.0, -150.0):
        assert fact("plate_horizontal_deg", camera(heading_deg=350.0), street_deg=bearing)[0] == pytest.approx(40.0)


def test_where_somebody_looks_for_shaking_and_none_was_told_it_is_no_more_than_the_limit() -> None:
    looked = [{"function": "camera_shaking", "settings": {}}, {"function": "plate_read"}]
    found = judge(camera(functions=looked))
    assert found.known.facts["shake_share"].value[0] == 0.005 and found.known.cameras.at_most["shake_share"][0]
    told = judge(camera(functions=looked), practice(swing_percent=0.8))
    assert told.known.facts["shake_share"].value[0] == 0.008 and not told.known.cameras.at_most["shake_share"][0]


def test_modules_are_those_of_the_register_else_what_its_functions_are_for() -> None:
    reads = [{"function": "plate_read"}, {"function": "camera_shaking"}]
    flags = judge(camera(functions=reads)).known.cameras
    assert flags.flag("plate")[0] and not flags.flag("situation")[0]
    assert judge(camera(functions=LINE)).known.cameras.flag("situation")[0]
    said = judge(camera(functions=reads, modules=["person"])).known.cameras
    assert said.flag("person")[0] and not said.flag("plate")[0]


def test_only_cameras_that_read_plates_and_whose_view_is_known_ask_for_a_street() -> None:
    plate = camera(modules=["plate"], heading_deg=90.0)
    found = spots([plate, camera(id=2), camera(id=3, modules=["plate"], tilt_deg=None)])
    assert list(found) == [0]
    assert apart_m(found[0], plate.place) == pytest.approx(5.4 / math.tan(math.radians(12)), rel=1e-3)
    assert found[0].lon > plate.place.lon and found[0].lat == pytest.approx(plate.place.lat)


def test_a_row_with_nonsense_for_a_zone_costs_nobody_else_anything() -> None:
    odd = [{"function": "zone_motion", "settings": {"zone": "everywhere"}}]
    assert fact("zone_width_m", camera(functions=odd)) == fact("zone_width_m", camera())


@settings(deadline=None, max_examples=60)
@given(st.lists(CAMERAS, min_size=1, max_size=4))
def test_no_verdict_is_met_or_broken_where_its_fact_is_unknown_and_each_is_the_same_alone(
    cameras: list[Installed],
) -> None:
    numbered = [replace(one, id=n) for n, one in enumerate(cameras)]
    found = assessed(numbered, {})
    alone = [assessed([one], {}) for one in numbered]
    for column, rule in enumerate(rules()):
        unknown = ~np.isfinite(found.known.facts[rule.fact].value)
        assert (unknown == (found.known.facts[rule.fact].source == Source.UNKNOWN)).all()
        sure = np.isin(found.judged.verdicts[:, column], (Verdict.MEETS, Verdict.BREAKS))
        assert not (sure & unknown).any()
        assert found.judged.verdicts[:, column].tolist() == [one.judged.verdicts[0, column] for one in alone]


def test_nobody_is_judged_where_there_is_no_camera() -> None:
    assert Known.of([], {}).cameras.count == 0
    assert assessed([], {}).judged.verdicts.shape == (0, len(rules()))
