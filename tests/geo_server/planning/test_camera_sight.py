"""What one camera sees, could see and does not; what changes where it hangs otherwise; a ground that is asked about."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo_server.planning.asked_grounds import MOST_MEASURED_KM2, AskedGround, NoGround, TooLarge, shape_of
from geo_server.planning.camera_sight import sight
from geo_server.planning.changing import changed
from geo_server.planning.ground import Ground
from geo_server.planning.grounds import grounded
from geo_server.planning.hanging import nearest
from geo_server.planning.poses import Pose
from geo_server.planning.viewing import bands
from geo_server.planning.viewsheds.cameras import Unseeing
from layers.coverage.schema import Buildings, House, Looking, Point, Preset, Standing
from layers.gaps.hanging import Holder
from layers.values import LonLat

LON, LAT = 76.94, 43.24
GRID = Ground.around(LON, LAT)
((EAST, NORTH),) = GRID.metres(np.array([LON]), np.array([LAT])).tolist()
CAMERA = Looking(
    id=7, owner_kind="state", lon=LON, lat=LAT, height_m=6.0, heading_deg=0.0, tilt_deg=10.0, roll_deg=0.0,
    hfov_deg=60.0, range_m=120.0, width_px=1920, height_px=1080,
)  # fmt: skip
POSE = Pose(
    lon=LON, lat=LAT, height_m=6.0, heading_deg=0.0, hfov_deg=60.0, tilt_deg=10.0, range_m=120.0, width_px=1920,
    height_px=1080,
)  # fmt: skip
NOTHING = Standing(cameras=[], presets=[], buildings=Buildings.of(None, [], []), grounds=[], streets=[], points=[])
FOCAL_PX = 1920 / 2 / math.tan(math.radians(30))


def in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape of metres from the camera."""
    moved = shapely.transform(shape, lambda xy: xy + np.array([EAST, NORTH]))
    found: shapely.Geometry = GRID.in_degrees(np.array([moved], dtype=object))[0]
    return found


def house(west: float, south: float, east: float, north: float, height_m: float = 20.0) -> House:
    wkb = shapely.to_wkb(in_degrees(shapely.box(west, south, east, north)))
    return House(wkb=wkb, height_m=height_m, levels=None)


def standing(*houses: House) -> Buildings:
    outlines = shapely.geometrycollections([shapely.from_wkb(one.wkb) for one in houses])
    heights, levels = [one.height_m for one in houses], [one.levels for one in houses]
    return Buildings.of(shapely.to_wkb(outlines), heights, levels)


def corners(half_m: float) -> list[tuple[float, float]]:
    ring = shapely.get_coordinates(in_degrees(shapely.box(-half_m, -half_m, half_m, half_m)))
    return [(float(lon), float(lat)) for lon, lat in ring[:-1]]


def test_what_lies_under_a_mast_is_blind_as_far_as_its_picture_begins() -> None:
    found = sight(CAMERA, [], [], "purposes", False)
    half_up = math.degrees(math.atan(math.tan(math.radians(30)) * 9 / 16))
    assert found.blind_m == pytest.approx((6 - 1.5) / math.tan(math.radians(10 + half_up)), rel=0.01)
    assert found.blind_m2 is not None and found.blind_m2 > 0 and found.hidden_m2 == 0 and found.reach is None
    assert sight(replace(CAMERA, tilt_deg=None), [], [], "purposes", False).blind_m is None


def test_buildings_hide_what_the_card_tells() -> None:
    found = sight(CAMERA, [], [house(-60, 20, 60, 30)], "purposes", False)
    bare = sight(CAMERA, [], [], "classes_2025", False)
    left = sight(CAMERA, [], [house(-60, 20, 60, 30)], "classes_2025", False)
    assert found.hidden_m2 is not None and found.hidden_m2 > 1000
    assert left.bands[0].area_m2 < bare.bands[0].area_m2


def test_presets_see_together_no_more_than_their_sum_and_a_reach_is_a_circle() -> None:
    views = [Preset(camera_id=7, heading_deg=h, tilt_deg=10.0, hfov_deg=60.0, roll_deg=0.0) for h in (0.0, 30.0, 180.0)]
    one = sight(CAMERA, views[:1], [], "classes_2014", True).bands[0].area_m2
    three = sight(CAMERA, views, [], "classes_2014", True)
    assert three.views == 3 and one * 2.4 < three.bands[0].area_m2 < one * 2.6
    assert three.reach is not None
    reach_m = FOCAL_PX / 25
    assert three.reach[0].area_m2 == pytest.approx(math.pi * reach_m**2, rel=0.03)


def test_a_camera_whose_heading_or_lens_nobody_knows_says_so() -> None:
    assert sight(replace(CAMERA, heading_deg=None), [], [], "purposes", False).unseeing == Unseeing.NO_HEADING
    assert sight(replace(CAMERA, hfov_deg=None), [], [], "purposes", False).unseeing == Unseeing.NO_LENS
    assert sight(CAMERA, [], [house(-9, -9, 9, 9)], "purposes", False).unseeing == Unseeing.INSIDE


def test_the_bands_of_a_view_do_not_lie_over_each_other() -> None:
    found = bands(POSE, [house(5, 20, 15, 30, 4.0)], "classes_2025")
    assert isinstance(found, list) and len(found) > 3
    for n, one in enumerate(found):
        assert not any(shapely.area(shapely.intersection(one.shape, other.shape)) > 1e-13 for other in found[:n])


def test_a_turned_camera_gains_what_it_loses_elsewhere() -> None:
    found = changed(replace(POSE, heading_deg=90.0), replace(NOTHING, cameras=[CAMERA]), 7, "situation")
    assert found.gained_m2 == pytest.approx(found.lost_m2, rel=0.03) and found.gained_m2 > 1000
    same = changed(POSE, replace(NOTHING, cameras=[CAMERA]), 7, "situation")
    assert (same.gained_m2, same.lost_m2) == (0, 0)


def test_what_another_camera_sees_is_neither_gained_nor_lost() -> None:
    other = replace(CAMERA, id=8)
    found = changed(replace(POSE, heading_deg=90.0), replace(NOTHING, cameras=[CAMERA, other]), 7, "situation")
    assert found.lost_m2 == 0 and found.gained_m2 > 1000
    assert changed(POSE, replace(NOTHING, cameras=[other]), None, "situation").gained_m2 == 0


def test_a_camera_that_is_taken_far_away_loses_here_and_gains_there() -> None:
    far = replace(POSE, lon=LON + 0.05)
    found = changed(far, replace(NOTHING, cameras=[CAMERA]), 7, "situation")
    assert found.gained_m2 == pytest.approx(found.lost_m2, rel=0.03) and found.lost_m2 > 1000


def test_a_school_that_comes_into_sight_weighs_and_counts_once() -> None:
    spot = in_degrees(shapely.Point(20, 0))
    lon, lat = shapely.get_coordinates(spot)[0].tolist()
    standing = replace(NOTHING, cameras=[CAMERA], points=[Point("schools", lon, lat)])
    found = changed(replace(POSE, heading_deg=90.0), standing, 7, "situation")
    assert found.gained_weight == pytest.approx(5)


def test_a_ground_tells_bands_that_add_up_and_leave_no_ground_out() -> None:
    asked = AskedGround(corners=corners(100), cut="classes_2025", purpose="situation")
    found = grounded(asked, replace(NOTHING, cameras=[CAMERA], buildings=standing(house(40, 40, 60, 60))))
    assert found.ground_m2 == pytest.approx(200 * 200 - 400, rel=0.02)
    areas = [one.area_m2 for one in found.bands]
    assert areas == sorted(areas, reverse=True) and [one.name for one in found.bands][:2] == ["20", "40"]
    drawn = GRID.in_metres(np.array([one.shape for one in found.bands], dtype=object))
    assert shapely.area(drawn).sum() == pytest.approx(areas[0], rel=0.02)
    exact = bands(POSE, [], "classes_2025")
    assert isinstance(exact, list) and areas[0] == pytest.approx(exact[0].area_m2, rel=0.03)
    (ground,) = [one for one in found.shares if (one.purpose, one.measure) == ("situation", "ground_m2")]
    unseen = sum(one.ground_m2 for one in found.gaps)
    assert ground.whole - ground.seen == pytest.approx(unseen, rel=0.01)


def test_a_ground_without_a_purpose_tells_bands_alone() -> None:
    asked = AskedGround(corners=corners(100), cut="classes_2014")
    found = grounded(asked, replace(NOTHING, cameras=[CAMERA]))
    assert [one.name for one in found.bands] == ["25", "62.5", "125"] and not found.shares and not found.gaps


@pytest.mark.parametrize("wrong", [[(76, 43), (77, 44), (78, 45)], [(76, 43), (77, 44), (77, 43), (76, 44)]])
def test_corners_that_enclose_nothing_are_no_ground(wrong: list[tuple[float, float]]) -> None:
    with pytest.raises(NoGround):
        shape_of(AskedGround(corners=wrong, cut="purposes"))


def test_a_ground_beyond_the_bound_is_too_large_and_earlier_with_its_measures() -> None:
    half_m = math.sqrt(MOST_MEASURED_KM2) * 510
    assert shape_of(AskedGround(corners=corners(half_m), cut="purposes"))
    with pytest.raises(TooLarge):
        shape_of(AskedGround(corners=corners(half_m), cut="purposes", purpose="plate"))
    with pytest.raises(TooLarge):
        shape_of(AskedGround(corners=corners(5000), cut="purposes"))


def test_the_nearest_to_hang_a_camera_on_is_so_in_metres_not_in_degrees() -> None:
    """At this latitude a degree to the east is shorter: the pole 30 m east is nearer than the corner 35 m north."""
    pole = Holder(of=0, kind="pole", name="P-1", wkb=shapely.to_wkb(in_degrees(shapely.Point(30, 0))))
    wall = Holder(of=0, kind="building", name=None, wkb=shapely.to_wkb(in_degrees(shapely.box(0, 35, 10, 45))))
    found = nearest([LonLat(lon=LON, lat=LAT)], [wall, pole])
    assert (found[0].kind, found[0].name) == ("pole", "P-1") and found[0].away_m == pytest.approx(30, abs=0.2)
