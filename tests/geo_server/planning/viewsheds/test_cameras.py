"""Cameras become views where enough is known of them, and are named with the reason where it is not."""

import math

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_server.planning.ground import Ground
from geo_server.planning.viewsheds.cameras import Hanging, Houses, Hung, Unseeing, hanging
from geo_server.planning.viewsheds.seen import seen_by
from geo_server.planning.viewsheds.walls import Walls
from tests.geo_server.planning.viewsheds.scenes import lenses

LON, LAT = 76.94, 43.24
GROUND = Ground.around(LON, LAT)
EAST, NORTH = GROUND.metres(np.array([LON]), np.array([LAT]))[0]


def houses(*built: tuple[BaseGeometry, float]) -> Houses:
    """Return houses drawn in metres of the camera's place."""
    outlines = [shapely.transform(outline, lambda xy: xy + np.array([EAST, NORTH])) for outline, _ in built]
    return Houses.of(np.array(outlines, dtype=object), np.array([top for _, top in built], np.float64))


def hung(height_m: float = 6.0, **known: float) -> Hung:
    return Hung(
        camera=np.array([7]), lon=np.array([LON]), lat=np.array([LAT]), height_m=np.array([height_m]),
        range_m=np.array([100.0]), lenses=lenses(**known),
    )  # fmt: skip


def seen_m2(found: Hanging, around: Houses) -> float:
    return float(seen_by(found.views, Walls.of(around.outlines, around.tops_m)).areas_m2().sum())


def test_a_camera_looks_from_true_north_and_not_from_the_grid_s() -> None:
    view = hanging(hung(), houses(), GROUND, 0.0).views
    seen = seen_by(view, Walls.of(houses().outlines, houses().tops_m))
    off = math.degrees(np.mean(seen.azimuth)) - 90
    assert off == pytest.approx((LON - 75) * math.sin(math.radians(LAT)), abs=0.01)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"heading_deg": math.nan}, Unseeing.NO_HEADING),
        ({"hfov_deg": math.nan}, Unseeing.NO_LENS),
        ({"hfov_deg": 0.0}, Unseeing.NO_LENS),
        ({"hfov_deg": 400.0}, Unseeing.NO_LENS),
    ],
)
def test_of_whom_too_little_is_known_is_named(known: dict[str, float], reason: Unseeing) -> None:
    found = hanging(hung(**known), houses(), GROUND, 0.0)
    assert found.unseeing == ((7, reason),) and len(found.views) == 0


def test_a_lens_that_looks_all_around_needs_no_heading() -> None:
    found = hanging(hung(hfov_deg=360.0, heading_deg=math.nan), houses(), GROUND, 0.0)
    assert not found.unseeing and seen_m2(found, houses()) == pytest.approx(math.pi * 100**2, rel=1e-4)


def test_an_unmeasured_mast_is_of_the_usual_height() -> None:
    assert hanging(hung(height_m=math.nan), houses(), GROUND, 0.0).views.eye_m[0] == 6.0


def test_a_camera_drawn_a_little_inside_of_its_wall_hangs_on_it() -> None:
    around = houses((box(-20, -20, 20, 0.5), 9.0))
    assert seen_m2(hanging(hung(), around, GROUND, 0.0), around) > 0.95 * math.pi * 100**2 / 6


def test_a_camera_deep_inside_of_a_building_sees_nothing_and_is_named() -> None:
    found = hanging(hung(), houses((box(-20, -20, 20, 20), 9.0)), GROUND, 0.0)
    assert found.unseeing == ((7, Unseeing.INSIDE),) and len(found.views) == 0


def test_on_its_roof_it_sees() -> None:
    around = houses((box(-20, -20, 20, 20), 9.0))
    assert seen_m2(hanging(hung(height_m=12.0), around, GROUND, 0.0), around) > 0


def test_on_a_roof_that_is_longer_than_its_range_it_sees_no_ground() -> None:
    around = houses((box(-300, -300, 300, 300), 9.0))
    assert seen_m2(hanging(hung(height_m=12.0), around, GROUND, 0.0), around) == 0


def test_on_a_tower_over_a_podium_it_sees_the_ground_past_both() -> None:
    podium, tower = box(-150, -30, 150, 30), box(-10, -10, 10, 10)
    around = houses((podium, 6.0), (tower, 9.0))
    found = hanging(hung(height_m=12.0), around, GROUND, 0.0)
    assert found.views.over.tolist() == [2]
    seen = seen_by(found.views, Walls.of(around.outlines, around.tops_m))
    assert seen.parts[:, 0].min() == pytest.approx(30 * 12 / 6, rel=0.01)  # 60 m: past the podium's edge
