"""The demo's register is the same for the same city, hangs at its crossings, and has what there is to tell about."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo.installed import COUNT, OFF_M, installed
from ingest.demo.past import crossings
from ingest.demo.seed import seed_register
from ingest.demo.streets import METRES_PER_DEGREE, Street, weave
from layers.cameras.queries import enabled
from layers.cameras.register_schema import LACKING
from layers.cameras.table import camera
from layers.database import visit


def test_it_is_the_same_for_the_same_city(grid: list[Street]) -> None:
    city = weave(grid)
    assert installed(city) == installed(city)
    assert len(installed(city, count=50)) == 50 and installed(city, seed=1) != installed(city)


def test_its_poles_stand_beside_crossings_and_no_two_have_one_code(grid: list[Street]) -> None:
    city = weave(grid)
    found, places = installed(city, count=100), [one.place for one in crossings(city)]
    assert len({one.code for one in found}) == 100
    for one in found:
        away = min(abs(one.place.lat - place.lat) + abs(one.place.lon - place.lon) for place in places)
        assert 0 < away * METRES_PER_DEGREE < 3 * OFF_M


def test_most_of_it_is_whole_and_some_rows_have_gaps(grid: list[Street]) -> None:
    lacking = [sum(one.settings[name] is None for name in LACKING) for one in installed(weave(grid), count=200)]
    assert 0 < sum(1 for count in lacking if count) < 120


@pytest.mark.anyio
async def test_it_fills_the_register_once_and_nothing_is_read_from_it(small_city: AsyncEngine) -> None:
    new = await seed_register(small_city)
    assert 0 < new <= COUNT and await seed_register(small_city) == 0
    async with visit(small_city) as session:
        unread = select(func.count()).where(camera.c.reader == "", camera.c.state.not_in(["live", "down", "stale"]))
        assert (await session.execute(unread)).scalar_one() == new
        assert await enabled(session) == []
