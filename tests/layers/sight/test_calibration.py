import numpy as np
import pytest

from layers.sight.calibration import by_points, by_pose
from layers.sight.control_points import ControlPoint, Known
from layers.sight.ground import from_metres, to_metres
from layers.sight.locator import Pose
from layers.values import LonLat
from tests.layers.sight.worlds import HFOV, ORIGIN, SIZE, camera, points

KNOWN = Known(size_px=SIZE, hfov_deg=HFOV)


def moved(mark: ControlPoint, east: float, north: float) -> ControlPoint:
    there = to_metres(ORIGIN, LonLat(lon=mark.lon, lat=mark.lat)) + np.array([east, north])
    place = from_metres(ORIGIN, there)
    return ControlPoint(x=mark.x, y=mark.y, lon=place.lon, lat=place.lat)


def test_good_points_find_the_pose_and_agree() -> None:
    found = by_points(ORIGIN, points(camera(), np.random.default_rng(1), 10), KNOWN)
    assert found.pose.height_m == pytest.approx(8, abs=0.5)
    assert (found.pose.heading_deg, found.pose.tilt_deg) == pytest.approx((30, 15), abs=1)
    assert found.median_m is not None and found.p95_m is not None
    assert 0 < found.median_m < 2 and found.median_m <= found.p95_m
    assert found.suspect is None


def test_a_wrong_point_stands_out_and_no_right_one_does() -> None:
    suspects = []
    for seed in range(8):
        marks = points(camera(), np.random.default_rng(seed), 10)
        marks[3] = moved(marks[3], 8.0, 4.0)
        found = by_points(ORIGIN, marks, KNOWN)
        apart = found.residuals_m[3]
        assert apart is not None and apart > 5
        suspects.append(found.suspect)
    assert suspects.count(3) >= 6  # far off along the line of sight, eight metres are what a click may be wrong
    assert set(suspects) <= {3, None}


def test_a_pose_by_itself_has_no_residuals() -> None:
    found = by_pose(ORIGIN, Pose(height_m=8, heading_deg=30, tilt_deg=15, hfov_deg=69), KNOWN)
    assert (found.median_m, found.p95_m, found.suspect) == (None, None, None)
    assert found.pose.heading_deg == pytest.approx(30)
