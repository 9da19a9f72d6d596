"""Incidents: opened, looked at, compared with the past, given units, noted, closed."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    app: Any
    elsewhere: Any
    units: dict[str, int]
    roads: dict[tuple[int, int], int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(town: Town, as_: As, category: str = "road_accident", **more: Any) -> dict[str, Any]:
    said = {"category": category, "place": town.at(0, 0), **more}
    answer = await as_("dispatcher").post("/api/incidents", json=said)
    assert answer.status_code == 201, answer.text
    incident: dict[str, Any] = answer.json()
    return incident


async def send(as_: As, incident_id: int, *units: int, who: str = "dispatcher") -> httpx.Response:
    return await as_(who).post(f"/api/incidents/{incident_id}/dispatches", json={"units": units})


async def test_an_incident_is_opened_by_hand_and_read_back_whole(town: Town, as_: As) -> None:
    caller = {"name": "Айгүл", "phone": "+7 701 000 00 00"}
    made = await opened(town, as_, address="Абай 10", description="Екі көлік", caller=caller)
    assert made["priority"] == 2 and made["state"] == "pending" and made["units"] == 0
    masked = {"name": "А•••", "phone": "+7 7** *** ** 00", "masked": True}
    assert made["caller"] == masked and made["opened_by"] == "dispatcher"
    assert (await as_("dispatcher").get(f"/api/incidents/{made['id']}")).json() == made
    await town.app.state.clocks.look()  # as it does each second: then the queue knows the targets too
    (listed,) = (await as_("dispatcher").get("/api/incidents?state=open")).json()["incidents"]
    assert listed == {name: made[name] for name in listed} and "timeline" not in listed


async def test_the_caller_is_shown_whole_to_who_states_a_purpose_and_the_audit_tells(town: Town, as_: As) -> None:
    caller = {"name": "Айгүл", "phone": "+7 701 000 00 12"}
    incident_id = (await opened(town, as_, caller=caller))["id"]
    path = f"/api/incidents/{incident_id}/caller"
    unsaid = await as_("dispatcher").post(path)
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "purpose_needed")
    why = {"X-Qyran-Purpose": f"incident:{incident_id}"}
    assert (await as_("dispatcher").post(path, headers=why)).json() == {**caller, "masked": False}
    assert (await as_("planner").post(path, headers=why)).json()["code"] == "not_your_role"
    asked = "SELECT who, outcome, code, purpose FROM audit WHERE operation = 'incidents.caller' ORDER BY id"
    assert [tuple(row) for row in await town.sql(asked)] == [
        ("dispatcher", "refused", "purpose_needed", None),
        ("dispatcher", "done", None, {"incident": incident_id}),
        ("planner", "refused", "not_your_role", None),
    ]


@pytest.mark.parametrize("why", ["incident:0", "incident:x", "reason:abc", "reason:" + "x" * 301, "because", ""])
async def test_a_purpose_that_says_nothing_is_refused(town: Town, as_: As, why: str) -> None:
    incident_id = (await opened(town, as_, caller={"name": "Айгүл"}))["id"]
    refused = await as_("dispatcher").post(f"/api/incidents/{incident_id}/caller", headers={"X-Qyran-Purpose": why})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_purpose")


async def test_what_a_phone_reported_before_is_found_however_it_is_written(town: Town, as_: As) -> None:
    incident_id = (await opened(town, as_, caller={"phone": "8 (701) 000-00-12"}))["id"]
    why = {"X-Qyran-Purpose": "reason:%D0%BF%D0%BE%D0%B2%D1%82%D0%BE%D1%80%D0%BD%D1%8B%D0%B9"}
    for who, found in (("dispatcher", [incident_id]), ("stranger", []), ("commander", [incident_id])):
        answer = await as_(who).post("/api/callers/history", json={"phone": "+77010000012"}, headers=why)
        assert [incident["id"] for incident in answer.json()["incidents"]] == found
    asked = "SELECT value FROM audit_personal WHERE field = 'phone'"
    assert {row.value for row in await town.sql(asked)} == {"+77010000012"}


async def test_a_commander_takes_over_and_both_sides_read_who(town: Town, as_: As) -> None:
    incident_id = (await opened(town, as_))["id"]
    path = f"/api/incidents/{incident_id}"
    assert (await as_("dispatcher").post(f"{path}/take-over", json={"reason": "x"})).json()["code"] == "not_your_role"
    taken = (await as_("commander").post(f"{path}/take-over", json={"reason": "Two districts"})).json()
    assert taken["held_by"]["name"]["en"] == "Republic of Kazakhstan"
    line = (await as_("dispatcher").get(path)).json()["timeline"][-1]
    assert (line["kind"], line["who"], line["details"]["reason"]) == ("taken_over", "commander", "Two districts")
    assert line["details"]["by"] == {"role": "commander", "area": line["details"]["by"]["area"]}
    closed = await as_("dispatcher").post(f"{path}/close")
    assert (closed.status_code, closed.json()["code"]) == (409, "held_above")
    assert closed.json()["message"]["ru"].endswith(": Республика Казахстан.")
    assert (await as_("stranger").post(f"{path}/close")).json()["code"] == "no_such_incident"
    assert (await as_("commander").request("DELETE", f"{path}/take-over")).json()["held_by"] is None
    assert (await as_("dispatcher").post(f"{path}/close")).status_code == 200


async def test_an_incident_is_escalated_to_the_level_above(town: Town, as_: As) -> None:
    incident_id = (await opened(town, as_))["id"]
    path = f"/api/incidents/{incident_id}/escalate"
    called = (await as_("dispatcher").post(path, json={"reason": "Too large for us"})).json()
    assert called["escalated_to"]["name"]["en"] == "Almaty"
    assert (await as_("commander").post(path, json={"reason": "Higher"})).json()["code"] == "not_above"
    (brief,) = (await as_("commander").get("/api/incidents?state=open")).json()["incidents"]
    assert brief["escalated_to"]["name"]["en"] == "Almaty"


async def test_numbers_follow_each_other(town: Town, as_: As) -> None:
    numbers = [(await opened(town, as_))["number"] for _ in range(3)]
    first = int(numbers[0][3:])
    assert [int(number[3:]) for number in numbers] == [first, first + 1, first + 2]


async def test_nothing_is_opened_outside_ones_area(town: Town, as_: As) -> None:
    place = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    refused = await as_("dispatcher").post("/api/incidents", json={"category": "theft", "place": place})
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_your_area")
    assert await town.sql("SELECT 1 FROM incident") == []


async def test_another_areas_incident_is_not_there(town: Town, as_: As) -> None:
    incident_id = (await opened(town, as_))["id"]
    stranger, path = as_("stranger"), f"/api/incidents/{incident_id}"
    for answer in (
        await stranger.get(path),
        await stranger.get(f"{path}/history"),
        await stranger.get(f"{path}/proposals"),
        await stranger.post(f"{path}/notes", json={"text": "hello"}),
        await stranger.post(f"{path}/close"),
        await stranger.post(f"{path}/dispatches", json={"units": [1]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_incident")
    assert (await stranger.get("/api/incidents")).json()["incidents"] == []


@pytest.mark.parametrize(
    "place", ['{"lon": NaN, "lat": 43}', '{"lon": 181, "lat": 43}', '{"lon": 1e999, "lat": 43}', '{"lat": 43}', "null"]
)
async def test_a_place_that_cannot_be_is_refused(town: Town, as_: As, place: str) -> None:
    body = f'{{"category": "theft", "place": {place}}}'
    headers = {"content-type": "application/json"}
    answer = await as_("dispatcher").post("/api/incidents", content=body, headers=headers)
    assert answer.status_code == 400, answer.text


async def test_the_five_quickest_of_each_service_are_proposed_with_their_way(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    answer = await as_("dispatcher").get(f"/api/incidents/{incident['id']}/proposals")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["router"] == "road graph" and not told["straight"] and told["took_ms"] > 0
    assert told["services"] == ["police", "ambulance"] and told["shortfall"] == []
    police = [p for p in told["proposals"] if p["unit"]["service"] == "police"]
    assert len(police) == 5 and [p["eta_s"] for p in police] == sorted(p["eta_s"] for p in police)
    nearest = police[0]
    assert nearest["unit"]["call_sign"] == "102-5" and nearest["route_m"] == pytest.approx(200 + 500, abs=5)
    assert nearest["eta_s"] == pytest.approx(70 / 1.15, abs=1) and nearest["straight_m"] < nearest["route_m"]
    assert nearest["route"]["type"] == "LineString" and len(nearest["route"]["coordinates"]) >= 3
    assert nearest["position_age_s"] >= 2 and nearest["reasons"][0]["en"] == "Quickest by road."


async def test_a_closure_changes_who_is_quickest_at_once(town: Town, as_: As) -> None:
    incident = await opened(town, as_, place=town.at(250, 0))
    path = f"/api/incidents/{incident['id']}/proposals"
    before = (await as_("dispatcher").get(path)).json()["proposals"][0]
    closed = await as_("dispatcher").post(f"/api/roads/{town.roads[1, 11]}/closures", json={"reason": "Burst pipe"})
    assert closed.status_code == 201, closed.text
    after = (await as_("dispatcher").get(path)).json()["proposals"][0]
    assert before["route_m"] == pytest.approx(200 + 500 + 250, abs=5)
    assert after["unit"]["call_sign"] == "102-0" and after["route_m"] == pytest.approx(500 + 500 + 250, abs=5)
    await as_("dispatcher").delete(f"/api/closures/{closed.json()['id']}")
    again = (await as_("dispatcher").get(path)).json()["proposals"][0]
    assert again["route_m"] == pytest.approx(before["route_m"], abs=1)


async def test_where_no_road_is_near_the_straight_line_is_flagged(town: Town, as_: As) -> None:
    made = await opened(town, as_, place=town.at(0, 1200))
    told = (await as_("dispatcher").get(f"/api/incidents/{made['id']}/proposals")).json()
    assert told["straight"] and told["router"] == "straight line"
    assert all(proposal["straight"] for proposal in told["proposals"])


async def test_units_are_sent_and_everything_tells_of_it(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    answer = await send(as_, incident["id"], town.units["102-5"], town.units["103-0"])
    assert answer.status_code == 201, answer.text
    sent = answer.json()["dispatches"]
    assert [d["unit"]["call_sign"] for d in sent] == ["102-5", "103-0"]
    assert all(d["status"] == "dispatched" and d["entries"][0]["means"] == "dispatcher" for d in sent)
    assert sent[0]["route_s"] == pytest.approx(70 / 1.15, abs=1) and not sent[0]["straight"]
    whole = (await as_("dispatcher").get(f"/api/incidents/{incident['id']}")).json()
    assert whole["state"] == "assigned" and whole["units"] == 2 and len(whole["dispatches"]) == 2
    assert whole["timeline"][-1]["details"]["units"] == ["102-5", "103-0"]
    units = {u["call_sign"]: u for u in (await as_("dispatcher").get("/api/units")).json()["units"]}
    assert units["102-5"]["status"] == "dispatched"
    assert units["102-5"]["dispatch"]["incident_number"] == incident["number"]
    told = (await as_("dispatcher").get(f"/api/incidents/{incident['id']}/proposals")).json()
    assert {p["unit"]["call_sign"]: p["code"] for p in told["passed_over"]} == {"102-5": "busy", "103-0": "busy"}
    rung = {row.layer for row in await town.sql("SELECT layer FROM change")}
    assert rung == {"incidents", "dispatches", "units"}


async def test_an_order_with_one_busy_unit_sends_nobody(town: Town, as_: As) -> None:
    first, second = await opened(town, as_), await opened(town, as_)
    assert (await send(as_, first["id"], town.units["102-1"])).status_code == 201
    refused = await send(as_, second["id"], town.units["102-0"], town.units["102-1"])
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_busy")
    assert "102-1" in refused.json()["description"] and refused.json()["details"]["units"] == [town.units["102-1"]]
    assert len(await town.sql("SELECT 1 FROM dispatch")) == 1
    assert (await as_("dispatcher").get(f"/api/incidents/{second['id']}")).json()["state"] == "pending"


async def test_one_unit_sent_to_ten_incidents_at_once_goes_to_one(town: Town, as_: As) -> None:
    incidents = [(await opened(town, as_))["id"] for _ in range(10)]
    pairs = [(town.units["102-0"], town.units["102-1"]), (town.units["102-1"], town.units["102-0"])]
    asked = [send(as_, i, *pairs[n % 2], who=("dispatcher", "second")[n % 2]) for n, i in enumerate(incidents)]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*asked))
    assert codes == [201] + [409] * 9
    assert len(await town.sql("SELECT 1 FROM dispatch")) == 2
    states = await town.sql("SELECT state, count(*) FROM incident GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in states] == [("assigned", 1), ("pending", 9)]


async def test_who_is_off_duty_unknown_or_nowhere_is_not_sent(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await town.sql("UPDATE unit SET duty = 'break' WHERE call_sign = '102-0'")
    await town.sql("DELETE FROM unit_position WHERE unit_id = :id", id=town.units["102-1"])
    for unit, status, code in (
        (town.units["102-0"], 409, "unit_off_duty"),
        (town.units["102-1"], 409, "unit_not_placed"),
        (999_999, 404, "no_such_unit"),
    ):
        refused = await send(as_, incident["id"], unit)
        assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_note_is_added_and_a_planner_may_not(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    path = f"/api/incidents/{incident['id']}/notes"
    noted = await as_("second").post(path, json={"text": "The road is icy"})
    assert noted.status_code == 201
    line = noted.json()["timeline"][-1]
    assert (line["kind"], line["who"], line["details"]["text"]) == ("note", "second", "The road is icy")
    assert line["details"]["by"]["role"] == "dispatcher" and line["details"]["by"]["area"]["en"] == "Medeu District"
    assert (await as_("planner").post(path, json={"text": "me too"})).status_code == 403


async def test_closing_waits_for_the_units_and_is_said_once(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    (sent,) = (await send(as_, incident["id"], town.units["102-0"])).json()["dispatches"]
    path = f"/api/incidents/{incident['id']}/close"
    refused = await as_("dispatcher").post(path, json={"note": "done"})
    assert (refused.status_code, refused.json()["code"]) == (409, "units_still_bound")
    await as_("dispatcher").post(f"/api/dispatches/{sent['id']}/status", json={"status": "cancelled"})
    closed = (await as_("dispatcher").post(path, json={"note": "False alarm"})).json()
    assert closed["state"] == "closed" and closed["closed_at"].endswith("Z")
    assert closed["timeline"][-1]["details"]["note"] == "False alarm"
    assert (await as_("second").post(path)).json() == closed
    late = await send(as_, incident["id"], town.units["102-1"])
    assert (late.status_code, late.json()["code"]) == (409, "incident_closed")
    assert (await as_("dispatcher").get("/api/incidents?state=open")).json()["incidents"] == []


async def test_the_history_counts_by_radius_and_look_back(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    asked = """INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)
        VALUES (:number, :category, 3, 'closed', now() - make_interval(days => :days), 'past',
                ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"""
    rows = [("theft", 100, 10), ("theft", 200, 20), ("fire", 300, 300), ("fire", 100, 400), ("theft", 900, 5)]
    for n, (category, east_m, days) in enumerate(rows):
        await town.sql(asked, number=f"past-{n}", category=category, days=days, **town.at(east_m, 0))
    await town.event(place=town.at(0, 50))
    path = f"/api/incidents/{incident['id']}/history"
    told = (await as_("dispatcher").get(path)).json()
    assert (told["radius_m"], told["days"], told["total"]) == (500, 365, 3)
    assert told["by_category"] == [{"category": "theft", "count": 2}, {"category": "fire", "count": 1}]
    assert [round(one["distance_m"]) for one in told["incidents"]] == [100, 200, 300]
    assert [round(one["distance_m"]) for one in told["events"]] == [50]
    assert (await as_("dispatcher").get(f"{path}?radius_m=150&days=15")).json()["total"] == 1
    assert (await as_("dispatcher").get(f"{path}?radius_m=1000&days=3650")).json()["total"] == 5
    nothing = (await as_("dispatcher").get(f"{path}?radius_m=1&days=1")).json()
    assert nothing["total"] == 0 and nothing["incidents"] == [] and nothing["by_category"] == []


@pytest.mark.parametrize("query", ["radius_m=0", "radius_m=nan", "radius_m=1e9", "days=-1", "days=inf", "radius_m=x"])
async def test_a_history_that_cannot_be_is_refused(town: Town, as_: As, query: str) -> None:
    incident = await opened(town, as_)
    assert (await as_("dispatcher").get(f"/api/incidents/{incident['id']}/history?{query}")).status_code == 400
