"""Rows are compared to each other and to what stands there: rightly, told of on the way, and called off at any step."""

import math
import random

import pytest

from geo_server.register import queries
from geo_server.register.taking import Cancelled, read_in
from geo_server.register.working import viewer_of
from layers.areas.scope import visit_as
from layers.near import EARTH_RADIUS_M
from tests.geo_server.register.conftest import LAT, LON, Sql, Taking, table

pytestmark = pytest.mark.anyio
NEAR_M = 5.0
Place = tuple[float, float, int]


def crowd(count: int, wide_m: float) -> list[Place]:
    """Return places within some metres, with headings."""
    chance, wide = random.Random(6), wide_m / 111_195
    found = [(LAT + chance.random() * wide, LON + chance.random() * wide, chance.randrange(360)) for _ in range(count)]
    return [(round(lat, 7), round(lon, 7), heading) for lat, lon, heading in found]


def repeats(one: Place, other: Place) -> bool:
    """Say whether two cameras are near and look the same way, by the book."""
    (lat, lon, heading), (lat_2, lon_2, heading_2) = one, other
    up, aside = math.radians(lat_2 - lat), math.radians(lon_2 - lon) * math.cos(math.radians((lat + lat_2) / 2))
    aside_deg = abs((heading - heading_2 + 540) % 360 - 180)
    return math.hypot(up, aside) * EARTH_RADIUS_M <= NEAR_M and aside_deg <= 15


def rows(places: list[Place]) -> list[str]:
    return [f"C-{n};x;{lat};{lon};;{heading};;" for n, (lat, lon, heading) in enumerate(places)]


@pytest.mark.parametrize("wide_m", [6, 60, 600])
async def test_each_row_that_repeats_one_before_it_is_found_however_dense_they_stand(
    taking: Taking, wide_m: float
) -> None:
    places = crowd(400, wide_m)
    one = await taking.read(table(*rows(places)), near_m=NEAR_M)
    found = {row.line - 2 for row in await taking.rows(one, "twins")}
    assert found == {n for n, at in enumerate(places) if any(repeats(at, before) for before in places[:n])}


async def test_thousands_of_rows_at_one_place_are_compared_too(taking: Taking) -> None:
    one = await taking.read(table(*rows([(LAT, LON, n % 30) for n in range(3000)])))
    assert (one.counts["good"], one.counts["twins_in_file"]) == (3000, 2999)


async def test_of_a_file_taken_in_before_each_row_is_known_again_by_code_or_by_place(taking: Taking) -> None:
    places = [(lat, lon, n) for n, (lat, lon, _) in enumerate(crowd(8, 3000))]
    await taking.write(await taking.read(table(*rows(places))))
    again = await taking.read(table(*(row.replace("C-7", "D-7") for row in rows(places))))
    assert [row.twin for row in await taking.rows(again, "twins")] == ["code"] * 7 + ["place"]


async def test_a_reading_tells_how_far_it_is_and_can_be_called_off_while_rows_are_compared(
    taking: Taking, sql: Sql
) -> None:
    content = table(*rows(crowd(20, 600)))
    path = taking.folder / "sent"
    path.write_bytes(content)
    async with visit_as(taking.engine, taking.viewer) as session:
        made = await queries.begin(session, taking.viewer, file="x", size=len(content))
        one = await queries.find(session, taking.viewer, made)
    assert one is not None
    heard: list[float] = []

    async def listen(done: int, total: int) -> None:
        heard.append(done / total)
        if len(heard) == stop_at:
            raise Cancelled

    stop_at = 0
    await read_in(taking.engine, viewer_of(one), one, path, listen)
    assert heard == sorted(heard) and heard[-1] == 1 and len([at for at in heard if 0.7 < at < 1]) > 5
    await sql("DELETE FROM register_row")
    for step in range(1, len(heard) + 1):
        stop_at = step
        heard.clear()
        with pytest.raises(Cancelled):
            await read_in(taking.engine, viewer_of(one), one, path, listen)
    assert await sql("SELECT count(*) FROM register_row") == [(0,)]
