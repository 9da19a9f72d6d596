"""The tree: a place lies in its smallest area, a viewer sees down and not beside."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from layers.areas import queries as areas
from layers.areas.table import area
from layers.database import Session
from layers.register import LAYERS
from layers.values import Level, LonLat, Role
from layers.viewer import Viewer

pytestmark = pytest.mark.anyio

MEDEU_CENTRE = LonLat(lon=76.957, lat=43.238)


async def _viewer(session: Session, code: str) -> Viewer:
    found = await areas.by_code(session, code)
    assert found is not None
    return Viewer(account_id=1, name="x", role=Role.COMMANDER, area_id=found.id, own_area_id=found.id)


async def _area_of(session: Session, lon: float, lat: float) -> int:
    asked = text("SELECT area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))")
    return int((await session.execute(asked, {"lon": lon, "lat": lat})).scalar_one())


async def test_the_tree_has_one_republic_and_twenty_first_level_areas(session: Session) -> None:
    found = await areas.every(session)
    assert [a.code for a in found if a.level is Level.REPUBLIC] == ["KZ"]
    assert sum(a.level is Level.OBLAST for a in found) == 20


async def test_the_ground_is_in_sight_everywhere_and_the_rest_only_in_ones_own_area(session: Session) -> None:
    viewer, republic = await _viewer(session, "KZ-75-MED"), await areas.by_code(session, "KZ")
    inside = await areas.inside(session, viewer)
    assert republic is not None and republic.id not in inside
    for layer in LAYERS:
        asked = (
            select(func.count())
            .select_from(area)
            .where(areas.in_sight(replace(layer, rows=area, of_incident=None, also_areas=None), viewer))
        )
        seen = (await session.execute(asked)).scalar_one()
        everything = len(await areas.every(session))
        assert seen == (everything if layer.ground else len(inside)), layer.name
        assert areas.stands_in_sight(layer, inside, viewer.area_id) and areas.stands_in_sight(layer, None, republic.id)
        assert areas.stands_in_sight(layer, inside, republic.id) is layer.ground


async def test_almaty_has_eight_approximate_districts(session: Session) -> None:
    almaty = await areas.by_code(session, "KZ-75")
    assert almaty is not None
    districts = [a for a in await areas.every(session) if a.parent_id == almaty.id and a.level is Level.DISTRICT]
    assert len(districts) == 8
    assert all(a.approximate for a in districts)


async def test_a_place_in_medeu_belongs_to_the_district_and_not_to_the_city_above(session: Session) -> None:
    found = await areas.find(session, await _area_of(session, MEDEU_CENTRE.lon, MEDEU_CENTRE.lat))
    assert found is not None
    assert found.level is Level.DISTRICT
    assert found.code == "KZ-75-MED"


async def test_a_place_outside_the_country_belongs_to_the_republic(session: Session) -> None:
    found = await areas.find(session, await _area_of(session, 24.94, 60.17))
    assert found is not None
    assert found.code == "KZ"


async def test_a_line_across_two_districts_belongs_to_the_city_they_share(session: Session) -> None:
    medeu, city = await areas.by_code(session, "KZ-75-MED"), await areas.by_code(session, "KZ-75")
    assert medeu is not None
    assert city is not None
    across = text(
        "SELECT area_of(ST_MakeLine(ST_PointOnSurface(a.geom), ST_PointOnSurface(b.geom)))"
        " FROM area a, area b WHERE a.code = 'KZ-75-MED' AND b.code = 'KZ-75-BOS'"
    )
    assert (await session.execute(across)).scalar_one() == city.id


async def test_the_republic_sees_every_area_and_a_district_only_itself(session: Session) -> None:
    every = {a.id for a in await areas.every(session)}
    assert await areas.inside(session, await _viewer(session, "KZ")) == every
    medeu = await _viewer(session, "KZ-75-MED")
    assert await areas.inside(session, medeu) == {medeu.area_id}


async def test_an_oblast_sees_nothing_beside_it(session: Session) -> None:
    below_oblast = await areas.inside(session, await _viewer(session, "KZ-19"))
    below_almaty = await areas.inside(session, await _viewer(session, "KZ-75"))
    assert below_oblast.isdisjoint(below_almaty)


async def test_the_borders_in_memory_agree_with_the_store(session: Session) -> None:
    borders = await areas.borders(session)
    asked = select(func.ST_X(func.ST_PointOnSurface(area.c.geom)), func.ST_Y(func.ST_PointOnSurface(area.c.geom)))
    places = [(float(lon), float(lat)) for lon, lat in await session.execute(asked)] + [(24.94, 60.17), (76.93, 43.24)]
    found = borders.of_positions(*(_column(places, k) for k in (0, 1)))
    for (lon, lat), area_id in zip(places, found, strict=True):
        assert await _area_of(session, lon, lat) == area_id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lon=st.floats(46, 88), lat=st.floats(40, 56))
async def test_any_place_of_the_country_is_located_alike_by_both(session: Session, lon: float, lat: float) -> None:
    borders = await areas.borders(session)
    assert (
        await _area_of(session, lon, lat) == borders.of_positions(_column([(lon, lat)], 0), _column([(lon, lat)], 1))[0]
    )


def _column(places: list[tuple[float, float]], k: int) -> NDArray[np.float64]:
    return np.array([place[k] for place in places], np.float64)
