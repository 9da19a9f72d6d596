import math

import numpy as np
import shapely

from layers.sight.drawing import field_of_view, horizon, ring
from layers.sight.ground import to_metres
from layers.sight.locator import Pose, from_pose
from layers.values import LonLat
from tests.layers.sight.worlds import ORIGIN, SIZE

POSE = Pose(height_m=8, heading_deg=30, tilt_deg=15, hfov_deg=69)
LOCATOR = from_pose(ORIGIN, POSE, SIZE)


def metres(line: tuple[tuple[float, float], ...]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([to_metres(ORIGIN, LonLat(lon=lon, lat=lat)) for lon, lat in line])


def test_the_horizon_lies_level_where_the_tilt_puts_it() -> None:
    (line,) = horizon(LOCATOR.sight)
    up = 540 - LOCATOR.sight.focal_px * math.tan(math.radians(15))
    assert all(abs(y - up) < 0.2 for _, y in line)
    assert line[-1][0] - line[0][0] > 1800


def test_a_camera_that_looks_down_sees_no_horizon() -> None:
    assert horizon(from_pose(ORIGIN, Pose(height_m=8, heading_deg=0, tilt_deg=80, hfov_deg=60), SIZE).sight) == ()


def test_a_ring_is_as_far_away_as_it_says_in_the_picture_and_on_the_map() -> None:
    near = ring(LOCATOR, 25.0)
    (pixels,), (places,) = near.pixels, near.places
    assert np.allclose(np.hypot(*LOCATOR.sight.ground_of(np.array(pixels)).T), 25, atol=0.2)
    assert np.allclose(np.hypot(*metres(places).T), 25, atol=0.1)
    assert len(pixels) == len(places)


def test_straight_below_a_camera_a_whole_ring_is_closed() -> None:
    down = from_pose(ORIGIN, Pose(height_m=20, heading_deg=0, tilt_deg=90, hfov_deg=90), SIZE)
    (pixels,) = ring(down, 8.0).pixels
    assert pixels[0] == pixels[-1]


def test_the_field_of_view_holds_what_the_picture_shows_up_to_the_range() -> None:
    seen = shapely.Polygon(metres(field_of_view(LOCATOR)))
    assert seen.is_valid
    ahead = np.array([math.sin(math.radians(30)), math.cos(math.radians(30))])
    assert seen.contains(shapely.Point(ahead * 60)) and seen.contains(shapely.Point(ahead * 118))
    assert not seen.contains(shapely.Point(ahead * 122)) and not seen.contains(shapely.Point(-ahead * 20))


def test_a_camera_whose_picture_begins_beyond_its_range_has_no_field() -> None:
    assert field_of_view(from_pose(ORIGIN, POSE, SIZE, range_m=2.0)) == ()


def test_a_bent_lens_draws_no_ghosts() -> None:
    bent = from_pose(ORIGIN, POSE, SIZE, lens=(-0.25, 0.0, 0.0, 0.0, 0.0))
    for line in ring(bent, 25.0).pixels:
        assert np.allclose(np.hypot(*bent.sight.ground_of(np.array(line)).T), 25, atol=0.5)
    assert all(0 <= x <= SIZE[0] and 0 <= y <= SIZE[1] for line in horizon(bent.sight) for x, y in line)
