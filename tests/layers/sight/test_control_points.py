import math

import numpy as np
import pytest

from layers.sight.control_points import ControlPoint, Known, from_points, left_out
from layers.sight.ground import from_metres, to_metres
from layers.sight.locator import GeolocateError
from tests.layers.sight.worlds import FOCAL, HFOV, ORIGIN, SIZE, camera, points

KNOWN, UNKNOWN = Known(size_px=SIZE, hfov_deg=HFOV), Known(size_px=SIZE)


@pytest.mark.parametrize("known", [KNOWN, UNKNOWN])
@pytest.mark.parametrize("k1", [0.0, -0.25])
def test_exact_points_give_the_exact_place_whatever_is_to_be_found(known: Known, k1: float) -> None:
    sight, ground = camera(k1), np.array([15.0, 30.0, 0.0])
    locator = from_points(ORIGIN, points(sight, np.random.default_rng(1), 12, noisy=False), known)
    x, y = sight.seen_at(ground[None])[0]
    assert np.allclose(to_metres(ORIGIN, locator.place((x, y)).place), ground[:2], atol=0.1)
    assert locator.sight.focal_px == pytest.approx(FOCAL, rel=0.01)
    assert locator.sight.lens[0] == pytest.approx(k1, abs=0.01)


def test_a_lens_that_is_known_is_taken_as_it_is() -> None:
    marks = points(camera(-0.25), np.random.default_rng(1), 6, noisy=False)
    lens = (-0.25, 0.0, 0.0, 0.0, 0.0)
    locator = from_points(ORIGIN, marks, Known(size_px=SIZE, hfov_deg=HFOV, lens=lens))
    assert locator.sight.lens == lens
    assert np.allclose(locator.sight.eye, [0, 0, 8], atol=0.01)


def test_points_that_know_their_elevation_tell_the_slope() -> None:
    sight = camera(slope=0.03)
    locator = from_points(ORIGIN, points(sight, np.random.default_rng(1), 10, elevations=True), KNOWN)
    assert locator.sight.grade == pytest.approx(sight.grade, abs=0.005)


def test_a_point_without_which_the_others_fix_nothing_has_no_residual() -> None:
    row = [ControlPoint(x=900.0 + n, y=400.0 + 60 * n, lon=76.94, lat=43.2405 - n * 3e-5) for n in range(7)]
    aside = [*row, points(camera(), np.random.default_rng(2), 1)[0]]
    locator = from_points(ORIGIN, points(camera(), np.random.default_rng(3), 8), KNOWN)
    assert left_out(ORIGIN, aside, KNOWN, locator)[7].apart_m is None


def test_too_few_points_nan_a_single_spot_and_too_many_say_why() -> None:
    marks = points(camera(), np.random.default_rng(3), 8)
    for few, known, words in (
        (marks[:3], KNOWN, "There are 3 control points"),
        (marks[:5], UNKNOWN, "no known field of view needs 6"),
        ([*marks[:4], ControlPoint(x=math.nan, y=0, lon=76.94, lat=43.24)], KNOWN, "cannot be"),
        ([*marks[:4], ControlPoint(x=1, y=0, lon=76.94, lat=43.24, elevation_m=math.inf)], KNOWN, "cannot be"),
        ([marks[0]] * 5, KNOWN, "Only 1 of the control points"),
        (marks * 30, KNOWN, "takes 200"),
    ):
        with pytest.raises(GeolocateError, match=words):
            from_points(ORIGIN, few, known)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_hundred_points_on_one_line_are_refused(noise: float) -> None:
    rng = np.random.default_rng(4)
    flat = np.column_stack([np.linspace(5, 50, 100), np.linspace(10, 100, 100), np.zeros(100)])
    pixels = camera().seen_at(flat) + rng.normal(0, noise, (100, 2))
    places = [from_metres(ORIGIN, spot[:2]) for spot in flat]
    marks = [ControlPoint(x=x, y=y, lon=p.lon, lat=p.lat) for (x, y), p in zip(pixels.tolist(), places, strict=True)]
    with pytest.raises(GeolocateError, match="lie on one line in the picture; add some well beside it"):
        from_points(ORIGIN, marks, KNOWN)


def test_exchanged_points_that_hang_the_camera_below_the_ground_are_refused() -> None:
    marks = points(camera(), np.random.default_rng(5), 8, noisy=False)
    upside = [ControlPoint(x=SIZE[0] - m.x, y=SIZE[1] - m.y, lon=m.lon, lat=m.lat) for m in marks]
    mirrored = [ControlPoint(x=m.x, y=SIZE[1] - m.y, lon=m.lon, lat=m.lat) for m in marks]
    assert from_points(ORIGIN, upside, KNOWN).sight.eye[2] > 0  # hung upside down is a pose
    with pytest.raises(GeolocateError, match="below the ground"):
        from_points(ORIGIN, mirrored, KNOWN)


def test_scattered_points_that_fit_nothing_place_nothing_sure() -> None:
    rng = np.random.default_rng(6)
    marks = [
        ControlPoint(x=x, y=y, lon=76.94 + e * 1e-3, lat=43.24 + n * 1e-3) for x, y, e, n in rng.uniform(0, 1, (12, 4))
    ]
    marks = [ControlPoint(x=m.x * 1920, y=m.y * 1080, lon=m.lon, lat=m.lat) for m in marks]
    try:
        placed = from_points(ORIGIN, marks, KNOWN).place((960.0, 800.0))
    except GeolocateError as error:
        assert str(error).endswith((".", "?"))
    else:
        assert placed.ellipse.major_m > 20
