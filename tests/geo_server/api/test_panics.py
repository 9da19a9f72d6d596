"""A cry for help is raised once, stays loud until it is heard, and stands until it is ended."""

import asyncio
from datetime import UTC, datetime, timedelta
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

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def cry(crew: httpx.AsyncClient, event: str, ago_s: float = 0, **more: Any) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat()
    answer = await crew.post("/api/crew/panic", json={"at": at, "client_event_id": event} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/api/panics", params=asked)).json()["panics"]
    return found


async def test_a_cry_is_loud_until_heard_and_stands_until_ended(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    assert await cry(crew, "p1", place=town.at(10, 10)) == {"taken": True, "late": False, "repeated": False}
    (loud,) = await listed(desk, open=True)
    assert (loud["state"], loud["unit"]["call_sign"], loud["raised_by"]) == ("loud", "102-0", "crew")
    assert loud["place"] == pytest.approx(town.at(10, 10))
    (drawn,) = (await desk.get("/api/collections/panics/items")).json()["features"]
    assert (drawn["properties"]["state"], drawn["properties"]["call_sign"]) == ("loud", "102-0")
    assert (await crew.get("/api/crew")).json()["panic"]["acknowledged_at"] is None
    heard = (await desk.post(f"/api/panics/{loud['id']}/acknowledge")).json()
    again = (await as_("second").post(f"/api/panics/{loud['id']}/acknowledge")).json()
    assert (heard["state"], heard["acknowledged_by"], again["acknowledged_by"]) == ("acknowledged", *["dispatcher"] * 2)
    assert (await crew.get("/api/crew")).json()["panic"]["acknowledged_by"] == "dispatcher"
    units = {u["call_sign"]: u for u in (await desk.get("/api/units")).json()["units"]}
    assert units["102-0"]["panic"]["id"] == loud["id"] and units["102-1"]["panic"] is None
    assert (await desk.post(f"/api/panics/{loud['id']}/end", json={})).status_code == 400
    over = await desk.post(f"/api/panics/{loud['id']}/end", json={"reason": "Ложное нажатие"})
    assert (over.json()["state"], over.json()["reason"]) == ("ended", "Ложное нажатие")
    assert await listed(desk, open=True) == [] and (await crew.get("/api/crew")).json()["panic"] is None


async def test_however_often_it_is_pressed_there_is_one(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    await asyncio.gather(
        *(cry(crew, f"p{n}", ago_s=60) for n in range(6)), *(cry(crew, "p0", ago_s=60) for _ in range(3))
    )
    (one,) = await listed(desk)
    assert one["repeats"] == 5 and one["state"] == "loud"
    await desk.post(f"/api/panics/{one['id']}/end", json={"reason": "проверено"})
    await cry(crew, "late", at=one["raised_at"])  # pressed while it stood, sent after it was over
    assert [row["id"] for row in await listed(desk)] == [one["id"]]
    await cry(crew, "anew")
    assert [row["state"] for row in await listed(desk)] == ["loud", "ended"]


async def test_a_cry_two_hours_late_is_loud_all_the_same_and_without_a_place_the_last_one_counts(
    town: Town, as_: As
) -> None:
    assert (await cry(as_("crew"), "p1", ago_s=7200))["late"]
    (loud,) = await listed(as_("commander"), open=True)
    assert loud["state"] == "loud" and loud["place"] == pytest.approx(town.at(-500, -500))
    await town.sql("DELETE FROM unit_position WHERE unit_id = :u", u=town.units["102-1"])
    await cry(as_("other crew"), "p1")
    nowhere = (await listed(as_("dispatcher"), open=True))[0]
    assert nowhere["place"] is None and nowhere["unit"]["call_sign"] == "102-1"


async def test_it_is_written_into_the_incident_and_seen_by_its_own_area_alone(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
    await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})
    await town.sql("UPDATE dispatch SET dispatched_at = now() - interval '1 min'")
    await cry(crew, "p1", ago_s=40)
    (loud,) = await listed(desk)
    asked = "SELECT extract(epoch FROM at - device_at) FROM incident_entry WHERE kind = 'panic'"
    ((waited_s,),) = await town.sql(asked)
    assert 40 <= waited_s < 60
    assert loud["incident"]["id"] == incident
    await desk.post(f"/api/panics/{loud['id']}/acknowledge")
    timeline = (await desk.get(f"/api/incidents/{incident}")).json()["timeline"]
    assert [line["kind"] for line in timeline][-2:] == ["panic", "panic_acknowledged"]
    assert await listed(as_("stranger")) == []
    refused = await as_("stranger").post(f"/api/panics/{loud['id']}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_panic")
    assert (await as_("planner").post(f"/api/panics/{loud['id']}/acknowledge")).status_code == 403


async def test_a_cry_that_comes_late_is_written_into_the_incident_its_crew_was_at(town: Town, as_: As) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]
    incidents = []
    for _ in range(2):
        opened = await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})
        incidents.append(opened.json()["id"])
        await desk.post(f"/api/incidents/{incidents[-1]}/dispatches", json={"units": [unit]})
        if len(incidents) == 1:
            ((first,),) = await town.sql("UPDATE dispatch SET dispatched_at = now() - interval '1 h' RETURNING id")
            off = {"status": "cancelled", "reason": "қажет емес"}
            assert (await desk.post(f"/api/dispatches/{first}/status", json=off)).status_code == 200
    before = await town.sql("SELECT coalesce(max(seq), 0) FROM change")
    await cry(crew, "p1", ago_s=600)
    asked = "SELECT incident_id FROM incident_entry WHERE kind = 'panic'"
    assert [tuple(row) for row in await town.sql(asked)] == [(incidents[0],)]
    (loud,) = await listed(desk)
    assert loud["incident"]["id"] == incidents[1], "a dispatcher sees what it is bound to now"
    rung = "SELECT feature_id FROM change WHERE layer = 'incidents' AND seq > :seq ORDER BY 1"
    assert [row[0] for row in await town.sql(rung, seq=before[0][0])] == incidents


async def test_a_phone_whose_clock_is_slow_is_not_taken_for_one_that_was_heard(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    await cry(crew, "p1")
    (first,) = await listed(desk)
    await desk.post(f"/api/panics/{first['id']}/acknowledge")
    slow = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    await cry(crew, "p2", ago_s=600, sent_at=slow)
    assert [one["state"] for one in await listed(desk)] == ["loud"]
    await desk.post(f"/api/panics/{first['id']}/end", json={"reason": "Помощь пришла"})
    await cry(crew, "p3", ago_s=600, sent_at=slow)
    assert sorted(one["state"] for one in await listed(desk)) == ["ended", "loud"]


async def test_pressed_after_it_was_heard_it_is_loud_anew_and_told_on_again(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
    await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})
    await cry(crew, "p1", place=town.at(10, 10))
    (first,) = await listed(desk)
    heard = (await desk.post(f"/api/panics/{first['id']}/acknowledge")).json()
    before = len(await town.sql("SELECT FROM change WHERE layer = 'panics'"))
    await cry(crew, "p1", place=town.at(10, 10))  # the same press, sent again
    assert (await listed(desk))[0]["state"] == "acknowledged"
    await cry(crew, "p2", place=town.at(90, 90))
    (loud,) = await listed(desk)
    assert (loud["id"], loud["state"], loud["acknowledged_by"], loud["repeats"]) == (first["id"], "loud", None, 1)
    assert loud["heard_before"] == [{"at": heard["acknowledged_at"], "by": "dispatcher"}]
    assert loud["place"] == pytest.approx(town.at(90, 90))
    own = (await crew.get("/api/crew")).json()["panic"]
    assert (own["anew"], own["acknowledged_at"], own["acknowledged_by"]) == (True, None, None)
    assert len(await town.sql("SELECT FROM change WHERE layer = 'panics'")) == before + 1
    await town.app.state.delivery.look()
    (loud,) = await listed(desk)
    assert (
        sorted((one["state"], one["ended_by"]) for one in loud["notices"])
        == [("expired", "dispatcher")] * 2 + [("open", None)] * 2
    )
    await as_("second").post(f"/api/panics/{loud['id']}/acknowledge")
    kinds = [line["kind"] for line in (await desk.get(f"/api/incidents/{incident}")).json()["timeline"]]
    assert kinds[-4:] == ["panic", "panic_acknowledged", "panic_anew", "panic_acknowledged"]
    await town.app.state.delivery.look()
    (heard,) = await listed(desk)
    assert {one["ended_by"] for one in heard["notices"]} == {"dispatcher", "second"}


async def test_who_acknowledges_a_press_that_was_heard_before_silences_no_later_one(town: Town, as_: As) -> None:
    crew, desk = as_("crew"), as_("dispatcher")
    await cry(crew, "p1")
    (first,) = await listed(desk)
    door = f"/api/panics/{first['id']}/acknowledge"
    await as_("second").post(door, json={"heard_before": 0})
    await cry(crew, "p2")  # the dispatcher's screen still shows the first press
    refused = await desk.post(door, json={"heard_before": 0})
    assert (refused.status_code, refused.json()["code"]) == (409, "pressed_again")
    (loud,) = await listed(desk)
    assert (loud["state"], len(loud["heard_before"])) == ("loud", 1)
    heard = await desk.post(door, json={"heard_before": 1})
    assert (heard.status_code, heard.json()["acknowledged_by"]) == (200, "dispatcher")
    assert (await as_("second").post(door, json={"heard_before": 1})).json()["acknowledged_by"] == "dispatcher"
    await cry(crew, "p3")
    assert (await desk.post(door)).json()["state"] == "acknowledged", "a program that does not say it is believed"


async def test_unheard_it_is_told_on_and_the_desk_reads_to_whom(town: Town, as_: As) -> None:
    await cry(as_("crew"), "p1")
    (loud,) = await listed(as_("dispatcher"))
    assert {one["to_role"] for one in loud["notices"]} == {"duty_officer", "area_commander"}
    for one in loud["notices"]:
        waits = datetime.fromisoformat(one["due_at"]) - datetime.fromisoformat(one["queued_at"])
        assert (one["kind"], one["state"], waits) == ("panic", "open", timedelta(seconds=30))
    assert (await listed(as_("planner")))[0]["notices"] == [], "contacts are the desk's"
    await as_("dispatcher").post(f"/api/panics/{loud['id']}/acknowledge")
    await town.app.state.delivery.look()
    (heard,) = await listed(as_("commander"))
    told = {(one["state"], one["ended_how"], one["ended_by"]) for one in heard["notices"]}
    assert told == {("expired", "panic_heard", "dispatcher")}


async def test_it_goes_with_its_unit_across_a_border_and_rings_there(town: Town, as_: As) -> None:
    await cry(as_("crew"), "p1")
    before = len(await town.sql("SELECT FROM change WHERE layer = 'panics'"))
    there = "UPDATE unit SET area_id = area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) WHERE id = :u"
    await town.sql(there, u=town.units["102-0"], lon=town.elsewhere.lon, lat=town.elsewhere.lat)
    assert await listed(as_("dispatcher")) == []
    (loud,) = await listed(as_("stranger"))
    assert loud["state"] == "loud" and loud["place"] == pytest.approx(town.at(-500, -500))
    assert len(await town.sql("SELECT FROM change WHERE layer = 'panics'")) == before + 1
