"""What happened before at the same place, address, phone or street, and who came: counted whole, and each its own."""

from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
WHY = {"X-Qyran-Purpose": "reason:%D1%8F%20%D0%BF%D0%B5%D1%80%D0%B5%D0%B7%D0%B2%D0%B0%D0%BD%D0%B8%D0%B2%D0%B0%D1%8E"}


KINDS = ("place", "address", "road", "visits")


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def before(town: Town, east_m: float, north_m: float, **more: Any) -> int:
    """Write an incident of before."""
    row = {"category": "theft", "state": "closed", "address": None, "phone": None, "days": 3.0, "disposition": "[]"}
    row |= {"into": None} | town.at(east_m, north_m) | more
    asked = """INSERT INTO incident (number, category, priority, state, merged_into_id, opened_at, closed_at, opened_by,
                   address, caller_phone, disposition, geom)
        VALUES ('p-' || nextval('incident_number'), :category, 3, :state, :into,
                now() - make_interval(secs => :days * 86400), now(), 'x', :address, :phone,
                CAST(:disposition AS jsonb), ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
        RETURNING id"""
    ((incident_id,),) = await town.sql(asked, **row)
    return int(incident_id)


async def opened(town: Town, as_: As, **more: Any) -> int:
    body = {"category": "road_accident", "place": town.at(0, 0), **more}
    answer = await as_("dispatcher").post("/api/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def past(as_: As, incident_id: int, what: str, who: str = "dispatcher", **more: Any) -> dict[str, Any]:
    answer = await as_(who).get(f"/api/incidents/{incident_id}/past", params={"what": what, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[int]:
    return [row["id"] for row in found["rows"]]


async def test_a_place_tells_what_was_near_with_duplicates_and_false_alarms_apart(town: Town, as_: As) -> None:
    now = await opened(town, as_)
    near = await before(town, 100, 0, days=2.0)
    await before(town, 900, 0)
    await before(town, 0, 0, days=400.0)
    false = await before(town, 0, 200, category="fire", disposition='[{"service": "fire", "code": "false_alarm"}]')
    double = await before(town, 0, 10, state="merged", into=near, days=4.0)
    event = """INSERT INTO event (kind, source, at, certainty, placed_by, state, reason, geom) VALUES
        ('call', 'x', now(), 1, 'sender', 'rejected', 'nothing', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"""
    await town.sql(event, **town.at(50, 0))
    await town.sql(event, **town.at(5000, 0))
    found = await past(as_, now, "place")
    assert (found["total"], found["duplicates"], found["false_alarms"], found["radius_m"]) == (2, 1, 2, 500)
    assert found["by_category"] == [{"category": "fire", "count": 1}, {"category": "theft", "count": 1}]
    assert ids(found) == [near, false, double]  # the newest first
    assert [(row["duplicate"], row["false_alarm"]) for row in found["rows"]] == [
        (False, False), (False, True), (True, False),
    ]  # fmt: skip
    assert found["rows"][0]["distance_m"] == pytest.approx(100, rel=0.01)
    assert (await past(as_, now, "place", days=500))["total"] == 3
    assert (await past(as_, now, "place", radius_m=1000))["total"] == 3


async def test_an_address_is_the_same_however_it_is_punctuated(town: Town, as_: As) -> None:
    now = await opened(town, as_, address="Абай даңғылы, 10")
    same = await before(town, 3000, 0, address="абай даңғылы  10")
    await before(town, 0, 0, address="Абай даңғылы, 100")
    found = await past(as_, now, "address")
    assert ids(found) == [same] and found["radius_m"] is None
    nowhere = await opened(town, as_)
    await before(town, 0, 0)
    assert (await past(as_, nowhere, "address"))["total"] == 0


async def test_a_phone_is_looked_for_by_whoever_says_why_and_never_shown(town: Town, as_: As) -> None:
    now = await opened(town, as_, caller={"name": "Ержан", "phone": "+7 701 555-66-77"})
    same = await before(town, 3000, 0, phone="8 (701) 5556677")
    await before(town, 0, 0, phone="87015556678")
    path = f"/api/incidents/{now}/past/phone"
    assert (await as_("dispatcher").get(path)).json()["code"] == "purpose_needed"
    assert (await as_("planner").get(path, headers=WHY)).status_code == 403
    answer = await as_("dispatcher").get(path, headers=WHY)
    assert ids(answer.json()) == [same] and "5556677" not in answer.text
    nobody = await opened(town, as_)
    gone = await as_("dispatcher").get(f"/api/incidents/{nobody}/past/phone", headers=WHY)
    assert (gone.status_code, gone.json()["code"]) == (404, "no_caller")
    told = await town.sql("SELECT operation, outcome FROM audit WHERE operation = 'incidents.past_phone'")
    assert ("incidents.past_phone", "done") in [tuple(row) for row in told]


async def rang(town: Town, phone: str, *, into: int | None = None, outcome: str | None = None, **more: Any) -> None:
    """Write a call of before: it joined an incident, or came to none."""
    row = {"phone": phone, "into": into, "outcome": outcome or "duplicate", "days": 3.0, **town.at(0, 0), **more}
    asked = """INSERT INTO call (home_area_id, state, rang_at, ended_at, outcome, incident_id, phone, reason)
        SELECT area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)), 'ended',
               now() - make_interval(secs => :days * 86400), now(), :outcome, :into, :phone, 'x'"""
    await town.sql(asked, **row)


async def test_a_phone_is_found_by_its_calls_however_they_ended(town: Town, as_: As) -> None:
    now = await opened(town, as_, caller={"phone": "+7 701 555-66-77"})
    joined, same = await before(town, 3000, 0), await before(town, 0, 0, phone="87015556677", days=9.0)
    both = await before(town, 0, 0, phone="87015556677", days=99.0)
    away = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    for into in (joined, joined, both, now):
        await rang(town, "8 701 5556677", into=into)
    for outcome in ("no_action", "no_action", "abandoned", "test"):
        await rang(town, "8 (701) 5556677", outcome=outcome)
    await rang(town, "87015556677", outcome="no_action", days=4000.0)
    await rang(town, "87015556678", outcome="no_action")
    await rang(town, "87015556677", outcome="no_action", **away)
    await rang(town, "87015556678", into=await before(town, 0, 0))
    calls = [
        {"outcome": "abandoned", "count": 1},
        {"outcome": "no_action", "count": 2},
        {"outcome": "test", "count": 1},
    ]
    found = (await as_("dispatcher").get(f"/api/incidents/{now}/past/phone", headers=WHY)).json()
    assert (ids(found), found["total"], found["calls"]) == ([joined, same, both], 3, calls)
    asked = {"phone": "+77015556677"}
    told = (await as_("dispatcher").post("/api/callers/history", json=asked, headers=WHY)).json()
    assert {one["id"] for one in told["incidents"]} == {now, joined, same, both}
    assert {one["outcome"]: one["count"] for one in told["calls"]} == {"abandoned": 1, "no_action": 3, "test": 1}
    assert "5556677" not in str(found)
    told = (await as_("stranger").post("/api/callers/history", json=asked, headers=WHY)).json()
    assert (told["incidents"], told["calls"]) == ([], [{"outcome": "no_action", "count": 1}])


async def test_accidents_are_found_along_the_same_street_alone(town: Town, as_: As) -> None:
    await town.sql("UPDATE road SET name = 'Сейфуллин' WHERE from_node % 10 = to_node % 10")  # those that run north
    now = await opened(town, as_, place=town.at(100, 2))
    along = await before(town, 300, 5, category="road_accident_minor")
    beyond = await before(town, -450, 0, category="road_accident", days=9.0)
    await before(town, 300, 5)  # no accident
    await before(town, 250, 200, category="road_accident")  # between the streets
    await before(town, 2, 400, category="road_accident")  # on the street that crosses
    found = await past(as_, now, "road", radius_m=600)
    assert (found["street"], ids(found)) == ("Абай", [along, beyond])
    assert ids(await past(as_, now, "road", radius_m=300)) == [along]
    away = await past(as_, await opened(town, as_, place=town.at(250, 250)), "road")
    assert (away["street"], away["total"]) == (None, 0)


async def test_visits_are_those_of_ambulance_and_fire_crews_that_arrived(town: Town, as_: As) -> None:
    now = await opened(town, as_)
    first = await opened(town, as_)
    both = [town.units["103-0"], town.units["102-0"]]
    sent = await as_("dispatcher").post(f"/api/incidents/{first}/dispatches", json={"units": both})
    for one in sent.json()["dispatches"]:
        for status in ("acknowledged", "enroute", "onscene", "clear"):
            await as_("dispatcher").post(f"/api/dispatches/{one['id']}/status", json={"status": status})
    await before(town, 0, 0)
    found = await past(as_, now, "visits")
    assert ids(found) == [first] and found["total"] == 1
    (visit,) = found["rows"][0]["visits"]
    assert (visit["service"], visit["call_sign"]) == ("ambulance", "103-0")
    assert visit["arrived_at"] <= visit["left_at"]


async def test_nobody_looks_back_beyond_what_they_see(town: Town, as_: As) -> None:
    now = await opened(town, as_, address="Абай 10")
    away = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    foreign = await before(town, 0, 0, address="Абай 10", **away)
    assert (await past(as_, now, "address"))["total"] == 0
    assert ids(await past(as_, now, "address", "commander")) == [foreign]
    for what in ("place", "address", "road", "visits", "phone"):
        path = f"/api/incidents/{now}/past{'/phone' if what == 'phone' else ''}"
        answer = await as_("stranger").get(path, params={} if what == "phone" else {"what": what}, headers=WHY)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_incident")


async def test_what_cannot_be_asked_is_refused(town: Town, as_: As) -> None:
    now = await opened(town, as_)
    for params in ({"what": "phone"}, {"what": "x"}, {"radius_m": 0}, {"days": "NaN"}, {"radius_m": 1e9}):
        assert (await as_("dispatcher").get(f"/api/incidents/{now}/past", params=params)).status_code == 400


async def test_each_kind_looks_as_far_as_it_is_set_until_somebody_says_otherwise(town: Town, as_: As) -> None:
    now = await opened(town, as_, caller={"phone": "+7 701 555-66-77"})
    far = {what: (found["radius_m"], found["days"]) for what in KINDS if (found := await past(as_, now, what))}
    assert far == {"place": (500, 365), "address": (None, 365), "road": (750, 365), "visits": (150, 365)}
    for path, reach in {"past/phone": (None, 3650), "history": (500, 365), "premises": (60, 365)}.items():
        told = (await as_("dispatcher").get(f"/api/incidents/{now}/{path}", headers=WHY)).json()
        assert (told["radius_m"], told["days"]) == reach
        told = (await as_("dispatcher").get(f"/api/incidents/{now}/{path}", params={"days": 7}, headers=WHY)).json()
        assert told["days"] == 7
