"""A road is closed by those who may, by itself or by what is drawn across it, and opened again."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
MANY = [[76.9, 43.2 + i * 1e-7] for i in range(100_000)]
BOW = [[76.9, 43.2], [77.0, 43.3], [77.0, 43.2], [76.9, 43.3], [76.9, 43.2]]


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    roads: dict[tuple[int, int], int]
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def line(town: Town, *places: tuple[float, float]) -> dict[str, Any]:
    """A line through places in metres east and north of the town's middle."""
    return {"type": "LineString", "coordinates": [list(town.at(*place).values()) for place in places]}


def polygon(town: Town, *places: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [line(town, *places, places[0])["coordinates"]]}


async def test_a_road_is_closed_once_and_opened_again(town: Town, as_: As) -> None:
    road = town.roads[0, 1]
    first = await as_("dispatcher").post(f"/api/roads/{road}/closures", json={"reason": "Burst pipe"})
    assert first.status_code == 201, first.text
    closure = first.json()
    assert closure["road_id"] == road and closure["road_name"] == "Абай" and len(closure["line"]["coordinates"]) == 2
    assert (closure["kind"], closure["roads"], closure["state"]) == ("road", 1, "in_force")
    again = await as_("second").post(f"/api/roads/{road}/closures", json={"reason": "Flood"})
    assert again.json() == closure
    assert (await as_("planner").get("/api/closures")).json()["closures"] == [closure]
    assert (await as_("stranger").get("/api/closures")).json()["closures"] == []
    assert (await as_("dispatcher").delete(f"/api/closures/{closure['id']}")).status_code == 204
    gone = await as_("dispatcher").delete(f"/api/closures/{closure['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_closure")
    rung = await town.sql("SELECT layer, feature_id FROM change ORDER BY seq")
    assert [tuple(row) for row in rung] == 2 * [("closures", closure["id"]), ("roads", road)]


async def test_a_closure_ends_by_its_own_time(town: Town, as_: As) -> None:
    path = f"/api/roads/{town.roads[0, 1]}/closures"
    late = await as_("dispatcher").post(path, json={"reason": "Parade", "opens_at": "2020-01-01T00:00:00Z"})
    assert (late.status_code, late.json()["code"]) == (400, "closure_hours")
    made = await as_("dispatcher").post(path, json={"reason": "Parade", "opens_at": "2099-01-01T00:00:00Z"})
    assert made.json()["opens_at"] == "2099-01-01T00:00:00Z"
    await town.sql("UPDATE closure SET begins_at = now() - interval '2 h', ends_at = now()")
    assert (await as_("dispatcher").get("/api/closures")).json()["closures"] == []


async def test_who_may_not_close_or_does_not_see_the_road_is_refused(town: Town, as_: As) -> None:
    path = f"/api/roads/{town.roads[0, 1]}/closures"
    assert (await as_("planner").post(path, json={"reason": "x"})).status_code == 403
    for who, there in (("stranger", path), ("dispatcher", "/api/roads/999999/closures")):
        refused = await as_(who).post(there, json={"reason": "x"})
        assert (refused.status_code, refused.json()["code"]) == (404, "no_such_road")
    assert await town.sql("SELECT 1 FROM closure") == []


async def test_a_line_closes_every_road_that_it_crosses_and_the_map_shows_it(town: Town, as_: As) -> None:
    shape = line(town, (-250, -600), (-250, 600))  # across the three streets of the west
    made = await as_("dispatcher").post("/api/closures", json={"shape": shape, "reason": "Марафон"})
    assert made.status_code == 201, made.text
    assert (made.json()["kind"], made.json()["roads"], made.json()["road_id"]) == ("line", 3, None)
    closed = await town.sql("SELECT road_id FROM closure_road ORDER BY road_id")
    assert [row[0] for row in closed] == sorted(town.roads[pair] for pair in ((0, 1), (10, 11), (20, 21)))
    shown = (await as_("stranger").get("/api/collections/closures/items")).json()["features"]
    assert [(f["properties"]["state"], f["geometry"]["type"]) for f in shown] == [("in_force", "LineString")]


async def test_routes_go_round_what_is_drawn_at_once_and_straight_again_when_it_is_opened(town: Town, as_: As) -> None:
    client, unit = as_("dispatcher"), town.units["102-0"]
    asked = {"category": "public_order", "place": town.at(250, -500)}
    incident = (await client.post("/api/incidents", json=asked)).json()["id"]

    async def metres() -> float:
        answer = await client.get(f"/api/incidents/{incident}/proposals/{unit}")
        assert answer.status_code == 200, answer.text
        return float(answer.json()["route_m"])

    await town.sql(
        "UPDATE unit_position SET lon = :lon, lat = :lat WHERE unit_id = :unit", unit=unit, **town.at(-500, -250)
    )
    assert await metres() == pytest.approx(1000, abs=5)
    shape = polygon(town, (-120, -520), (-80, -520), (-80, -480), (-120, -480))
    made = (await client.post("/api/closures", json={"shape": shape, "reason": "Fire"})).json()
    assert made["roads"] == 1 and await metres() == pytest.approx(1500, abs=5)
    assert (await client.delete(f"/api/closures/{made['id']}")).status_code == 204
    assert await metres() == pytest.approx(1000, abs=5)


async def test_a_closure_to_come_is_planned_and_does_not_hold_yet(town: Town, as_: As) -> None:
    begins = datetime.now(UTC) + timedelta(hours=2)
    asked = {
        "shape": line(town, (-250, -600), (-250, -400)),
        "reason": "Парад",
        "begins_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=3)).isoformat(),
    }
    made = (await as_("dispatcher").post("/api/closures", json=asked)).json()
    assert made["state"] == "planned"
    assert [c["state"] for c in (await as_("dispatcher").get("/api/closures")).json()["closures"]] == ["planned"]
    await town.sql("UPDATE closure SET begins_at = now() - interval '1 min'")
    assert [c["state"] for c in (await as_("dispatcher").get("/api/closures")).json()["closures"]] == ["in_force"]


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        ({"type": "Polygon", "coordinates": [BOW]}, "bad_closure_shape"),
        ({"type": "Polygon", "coordinates": [[[76.9, 43.2], [77.0, 43.3]]]}, "bad_closure_shape"),
        ({"type": "Polygon", "coordinates": []}, "bad_closure_shape"),
        ({"type": "LineString", "coordinates": [[76.9, 43.2]]}, "bad_closure_shape"),
        ({"type": "LineString", "coordinates": [[76.9, 43.2], [76.9, 43.2]]}, "bad_closure_shape"),
        ({"type": "LineString", "coordinates": [[2.35, 48.85], [2.36, 48.86]]}, "outside_your_area"),
        ({"type": "LineString", "coordinates": MANY[:20_000]}, "closure_too_detailed"),
        ({"type": "LineString", "coordinates": MANY}, "too_large"),
        ({"type": "LineString", "coordinates": [[276.9, 43.2], [76.9, 43.2]]}, "bad_request"),
        ({"type": "Circle", "coordinates": [76.9, 43.2]}, "bad_request"),
    ],
    ids=["crosses itself", "two corners", "no ring", "a point", "no length", "another country", "20,000 points",
         "100,000 points", "beyond the globe", "a circle"],
)  # fmt: skip
async def test_what_cannot_be_a_closure_is_refused_with_a_word(
    town: Town, as_: As, shape: dict[str, Any], code: str
) -> None:
    refused = await as_("dispatcher").post("/api/closures", json={"shape": shape, "reason": "x"})
    assert (refused.json()["code"], refused.status_code // 100) == (code, 4), refused.text
    assert await town.sql("SELECT 1 FROM closure") == []


async def test_a_closure_ends_after_it_begins(town: Town, as_: As) -> None:
    asked = {"shape": line(town, (-250, -600), (-250, 600)), "reason": "x"}
    hours = {"begins_at": "2098-01-02T00:00:00Z", "ends_at": "2098-01-01T00:00:00Z"}
    refused = await as_("dispatcher").post("/api/closures", json=asked | hours)
    assert (refused.status_code, refused.json()["code"]) == (400, "closure_hours")


async def test_a_shape_over_no_road_closes_nothing(town: Town, as_: As) -> None:
    shape = line(town, (-200, -200), (-210, -210))
    refused = await as_("dispatcher").post("/api/closures", json={"shape": shape, "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (400, "closes_nothing")


async def test_nobody_closes_roads_beyond_their_area(town: Town, as_: As) -> None:
    shape = line(town, (-250, -600), (-250, 600))
    refused = await as_("stranger").post("/api/closures", json={"shape": shape, "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_your_area")
    assert await town.sql("SELECT 1 FROM closure") == []
