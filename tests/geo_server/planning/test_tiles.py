"""A tile tells what its cameras cover, what they leave out, and each area's share; tiles side by side tell the same."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_server.planning.gaps import Gap, gaps, patched
from geo_server.planning.ground import Ground
from geo_server.planning.nights import Lights
from geo_server.planning.purposes import purposes
from geo_server.planning.shares import Share, shares
from geo_server.planning.sights import Known
from geo_server.planning.things import THINGS, Things
from geo_server.planning.tiles import Box, Tile, covered
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing
from tests.geo_server.planning.viewsheds.scenes import lenses

LON, LAT = 76.94, 43.24
THEFT = "theft"
GROUND = Ground.around(LON, LAT)
EAST, NORTH = GROUND.metres(np.array([LON]), np.array([LAT]))[0]


def here(*shapes: BaseGeometry) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    moved = [shapely.transform(one, lambda xy: xy + np.array([EAST, NORTH])) for one in shapes]
    return np.array([*moved, None], dtype=object)[:-1]


def tile(*buildings: BaseGeometry, hfov_deg: float = 90.0, half_m: float = 100.0) -> Tile:
    """A square about a camera that looks north over a street, one area on its west and one on its east."""
    hung = Hung(
        camera=np.array([7]), lon=np.array([LON]), lat=np.array([LAT]), height_m=np.array([6.0]),
        range_m=np.array([80.0]), lenses=lenses(hfov_deg=hfov_deg),
    )  # fmt: skip
    return Tile(
        ground=GROUND,
        box=Box(west=EAST - half_m, south=NORTH - half_m, east=EAST + half_m, north=NORTH + half_m),
        hung=hung,
        known=Known.by_id(np.array([7])),
        houses=Houses.of(here(*buildings), np.full(len(buildings), 9.0)),
        areas={1: here(box(-200, -200, 0, 200)), 2: here(box(0, -200, 200, 200))},
    )


def told(street: Tile, purpose: str = "situation", measure: str = "ground_m2") -> list[Share]:
    return [one for one in shares(covered(street, purposes())) if (one.purpose, one.measure) == (purpose, measure)]


def unseen(street: Tile, least_m2: float = 0.0) -> list[Gap]:
    return [one for one in gaps(covered(street, purposes()), least_m2) if one.purpose == "situation"]


def with_things(street: Tile, *lines: BaseGeometry, **places: list[tuple[float, float]]) -> Tile:
    """Put streets, and places of the named kinds, at metres from the camera."""
    at = {name: np.array(places.get(name, []), np.float64).reshape(-1, 2) + np.array([EAST, NORTH]) for name in THINGS}
    return replace(street, things=Things.of(here(*lines), at, [(THEFT, 23)] * len(at["incidents"])))


def test_what_is_built_on_is_no_ground_and_what_is_behind_it_a_gap() -> None:
    street = tile(box(-20, 20, 20, 30))
    assert covered(street, purposes()).open.sum() * 4 == pytest.approx(200 * 200 - 40 * 10)
    behind, before = here(shapely.Point(0, 40), shapely.Point(0, 10))
    left = shapely.union_all([one.shape for one in unseen(street)])
    assert left.distance(behind) < 4 and not left.contains(before)


def test_each_area_has_its_share_and_together_they_are_the_ground() -> None:
    west, east = told(tile())
    reach = 1920 / 2 / math.tan(math.radians(45)) / 32
    assert west.whole == pytest.approx(20_000, rel=0.02) and east.area == 2
    assert west.seen + east.seen == pytest.approx(reach**2, rel=0.03)
    assert west.twice == west.private == 0


def test_what_is_seen_and_what_is_left_out_are_all_the_open_ground() -> None:
    found = covered(tile(box(-20, 20, 20, 30)), purposes())
    seen = [shape for one in patched(found) if one.purpose == "situation" for shape in one.shapes]
    left = [one.shape for one in gaps(found, 0.0) if one.purpose == "situation"]
    areas = shapely.area(np.array([*seen, *left], dtype=object))
    assert areas.sum() == pytest.approx(float(found.open.sum()) * 4, rel=0.01)


def test_a_gap_where_much_happened_is_cut_small_there_and_holds_together_what_it_held() -> None:
    street = with_things(tile(box(-20, 20, 20, 30), half_m=400.0), shapely.LineString([(-190, -190), (-190, 190)]))
    busy = with_things(street, shapely.LineString([(-190, -190), (-190, 190)]), incidents=[(-190, 150)] * 40)
    whole, cut = unseen(street), unseen(busy)
    assert len(cut) > len(whole)
    first = max(cut, key=lambda one: one.weight)
    assert first.ground_m2 < max(one.ground_m2 for one in whole) / 2 and first.weight > 10
    assert sum(one.ground_m2 for one in cut) == pytest.approx(sum(one.ground_m2 for one in whole))
    assert sum(one.streets_m for one in cut) == pytest.approx(sum(one.streets_m for one in whole))
    assert shapely.area(shapely.intersection(first.shape, [one.shape for one in cut])).sum() == pytest.approx(
        shapely.area(first.shape)
    )


def test_the_finer_the_purpose_the_less_is_covered() -> None:
    found = shares(covered(tile(hfov_deg=20.0), purposes()))
    seen = {one.purpose: one.seen for one in found if one.area == 1 and one.measure == "ground_m2"}
    assert seen["situation"] > seen["left_object"] > seen["plate"] > 0 and seen["person"] < seen["plate"]


def test_what_private_cameras_see_alone_is_told_apart() -> None:
    street = tile()
    both = Hung(
        camera=np.array([7, 8]), lon=np.full(2, LON), lat=np.full(2, LAT), height_m=np.full(2, 6.0),
        range_m=np.full(2, 80.0), lenses=lenses(heading_deg=[0.0, 180.0], hfov_deg=90.0),
    )  # fmt: skip
    known = replace(Known.by_id(both.camera), private=np.array([False, True]))
    shared = told(replace(street, hung=both, known=known))
    assert sum(one.private for one in shared) == pytest.approx(sum(one.seen for one in shared) / 2, rel=0.02)


def test_a_street_is_seen_as_far_as_the_camera_sees_it() -> None:
    street = with_things(tile(), shapely.LineString([(-100, 20), (100, 20)]))
    west, east = told(street, measure="streets_m")
    assert west.whole == pytest.approx(100) and west.seen == pytest.approx(20, abs=5) and east.seen == west.seen


def test_a_place_counts_as_seen_where_ground_near_by_is() -> None:
    street = with_things(tile(), schools=[(5, -20), (5, -90)], addresses=[(5, 10)], incidents=[(500, 0)])
    (schools,), (addresses,) = told(street, measure="schools"), told(street, measure="addresses")
    assert (schools.whole, schools.seen) == (2, 1) and (addresses.whole, addresses.seen) == (1, 1)
    assert not told(street, measure="incidents")  # it lies elsewhere


def test_a_gap_weighs_what_happened_along_its_streets_and_what_its_places_are_worth() -> None:
    road = shapely.LineString([(-100, -60), (100, -60)])
    west, east = unseen(with_things(tile(), road, incidents=[(-60, -60)], schools=[(-60, -60)]))
    assert west.counts["incidents"] == west.counts["schools"] == 1 and east.counts["schools"] == 0
    assert west.weight > 5 > east.weight > 0
    assert west.streets_m == pytest.approx(100, abs=5)


def test_a_gap_knows_what_it_has_to_expect_by_category_and_hour_and_what_its_crowded_places_are() -> None:
    street = tile()
    spots = {name: np.empty((0, 2)) for name in THINGS}
    spots["incidents"] = np.array([[-60.0, -60], [-50, -60], [-40, -60]]) + np.array([EAST, NORTH])
    spots["places"] = np.array([[-60.0, -50]]) + np.array([EAST, NORTH])
    road = here(shapely.LineString([(-100, -60), (100, -60)]))
    classes = [(THEFT, 23), (THEFT, 23), ("road_accident", 8)]
    west, _ = unseen(replace(street, things=Things.of(road, spots, classes, ["trade"])))
    assert set(west.expected) == {(THEFT, 23), ("road_accident", 8)} and west.crowds == ("trade",)
    assert west.expected[THEFT, 23] == pytest.approx(2 * west.expected["road_accident", 8], rel=0.3)
    assert west.counts["accidents"] == 1 and west.worth == 3 + 1
    assert west.weight == pytest.approx(4 + sum(west.expected.values()))


@pytest.mark.parametrize(
    ("facts", "night", "unknown"),
    [
        ({}, 0, 1),
        ({"lit_at_night": 1}, 1, 0),
        ({"lit_at_night": 0, "infrared": 0}, 0, 0),
        ({"lit_at_night": 0, "infrared": 1, "infrared_m": 15}, 0.196, 0),
        ({"lit_at_night": 0, "infrared": 1}, 0, 1),
        ({"infrared": 1, "infrared_m": 15}, 0.196, 0.804),
        ({"infrared": 0}, 0, 1),
        ({"lit_at_night": "yes", "infrared": True, "infrared_m": None}, 0, 1),
    ],
    ids=["nothing known", "lit", "dark", "near by", "no reach told", "and perhaps further", "unlit?", "no numbers"],
)
def test_by_night_is_seen_what_the_light_allows_and_what_nobody_knows_is_told_as_such(
    facts: dict[str, object], night: float, unknown: float
) -> None:
    street = replace(tile(), known=replace(Known.by_id(np.array([7])), lights=Lights.of([facts])))
    shared = told(street)
    seen = sum(one.seen for one in shared)
    assert sum(one.night for one in shared) / seen == pytest.approx(night, abs=0.02)
    assert sum(one.night_unknown for one in shared) / seen == pytest.approx(unknown, abs=0.02)


def test_a_plate_asks_for_its_lux_by_night_and_the_register_s_word_is_not_enough() -> None:
    def seen_by_night(**facts: float) -> float:
        street = replace(tile(hfov_deg=20.0), known=replace(Known.by_id(np.array([7])), lights=Lights.of([facts])))
        return sum(one.night for one in told(street, "plate"))

    assert seen_by_night(light_lux=100) > 0 == seen_by_night(light_lux=99, infrared=0) == seen_by_night(lit_at_night=1)


def test_two_presets_of_one_camera_are_one_camera() -> None:
    street = tile()
    twice = Hung(
        camera=np.array([7, 7]), lon=np.full(2, LON), lat=np.full(2, LAT), height_m=np.full(2, 6.0),
        range_m=np.full(2, 80.0), lenses=lenses(heading_deg=[0.0, 10.0], hfov_deg=90.0),
    )  # fmt: skip
    assert sum(one.twice for one in told(replace(street, hung=twice, known=Known.by_id(twice.camera)))) == 0
    two = replace(twice, camera=np.array([7, 8]))
    assert sum(one.twice for one in told(replace(street, hung=two, known=Known.by_id(two.camera)))) > 500


def test_small_gaps_are_left_out_on_demand() -> None:
    street = tile(box(-20, 20, 20, 30))
    assert not unseen(street, 1e9) and unseen(street, 100)


def test_who_cannot_be_reckoned_is_named_once() -> None:
    street = tile()
    blind = replace(street, hung=replace(street.hung, lenses=lenses(hfov_deg=math.nan)))
    assert covered(blind, purposes()).unseeing == ((7, Unseeing.NO_LENS),)


def test_two_tiles_side_by_side_tell_what_one_tells() -> None:
    whole = tile(box(-20, 20, 20, 30))
    halves = [replace(whole, box=replace(whole.box, east=EAST)), replace(whole, box=replace(whole.box, west=EAST))]
    left, right = (covered(half, purposes()).sights["situation"].all.count for half in halves)
    assert np.array_equal(np.hstack([left, right]), covered(whole, purposes()).sights["situation"].all.count)
