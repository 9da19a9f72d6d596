import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.demo import queries
from ingest.demo.seed import keys_at, seed
from layers.database import visit
from layers.sources import queries as sources

pytestmark = pytest.mark.anyio
PAST = 400


async def _one(engine: AsyncEngine, sql: str) -> int:
    async with visit(engine) as session:
        return int((await session.execute(text(sql))).scalar_one())


async def test_seeding_twice_leaves_the_same_city(small_city: AsyncEngine, tmp_path: Path) -> None:
    first = await seed(small_city, tmp_path, past=PAST)
    keys = keys_at(tmp_path)
    again = await seed(small_city, tmp_path, past=PAST)
    assert (first.units, first.incidents, first.new_units) == (200, PAST, 200)
    assert (again.units, again.incidents, again.past_events) == (first.units, first.incidents, first.past_events)
    assert again.new_units == 0
    assert keys_at(tmp_path) == keys


async def test_every_unit_stands_on_a_road_and_in_an_area(small_city: AsyncEngine, tmp_path: Path) -> None:
    await seed(small_city, tmp_path, past=10)
    astray = """SELECT count(*) FROM unit_position p WHERE NOT EXISTS (SELECT FROM road r
        WHERE ST_DWithin(r.geom::geography, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326)::geography, 2))"""
    assert await _one(small_city, astray) == 0
    assert await _one(small_city, "SELECT count(*) FROM unit WHERE station_id IS NULL") == 0
    own = "SELECT count(*) FROM unit u JOIN unit_position p ON p.unit_id = u.id WHERE u.area_id <> p.area_id"
    assert await _one(small_city, own) == 0
    homes = "SELECT count(*) FROM unit u JOIN unit_position p ON p.unit_id = u.id WHERE u.home_area_id <> p.area_id"
    assert await _one(small_city, homes) < 20  # a street on a border belongs to one of its two districts


async def test_the_past_knows_its_area_and_leaves_its_numbers_behind(small_city: AsyncEngine, tmp_path: Path) -> None:
    await seed(small_city, tmp_path, past=PAST)
    assert await _one(small_city, "SELECT count(*) FROM incident WHERE area_id IS NULL") == 0
    drives = await _one(small_city, "SELECT count(*) FROM dispatch")
    assert await _one(small_city, "SELECT count(*) FROM incident_entry") == 2 * PAST + drives
    assert await _one(small_city, "SELECT count(*) FROM dispatch WHERE onscene_at < left_at") == drives > 0
    assert await _one(small_city, "SELECT count(*) FROM unit WHERE task IS NOT NULL") == 0
    assert await _one(small_city, "SELECT nextval('incident_number')") == PAST + 1
    assert await _one(small_city, "SELECT count(*) FROM event WHERE state = 'new'") == 0
    assert await _one(small_city, "SELECT count(*) FROM call WHERE outside OR state <> 'ended' OR outcome IS NULL") == 0
    assert await _one(small_city, "SELECT count(*) FROM call WHERE incident_id IS NOT NULL") > PAST // 10


async def test_the_keys_open_their_sources_and_are_for_their_owner_alone(
    small_city: AsyncEngine, tmp_path: Path
) -> None:
    await seed(small_city, tmp_path, past=10)
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    async with visit(small_city) as session:
        for field, kind in (("positions_key", "positions"), ("events_key", "events"), ("exchange_key", "exchange")):
            found = await sources.by_key(session, sources.digest(keys_at(tmp_path)[field]))
            assert found is not None
            assert found.kind == kind


@pytest.mark.parametrize("left", [None, "{", json.dumps({"positions_key": "x", "exchange_key": "y"})])
async def test_keys_that_are_lost_or_wrong_are_renewed(
    small_city: AsyncEngine, tmp_path: Path, left: str | None
) -> None:
    await seed(small_city, tmp_path, past=10)
    file = tmp_path / "demo.json"
    file.unlink() if left is None else file.write_text(left)
    await seed(small_city, tmp_path, past=10)
    async with visit(small_city) as session:
        assert await sources.by_key(session, sources.digest(keys_at(tmp_path)["positions_key"])) is not None
    assert await _one(small_city, "SELECT count(*) FROM source") == 3


async def test_without_a_city_the_seeding_says_what_is_missing(engine: AsyncEngine, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="import a city"):
        await seed(engine, tmp_path)
    async with visit(engine) as session:
        assert (await queries.counts(session))[:2] == (0, 0)
