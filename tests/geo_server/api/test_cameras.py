"""Cameras around an incident: as far as its plan looks, nearest first, for whoever sees cameras there."""

from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def put_up(town: Town, code: str, east_m: float) -> int:
    asked = """INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, heading_deg, state, geom)
        VALUES (:code, 'к', 'р', 'e', 'rtsp://x', 'av', 90, 'live', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        RETURNING id"""
    ((camera_id,),) = await town.sql(asked, code=code, **town.at(east_m, 0))
    return int(camera_id)


async def opened(town: Town, as_: As, category: str) -> int:
    new = {"category": category, "place": town.at(0, 0)}
    return int((await as_("dispatcher").post("/api/incidents", json=new)).json()["id"])


async def near(as_: As, incident: int, who: str = "dispatcher") -> Any:
    answer = await as_(who).get(f"/api/incidents/{incident}/cameras")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_cameras_within_the_plan_s_radius_are_listed_nearest_first(town: Town, as_: As) -> None:
    incident = await opened(town, as_, "fire")
    radius_m = (await as_("dispatcher").get(f"/api/incidents/{incident}/plan")).json()["cameras_radius_m"]
    for code, east_m in (("c-far", radius_m - 20), ("c-near", 40), ("c-beyond", radius_m + 20)):
        await put_up(town, code, east_m)
    found = await near(as_, incident)
    assert found["radius_m"] == radius_m
    assert [one["code"] for one in found["cameras"]] == ["c-near", "c-far"]
    nearest = found["cameras"][0]
    assert nearest["distance_m"] == pytest.approx(40, abs=1) and nearest["name"]["ru"] == "р"
    assert (nearest["heading_deg"], nearest["state"]) == (90, "live") and "url" not in nearest


async def test_who_does_not_see_the_incident_or_the_cameras_gets_none(town: Town, as_: As) -> None:
    await put_up(town, "c-near", 40)
    incident = await opened(town, as_, "fire")
    assert (await as_("stranger").get(f"/api/incidents/{incident}/cameras")).status_code == 404
    assert (await as_("crew").get(f"/api/incidents/{incident}/cameras")).status_code == 403
    ((area,), (home,)) = await town.sql("SELECT id FROM area WHERE code IN ('KZ-75', 'KZ-75-MED') ORDER BY level")
    await town.sql("UPDATE camera SET area_id = :area", area=area)
    assert (await near(as_, incident))["cameras"] == [], f"they stand above {home}"


async def wall(town: Town, east_m: float, height_m: float) -> None:
    """A house from 10 m south to 10 m north of the middle's latitude, 6 m deep."""
    sw, ne = town.at(east_m, -10), town.at(east_m + 6, 10)
    asked = """INSERT INTO building (osm_id, kind, height_m, geom)
        VALUES (1, 'yes', :height, ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)))"""
    await town.sql(asked, height=height_m, west=sw["lon"], south=sw["lat"], east=ne["lon"], north=ne["lat"])


async def test_which_cameras_see_a_place_is_told_with_the_reason_of_the_others(town: Town, as_: As) -> None:
    for code, east_m, heading in (("sees", -40, 90), ("away", -30, 270), ("hidden", 50, 270), ("far", -130, 90)):
        camera = await put_up(town, code, east_m)
        told = {"heading": heading, "id": camera}
        await town.sql(
            "UPDATE camera SET heading_deg = :heading, hfov_deg = 60, width_px = 1920, height_px = 1080 WHERE id = :id",
            **told,
        )
    await town.sql("UPDATE camera SET range_m = 100 WHERE code = 'far'")
    await town.sql("UPDATE camera SET state = 'stale' WHERE code = 'away'")
    await wall(town, 20, 15.0)
    answer = await as_("dispatcher").get("/api/cameras/seeing", params=town.at(0, 0))
    assert answer.status_code == 200, answer.text
    found = {one["code"]: one for one in answer.json()["cameras"]}
    assert {code: one["sight"] for code, one in found.items()} == {
        "sees": "sees", "away": "out_of_view", "hidden": "blocked"
    }  # fmt: skip
    assert found["hidden"]["blocked_m"] == pytest.approx(24, abs=0.5) and found["away"]["state"] == "stale"
    assert found["sees"]["px_per_m"] == pytest.approx(1920 / (2 * 0.57735 * 40), rel=0.01)
    assert (await as_("stranger").get("/api/cameras/seeing", params=town.at(0, 0))).json()["cameras"] == []
    assert (await as_("crew").get("/api/cameras/seeing", params=town.at(0, 0))).status_code == 403


async def test_the_cameras_of_an_incident_come_with_who_sees_it_best_first(town: Town, as_: As) -> None:
    incident = await opened(town, as_, "fire")
    for code, east_m, heading in (("behind", -20, 270), ("sees", -60, 90)):
        camera = await put_up(town, code, east_m)
        told = {"heading": heading, "id": camera}
        await town.sql("UPDATE camera SET heading_deg = :heading, hfov_deg = 60 WHERE id = :id", **told)
    found = (await near(as_, incident))["cameras"]
    assert [(one["code"], one["sight"]) for one in found] == [("sees", "sees"), ("behind", "out_of_view")]
