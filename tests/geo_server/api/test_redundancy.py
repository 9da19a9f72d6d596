"""A planner reads what is lost with a camera, a pole, a node or a link, and where that ground lies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.laying import squares
from geo_server.planning.working import work_off
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage
from layers.values import LonLat

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    engine: AsyncEngine
    middle: LonLat

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture
async def reckoned(town: Town) -> Town:
    """Two cameras on one pole look north and a little aside, one of them to the south hangs alone; all on one node."""
    await town.sql(
        """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, height_m, heading_deg, hfov_deg, tilt_deg,
                               width_px, height_px, pole, node, geom)
           SELECT 'C' || n, 'к' || n, 'р' || n, 'e' || n, 'x', 'video_file', 6, heading, 60, 10, 1920, 1080, pole, 'N',
                  ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)
             FROM (VALUES (1, 0, 'P/1'), (2, 30, 'P/1'), (3, 180, NULL)) v(n, heading, pole)""",
        **town.at(0, 0),
    )
    async with visit_whole(town.engine) as session:
        await coverage.lay(session, squares([], [(town.middle.lon, town.middle.lat, 120.0)]))
    with ThreadPoolExecutor(2) as workers:
        await work_off(town.engine, workers)
    return town


async def lost(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/coverage/redundancy", params=asked)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["lost"]
    return told


async def test_cameras_come_those_first_that_alone_see_most(reckoned: Town, as_: As) -> None:
    told = await lost(as_("planner"))
    assert told[0]["title"]["en"] == "e3" and {one["cameras"] for one in told} == {1}
    areas = [one["ground_m2"] for one in told]
    assert areas == sorted(areas, reverse=True) and areas[1] < areas[0]
    assert (await lost(as_("planner"), limit=1, past=1)) == told[1:2]


async def test_a_pole_takes_along_what_its_cameras_see_together_and_a_node_all(reckoned: Town, as_: As) -> None:
    planner = as_("planner")
    own = sum(one["ground_m2"] for one in await lost(planner))
    ((pole,), (node,)) = await lost(planner, by="pole"), await lost(planner, by="node")
    alone = {one["title"]["en"]: one["ground_m2"] for one in await lost(planner)}
    assert (pole["name"], pole["cameras"], pole["title"]) == ("P/1", 2, None) and node["cameras"] == 3
    assert pole["ground_m2"] > alone["e1"] + alone["e2"] and node["ground_m2"] > own
    assert await lost(planner, by="link") == []


async def test_the_ground_that_is_lost_is_shown_and_is_as_large_as_told(reckoned: Town, as_: As) -> None:
    planner = as_("planner")
    (pole,) = await lost(planner, by="pole")
    asked = {"by": "pole", "name": "P/1"}
    told = (await planner.get("/api/coverage/redundancy/ground", params=asked)).json()
    assert told["whole"] and told["features"]
    west = reckoned.at(-1, 0)["lon"] - reckoned.middle.lon
    north = reckoned.at(0, 1)["lat"] - reckoned.middle.lat
    areas = [shapely.area(shape(one["geometry"])) / (-west * north) for one in told["features"]]
    assert sum(areas) == pytest.approx(pole["ground_m2"], rel=0.03)
    nobody = (await planner.get("/api/coverage/redundancy/ground", params={**asked, "name": "P/2"})).json()
    assert nobody["features"] == []


async def test_an_area_is_asked_for_alone_and_another_district_reads_nothing_of_it(reckoned: Town, as_: As) -> None:
    (district,) = (await as_("local commander").get("/api/coverage")).json()["areas"]
    whole = await lost(as_("planner"), area_id=district["area"]["id"])
    assert whole and await lost(as_("planner"), area_id=10**9) == []
    assert (await as_("stranger").get("/api/coverage/redundancy")).status_code == 403
    assert (await as_("dispatcher").get("/api/coverage/redundancy")).status_code == 403


async def test_a_pole_that_becomes_known_is_reckoned(reckoned: Town, as_: As) -> None:
    await reckoned.sql("UPDATE camera SET pole = 'P/3' WHERE code = 'C3'")
    with ThreadPoolExecutor(2) as workers:
        assert await work_off(reckoned.engine, workers)
    assert {one["name"] for one in await lost(as_("planner"), by="pole")} == {"P/1", "P/3"}
