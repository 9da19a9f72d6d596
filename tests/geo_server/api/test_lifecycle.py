"""An incident's life: proposed as the same, merged and split, linked, moved, under control, cancelled, reopened."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
WHY = {"reason": "One crash, seen from two sides"}


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    elsewhere: Any
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(town: Town, as_: As, east_m: float = 0, category: str = "road_accident") -> dict[str, Any]:
    said = {"category": category, "place": town.at(east_m, 0), "address": f"Абай {east_m}"}
    incident: dict[str, Any] = await done(as_, "POST", "", 201, said)
    return incident


async def done(as_: As, method: str, path: str, status: int = 200, body: Any = None, who: str = "dispatcher") -> Any:
    answer = await as_(who).request(method, f"/api/incidents{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def refused(as_: As, path: str, body: Any, who: str = "dispatcher", method: str = "POST") -> tuple[int, str]:
    answer = await as_(who).request(method, f"/api/incidents{path}", json=body)
    return answer.status_code, answer.json()["code"]


async def sent(as_: As, incident_id: int, unit_id: int) -> int:
    told = await done(as_, "POST", f"/{incident_id}/dispatches", 201, {"units": [unit_id]})
    return int(told["dispatches"][0]["id"])


async def advanced(as_: As, dispatch_id: int, *statuses: str) -> None:
    for status in statuses:
        answer = await as_("dispatcher").post(f"/api/dispatches/{dispatch_id}/status", json={"status": status})
        assert answer.status_code == 200, answer.text


async def confirmed(town: Town, as_: As, incident_id: int) -> int:
    event_id = await town.event()
    answer = await as_("dispatcher").post(f"/api/events/{event_id}/confirm", json={"join": incident_id})
    assert answer.status_code == 200, answer.text
    return event_id


async def called(town: Town, incident_id: int, said: str = "") -> int:
    asked = """INSERT INTO call (home_area_id, state, outcome, decided_by, phone, caller_name, rang_at, ended_at, said,
                                 incident_id, placed_by, geom)
        SELECT area_id, 'ended', 'duplicate', 'x', '+77010000012', 'Айгүл', now(), now(), :said, id, 'click',
               ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) FROM incident WHERE id = :id RETURNING id"""
    ((call_id,),) = await town.sql(asked, id=incident_id, said=said, **town.at(250, 0))
    return int(call_id)


async def test_the_same_crash_is_proposed_with_the_reason(town: Town, as_: As) -> None:
    one, other = await opened(town, as_), await opened(town, as_, 400)
    await opened(town, as_, 10, "fraud")
    told = await done(as_, "GET", f"/{one['id']}/likenesses")
    (found,) = told["likenesses"]
    assert found["incident"]["number"] == other["number"] and found["incident"]["address"] == "Абай 400"
    assert found["distance_m"] == pytest.approx(400, abs=3) and found["minutes"] >= 0
    assert other["number"] in found["because"]["kk"] and "400 м" in found["because"]["ru"]
    assert await refused(as_, f"/{one['id']}/likenesses", None, "stranger", "GET") == (404, "no_such_incident")


async def test_a_merge_takes_everything_along_and_a_split_brings_it_back(town: Town, as_: As) -> None:
    one, into = await opened(town, as_), await opened(town, as_, 400)
    event_id, call_id = await confirmed(town, as_, one["id"]), await called(town, one["id"])
    dispatch_id = await sent(as_, one["id"], town.units["102-0"])
    await advanced(as_, dispatch_id, "acknowledged", "enroute")
    stands = await done(as_, "POST", f"/{one['id']}/merge", 200, {"into_id": into["id"], **WHY})
    assert (stands["id"], stands["state"], stands["units"]) == (into["id"], "enroute", 1)
    assert [event["id"] for event in stands["events"]] == [event_id]
    assert [call["id"] for call in stands["calls"]] == [call_id]
    assert [d["incident_number"] for d in stands["dispatches"]] == [into["number"]]
    assert [(link["kind"], link["other"]["id"]) for link in stands["links"]] == [("replaces", one["id"])]
    assert {line["incident_id"] for line in stands["timeline"]} == {one["id"], into["id"]}
    gone = await done(as_, "GET", f"/{one['id']}")
    assert (gone["state"], gone["merged_into"]["number"], gone["dispatches"]) == ("merged", into["number"], [])
    assert [line["kind"] for line in gone["timeline"]][-1] == "merged" and gone["closed_at"]
    assert await town.sql("SELECT incident_id FROM call WHERE id = :id", id=call_id) == [(into["id"],)]
    chains = "SELECT incident_id, state FROM notice_chain WHERE dispatch_id = :id ORDER BY id"
    assert [row.incident_id for row in await town.sql(chains, id=dispatch_id)] == [one["id"], into["id"]]

    back = await done(as_, "POST", f"/{one['id']}/split", 201, {"reason": "Two crashes after all"})
    assert (back["id"], back["state"], back["merged_into"], back["links"]) == (one["id"], "enroute", None, [])
    assert [event["id"] for event in back["events"]] == [event_id] and len(back["calls"]) == 1
    assert [d["id"] for d in back["dispatches"]] == [dispatch_id] and back["closed_at"] is None
    left = await done(as_, "GET", f"/{into['id']}")
    assert (left["state"], left["events"], left["dispatches"], left["calls"]) == ("pending", [], [], [])
    told_to = [row.incident_id for row in await town.sql(chains, id=dispatch_id)]
    assert told_to == [one["id"], into["id"], one["id"]], "the crew is told each time where it belongs"
    assert await refused(as_, f"/{one['id']}/split", {"reason": "again"}) == (400, "nothing_to_split")


async def test_whatever_is_not_open_or_not_another_is_not_merged(town: Town, as_: As) -> None:
    one, into, third = [await opened(town, as_, 10 * n) for n in range(3)]
    path = f"/{one['id']}/merge"
    assert await refused(as_, path, {"into_id": one["id"], **WHY}) == (400, "same_incident")
    assert await refused(as_, path, {"into_id": one["id"], **WHY}, "stranger") == (404, "no_such_incident")
    assert await refused(as_, path, {"into_id": 999_999, **WHY}) == (404, "no_such_incident")
    assert await refused(as_, path, {"into_id": into["id"], **WHY}, "stranger") == (404, "no_such_incident")
    assert await refused(as_, path, {"into_id": into["id"], **WHY}, "planner") == (403, "not_your_role")
    assert await refused(as_, path, {"into_id": into["id"], "reason": "x" * 100_000}) == (400, "bad_request")
    await done(as_, "POST", path, 200, {"into_id": into["id"], "reason": "<script>alert(1)</script>"})
    again = await done(as_, "POST", path, 200, {"into_id": into["id"], **WHY})
    assert again["id"] == into["id"] and len(again["links"]) == 1
    answer = await as_("dispatcher").post(f"/api/incidents{path}", json={"into_id": third["id"], **WHY})
    assert (answer.status_code, answer.json()["code"]) == (409, "incident_merged")
    assert answer.json()["details"]["into"] == into["number"] and into["number"] in answer.json()["message"]["ru"]
    assert await refused(as_, f"/{third['id']}/merge", {"into_id": one["id"], **WHY}) == (409, "incident_merged")
    assert await refused(as_, f"/{one['id']}/dispatches", {"units": [town.units["102-0"]]}) == (409, "incident_merged")
    assert await refused(as_, f"/{one['id']}/reopen", WHY) == (409, "incident_merged")
    assert await refused(as_, f"/{one['id']}/close", None) == (409, "incident_merged")
    await done(as_, "POST", f"/{third['id']}/close")
    assert await refused(as_, f"/{into['id']}/merge", {"into_id": third["id"], **WHY}) == (409, "incident_closed")


async def test_a_chain_of_merges_is_undone_in_any_order(town: Town, as_: As) -> None:
    a, b, c = [await opened(town, as_, 10 * n) for n in range(3)]
    of_a, of_b = await confirmed(town, as_, a["id"]), await confirmed(town, as_, b["id"])
    await done(as_, "POST", f"/{a['id']}/merge", 200, {"into_id": b["id"], **WHY})
    whole = await done(as_, "POST", f"/{b['id']}/merge", 200, {"into_id": c["id"], **WHY})
    assert {event["id"] for event in whole["events"]} == {of_a, of_b}
    assert {line["incident_id"] for line in whole["timeline"]} == {a["id"], b["id"], c["id"]}
    out = await done(as_, "POST", f"/{a['id']}/split", 201, WHY)
    assert [event["id"] for event in out["events"]] == [of_a]
    out = await done(as_, "POST", f"/{b['id']}/split", 201, WHY)
    assert [event["id"] for event in out["events"]] == [of_b]
    assert (await done(as_, "GET", f"/{c['id']}"))["events"] == []


async def test_two_who_merge_two_incidents_into_each_other_at_once_leave_one(town: Town, as_: As) -> None:
    pairs = [(await opened(town, as_, 20 * n), await opened(town, as_, 20 * n + 5)) for n in range(4)]
    both = [
        as_(who).post(f"/api/incidents/{one['id']}/merge", json={"into_id": other["id"], **WHY})
        for a, b in pairs
        for who, one, other in (("dispatcher", a, b), ("second", b, a))
    ]
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"incident_merged"}
    states = await town.sql("SELECT state, count(*) FROM incident GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in states] == [("merged", 4), ("pending", 4)]


async def test_a_crew_that_presses_while_its_incident_is_merged_is_heard(town: Town, as_: As) -> None:
    one, into = await opened(town, as_), await opened(town, as_, 10)
    dispatch_id = await sent(as_, one["id"], town.units["102-0"])
    pressed = as_("second").post(f"/api/dispatches/{dispatch_id}/status", json={"status": "acknowledged"})
    merged = as_("dispatcher").post(f"/api/incidents/{one['id']}/merge", json={"into_id": into["id"], **WHY})
    answers = await asyncio.gather(pressed, merged)
    assert [answer.status_code for answer in answers] == [200, 200]
    stands = await done(as_, "GET", f"/{into['id']}")
    assert (stands["state"], stands["dispatches"][0]["status"]) == ("assigned", "acknowledged")


async def test_what_is_split_off_becomes_an_incident_of_its_own(town: Town, as_: As) -> None:
    origin = await opened(town, as_)
    mine, theirs = await confirmed(town, as_, origin["id"]), await confirmed(town, as_, origin["id"])
    call_id = await called(town, origin["id"], "A car burns")
    stays, goes = await sent(as_, origin["id"], town.units["102-0"]), await sent(as_, origin["id"], town.units["102-1"])
    await advanced(as_, stays, "acknowledged", "enroute", "onscene")
    body = {"event_ids": [theirs], "call_ids": [call_id], "dispatch_ids": [goes], "category": "fire_vehicle", **WHY}
    made = await done(as_, "POST", f"/{origin['id']}/split", 201, body)
    assert (made["category"], made["state"], made["units"]) == ("fire_vehicle", "assigned", 1)
    assert made["place"]["lon"] == pytest.approx(town.at(250, 0)["lon"]), "where the call came from"
    assert made["description"] == "A car burns" and made["caller"]["name"] == "А•••"
    assert [event["id"] for event in made["events"]] == [theirs]
    assert [(link["kind"], link["other"]["id"]) for link in made["links"]] == [("split_from", origin["id"])]
    left = await done(as_, "GET", f"/{origin['id']}")
    assert (left["state"], [event["id"] for event in left["events"]]) == ("onscene", [mine])
    assert [link["kind"] for link in left["links"]] == ["split_into"] and left["calls"] == []
    path = f"/{origin['id']}/split"
    assert await refused(as_, path, WHY) == (400, "nothing_to_split")
    assert await refused(as_, path, {"event_ids": [theirs], **WHY}) == (409, "not_of_incident")
    away = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    assert await refused(as_, path, {"event_ids": [mine], "place": away, **WHY}) == (403, "outside_your_area")
    assert await refused(as_, path, {"event_ids": [mine], "category": "gone", **WHY}) == (400, "no_such_category")
    assert [event["id"] for event in (await done(as_, "GET", f"/{origin['id']}"))["events"]] == [mine]


async def test_links_are_seen_from_both_ends_and_run_in_no_circle(town: Town, as_: As) -> None:
    a, b, c = [await opened(town, as_, 10 * n) for n in range(3)]
    await done(as_, "POST", f"/{a['id']}/links", 201, {"other_id": b["id"], "kind": "parent"})
    again = await done(as_, "POST", f"/{a['id']}/links", 201, {"other_id": b["id"], "kind": "parent"})
    assert [(link["kind"], link["other"]["number"]) for link in again["links"]] == [("parent", b["number"])]
    await done(as_, "POST", f"/{c['id']}/links", 201, {"other_id": b["id"], "kind": "child"})
    seen = await done(as_, "GET", f"/{b['id']}")
    assert {(link["kind"], link["other"]["id"]) for link in seen["links"]} == {("child", a["id"]), ("parent", c["id"])}
    path = f"/{c['id']}/links"
    assert await refused(as_, path, {"other_id": a["id"], "kind": "parent"}) == (409, "linked_in_circle")
    assert await refused(as_, f"/{a['id']}/links", {"other_id": c["id"], "kind": "parent"}) == (409, "has_a_parent")
    assert await refused(as_, path, {"other_id": b["id"], "kind": "related"}) == (409, "linked_otherwise")
    itself = {"other_id": c["id"], "kind": "related"}
    assert await refused(as_, path, itself) == (400, "same_incident")
    assert await refused(as_, path, itself, "stranger") == (404, "no_such_incident")
    related = await done(as_, "POST", path, 201, {"other_id": a["id"], "kind": "related"})
    assert ("related", a["id"]) in [(link["kind"], link["other"]["id"]) for link in related["links"]]
    left = await done(as_, "DELETE", f"/{a['id']}/links/{c['id']}")
    assert [link["kind"] for link in left["links"]] == ["parent"]
    assert await done(as_, "DELETE", f"/{a['id']}/links/{c['id']}") == left
    assert await town.sql("SELECT count(*) FROM incident_link WHERE ended_by = 'dispatcher'") == [(1,)]


async def test_a_new_place_keeps_the_old_ones_and_the_crews_are_told(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    dispatch_id = await sent(as_, incident["id"], town.units["102-0"])
    assert incident["places"] == []
    path, body = f"/{incident['id']}/place", {"place": town.at(300, 0), "address": "Абай 30", "reason": "Other side"}
    moved = await done(as_, "POST", path, 200, body)
    assert [stood["address"] for stood in moved["places"]] == ["Абай 30", "Абай 0"]
    assert moved["place"] == moved["places"][0]["place"] and moved["places"][1]["reason"] is None
    assert moved["timeline"][-1]["details"]["from"]["address"] == "Абай 0"
    assert len((await done(as_, "POST", path, 200, body))["places"]) == 2
    told = await town.sql("SELECT 1 FROM notice_chain WHERE dispatch_id = :id", id=dispatch_id)
    assert len(told) == 2
    away = {"place": {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}, "reason": "There"}
    assert await refused(as_, path, away) == (403, "outside_your_area")
    over = await done(as_, "POST", path, 200, away, who="commander")
    assert over["area"]["id"] != incident["area"]["id"] and len(over["places"]) == 3
    assert {row.area_id for row in await town.sql("SELECT area_id FROM dispatch")} == {over["area"]["id"]}
    assert await refused(as_, path, body) == (404, "no_such_incident")


async def test_who_is_there_says_that_it_is_under_control_and_cleared(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    path = f"/{incident['id']}/state"
    answer = await as_("dispatcher").post(f"/api/incidents{path}", json={"state": "under_control"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_stage")
    assert "«ожидает»" in answer.json()["message"]["ru"]
    dispatch_id = await sent(as_, incident["id"], town.units["102-0"])
    await advanced(as_, dispatch_id, "acknowledged", "enroute", "onscene")
    assert (await done(as_, "POST", path, 200, {"state": "under_control"}))["state"] == "under_control"
    more = await sent(as_, incident["id"], town.units["102-1"])
    assert (await done(as_, "GET", f"/{incident['id']}"))["state"] == "under_control"
    await advanced(as_, more, "cancelled")
    assert (await done(as_, "POST", path, 200, {"state": "clearing"}))["state"] == "clearing"
    said = await done(as_, "POST", path, 200, {"state": "clearing"})
    stages = [line["details"]["to"] for line in said["timeline"] if line["kind"] == "state"]
    assert stages == ["under_control", "clearing"]
    assert await refused(as_, path, {"state": "closed"}) == (400, "bad_request")


async def test_what_is_still_being_taken_is_pending_once_that_is_said(town: Town, as_: As) -> None:
    body = {"category": "fire", "place": town.at(0, 0), "intake": True}
    taken = await done(as_, "POST", "", 201, body)
    assert taken["state"] == "intake"
    assert (await done(as_, "POST", f"/{taken['id']}/state", 200, {"state": "pending"}))["state"] == "pending"
    other = await done(as_, "POST", "", 201, body)
    dispatch_id = await sent(as_, other["id"], town.units["102-0"])
    assert (await done(as_, "GET", f"/{other['id']}"))["state"] == "assigned"
    await advanced(as_, dispatch_id, "cancelled")
    assert (await done(as_, "GET", f"/{other['id']}"))["state"] == "pending"


async def test_each_agency_says_how_it_ended_and_a_reopened_incident_waits_anew(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    dispatch_id = await sent(as_, incident["id"], town.units["102-0"])
    await advanced(as_, dispatch_id, "acknowledged", "enroute", "onscene", "clear")
    path = f"/{incident['id']}/close"
    how = [{"service": "police", "code": "handled", "note": "Towed"}, {"service": "ambulance", "code": "help_refused"}]
    twice = {"dispositions": [how[0], how[0]]}
    assert await refused(as_, path, twice) == (400, "disposed_twice")
    wrong = {"dispositions": [{"service": "police", "code": "vanished"}]}
    assert await refused(as_, path, wrong) == (400, "no_such_disposition")
    closed = await done(as_, "POST", path, 200, {"dispositions": how})
    assert closed["disposition"] == [how[0], {**how[1], "note": None}]
    again = await done(as_, "POST", f"/{incident['id']}/reopen", 200, {"reason": "It burns again"})
    assert (again["state"], again["closed_at"], again["disposition"]) == ("pending", None, []) and again["reopened_at"]
    assert await done(as_, "POST", f"/{incident['id']}/reopen", 200, {"reason": "x"}) == again
    anew = await sent(as_, incident["id"], town.units["102-1"])
    assert (await done(as_, "GET", f"/{incident['id']}"))["state"] == "assigned"
    await advanced(as_, anew, "cancelled")
    assert (await done(as_, "GET", f"/{incident['id']}"))["state"] == "pending"


async def test_a_cancelled_incident_calls_its_units_off_unless_one_has_a_patient(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    car, ambulance = (
        await sent(as_, incident["id"], town.units["102-0"]),
        await sent(as_, incident["id"], town.units["103-0"]),
    )
    await advanced(as_, ambulance, "acknowledged", "enroute", "onscene", "patient")
    path = f"/{incident['id']}/cancel"
    answer = await as_("dispatcher").post(f"/api/incidents{path}", json={"reason": "Nothing there"})
    assert (answer.status_code, answer.json()["code"]) == (409, "units_still_bound")
    assert answer.json()["details"]["call_signs"] == "103-0"
    await advanced(as_, ambulance, "clear")
    cancelled = await done(as_, "POST", path, 200, {"reason": "Nothing there"})
    assert (cancelled["state"], cancelled["units"]) == ("cancelled", 0)
    assert {d["id"]: d["status"] for d in cancelled["dispatches"]} == {car: "cancelled", ambulance: "clear"}
    assert await done(as_, "POST", path, 200, {"reason": "Nothing there"}) == cancelled
    free = await town.sql("SELECT task FROM unit WHERE id = :id", id=town.units["102-0"])
    assert free == [(None,)]


async def test_whoever_does_not_command_or_see_an_incident_changes_nothing_of_its_life(town: Town, as_: As) -> None:
    one, other = await opened(town, as_), await opened(town, as_, 10)
    await done(as_, "POST", f"/{one['id']}/take-over", 200, {"reason": "Two districts"}, who="commander")
    acts = {
        "merge": {"into_id": other["id"], **WHY}, "split": {"event_ids": [1], **WHY}, "cancel": WHY,
        "place": {"place": town.at(5, 5), **WHY}, "state": {"state": "pending"},
    }  # fmt: skip
    for act, body in acts.items():
        assert await refused(as_, f"/{one['id']}/{act}", body) == (409, "held_above"), act
        assert await refused(as_, f"/{one['id']}/{act}", body, "stranger") == (404, "no_such_incident"), act
        assert await refused(as_, f"/{one['id']}/{act}", body, "planner") == (403, "not_your_role"), act
    assert await refused(as_, f"/{other['id']}/merge", {"into_id": one["id"], **WHY}) == (409, "held_above")
    stands = await done(as_, "POST", f"/{one['id']}/merge", 200, acts["merge"], who="commander")
    assert stands["id"] == other["id"]
