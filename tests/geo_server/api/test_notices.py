"""Notices as people meet them: told by an act, seen on the incident's card, acknowledged by a dispatcher."""

from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from geo_server.notify.delivering import Delivery

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    app: FastAPI
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(town: Town, as_: As) -> int:
    body = {"category": "homicide", "place": town.at(10, 10), "caller": {"name": "Ержан", "phone": "+77015556677"}}
    answer = await as_("dispatcher").post("/api/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def go_on(town: Town) -> None:
    delivery: Delivery = town.app.state.delivery
    await delivery.look()
    for channel in delivery.channels.values():
        for one in await delivery.deliver(channel, 50):
            await one


async def notices(as_: As, incident_id: int, who: str = "dispatcher") -> list[dict[str, Any]]:
    answer = await as_(who).get(f"/api/incidents/{incident_id}/notices")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["notices"]
    return found


async def test_a_dispatch_tells_the_crew_and_a_dispatcher_hears_by_radio(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    sent = await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-0"]]})
    assert sent.status_code == 201, sent.text
    await go_on(town)
    told = next(one for one in await notices(as_, incident) if one["kind"] == "dispatch")
    (notice,) = told["notices"]
    assert (told["state"], notice["state"], notice["code"]) == ("open", "sent", "not_pushed")
    assert (notice["to_name"], notice["channel"]) == ("102-0", "crew_page")
    path = f"/api/notices/{notice['id']}/acknowledge"
    for _ in range(2):
        done = await as_("second").post(path, json={"means": "radio", "note": "приняли"})
        assert done.status_code == 200 and done.json()["ended_by"] == "second", done.text
    entries = await town.sql("SELECT who, details FROM incident_entry WHERE kind = 'notice_acknowledged'")
    assert [(one.who, one.details["note"]) for one in entries] == [("second", "приняли")]


async def test_whom_the_plan_names_is_told_when_the_incident_opens_and_nothing_of_the_caller(
    town: Town, as_: As
) -> None:
    incident = await opened(town, as_)
    told = [one for one in await notices(as_, incident) if one["kind"] == "incident"]
    assert told and all(one["to_kind"] == "role" and one["to_role"] for one in told)
    asked = """INSERT INTO contact (area_id, name, role, phone, channels, created_by)
        SELECT area_id, 'Асель', :role, '+77010000001', '{sms_smpp}', 'x' FROM incident WHERE id = :id"""
    await town.sql(asked, role=told[0]["to_role"], id=incident)
    for _ in range(2):
        await go_on(town)
    found = {one["to_role"]: one for one in await notices(as_, incident) if one["kind"] == "incident"}
    (notice,) = found[told[0]["to_role"]]["notices"]
    assert (notice["state"], notice["code"]) == ("failed", "not_configured")
    said = str(await town.sql("SELECT subject, body, short FROM notice"))
    assert "Ержан" not in said and "5556677" not in said


async def test_who_does_not_see_the_incident_sees_and_acknowledges_none(town: Town, as_: As) -> None:
    incident = await opened(town, as_)
    await as_("dispatcher").post(f"/api/incidents/{incident}/dispatches", json={"units": [town.units["102-1"]]})
    await go_on(town)
    told = next(one for one in await notices(as_, incident, "commander") if one["kind"] == "dispatch")
    assert (await as_("stranger").get(f"/api/incidents/{incident}/notices")).status_code == 404
    path = f"/api/notices/{told['notices'][0]['id']}/acknowledge"
    assert (await as_("stranger").post(path, json={"means": "radio"})).json()["code"] == "no_such_notice"
    assert (await as_("planner").get(f"/api/incidents/{incident}/notices")).status_code == 403
    assert (await as_("planner").post(path, json={"means": "radio"})).status_code == 403


async def test_an_acknowledgement_says_by_what_means(town: Town, as_: As) -> None:
    nowhere = f"/api/notices/{2**63 - 1}/acknowledge"
    for body in ({}, {"means": "telepathy"}, {"means": "radio", "note": "x" * 100_000}):
        assert (await as_("dispatcher").post(nowhere, json=body)).status_code == 400
    assert (await as_("dispatcher").post(nowhere, json={"means": "radio"})).status_code == 404


async def test_each_channel_says_whether_it_is_set(town: Town, as_: As) -> None:
    found = (await as_("dispatcher").get("/api/notices/channels")).json()["channels"]
    assert [one["name"] for one in found if one["configured"]] == ["crew_page"]
    health = (await as_("dispatcher").get("/api/health")).json()
    assert "channels" in {part["name"] for part in health["parts"]}


async def test_a_phone_cannot_subscribe_where_no_push_service_is_allowed(town: Town, as_: As) -> None:
    assert (await as_("dispatcher").get("/api/crew/push")).json() == {"key": None}
    phone = {"endpoint": "https://push.example.kz/1", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}
    assert (await as_("dispatcher").post("/api/crew/push", json=phone)).json()["code"] == "push_not_configured"
