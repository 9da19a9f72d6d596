"""A camera's view of a place, against a reference that draws the ground it sees as a polygon."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.cameras.sight import AIM_UP_M, Sight, Sighting, View, best_first, metres_from, past, sighting
from layers.values import LonLat
from tests.layers.cameras.scenes import PLACE, at, watcher

NORTH = View(heading_deg=0.0, tilt_deg=20.0, hfov_deg=60.0)


def ground_seen(view: View, height_m: float, size_px: tuple[int, int]) -> shapely.Polygon:
    """The reference: where the corners of the picture meet the plane 1.5 m above the ground, by a rotation matrix."""
    assert view.heading_deg is not None and view.tilt_deg is not None and view.hfov_deg is not None
    heading, tilt = math.radians(view.heading_deg), math.radians(view.tilt_deg)
    turn = np.array([[math.cos(heading), math.sin(heading), 0], [-math.sin(heading), math.cos(heading), 0], [0, 0, 1]])
    lean = np.array([[1, 0, 0], [0, math.cos(tilt), math.sin(tilt)], [0, -math.sin(tilt), math.cos(tilt)]])
    wide = math.tan(math.radians(view.hfov_deg) / 2)
    high = wide * size_px[1] / size_px[0]
    corners = [
        turn @ lean @ np.array([x, 1.0, z]) for x, z in ((-wide, high), (wide, high), (wide, -high), (-wide, -high))
    ]
    return shapely.Polygon([(height_m - AIM_UP_M) / -ray[2] * ray[:2] for ray in corners])


@given(
    heading=st.floats(0, 359.9), tilt=st.floats(35, 80), hfov=st.floats(20, 70), height_m=st.floats(3, 40),
    east=st.floats(-60, 60), north=st.floats(-60, 60),
)  # fmt: skip
def test_what_is_in_the_picture_is_what_its_corners_enclose_on_the_ground(
    heading: float, tilt: float, hfov: float, height_m: float, east: float, north: float
) -> None:
    view = View(heading_deg=heading, tilt_deg=tilt, hfov_deg=hfov)
    seen = ground_seen(view, height_m, (1920, 1080))
    here = shapely.Point(metres_from(at(-east, -north), PLACE))
    assume(seen.boundary.distance(here) > 0.05)
    camera = watcher(-east, -north, view=view, height_m=height_m, range_m=500.0)
    assert (sighting(camera, PLACE).sight is Sight.SEES) == seen.contains(here)


@pytest.mark.parametrize(
    ("east", "north", "told"),
    [
        (0, -30, Sight.SEES), (0, -2, Sight.TOO_NEAR), (0, 30, Sight.OUT_OF_VIEW), (30, -5, Sight.OUT_OF_VIEW),
        (0, -119, Sight.OUT_OF_VIEW), (0, -121, Sight.TOO_FAR),
    ],
)  # fmt: skip
def test_why_a_camera_does_not_see_a_place_is_told(east: float, north: float, told: Sight) -> None:
    steep = replace(NORTH, tilt_deg=30.0) if north == -119 else NORTH
    assert sighting(watcher(east, north, view=steep), PLACE).sight is told


def test_a_camera_of_which_nobody_told_where_it_looks_is_unknown_not_blind() -> None:
    camera = watcher(0, -30, view=View(heading_deg=None, tilt_deg=None, hfov_deg=None))
    assert sighting(camera, PLACE).sight is Sight.UNKNOWN


def test_pixels_to_the_metre_fall_with_the_distance() -> None:
    near, far = (sighting(watcher(0, -north), PLACE).px_per_m for north in (20, 80))
    assert near == pytest.approx(1920 / (2 * math.tan(math.radians(30)) * 20), rel=0.01)
    assert far is not None and near is not None and near == pytest.approx(4 * far, rel=0.01)
    assert sighting(watcher(0, -20, size_px=None), PLACE).px_per_m is None


def test_a_ptz_camera_is_turned_by_the_preset_that_sees_best_and_its_present_view_counts_first() -> None:
    away = View(heading_deg=180.0, tilt_deg=None, hfov_deg=60.0)
    presets = (replace(away, token="1"), View(heading_deg=0, tilt_deg=None, hfov_deg=60, token="2"),
               View(heading_deg=5, tilt_deg=None, hfov_deg=20, token="3"))  # fmt: skip
    camera = watcher(0, -40, view=away, kind="ptz", presets=presets)
    found = sighting(camera, PLACE)
    assert (found.sight, found.preset) == (Sight.TURNS, "3")
    assert sighting(replace(camera, view=presets[1]), PLACE).sight is Sight.SEES
    assert sighting(replace(camera, view=presets[1], moving=True), PLACE).sight is Sight.TURNS
    assert sighting(replace(camera, presets=()), PLACE) == replace(
        found, watcher=replace(camera, presets=()), preset=None, px_per_m=None
    )
    assert sighting(replace(camera, kind="fixed"), PLACE).sight is Sight.OUT_OF_VIEW


def test_a_camera_that_was_turned_away_sees_nothing_for_sure_but_can_be_turned_back() -> None:
    straight = watcher(0, -40, kind="ptz")
    assert sighting(straight, PLACE).sight is Sight.SEES
    assert sighting(replace(straight, turned=True), PLACE).sight is Sight.TURNS


def test_who_sees_best_comes_first_and_one_that_is_down_stays_on_the_list() -> None:
    views = {1: watcher(0, -80), 2: watcher(0, -20), 3: watcher(0, -10, state="down"), 4: watcher(0, -50)}
    found = [past(sighting(replace(one, id=n), PLACE), 7.0 if n == 4 else None) for n, one in views.items()]
    assert [one.watcher.id for one in best_first(found)] == [2, 1, 3, 4]
    assert best_first(found)[-1] == Sighting(watcher=replace(views[4], id=4), sight=Sight.BLOCKED, blocked_m=7.0)


def test_what_is_too_far_is_not_called_blocked() -> None:
    assert past(sighting(watcher(0, -500), PLACE), 3.0).sight is Sight.TOO_FAR
    assert metres_from(LonLat(lon=0, lat=0), LonLat(lon=0, lat=0)) == (0, 0)
