"""A planner reads what is seen, the gaps that weigh most, and what a camera would see; jobs run and are called off."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx
import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.planning.laying import squares
from geo_server.planning.warming import warm_hills
from geo_server.planning.working import work_off
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage
from layers.database import visit
from layers.terrain import queries as terrain
from layers.terrain.schema import TerrainGrid
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
    """The town with a camera that looks north from its middle, and its tiles reckoned."""
    await town.sql(
        """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, height_m, heading_deg, hfov_deg, tilt_deg,
                               width_px, height_px, geom)
           VALUES ('C', 'a', 'b', 'c', 'x', 'video_file', 6, 0, 60, 10, 1920, 1080,
                   ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))""",
        **town.at(0, 0),
    )
    await town.sql(
        """INSERT INTO place (osm_id, kind, geom)
           VALUES (1, 'school', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))""",
        **town.at(0, -80),
    )
    async with visit_whole(town.engine) as session:
        await coverage.lay(session, squares([], [(town.middle.lon, town.middle.lat, 120.0)]))
    with ThreadPoolExecutor(2) as workers:
        await work_off(town.engine, workers)
    return town


def pose(town: Town, **more: Any) -> dict[str, Any]:
    lens = {"height_m": 6.0, "heading_deg": 0.0, "hfov_deg": 60.0, "tilt_deg": 10.0}
    return {"place": town.at(0, 0), **lens, **more}


async def test_a_planner_reads_the_shares_of_the_own_area_and_of_all_below(reckoned: Town, as_: As) -> None:
    answer = await as_("planner").get("/api/coverage", params={"purpose": "situation"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["purpose"]["article"] == "13.3" and told["purposes"][0]["name"] == "situation"
    levels = {one["level"] for one in told["areas"]}
    assert {1, 2, 4} <= levels
    for one in told["areas"]:
        ground = one["measures"]["ground_m2"]
        assert ground["whole"] > ground["seen"] >= ground["twice"] >= 0
    assert told["state"]["waiting"] == 0 and told["state"]["tiles"] >= 1


async def test_another_district_sees_nothing_of_it(reckoned: Town, as_: As) -> None:
    local = (await as_("local commander").get("/api/coverage")).json()
    assert {one["level"] for one in local["areas"]} == {4}
    assert (await as_("stranger").get("/api/coverage")).status_code == 403


async def test_gaps_come_those_first_that_weigh_most(reckoned: Town, as_: As) -> None:
    told = (await as_("planner").get("/api/coverage/gaps", params={"limit": 2})).json()
    weights = [one["weight"] for one in told["gaps"]]
    assert weights == sorted(weights, reverse=True) and weights[0] >= 5
    first = told["gaps"][0]
    assert first["schools"] == 1 and first["ground_m2"] > 0
    west, south, east, north = first["bbox"]
    assert west <= first["place"]["lon"] <= east and south <= first["place"]["lat"] <= north
    rest = (await as_("planner").get("/api/coverage/gaps", params={"limit": 2, "past": 2})).json()
    assert not {one["id"] for one in rest["gaps"]} & {one["id"] for one in told["gaps"]}


async def test_by_the_hour_and_the_category_that_a_planner_chooses_gaps_weigh_otherwise(town: Town, as_: As) -> None:
    """A theft of midnight at one end of a street, a fight at noon at the other."""
    told = {"ST_StartPoint": ("theft", "2026-03-01T19:00Z"), "ST_EndPoint": ("assault", "2026-03-01T07:00Z")}
    for number, (end, (category, at)) in enumerate(told.items()):
        await town.sql(
            f"""INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
                SELECT :number, :category, 3, 'pending', CAST(CAST(:at AS text) AS timestamptz), 'x', {end}(geom)
                  FROM road ORDER BY id LIMIT 1""",
            number=f"N{number}", category=category, at=at,
        )  # fmt: skip
    async with visit_whole(town.engine) as session:
        await coverage.lay(session, squares([], [(town.middle.lon, town.middle.lat, 120.0)]))
    with ThreadPoolExecutor(2) as workers:
        await work_off(town.engine, workers)

    async def expected(**asked: Any) -> float:
        told = (await as_("planner").get("/api/coverage/gaps", params=asked)).json()
        weights = [one["weight"] for one in told["gaps"]]
        assert weights == sorted(weights, reverse=True)
        return float(sum(one["expected"] for one in told["gaps"]))

    assert await expected() == pytest.approx(await expected(category="theft") + await expected(category="assault"))
    assert await expected(hour=[0]) == pytest.approx(await expected(category="theft"))  # midnight in Almaty
    assert await expected(hour=[19]) == 0 < await expected(hour=[12, 13])
    first = (await as_("planner").get("/api/coverage/gaps", params={"category": "theft"})).json()["gaps"][0]
    assert {"Mostly: Theft"} <= {one["en"] for one in first["reasons"]}
    assert all(one[language] for one in first["reasons"] for language in ("kk", "ru", "en"))
    for wrong in ({"hour": 24}, {"category": "x' OR"}):
        assert (await as_("planner").get("/api/coverage/gaps", params=wrong)).status_code == 400


async def test_a_purpose_that_does_not_exist_is_refused(town: Town, as_: As) -> None:
    for path in ("/api/coverage", "/api/coverage/gaps", "/api/coverage/redundancy"):
        refused = await as_("planner").get(path, params={"purpose": "beauty"})
        assert (refused.status_code, refused.json()["code"]) == (404, "no_such_purpose")


async def test_a_dragged_camera_tells_what_it_would_see_and_a_house_hides(town: Town, as_: As) -> None:
    free = (await as_("planner").post("/api/coverage/views", json=pose(town))).json()
    seen = {one["properties"]["name"]: one["properties"]["area_m2"] for one in free["features"]}
    assert seen["situation"] > seen["left_object"] > 0 and free["unseeing"] is None
    west, east = town.at(-50, 15), town.at(50, 25)
    await town.sql(
        """INSERT INTO building (osm_id, kind, height_m, geom)
           VALUES (1, 'yes', 20, ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4326)))""",
        w=west["lon"], s=west["lat"], e=east["lon"], n=east["lat"],
    )  # fmt: skip
    hidden = (await as_("planner").post("/api/coverage/views", json=pose(town))).json()
    less = {one["properties"]["name"]: one["properties"]["area_m2"] for one in hidden["features"]}
    assert less["situation"] < seen["situation"] / 2
    inside = (await as_("planner").post("/api/coverage/views", json=pose(town, place=town.at(0, 20)))).json()
    assert (inside["features"], inside["unseeing"]) == ([], "inside")


async def test_it_is_cut_by_the_classes_of_the_norm_on_demand(town: Town, as_: As) -> None:
    told = (await as_("planner").post("/api/coverage/views", json=pose(town, cut="classes_2014", tilt_deg=45.0))).json()
    densities = [one["properties"]["density_px_m"] for one in told["features"]]
    assert densities == [25.0, 62.5, 125.0, 250.0]
    areas = [one["properties"]["area_m2"] for one in told["features"]]
    assert areas == sorted(areas, reverse=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hfov_deg": 0},
        {"hfov_deg": 400},
        {"height_m": -3},
        {"range_m": 1e9},
        {"place": {"lon": 760, "lat": 43}},
        {"place": {"lon": 76, "lat": 89}},
    ],
    ids=["no field of view", "400 degrees", "below the ground", "endless", "swapped", "at the pole"],
)
async def test_a_camera_that_cannot_be_is_refused(town: Town, as_: As, wrong: dict[str, Any]) -> None:
    assert (await as_("planner").post("/api/coverage/views", json=pose(town, **wrong))).status_code == 400


async def test_a_reckoning_is_a_job_that_is_asked_once_and_called_off(town: Town, as_: As) -> None:
    planner = as_("planner")
    asked = await planner.post("/api/coverage/reckonings")
    assert asked.status_code == 202 and asked.json()["outcome"] is None
    job = asked.json()["id"]
    assert (await planner.post("/api/coverage/reckonings")).json()["id"] == job
    assert [one["id"] for one in (await planner.get("/api/jobs")).json()["jobs"]] == [job]
    assert (await as_("local commander").get(f"/api/jobs/{job}")).json()["code"] == "no_such_job"
    assert (await as_("local commander").delete(f"/api/jobs/{job}")).status_code == 404
    assert (await planner.delete(f"/api/jobs/{job}")).status_code == 204
    with ThreadPoolExecutor(1) as workers:
        await work_off(town.engine, workers)
    told = (await planner.get(f"/api/jobs/{job}")).json()
    assert (told["outcome"], told["done"]) == ("cancelled", 0)


async def test_who_may_not_plan_is_refused(town: Town, as_: As) -> None:
    for path in ("/api/coverage/reckonings", "/api/coverage/views"):
        assert (await as_("dispatcher").post(path, json=pose(town))).status_code == 403
    assert (await as_("dispatcher").get("/api/jobs")).status_code == 403


async def test_whether_terrain_was_counted_is_told_of_an_area_and_of_a_camera_that_is_dragged(
    reckoned: Town, as_: As
) -> None:
    planner = as_("planner")
    assert (await planner.get("/api/coverage")).json()["state"]["terrain"] == "none"
    flat = (await planner.post("/api/coverage/views", json=pose(reckoned))).json()
    await rise(reckoned)
    await asyncio.to_thread(warm_hills)  # as who brings terrain in waits for it
    hilly = (await planner.post("/api/coverage/views", json=pose(reckoned))).json()
    assert (flat["terrain"], hilly["terrain"]) == ("none", "whole")
    areas = [sum(one["properties"]["area_m2"] for one in told["features"]) for told in (flat, hilly)]
    assert areas[1] < areas[0]  # up the slope the picture holds less ground
    with ThreadPoolExecutor(2) as workers:
        await work_off(reckoned.engine, workers)
    assert (await planner.get("/api/coverage")).json()["state"]["terrain"] == "part"  # it ends within the tiles


async def rise(town: Town) -> None:
    """Lay a slope to the north, 1 in 2, on a kilometre about the town's middle."""
    at = town.at(-500, -500)
    step_lon, step_lat = (town.at(500, 500)[side] - at[side] for side in ("lon", "lat"))
    told = np.repeat(np.arange(0, 501, 50, dtype="<i2")[:, None], 11, axis=1)
    grid = TerrainGrid(
        west=at["lon"], south=at["lat"], step_lon=step_lon / 10, step_lat=step_lat / 10, columns=11, rows=11,
        kind="int16", heights=told.tobytes(),
    )  # fmt: skip
    async with visit(town.engine) as session:
        await terrain.put(session, "slope.asc", [grid])
