"""A crew that is sent elsewhere on its way says on its own page that it knows, and is asked no more."""

from datetime import UTC, datetime
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]
    app: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def pressed(event: str, **more: Any) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat(), "client_event_id": event, **more}


async def job(crew: httpx.AsyncClient) -> dict[str, Any]:
    answer = await crew.get("/api/crew")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["dispatch"]
    return found


async def under_way(town: Town, as_: As) -> int:
    """Have the crew drive to a new incident; return the incident."""
    desk = as_("dispatcher")
    opened = await desk.post("/api/incidents", json={"category": "fire", "place": town.at(300, 300)})
    incident = int(opened.json()["id"])
    told = await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})
    dispatch = told.json()["dispatches"][0]["id"]
    said = await as_("crew").post(f"/api/crew/dispatches/{dispatch}/status", json=pressed("e", status="enroute"))
    assert said.status_code == 200, said.text
    await town.app.state.delivery.look()
    return incident


async def relocate(town: Town, as_: As, incident: int) -> None:
    body = {"place": town.at(900, 100), "reason": "дұрыс мекенжай"}
    answer = await as_("dispatcher").post(f"/api/incidents/{incident}/place", json=body)
    assert answer.status_code == 200, answer.text
    await town.app.state.delivery.look()


async def chain_of(town: Town, notice: int) -> Any:
    asked = "SELECT c.state, c.ended_how, c.ended_by FROM notice_chain c JOIN notice n ON n.chain_id = c.id"
    ((state, how, by),) = await town.sql(f"{asked} WHERE n.id = :id", id=notice)
    return state, how, by


async def test_a_crew_that_is_sent_elsewhere_is_asked_until_it_says_that_it_knows(town: Town, as_: As) -> None:
    crew = as_("crew")
    incident = await under_way(town, as_)
    assert (await job(crew))["redirected"] is None, "its own answer said so"
    await relocate(town, as_, incident)
    told = (await job(crew))["redirected"]
    assert told and (await chain_of(town, told["notice_id"]))[0] == "open"
    path = f"/api/crew/notices/{told['notice_id']}/acknowledge"
    for repeated in (False, True):
        answer = await crew.post(path, json=pressed("n1"))
        assert answer.json() == {"taken": True, "late": False, "repeated": repeated}
    assert (await chain_of(town, told["notice_id"])) == ("acknowledged", "page", "crew")
    assert (await job(crew))["redirected"] is None
    lines = (await as_("dispatcher").get(f"/api/incidents/{incident}")).json()["timeline"]
    assert [line["kind"] for line in lines][-3:] == ["notice_acknowledged", "relocated", "notice_acknowledged"]
    ((audited,),) = await town.sql("SELECT count(*) FROM audit WHERE operation = 'crew.notice'")
    assert audited == 2


async def test_what_ran_out_unanswered_still_waits_for_the_crew_and_a_step_answers_it_too(town: Town, as_: As) -> None:
    crew = as_("crew")
    incident = await under_way(town, as_)
    await relocate(town, as_, incident)
    told = (await job(crew))["redirected"]
    over = "UPDATE notice_chain SET state = 'expired', due_at = NULL, ended_at = now(), ended_how = 'unanswered'"
    await town.sql(over + " WHERE state = 'open'")
    assert (await job(crew))["redirected"] == told
    dispatch = (await job(crew))["id"]
    await crew.post(f"/api/crew/dispatches/{dispatch}/status", json=pressed("e2", status="onscene"))
    assert (await job(crew))["redirected"] is None


async def test_no_crew_acknowledges_for_another_and_no_desk_by_this_door(town: Town, as_: As) -> None:
    incident = await under_way(town, as_)
    await relocate(town, as_, incident)
    told = (await job(as_("crew")))["redirected"]["notice_id"]
    refused = await as_("other crew").post(f"/api/crew/notices/{told}/acknowledge", json=pressed("n1"))
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_notice")
    assert (await chain_of(town, told))[0] == "open"
    desk = await as_("dispatcher").post(f"/api/crew/notices/{told}/acknowledge", json=pressed("n1"))
    assert desk.status_code == 403


async def test_what_the_desk_heard_by_radio_stays_the_radios(town: Town, as_: As) -> None:
    incident = await under_way(town, as_)
    await relocate(town, as_, incident)
    told = (await job(as_("crew")))["redirected"]["notice_id"]
    said = await as_("dispatcher").post(f"/api/notices/{told}/acknowledge", json={"means": "radio"})
    assert said.status_code == 200, said.text
    answer = await as_("crew").post(f"/api/crew/notices/{told}/acknowledge", json=pressed("n1"))
    assert not answer.json()["taken"] and (await chain_of(town, told))[1] == "radio"
