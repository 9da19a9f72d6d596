"""A road is closed by those who may, once, and opened again."""

from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    roads: dict[tuple[int, int], int]

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def test_a_road_is_closed_once_and_opened_again(town: Town, as_: As) -> None:
    road = town.roads[0, 1]
    first = await as_("dispatcher").post(f"/api/roads/{road}/closures", json={"reason": "Burst pipe"})
    assert first.status_code == 201, first.text
    closure = first.json()
    assert closure["road_id"] == road and closure["road_name"] == "Абай" and len(closure["line"]["coordinates"]) == 2
    again = await as_("second").post(f"/api/roads/{road}/closures", json={"reason": "Flood"})
    assert again.json() == closure
    assert (await as_("planner").get("/api/closures")).json()["closures"] == [closure]
    assert (await as_("stranger").get("/api/closures")).json()["closures"] == []
    assert (await as_("dispatcher").delete(f"/api/closures/{closure['id']}")).status_code == 204
    gone = await as_("dispatcher").delete(f"/api/closures/{closure['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_closure")
    rung = await town.sql("SELECT layer, feature_id FROM change ORDER BY seq")
    assert [tuple(row) for row in rung] == [("roads", road), ("roads", road)]


async def test_a_closure_ends_by_its_own_time(town: Town, as_: As) -> None:
    path = f"/api/roads/{town.roads[0, 1]}/closures"
    late = await as_("dispatcher").post(path, json={"reason": "Parade", "opens_at": "2020-01-01T00:00:00Z"})
    assert late.status_code == 400
    made = await as_("dispatcher").post(path, json={"reason": "Parade", "opens_at": "2099-01-01T00:00:00Z"})
    assert made.json()["opens_at"] == "2099-01-01T00:00:00Z"
    await town.sql("UPDATE road_closure SET opens_at = now()")
    assert (await as_("dispatcher").get("/api/closures")).json()["closures"] == []


async def test_who_may_not_close_or_does_not_see_the_road_is_refused(town: Town, as_: As) -> None:
    path = f"/api/roads/{town.roads[0, 1]}/closures"
    assert (await as_("planner").post(path, json={"reason": "x"})).status_code == 403
    for who, there in (("stranger", path), ("dispatcher", "/api/roads/999999/closures")):
        refused = await as_(who).post(there, json={"reason": "x"})
        assert (refused.status_code, refused.json()["code"]) == (404, "no_such_road")
    assert await town.sql("SELECT 1 FROM road_closure") == []
