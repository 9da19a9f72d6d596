"""Distances agree with PostGIS, and the box holds all that the radius holds."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given
from sqlalchemy import func, select

from layers.database import Session
from layers.near import EARTH_RADIUS_M, around, away_m, box_around, cells_around, in_box, in_reach, point
from layers.values import LonLat


@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(1, 50_000), st.floats(0, 360))
def test_the_box_holds_every_point_within_the_radius(lon: float, lat: float, radius_m: float, bearing: float) -> None:
    box = box_around(LonLat(lon=lon, lat=lat), radius_m)
    turn, arc, phi = math.radians(bearing), radius_m / EARTH_RADIUS_M, math.radians(lat)
    to = math.asin(math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(turn))
    side = math.atan2(math.sin(turn) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * math.sin(to))
    east = lon + math.degrees(side)
    assert box.south <= math.degrees(to) <= box.north
    assert not -180 <= east <= 180 or box.west <= east <= box.east


@pytest.mark.anyio
@pytest.mark.parametrize("there", [(76.9, 43.2), (76.905, 43.201), (77.9, 43.9), (-76.9, -43.2)])
async def test_metres_are_those_of_postgis(session: Session, there: tuple[float, float]) -> None:
    here, place = LonLat(lon=76.9, lat=43.2), LonLat(lon=there[0], lat=there[1])
    expected = func.ST_DistanceSphere(point(here), point(place))
    row = (await session.execute(select(away_m(point(place)), expected), around(here, 1))).one()
    assert row[0] == pytest.approx(row[1], rel=1e-6, abs=1e-6)


@pytest.mark.anyio
async def test_within_is_a_circle_and_not_its_box(session: Session) -> None:
    here = LonLat(lon=76.9, lat=43.2)
    corner = point(LonLat(lon=76.9 + 450 / 81_058, lat=43.2 + 450 / 111_195))
    side = point(LonLat(lon=76.9 + 450 / 81_058, lat=43.2))
    asked = select(*(test for point_ in (corner, side) for test in (in_box(point_), in_reach(away_m(point_)))))
    found = (await session.execute(asked, around(here, 500))).one()
    assert tuple(found) == (True, False, True, True)


def test_cells_hold_all_that_is_near_and_are_not_asked_for_where_they_are_many() -> None:
    here = LonLat(lon=76.95, lat=43.24)
    cells = cells_around(here, 500)
    assert cells is not None and len(cells) == len(set(cells)) <= 30
    for bearing in range(0, 360, 15):
        up, side = (500 * turn(math.radians(bearing)) / 111_195.08 for turn in (math.cos, math.sin))
        lon, lat = here.lon + side / math.cos(math.radians(here.lat)), here.lat + up
        assert math.floor((lat + 90) * 400) * 131_072 + math.floor((lon + 180) * 256) in cells
    assert cells_around(here, 20_000) is None
