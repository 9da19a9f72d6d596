"""The list of units tells who is where, how fresh that is, and to whom it is told."""

from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    elsewhere: Any
    units: dict[str, int]

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def listed(as_: As, who: str) -> dict[str, dict[str, Any]]:
    answer = await as_(who).get("/api/units")
    assert answer.status_code == 200, answer.text
    return {unit["call_sign"]: unit for unit in answer.json()["units"]}


async def test_every_unit_is_listed_with_its_age_and_status(town: Town, as_: As) -> None:
    await town.sql(
        "UPDATE unit_position SET at = now() - interval '5 minutes' WHERE unit_id = :id", id=town.units["102-1"]
    )
    await town.sql("UPDATE unit SET duty = 'break' WHERE call_sign = '102-2'")
    units = await listed(as_, "dispatcher")
    assert list(units) == sorted(town.units)
    assert not units["102-0"]["stale"] and 2 <= units["102-0"]["position_age_s"] < 60
    assert units["102-1"]["stale"] and units["102-1"]["position_age_s"] > 299
    assert (units["102-0"]["status"], units["102-2"]["status"]) == ("free", "break")
    assert units["102-0"]["dispatch"] is None and units["102-0"]["place"]["lon"] > 70


async def test_a_unit_without_a_position_is_listed_as_stale_and_nowhere(town: Town, as_: As) -> None:
    await town.sql("DELETE FROM unit_position WHERE unit_id = :id", id=town.units["102-0"])
    await town.sql("UPDATE unit SET area_id = home_area_id WHERE id = :id", id=town.units["102-0"])
    unit = (await listed(as_, "dispatcher"))["102-0"]
    assert unit["stale"] and unit["place"] is None and unit["at"] is None and unit["position_age_s"] is None


async def test_a_unit_is_seen_by_its_place_alone_and_from_its_home_before_it_has_one(town: Town, as_: As) -> None:
    assert await listed(as_, "stranger") == {}
    await town.sql(
        "UPDATE unit_position SET lon = :lon, lat = :lat, area_id = area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
        " WHERE unit_id = :id",
        id=town.units["102-0"],
        lon=town.elsewhere.lon,
        lat=town.elsewhere.lat,
    )
    there = "UPDATE unit u SET area_id = p.area_id FROM unit_position p WHERE p.unit_id = u.id AND u.id = :id"
    await town.sql(there, id=town.units["102-0"])
    for who, seen in (("stranger", ["102-0"]), ("dispatcher", sorted(set(town.units) - {"102-0"}))):
        assert list(await listed(as_, who)) == seen
        drawn = (await as_(who).get("/api/collections/units/items")).json()["features"]
        assert sorted(unit["properties"]["call_sign"] for unit in drawn) == seen
    await town.sql("DELETE FROM unit_position WHERE unit_id = :id", id=town.units["102-0"])
    await town.sql("UPDATE unit SET area_id = home_area_id WHERE id = :id", id=town.units["102-0"])
    assert await listed(as_, "stranger") == {} and "102-0" in await listed(as_, "dispatcher")
