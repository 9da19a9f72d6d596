"""The plan is answered with one yes; a unit is dragged; a crew under way is followed; cover is told with its map."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from geo_server.notify.words import timers
from geo_server.routing.keeping import Keeping
from tests.geo_server.api.conftest import As, Town, add_unit

pytestmark = pytest.mark.anyio


async def opened(town: Town, as_: As, category: str = "public_order", **more: Any) -> int:
    asked = {"category": category, "place": town.at(250, -500), **more}
    answer = await as_("dispatcher").post("/api/incidents", json=asked)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def move(town: Town, sign: str, place: dict[str, float], *, age_s: float = 1.0) -> None:
    moved = """UPDATE unit_position SET lon = :lon, lat = :lat, at = clock_timestamp() - make_interval(secs => :age_s)
        WHERE unit_id = :unit"""
    await town.sql(moved, unit=town.units[sign], age_s=age_s, **place)


async def test_one_yes_sends_what_was_chosen_for_the_whole_plan(town: Town, as_: As) -> None:
    incident = await opened(town, as_, "road_accident")
    found = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    assert found["plan"]["category"] == "road_accident" and found["plan"]["because"]
    assert [unit for need in found["needs"] for unit in need["chosen"]] == found["chosen"] != []
    assert {p["unit"]["id"] for p in found["proposals"] if p["chosen"]} == set(found["chosen"])
    assert all(need["wanted"] == need["asked"] for need in found["needs"])
    sent = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": found["chosen"]})
    assert {d["unit"]["id"] for d in sent.json()["dispatches"]} == set(found["chosen"])
    after = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    gone = sum(need["asked"] - need["wanted"] for need in after["needs"])
    assert gone == len(found["chosen"]) and not set(after["chosen"]) & set(found["chosen"])


async def test_a_trapped_person_is_answered_by_who_carries_hydraulic_tools(town: Town, as_: As) -> None:
    near, far = town.at(260, -500), town.at(-400, 500)
    bare, cutters = await add_unit(town, "911-0", "rescue", near), await add_unit(town, "911-1", "rescue", far)
    able = "UPDATE unit SET skills = :skills, equipment = CAST(:carries AS jsonb) WHERE id = :id"
    await town.sql(able, id=bare, skills=["hydraulics"], carries='{"hydraulic_tools": 0}')
    await town.sql(able, id=cutters, skills=["heights"], carries='{"hydraulic_tools": 1}')
    incident = await opened(town, as_, "trapped_person")
    found = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    (need,) = [one for one in found["needs"] if one["service"] == "rescue"]
    assert (need["skills"], need["chosen"]) == (["hydraulic_tools"], [cutters])
    (passed,) = [one for one in found["passed_over"] if one["unit"]["id"] == bare]
    assert (passed["code"], passed["reason"]["en"]) == ("wrong_skill", "Lacks what the plan asks for: Hydraulic tools.")
    dragged = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals/{bare}")).json()
    assert (dragged["code"], dragged["need"]) == ("wrong_skill", None)
    sent = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [cutters]})
    assert sent.status_code == 201
    after = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
    assert [one["wanted"] for one in after["needs"] if one["service"] == "rescue"] == [0], "it answers the need"


async def test_blue_light_is_told_and_quicker_than_the_same_drive_without(town: Town, as_: As) -> None:
    times = {}
    for priority in (1, 4):
        incident = await opened(town, as_, priority=priority)
        found = (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).json()
        times[priority] = min(p["eta_s"] for p in found["proposals"])
        assert found["blue_light"] == (["police"] if priority == 1 else [])
    assert times[1] < times[4]


async def test_of_two_who_drag_one_unit_the_second_is_told_who_took_it(town: Town, as_: As) -> None:
    first, second = await opened(town, as_), await opened(town, as_)
    unit = town.units["102-0"]
    drags = [
        as_(who).post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
        for who, incident in (("dispatcher", first), ("second", second))
    ]
    answers = await asyncio.gather(*drags)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    won = next(i for i, answer in enumerate(answers) if answer.status_code == 201)
    refused = answers[1 - won].json()
    winner = ("dispatcher", "second")[won]
    assert (refused["code"], refused["details"]["by"]) == ("unit_busy", winner)
    assert winner in refused["message"]["ru"]
    dragged = (await as_("second").get(f"/api/incidents/{second}/proposals/{unit}")).json()
    assert dragged["code"] == "busy" and dragged["eta_s"] > 0


async def test_a_unit_that_is_not_there_cannot_be_dragged(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    refused = await as_("dispatcher").get(f"/api/incidents/{incident}/proposals/999999")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_unit")


async def test_the_route_follows_the_car_and_a_silent_crew_has_no_time_of_arrival(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    asked = {"units": [town.units["102-0"]]}
    sent = (await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json=asked)).json()["dispatches"][0]
    keeping = Keeping(town.engine, town.app.state.roads)

    async def dispatch() -> Any:
        return (await as_("dispatcher").get(f"/api/dispatches/{sent['id']}")).json()

    await move(town, "102-0", town.at(0, -500))
    await keeping.look()
    nearer = await dispatch()
    assert nearer["route_m"] == pytest.approx(250, abs=5) and nearer["eta_at"] < sent["eta_at"]
    assert nearer["routed_at"] is not None and nearer["silent_since"] is None
    await move(town, "102-0", town.at(20, -500))
    await keeping.look()
    assert await dispatch() == nearer, "it hardly moved"
    await move(town, "102-0", town.at(20, -500), age_s=300)
    await keeping.look()
    silent = await dispatch()
    assert silent["eta_at"] is None and silent["silent_since"] is not None
    await keeping.look()
    await move(town, "102-0", town.at(150, -500))
    await keeping.look()
    heard = await dispatch()
    assert heard["eta_at"] is not None and heard["silent_since"] is None
    timeline = (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()["timeline"]
    assert [entry["kind"] for entry in timeline if "silent" in entry["kind"] or "heard" in entry["kind"]] == [
        "unit_silent",
        "unit_heard",
    ]
    rung = await town.sql("SELECT count(*) FROM change WHERE layer = 'dispatches' AND feature_id = :id", id=sent["id"])
    assert rung[0][0] == 4  # sent, nearer, silent, heard


async def silences(as_: As, incident: int) -> list[str]:
    timeline = (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()["timeline"]
    return [entry["kind"] for entry in timeline if entry["kind"] in ("unit_silent", "unit_heard")]


async def test_a_crew_that_was_silent_and_arrives_is_heard_again(town: Town, as_: As) -> None:
    desk, incident = as_("dispatcher"), await opened(town, as_)
    sent = (await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})).json()
    keeping = Keeping(town.engine, town.app.state.roads)
    await move(town, "102-0", town.at(0, -500), age_s=300)
    await keeping.look()
    listed = (await desk.get("/api/incidents")).json()["incidents"]
    assert [one["silent"] for one in listed if one["id"] == incident] == [1]
    for status in ("acknowledged", "enroute", "onscene"):
        await desk.post(f"/api/dispatches/{sent['dispatches'][0]['id']}/status", json={"status": status})
    await move(town, "102-0", town.at(0, 0))
    await keeping.look()
    await keeping.look()
    assert await silences(as_, incident) == ["unit_silent", "unit_heard"]
    (after,) = (await desk.get("/api/dispatches?state=open")).json()["dispatches"]
    assert after["silent_since"] is None and after["status"] == "onscene"


@pytest.mark.parametrize("status", ["staging", "transport"])
async def test_silence_of_a_crew_that_waits_near_or_carries_a_patient_is_told(town: Town, as_: As, status: str) -> None:
    desk, incident = as_("dispatcher"), await opened(town, as_)
    await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})
    await town.sql("UPDATE dispatch SET status = :status", status=status)
    keeping = Keeping(town.engine, town.app.state.roads)
    for age_s in (300, 0):
        await move(town, "102-0", town.at(0, -500), age_s=age_s)
        await keeping.look()
        await keeping.look()
    assert await silences(as_, incident) == ["unit_silent", "unit_heard"]


async def test_a_list_says_until_when_a_crew_is_to_acknowledge(town: Town, as_: As) -> None:
    desk, incident = as_("dispatcher"), await opened(town, as_)
    sent = (await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})).json()
    (one,) = (await desk.get("/api/incidents")).json()["incidents"]
    until = datetime.fromisoformat(one["answer_by"])
    waits_s = (until - datetime.fromisoformat(sent["dispatches"][0]["dispatched_at"])).total_seconds()
    assert waits_s == timers()[one["priority"]].acknowledge_s
    await desk.post(f"/api/dispatches/{sent['dispatches'][0]['id']}/status", json={"status": "acknowledged"})
    (one,) = (await desk.get("/api/incidents")).json()["incidents"]
    assert one["answer_by"] is None


async def test_a_closure_changes_the_routes_under_way_and_is_rung_when_its_hour_comes(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await move(town, "102-0", town.at(-500, -250))
    asked = {"units": [town.units["102-0"]]}
    sent = (await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json=asked)).json()["dispatches"][0]
    keeping = Keeping(town.engine, town.app.state.roads)
    await keeping.look()
    places = [list(town.at(-100, north).values()) for north in (-600, -400)]
    drawn = {"shape": {"type": "LineString", "coordinates": places}, "reason": "Fire"}
    made = (await as_("dispatcher").post("/api/closures", json=drawn)).json()
    assert town.app.state.roads.stirred.is_set()
    await keeping.look()
    after = (await as_("dispatcher").get(f"/api/dispatches/{sent['id']}")).json()
    assert after["route_m"] == pytest.approx(sent["route_m"] + 500, abs=5)
    await town.sql("UPDATE closure SET ends_at = clock_timestamp()")
    await keeping.look()
    rung = await town.sql("SELECT feature_id FROM change WHERE layer = 'closures' ORDER BY seq")
    assert [row[0] for row in rung] == [made["id"], made["id"]], "drawn, and ended by its hour"
    again = (await as_("dispatcher").get(f"/api/dispatches/{sent['id']}")).json()
    assert again["route_m"] == pytest.approx(sent["route_m"], abs=5)


async def test_cover_is_told_by_area_with_a_map_of_minutes(town: Town, as_: As) -> None:
    found = await as_("dispatcher").get("/api/cover", params={"service": "police"})
    assert found.status_code == 200, found.text
    answer = found.json()
    assert answer["free_units"] == 6 and answer["share"] == 1.0 and not answer["falls_short"]
    assert [area["share"] for area in answer["by_area"]] == [1.0] and answer["moves"] == []
    bands = answer["minutes"]["features"]
    assert bands and bands[0]["properties"]["from_min"] == 0.0
    assert {band["geometry"]["type"] for band in bands} <= {"Polygon", "MultiPolygon"}


async def test_where_nobody_is_free_cover_falls_short_and_a_stranger_counts_nothing(town: Town, as_: As) -> None:
    await town.sql("UPDATE unit SET duty = 'off'")
    answer = (await as_("dispatcher").get("/api/cover", params={"service": "police"})).json()
    assert (answer["share"], answer["free_units"], answer["falls_short"]) == (0.0, 0, True)
    assert answer["minutes"]["features"] == [] and answer["moves"] == []
    theirs = (await as_("stranger").get("/api/cover", params={"service": "police"})).json()
    assert theirs["by_area"] == [] and theirs["free_units"] == 0
    assert (await as_("dispatcher").get("/api/cover", params={"service": "postmen"})).status_code in (400, 422)


async def far_quarter(town: Town) -> int:
    """Build a quarter 9 km away with a police post, and return its place: nobody reaches it in time."""
    ends = [town.at(500, 0), *(town.at(9000 + 500 * i, 0) for i in range(7))]
    asked = """INSERT INTO road (osm_id, class, name, from_node, to_node, speed_kmh, length_m, geom)
        VALUES (1, 'residential', 'x', :a, :b, 36, :m, ST_GeomFromText(:line, 4326))"""
    for i, (one, other) in enumerate(pairwise(ends)):
        line = f"LINESTRING({one['lon']} {one['lat']}, {other['lon']} {other['lat']})"
        await town.sql(asked, a=99 + i if i else 12, b=100 + i, m=500 if i else 8500, line=line)
    post = """INSERT INTO place (osm_id, kind, name, geom)
        VALUES (7, 'police', 'РУП', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
    ((place_id,),) = await town.sql(post, **ends[3])
    await town.app.state.roads.load(town.engine)
    return int(place_id)


async def test_a_move_is_proposed_where_cover_falls_short_and_asked_once(town: Town, as_: As) -> None:
    post, desk = await far_quarter(town), as_("commander")
    answer = (await desk.get("/api/cover", params={"service": "police"})).json()
    assert answer["falls_short"] and answer["asked"] == []
    (move,) = answer["moves"]
    assert move["post"]["id"] == post and move["after"] > move["before"]
    body = {"unit_id": move["unit_id"], "post_id": post, "drive_s": move["drive_s"], "text": "Станьте у РУП"}
    asked = await desk.post("/api/cover/moves", json=body)
    assert asked.status_code == 201 and asked.json()["call_sign"] == move["call_sign"]
    told = await town.sql("SELECT text FROM crew_message WHERE unit_id = :id", id=move["unit_id"])
    assert [row[0] for row in told] == ["Станьте у РУП"]
    again = (await desk.get("/api/cover", params={"service": "police"})).json()
    assert again["moves"] == [] and again["falls_short"], "it is not there yet"
    assert [(one["unit_id"], one["post"]["id"], one["asked_by"]) for one in again["asked"]] == [
        (move["unit_id"], post, "commander")
    ]
    await town.sql("UPDATE standby_move SET asked_at = now() - interval '2 h', until = now() - interval '1 h'")
    late = (await desk.get("/api/cover", params={"service": "police"})).json()
    assert late["asked"] == [] and len(late["moves"]) == 1, "it never came: it is proposed again"


async def test_a_crew_that_cannot_go_is_not_asked_to_stand_by(town: Town, as_: As) -> None:
    post = await far_quarter(town)

    async def ask(who: str, unit: int, at: int) -> str:
        body = {"unit_id": unit, "post_id": at, "drive_s": 60, "text": "x"}
        return str((await as_(who).post("/api/cover/moves", json=body)).json().get("code"))

    unit, incident = town.units["102-0"], await opened(town, as_)
    assert await ask("dispatcher", unit, 999_999) == "no_such_station"
    assert await ask("stranger", unit, post) == "no_such_unit"
    assert await ask("planner", unit, post) == "not_your_role"
    await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
    assert await ask("dispatcher", unit, post) == "unit_bound"
    await town.sql("UPDATE unit SET duty = 'off' WHERE id = :id", id=town.units["102-1"])
    assert await ask("dispatcher", town.units["102-1"], post) == "unit_off_duty"
    assert await town.sql("SELECT FROM standby_move") == []


async def test_a_server_that_looks_for_dispatches_finds_none_and_says_nothing(town: Town) -> None:
    before = datetime.now(UTC)
    await Keeping(town.engine, town.app.state.roads).look()
    assert await town.sql("SELECT 1 FROM change WHERE at > :before", before=before) == []
