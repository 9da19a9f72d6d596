"""A planner has cameras planned, reads, compares and changes plans, forbids zones, and takes the tender list."""

import asyncio
import csv
import io
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import orjson
import pytest
import shapely
from fastapi import FastAPI
from openpyxl import load_workbook
from shapely.geometry import shape as shape_of

from geo_server.errors import ERRORS
from geo_server.planning.placement import asking, working
from geo_server.planning.placement.trying import Tell
from geo_server.planning.placement.working import NoPlan, work_off
from layers.values import LonLat

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
BOW = [(76.94, 43.24), (76.95, 43.25), (76.95, 43.24), (76.94, 43.25), (76.94, 43.24)]  # its border crosses itself


class Town(Protocol):
    app: FastAPI
    middle: LonLat

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def square(town: Town, east_m: float, north_m: float, half_m: float) -> dict[str, Any]:
    """A GeoJSON square around a place by metres from the middle."""
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    places = (town.at(east_m + x * half_m, north_m + y * half_m) for x, y in corners)
    return {"type": "Polygon", "coordinates": [[(one["lon"], one["lat"]) for one in places]]}


def wish(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "name": "Centre",
        "amount": 3,
        "shape": square(town, 0, 0, 90),
        "kinds": [{"name": "fixed_4mp", "lenses_deg": [60], "heights_m": [6]}],
        "sources": ["crossing", "post"],
        **more,
    }


async def made(town: Town, client: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/placements", json=wish(town, **more))
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    assert told["figures"] is None and told["job"]["outcome"] is None
    await work_off(town.app.state.engine)
    found: dict[str, Any] = (await client.get(f"/api/placements/{told['id']}")).json()
    return found


async def test_a_plan_is_a_job_and_has_its_cameras_when_that_has_ended(town: Town, as_: As) -> None:
    plan = await made(town, as_("planner"))
    assert plan["job"]["outcome"] == "done" and plan["job"]["kind"] == "placement"
    figures = plan["figures"]
    assert figures["cameras"] == len(plan["cameras"]) == 3
    assert figures["value"] <= figures["bound"] * 1.000001
    weight = figures["weight"]
    assert weight["whole"] > weight["after"] > weight["before"] == 0
    assert sum(one["adds"] for one in plan["cameras"]) == pytest.approx(weight["after"])
    region = shape_of(plan["region"])
    for one in plan["cameras"]:
        assert region.covers(shapely.Point(one["place"]["lon"], one["place"]["lat"]))
        assert {"motion_height", "situation_tilt", "moving_size"} <= set(one["meets"]) and one["breaks"] == []
        assert one["seen"]["type"] == "MultiPolygon" and one["price"] > 0
    assert {rule["name"] for rule in plan["rules"]} >= {"motion_height", "situation_tilt"}
    listed = (await as_("planner").get("/api/placements")).json()["placements"]
    assert [one["id"] for one in listed] == [plan["id"]]


async def test_another_area_sees_nothing_of_a_plan_and_a_dispatcher_none_at_all(town: Town, as_: As) -> None:
    plan = await made(town, as_("planner"))  # of the Republic, which no district sees into
    local = as_("local commander")
    assert (await local.get(f"/api/placements/{plan['id']}")).json()["code"] == "no_such_placement"
    assert (await local.get("/api/placements")).json() == {"placements": []}
    assert (await as_("dispatcher").get("/api/placements")).status_code == 403
    own = await made(town, local)
    assert (await as_("planner").get(f"/api/placements/{own['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"purpose": "beauty"}, "no_such_purpose"),
        ({"kinds": [{"name": "eagle"}]}, "no_such_camera_kind"),
        ({"shape": None}, "region_too_large"),
        ({"area_id": 999_999}, "no_ground_there"),
        ({"aim": "cover", "amount": 2}, "bad_request"),
        ({"amount": 1.5}, "bad_request"),
        ({"aim": "budget", "amount": 0}, "placement_asks_nothing"),
        ({"shape": {"type": "Polygon", "coordinates": [BOW]}}, "no_ground"),
        ({"shape": {"type": "Polygon", "coordinates": []}}, "no_ground"),
        ({"shape": {"type": "Polygon", "coordinates": [[(0, 0), (0, 1), (1, 1), (0, 0)]]}}, "no_ground_there"),
    ],
)
async def test_what_cannot_be_planned_is_refused(town: Town, as_: As, wrong: dict[str, Any], code: str) -> None:
    refused = await as_("planner").post("/api/placements", json=wish(town, **wrong))
    assert refused.json()["code"] == code


async def test_no_more_plans_wait_than_can_be_reckoned_soon(
    town: Town, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_WAITING", 1)
    assert (await as_("planner").post("/api/placements", json=wish(town))).status_code == 202
    assert (await as_("planner").post("/api/placements", json=wish(town))).json()["code"] == "too_many_placements"


async def test_a_plan_without_cameras_says_why_in_three_languages(town: Town, as_: As) -> None:
    bare = await made(town, as_("planner"), shape=square(town, 3000, 3000, 20))  # no street, no building
    assert bare["cameras"] == [] and bare["figures"]["nothing"] == {
        language: getattr(ERRORS["placement_counts_nothing"][1], language) for language in ("kk", "ru", "en")
    }
    poor = await made(town, as_("planner"), aim="budget", amount=1)
    assert poor["figures"]["nothing"]["en"] == "That money does not put up a single camera there."


async def test_a_plan_that_is_called_off_or_deleted_is_not_reckoned(town: Town, as_: As) -> None:
    planner = as_("planner")
    first, second = [(await planner.post("/api/placements", json=wish(town))).json() for _ in range(2)]
    assert (await planner.delete(f"/api/jobs/{first['job']['id']}")).status_code == 204
    assert (await planner.delete(f"/api/placements/{second['id']}")).status_code == 204
    await work_off(town.app.state.engine)
    told = (await planner.get(f"/api/placements/{first['id']}")).json()
    assert told["job"]["outcome"] == "cancelled" and told["figures"] is None and told["cameras"] == []
    ended = (await planner.get(f"/api/jobs/{second['job']['id']}")).json()
    assert ended["outcome"] == "cancelled"
    unready = await planner.get(f"/api/placements/{first['id']}/tender")
    assert unready.json()["code"] == "placement_not_reckoned"


async def test_a_plan_under_way_that_is_called_off_ends_soon(
    town: Town, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner, begun = as_("planner"), threading.Event()

    def propose(asked: object, tell: Tell) -> None:
        begun.set()
        while True:  # until that raises
            time.sleep(0.01)
            tell(1, 3)

    monkeypatch.setattr(working, "propose", propose)
    plan = (await planner.post("/api/placements", json=wish(town))).json()
    work = asyncio.ensure_future(work_off(town.app.state.engine))
    await asyncio.to_thread(begun.wait)
    await planner.delete(f"/api/jobs/{plan['job']['id']}")
    await work
    ended = (await planner.get(f"/api/jobs/{plan['job']['id']}")).json()
    assert (ended["outcome"], ended["total"]) == ("cancelled", 3)


async def test_a_plan_that_cannot_be_reckoned_fails_and_says_so(
    town: Town, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def propose(asked: object, tell: Tell) -> None:
        raise ValueError("No.")

    monkeypatch.setattr(working, "propose", propose)
    plan = (await as_("planner").post("/api/placements", json=wish(town))).json()
    with pytest.raises(NoPlan):
        await work_off(town.app.state.engine)
    ended = (await as_("planner").get(f"/api/jobs/{plan['job']['id']}")).json()
    assert ended["outcome"] == "failed"


async def test_a_camera_is_moved_and_turned_and_the_plan_tells_what_it_sees_then(town: Town, as_: As) -> None:
    planner = as_("planner")
    plan = await made(town, planner)
    own = plan["cameras"][0]
    pose = {name: own[name] for name in ("place", "height_m", "heading_deg", "tilt_deg", "hfov_deg")}
    path = f"/api/placements/{plan['id']}/cameras/{own['id']}"
    same = (await planner.post(f"{path}/views", json=pose)).json()
    assert same["after"] == pytest.approx(plan["figures"]["weight"]["after"], rel=0.01) and same["refused"] is None
    away = {**pose, "heading_deg": own["heading_deg"] + 180}
    turned = (await planner.post(f"{path}/views", json=away)).json()
    assert turned["after"] < same["after"]
    for lon, lat in ((165.0, 0.0), (76.94, 90.0), (-100.0, 43.0)):  # no grid of metres reaches there
        far = {**pose, "place": {"lon": lon, "lat": lat}}
        assert (await planner.post(f"{path}/views", json=far)).json()["code"] == "camera_outside_plan"
    kept = (await planner.put(path, json=away)).json()
    assert kept["figures"]["weight"]["after"] == pytest.approx(turned["after"], rel=0.01)
    assert kept["figures"]["moved"] == 1 and kept["figures"]["ground_m2"]["after"] is None
    assert next(one for one in kept["cameras"] if one["id"] == own["id"])["moved_by"] == "planner"
    less = (await planner.delete(path)).json()
    assert len(less["cameras"]) == 2 and less["figures"]["price"] < kept["figures"]["price"]
    assert (await planner.put(path, json=pose)).json()["code"] == "no_such_placement_camera"


async def test_a_camera_in_a_house_or_that_looks_where_nobody_may_is_not_kept(town: Town, as_: As) -> None:
    planner = as_("planner")
    plan = await made(town, planner)
    own = plan["cameras"][0]
    pose = {name: own[name] for name in ("place", "height_m", "heading_deg", "tilt_deg", "hfov_deg")}
    path = f"/api/placements/{plan['id']}/cameras/{own['id']}"
    zone = {"name": "Homes", "rule": "refuse", "shape": square(town, 0, 0, 200)}
    assert (await planner.post("/api/forbidden-zones", json=zone)).status_code == 201
    assert (await planner.put(path, json=pose)).json()["code"] == "camera_sees_forbidden_zone"
    assert (await planner.post(f"{path}/views", json=pose)).json()["refused"] == "in_forbidden_zone"


async def test_forbidden_zones_are_drawn_changed_and_taken_away_and_plans_keep_to_them(town: Town, as_: As) -> None:
    planner = as_("planner")
    free = await made(town, planner)
    first = free["cameras"][0]["place"]
    around = shapely.Point(first["lon"], first["lat"]).buffer(0.0002, quad_segs=2)
    zone = {"name": "Windows", "rule": "refuse", "shape": orjson.loads(shapely.to_geojson(around))}
    drawn = (await planner.post("/api/forbidden-zones", json=zone)).json()
    kept = await made(town, planner)
    assert kept["cameras"]
    for one in kept["cameras"]:
        assert not shape_of(one["seen"]).intersects(around)
    changed = await planner.put(f"/api/forbidden-zones/{drawn['id']}", json={**zone, "rule": "mask"})
    assert changed.json()["rule"] == "mask"
    told = (await planner.get("/api/forbidden-zones")).json()["zones"]
    assert [(one["name"], one["rule"], one["made_by"]) for one in told] == [("Windows", "mask", "planner")]
    assert (await planner.delete(f"/api/forbidden-zones/{drawn['id']}")).status_code == 204
    gone = await planner.delete(f"/api/forbidden-zones/{drawn['id']}")
    assert gone.json()["code"] == "no_such_forbidden_zone"
    crossed = {**zone, "shape": {"type": "Polygon", "coordinates": [BOW]}}
    assert (await planner.post("/api/forbidden-zones", json=crossed)).json()["code"] == "no_ground"
    foreign = {**zone, "shape": {"type": "Polygon", "coordinates": [[(0, 0), (0, 1), (1, 1), (0, 0)]]}}
    local = await as_("local commander").post("/api/forbidden-zones", json=foreign)
    assert local.json()["code"] == "no_ground_there"


async def test_plans_stand_side_by_side(town: Town, as_: As) -> None:
    planner = as_("planner")
    small, large = await made(town, planner, amount=1), await made(town, planner, amount=4)
    asked = {"id": [small["id"], large["id"]]}
    sides = (await planner.get("/api/placements/comparison", params=asked)).json()["plans"]
    assert [one["placement"]["id"] for one in sides] == asked["id"]
    assert sides[0]["seen_m2"] < sides[1]["seen_m2"] and sides[1]["alone_m2"] > 0
    assert sides[0]["alone_m2"] <= sides[0]["seen_m2"]
    assert not shape_of(sides[1]["seen"]).is_empty
    many = {"id": [1, 2, 3, 4, 5]}
    assert (await planner.get("/api/placements/comparison", params=many)).json()["code"] == "bad_request"


async def test_the_tender_list_tells_where_and_how_to_hang_what_and_which_rule_each_meets(town: Town, as_: As) -> None:
    planner = as_("planner")
    plan = await made(town, planner)
    path = f"/api/placements/{plan['id']}/tender"
    table = await planner.get(path, params={"format": "csv", "language": "en"})
    head, *rows = csv.reader(io.StringIO(table.content.decode("utf-8-sig")))
    assert "Price, KZT" in head and rows[-1][1] == "Total" and len(rows) == 4
    assert "Almaty 213 13.1: Motion, line crossing: 3 m or more, best 5 m" in rows[0][head.index("Rules it meets")]
    assert float(rows[0][head.index("Height, m")]) == 6.0
    book = load_workbook(io.BytesIO((await planner.get(path, params={"format": "xlsx", "language": "kk"})).content))
    lines = list(book.active.values)
    assert lines[0][1] == "Камера түрі" and lines[-1][2] == 3
    plain = (await planner.get(path, params={"format": "geojson"})).json()
    assert [one["geometry"]["type"] for one in plain["features"]] == ["Point"] * 3
    assert plain["features"][0]["properties"]["seen"]["type"] == "MultiPolygon"


async def test_kinds_are_offered_with_prices(town: Town, as_: As) -> None:
    told = (await as_("planner").get("/api/placements/offer")).json()
    assert told["currency"] == "KZT" and {one["kind"] for one in told["kinds"]} == {"fixed", "ptz"}
    assert {one["name"] for one in told["mounts"]} == {"crossing", "post", "pole", "corner"}
