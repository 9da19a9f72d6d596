"""A dispatch goes its way step by step, each step once."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture
async def sent(town: Town, as_: As) -> dict[str, Any]:
    said = {"category": "public_order", "place": town.at(0, 0)}
    incident = (await as_("dispatcher").post("/api/incidents", json=said)).json()
    order = {"units": [town.units["102-0"]]}
    answer = await as_("dispatcher").post(f"/api/incidents/{incident['id']}/dispatches", json=order)
    dispatch: dict[str, Any] = answer.json()["dispatches"][0]
    return dispatch


async def step(as_: As, dispatch: dict[str, Any], status: str, who: str = "dispatcher", **more: Any) -> httpx.Response:
    return await as_(who).post(f"/api/dispatches/{dispatch['id']}/status", json={"status": status, **more})


async def test_a_unit_goes_all_the_way_and_the_incident_follows(town: Town, as_: As, sent: dict[str, Any]) -> None:
    way = [("acknowledged", "assigned"), ("enroute", "enroute"), ("onscene", "onscene"), ("clear", "onscene")]
    for status, state in way:
        answer = await step(as_, sent, status, means="button", at="2026-05-01T10:00:00+05:00")
        assert answer.status_code == 200, answer.text
        incident = (await as_("dispatcher").get(f"/api/incidents/{sent['incident_id']}")).json()
        assert incident["state"] == state
        assert bool(answer.json()["dispatch"]["next"]) == (status != "clear")
    entries = answer.json()["dispatch"]["entries"]
    assert [entry["status"] for entry in entries] == ["dispatched", *(status for status, _ in way)]
    assert entries[1]["at"] == "2026-05-01T05:00:00Z" != entries[1]["received_at"]
    assert (entries[1]["means"], entries[1]["who"]) == ("button", "dispatcher")
    assert incident["units"] == 0 and incident["timeline"][-1]["details"]["status"] == "clear"
    units = {u["call_sign"]: u["status"] for u in (await as_("dispatcher").get("/api/units")).json()["units"]}
    assert units["102-0"] == "free"
    assert (await as_("dispatcher").get("/api/dispatches?state=open")).json()["dispatches"] == []
    assert len((await as_("dispatcher").get("/api/dispatches")).json()["dispatches"]) == 1


async def test_a_desk_that_tells_a_time_that_cannot_be_is_not_believed(
    town: Town, as_: As, sent: dict[str, Any]
) -> None:
    for status, at in (("acknowledged", "2026-05-01T10:00:00Z"), ("enroute", "2100-05-01T10:00:00Z")):
        entry = (await step(as_, sent, status, at=at)).json()["dispatch"]["entries"][-1]
        assert entry["at"] == at != entry["received_at"]
    ((possible,),) = await town.sql("SELECT enroute_at BETWEEN dispatched_at AND clock_timestamp() FROM dispatch")
    assert possible


async def test_a_step_that_cannot_follow_is_refused_with_those_that_can(as_: As, sent: dict[str, Any]) -> None:
    refused = await step(as_, sent, "onscene")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_transition")
    assert refused.json()["details"]["allowed"] == ["acknowledged", "cancelled", "refused"]


async def test_a_unit_is_diverted_by_sending_it_elsewhere_and_not_by_a_word(
    town: Town, as_: As, sent: dict[str, Any]
) -> None:
    refused = await step(as_, sent, "diverted")
    assert (refused.status_code, refused.json()["code"]) == (409, "divert_by_sending")
    assert await town.sql("SELECT status FROM dispatch") == [("dispatched",)]


async def test_the_same_step_or_the_same_message_again_changes_nothing(
    town: Town, as_: As, sent: dict[str, Any]
) -> None:
    first = (await step(as_, sent, "acknowledged", client_event_id="m-1")).json()
    rung = len(await town.sql("SELECT 1 FROM change"))
    assert (await step(as_, sent, "acknowledged")).json() == first
    await step(as_, sent, "enroute")
    late = (await step(as_, sent, "acknowledged", client_event_id="m-1")).json()
    assert late["dispatch"]["status"] == "enroute" and len(late["dispatch"]["entries"]) == 3
    assert len(await town.sql("SELECT 1 FROM change")) == rung + 3


async def test_refusing_needs_a_reason_and_frees_the_unit(town: Town, as_: As, sent: dict[str, Any]) -> None:
    refused = await step(as_, sent, "refused")
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_needed")
    done = await step(as_, sent, "refused", reason="Flat tyre")
    assert done.json()["dispatch"]["entries"][-1]["reason"] == "Flat tyre"
    incident = (await as_("dispatcher").get(f"/api/incidents/{sent['incident_id']}")).json()
    assert incident["state"] == "pending"
    order = {"units": [town.units["102-0"]]}
    again = await as_("dispatcher").post(f"/api/incidents/{sent['incident_id']}/dispatches", json=order)
    assert again.status_code == 201


async def test_ten_who_acknowledge_at_once_make_one_entry(town: Town, as_: As, sent: dict[str, Any]) -> None:
    answers = await asyncio.gather(
        *(step(as_, sent, "acknowledged", ("dispatcher", "second")[i % 2]) for i in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len(await town.sql("SELECT 1 FROM dispatch_entry")) == 2


async def test_cancelling_while_the_crew_drives_off_leaves_one_story(town: Town, as_: As, sent: dict[str, Any]) -> None:
    await step(as_, sent, "acknowledged")
    answers = await asyncio.gather(step(as_, sent, "enroute"), step(as_, sent, "cancelled", "second"))
    assert answers[1].status_code == 200 and answers[0].status_code in (200, 409)
    told = [row.status for row in await town.sql("SELECT status FROM dispatch_entry ORDER BY id")]
    assert told[-1] == "cancelled" and len(told) == 3 + (answers[0].status_code == 200)


async def test_another_areas_dispatch_is_not_there_and_a_planner_only_looks(as_: As, sent: dict[str, Any]) -> None:
    for answer in (
        await step(as_, sent, "acknowledged", "stranger"),
        await as_("stranger").get(f"/api/dispatches/{sent['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_dispatch")
    assert (await as_("planner").get(f"/api/dispatches/{sent['id']}")).json() == sent
    assert (await step(as_, sent, "acknowledged", "planner")).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"status": "flying"},
        {"at": "2026-05-01T10:00:00"},
        {"at": "0001-01-01T00:00:00+05:00"},
        {"means": "telepathy"},
        {"means": "position"},
        {"client_event_id": ""},
        {"reason": "\x00"},
    ],
)
async def test_a_step_that_cannot_be_read_is_refused(as_: As, sent: dict[str, Any], more: dict[str, Any]) -> None:
    answer = await as_("dispatcher").post(
        f"/api/dispatches/{sent['id']}/status", json={"status": "acknowledged", **more}
    )
    assert answer.status_code == 400, answer.text
