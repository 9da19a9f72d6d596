"""A tile tells what its cameras cover, what they leave out, and each area's share; tiles side by side tell the same."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import box
from shapely.geometry.base import BaseGeometry

from geo_server.planning.ground import Ground
from geo_server.planning.purposes import purposes
from geo_server.planning.tiles import Box, Tile, covered, shares
from geo_server.planning.viewsheds.cameras import Houses, Hung, Unseeing
from tests.geo_server.planning.viewsheds.scenes import lenses

LON, LAT = 76.94, 43.24
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
        houses=Houses(outlines=here(*buildings), tops_m=np.full(len(buildings), 9.0)),
        areas={1: here(box(-200, -200, 0, 200)), 2: here(box(0, -200, 200, 200))},
    )


def test_what_is_built_on_is_no_ground_and_what_is_behind_it_a_gap() -> None:
    street = tile(box(-20, 20, 20, 30))
    found = covered(street, purposes())
    assert found.open.sum() * 4 == pytest.approx(200 * 200 - 40 * 10)
    behind, before = here(shapely.Point(0, 40), shapely.Point(0, 10))
    gaps = shapely.union_all(found.gaps("situation", 0))
    assert gaps.contains(behind) and not gaps.contains(before)


def test_each_area_has_its_share_and_together_they_are_the_ground() -> None:
    street = tile()
    west, east = (one for one in shares(street, covered(street, purposes())) if one.purpose == "situation")
    reach = 1920 / 2 / math.tan(math.radians(45)) / 32
    assert west.ground_m2 == pytest.approx(20_000, rel=0.02) and east.area == 2
    assert west.seen_m2 + east.seen_m2 == pytest.approx(reach**2, rel=0.03)
    assert west.twice_m2 == 0


def test_the_finer_the_purpose_the_less_is_covered() -> None:
    street = tile(hfov_deg=20.0)
    seen = {one.purpose: one.seen_m2 for one in shares(street, covered(street, purposes())) if one.area == 1}
    assert seen["situation"] > seen["left_object"] > seen["plate"] > 0 and seen["person"] < seen["plate"]


def test_small_gaps_are_left_out_on_demand() -> None:
    found = covered(tile(box(-20, 20, 20, 30)), purposes())
    assert len(found.gaps("situation", 1e9)) == 0 and len(found.gaps("situation", 100)) >= 1


def test_who_cannot_be_reckoned_is_named_once() -> None:
    street = tile()
    blind = replace(street, hung=replace(street.hung, lenses=lenses(hfov_deg=math.nan)))
    assert covered(blind, purposes()).unseeing == ((7, Unseeing.NO_LENS),)


def test_two_tiles_side_by_side_tell_what_one_tells() -> None:
    whole = tile(box(-20, 20, 20, 30))
    halves = [replace(whole, box=replace(whole.box, east=EAST)), replace(whole, box=replace(whole.box, west=EAST))]
    left, right = (covered(half, purposes()).rasters["situation"].count for half in halves)
    assert np.array_equal(np.hstack([left, right]), covered(whole, purposes()).rasters["situation"].count)
