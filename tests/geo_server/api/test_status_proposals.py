"""Positions propose, persons decide; and what the desk does with a unit beside sending it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.crews.proposals import Watching

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    engine: AsyncEngine
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def sent(town: Town, as_: As, sign: str = "102-0") -> int:
    desk = as_("dispatcher")
    incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
    order = {"units": [town.units[sign]]}
    told = await desk.post(f"/api/incidents/{incident}/dispatches", json=order)
    return int(told.json()["dispatches"][0]["id"])


async def drives(town: Town, place: dict[str, float], *, at_s: float, speed_kmh: float = 0) -> None:
    asked = """UPDATE unit_position SET lon = :lon, lat = :lat, speed_kmh = :speed,
        at = now() + make_interval(secs => :at_s) WHERE unit_id = :u"""
    await town.sql(asked, u=town.units["102-0"], speed=speed_kmh, at_s=at_s, **place)


async def listed(as_: As, who: str = "dispatcher") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await as_(who).get("/api/status-proposals")).json()["proposals"]
    return found


async def test_a_position_proposes_and_a_person_takes_it(town: Town, as_: As) -> None:
    dispatch, watching = await sent(town, as_), Watching(town.engine)
    await drives(town, town.at(-500, -500), at_s=1)
    await watching.look()
    assert await listed(as_) == []
    await drives(town, town.at(-300, -500), at_s=2, speed_kmh=40)
    await watching.look()
    await watching.look()
    (one,) = await listed(as_)
    assert (one["dispatch_id"], one["status"], one["unit"]["call_sign"]) == (dispatch, "enroute", "102-0")
    assert "200" in one["reason"]["ru"]
    assert await listed(as_, "stranger") == []
    ((status,),) = await town.sql("SELECT status FROM dispatch")
    assert status == "dispatched"  # nothing moves by a position alone
    taken = await as_("dispatcher").post(f"/api/status-proposals/{one['id']}/take")
    entry = taken.json()["dispatch"]["entries"][-1]
    assert (entry["status"], entry["means"], entry["who"]) == ("enroute", "position", "dispatcher")
    again = await as_("dispatcher").post(f"/api/status-proposals/{one['id']}/take")
    assert (again.status_code, again.json()["code"]) == (409, "proposal_decided")


async def test_arriving_takes_twenty_seconds_of_standing_and_what_was_dropped_is_not_said_again(
    town: Town, as_: As
) -> None:
    dispatch, watching = await sent(town, as_), Watching(town.engine)
    desk = as_("dispatcher")
    for status in ("acknowledged", "enroute"):
        await desk.post(f"/api/dispatches/{dispatch}/status", json={"status": status})
    for at_s, proposed in ((10, []), (29, []), (31, ["onscene"])):
        await drives(town, town.at(20, 20), at_s=at_s)
        await watching.look()
        assert [one["status"] for one in await listed(as_)] == proposed
    (one,) = await listed(as_)
    assert (await desk.post(f"/api/status-proposals/{one['id']}/drop")).status_code == 204
    await drives(town, town.at(20, 20), at_s=40)
    await watching.look()
    assert await listed(as_) == []
    gone = await desk.post("/api/status-proposals/987654/take")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_proposal")


async def test_a_proposal_that_the_crew_overtook_is_listed_no_more(town: Town, as_: As) -> None:
    dispatch, watching = await sent(town, as_), Watching(town.engine)
    await drives(town, town.at(0, -500), at_s=1, speed_kmh=50)
    await watching.look()
    assert len(await listed(as_)) == 1
    step = {"status": "onscene", "at": datetime.now(UTC).isoformat(), "client_event_id": "s"}
    assert (await as_("crew").post(f"/api/crew/dispatches/{dispatch}/status", json=step)).status_code == 200
    assert await listed(as_) == []


async def test_a_unit_is_told_whole_and_changed_by_whom_it_concerns(town: Town, as_: As) -> None:
    desk, unit = as_("dispatcher"), town.units["102-0"]
    asked = {
        "skills": ["dog", "dog", "negotiator"],
        "equipment": {"rope": 2},
        "vehicle": "Toyota",
        "radio_name": "Ястреб",
    }
    told = (await desk.patch(f"/api/units/{unit}", json=asked)).json()
    assert told["skills"] == ["dog", "negotiator"] and told["equipment"] == {"rope": 2}
    assert (told["vehicle"], told["radio_name"], told["primary"], told["silent"]) == (
        "Toyota",
        "Ястреб",
        "Available",
        False,
    )
    assert (await desk.patch(f"/api/units/{unit}", json={})).status_code == 400
    assert (await as_("planner").patch(f"/api/units/{unit}", json={"crew": 3})).status_code == 403
    assert (await as_("stranger").get(f"/api/units/{unit}")).json()["code"] == "no_such_unit"


async def test_shifts_stand_on_a_roster_without_lying_over_each_other(town: Town, as_: As) -> None:
    desk, unit, now = as_("dispatcher"), town.units["102-0"], datetime.now(UTC)
    new = {
        "begins_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=7)).isoformat(),
        "crew": [{"name": "Оспанов Ержан", "role": "водитель"}],
    }
    made = await desk.post(f"/api/units/{unit}/shifts", json=new)
    assert made.status_code == 201 and made.json()["members"] == new["crew"], made.text
    twice = await desk.post(f"/api/units/{unit}/shifts", json=new)
    assert (twice.status_code, twice.json()["code"]) == (409, "shift_overlaps")
    masked = (await as_("planner").get(f"/api/units/{unit}")).json()
    assert masked["members"] == [{"name": "О•••", "role": "водитель"}] == masked["shift"]["crew"]
    assert (await as_("crew").get("/api/crew")).json()["shift"]["crew"] == new["crew"]
    backwards = new | {"ends_at": (now - timedelta(hours=2)).isoformat()}
    assert (await desk.post(f"/api/units/{unit}/shifts", json=backwards)).status_code == 400
    shift = made.json()["shift"]["id"]
    assert (await desk.delete(f"/api/units/{unit}/shifts/{shift}")).json()["shift"] is None
    assert (await desk.delete(f"/api/units/{unit}/shifts/{shift}")).json()["code"] == "no_such_shift"


async def test_who_fell_silent_on_the_way_is_said_to_be(town: Town, as_: As) -> None:
    await sent(town, as_)
    await town.sql("UPDATE unit_position SET at = now() - interval '2 minutes'")
    units = {u["call_sign"]: u for u in (await as_("dispatcher").get("/api/units")).json()["units"]}
    assert units["102-0"]["silent"] and not units["102-1"]["silent"] and units["102-1"]["stale"]
