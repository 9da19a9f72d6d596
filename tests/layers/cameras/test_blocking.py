"""Lines of sight and houses, against a reference that walks along each line in steps of a few centimetres."""

import math

import numpy as np
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from layers.cameras.blocking import OWN_WALL_M, Building, blocked
from layers.cameras.sight import AIM_UP_M, metres_from
from tests.layers.cameras.scenes import PLACE, house, watcher

spots = st.tuples(st.floats(-90, 90), st.floats(-90, 90)).filter(lambda one: math.hypot(*one) > 5)
heights = st.one_of(st.none(), st.floats(2, 40))


@st.composite
def houses(draw: st.DrawFn) -> Building:
    west, south = draw(st.floats(-80, 70)), draw(st.floats(-80, 70))
    return house(west, south, west + draw(st.floats(3, 30)), south + draw(st.floats(3, 30)), draw(heights))


def walked(east: float, north: float, up: float, buildings: list[Building]) -> tuple[float | None, float]:
    """How far one comes before a wall, None for all the way, and the longest way within a wall at all."""
    far = math.hypot(east, north)
    share = np.linspace(0, 1, 6000)
    x, y, z = east * (1 - share), north * (1 - share), up + share * (AIM_UP_M - up)
    scale = metres_from(PLACE, type(PLACE)(lon=PLACE.lon + 1, lat=PLACE.lat + 1))
    hit = np.zeros(len(share), bool)
    for one in buildings:
        outline = shapely.transform(one.outline, lambda xy: (xy - (PLACE.lon, PLACE.lat)) * scale)
        if not outline.intersects(shapely.Point(0, 0)):
            hit |= shapely.contains_xy(outline, x, y) & (z < one.top_m) & (share * far > OWN_WALL_M)
    return (float(share[hit].min() * far) if hit.any() else None), float(hit.sum() / len(share) * far)


@given(spot=spots, up=st.floats(0.5, 60), buildings=st.lists(houses(), max_size=6))
def test_a_line_of_sight_ends_where_one_who_walks_along_it_meets_a_wall(
    spot: tuple[float, float], up: float, buildings: list[Building]
) -> None:
    reached, within_m = walked(*spot, up, buildings)
    assume(reached is None or within_m > 0.3)  # what is only grazed is nobody's to judge
    found = blocked(PLACE, [watcher(*spot, height_m=up)], buildings).get(1)
    if reached is None:
        assert found is None or walked(spot[0] * 1.0001, spot[1], up, buildings)[1] < 0.3
    else:
        assert found is not None and abs(found - reached) < 0.3


def test_a_camera_looks_over_a_low_house_and_not_over_a_high_one() -> None:
    shed, block = house(-5, -30, 5, -20, 3.0), house(-5, -30, 5, -20, 20.0)
    high = watcher(0, -60, height_m=12.0)
    assert blocked(PLACE, [high], [shed]) == {}
    assert round(blocked(PLACE, [high], [block])[1]) == 30
    assert blocked(PLACE, [high], [Building(outline=block.outline, height_m=None, levels=1.0)]) == {}


def test_the_wall_a_camera_hangs_on_does_not_blind_it_but_its_house_does() -> None:
    hung = house(-10, -40.5, 10, -30, 20.0)
    assert blocked(PLACE, [watcher(0, -30.5)], [hung]) == {}
    assert 1 in blocked(PLACE, [watcher(0, -41)], [hung])


def test_the_house_that_the_place_is_in_is_seen_from_outside() -> None:
    assert blocked(PLACE, [watcher(0, -50)], [house(-10, -10, 10, 10, 30.0)]) == {}
