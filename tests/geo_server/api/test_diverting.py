"""A unit on its way is diverted by name, in one transaction, and both incidents, the desk and the crew are told."""

import asyncio
import json
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(town: Town, as_: As, priority: int) -> dict[str, Any]:
    said = {"category": "public_order", "place": town.at(0, 0)}
    answer = await as_("dispatcher").post("/api/incidents", json=said)
    incident: dict[str, Any] = answer.json()
    await town.sql("UPDATE incident SET priority = :p WHERE id = :id", p=priority, id=incident["id"])
    return incident


async def order(as_: As, incident: dict[str, Any], units: list[int], divert: list[int] | None = None) -> httpx.Response:
    body = {"units": units} | ({} if divert is None else {"divert": divert})
    return await as_("dispatcher").post(f"/api/incidents/{incident['id']}/dispatches", json=body)


async def sent(as_: As, incident: dict[str, Any], unit: int) -> dict[str, Any]:
    (dispatch,) = (await order(as_, incident, [unit])).json()["dispatches"]
    return dict(dispatch)


async def step(as_: As, dispatch: dict[str, Any], *statuses: str) -> None:
    for status in statuses:
        answer = await as_("dispatcher").post(f"/api/dispatches/{dispatch['id']}/status", json={"status": status})
        assert answer.status_code == 200, answer.text


async def card(as_: As, incident: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await as_("dispatcher").get(f"/api/incidents/{incident['id']}")).json()
    return found


async def test_a_unit_on_its_way_is_diverted_and_both_logs_say_so(town: Town, as_: As) -> None:
    unit, minor, grave = town.units["102-0"], await opened(town, as_, 3), await opened(town, as_, 1)
    old = await sent(as_, minor, unit)
    await step(as_, old, "acknowledged", "enroute")
    refused = await order(as_, grave, [unit])
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_busy")
    answer = await order(as_, grave, [unit], [old["id"]])
    assert answer.status_code == 201, answer.text
    (new,) = answer.json()["dispatches"]
    before, after = await card(as_, minor), await card(as_, grave)
    target = {"dispatch_id": new["id"], "incident_id": grave["id"], "incident_number": grave["number"]}
    assert [(d["status"], d["diverted_to"]) for d in before["dispatches"]] == [("diverted", target)]
    assert before["state"] == "pending" and after["state"] == "assigned"
    said = next(entry for entry in before["timeline"] if entry["details"].get("status") == "diverted")
    assert said["details"]["to"] == {"id": grave["id"], "number": grave["number"]}
    said = next(entry for entry in after["timeline"] if entry["kind"] == "dispatched")
    assert said["details"]["from"] == {"number": minor["number"]}
    page = (await as_("crew").get("/api/crew")).json()
    assert page["dispatch"]["incident"]["number"] == grave["number"]
    assert page["dispatch"]["diverted_from"] == minor["number"]
    chains = "SELECT count(*) FROM notice_chain WHERE dispatch_id = :id"
    assert (await town.sql(chains, id=new["id"]))[0][0] == 1


async def test_neither_side_is_told_the_other_incident_where_it_is_out_of_sight(town: Town, as_: As) -> None:
    unit, minor = town.units["102-0"], await opened(town, as_, 3)
    said = {"category": "public_order", "place": {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}}
    grave = (await as_("stranger").post("/api/incidents", json=said)).json()
    old = await sent(as_, minor, unit)
    await town.sql("UPDATE incident SET priority = 1 WHERE id = :id", id=grave["id"])
    body = {"units": [unit], "divert": [old["id"]]}
    answer = await as_("commander").post(f"/api/incidents/{grave['id']}/dispatches", json=body)
    assert answer.status_code == 201, answer.text
    (new,) = answer.json()["dispatches"]
    told = {"to": {"id": grave["id"], "number": grave["number"]}, "from": {"number": minor["number"]}}
    lines = (  # as they were written once
        (minor["id"], "status", {"dispatch_id": old["id"], "status": "diverted", "to": told["to"]}),
        (grave["id"], "dispatched", {"units": ["102-0"], "dispatches": [new["id"]], "from": told["from"]}),
    )
    written = "INSERT INTO incident_entry (incident_id, kind, who, details) VALUES (:id, :kind, 'x', CAST(:d AS jsonb))"
    for incident_id, kind, details in lines:
        await town.sql(written + " RETURNING id", id=incident_id, kind=kind, d=json.dumps(details))
    for one, who, other, key in ((minor, "dispatcher", grave, "to"), (grave, "stranger", minor, "from")):
        for path in ("", "/log", "/record?format=html", "/record?format=csv", "/record?format=eido"):
            found = await as_(who).get(f"/api/incidents/{one['id']}{path}")
            assert found.status_code == 200 and other["number"] not in found.text, (who, path)
            assert other["number"] in (await as_("commander").get(f"/api/incidents/{one['id']}{path}")).text, path
        whole = (await as_("commander").get(f"/api/incidents/{one['id']}")).json()["timeline"]
        assert [line["details"][key] for line in whole if key in line["details"]] == [told[key]] * 2


async def test_only_what_is_named_is_diverted_and_all_or_nothing(town: Town, as_: As) -> None:
    minor, grave = await opened(town, as_, 3), await opened(town, as_, 1)
    one, other = [await sent(as_, minor, town.units[sign]) for sign in ("102-0", "102-1")]
    both = [town.units["102-0"], town.units["102-1"]]
    refused = await order(as_, grave, both, [one["id"]])
    assert refused.json()["code"] == "unit_busy"
    assert {d["status"] for d in (await card(as_, minor))["dispatches"]} == {"dispatched"}
    stray = await order(as_, grave, [both[0]], [one["id"], other["id"]])
    assert stray.json()["code"] == "bad_value"
    assert (await order(as_, grave, both, [one["id"], 999_999])).json()["code"] == "no_such_dispatch"


async def test_whoever_is_on_scene_or_was_freed_meanwhile_is_not_diverted(town: Town, as_: As) -> None:
    unit, minor, grave = town.units["102-0"], await opened(town, as_, 3), await opened(town, as_, 1)
    old = await sent(as_, minor, unit)
    await step(as_, old, "acknowledged", "enroute", "onscene")
    assert (await order(as_, grave, [unit], [old["id"]])).json()["code"] == "unit_busy"
    await step(as_, old, "clear")
    assert (await order(as_, grave, [unit], [old["id"]])).status_code == 201
    assert [d["status"] for d in (await card(as_, minor))["dispatches"]] == ["clear"]


async def test_of_two_who_divert_one_unit_at_once_one_wins(town: Town, as_: As) -> None:
    unit, minor = town.units["102-0"], await opened(town, as_, 3)
    graves = [await opened(town, as_, 1) for _ in range(2)]
    old = await sent(as_, minor, unit)
    answers = await asyncio.gather(*(order(as_, grave, [unit], [old["id"]]) for grave in graves))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


@pytest.mark.parametrize(
    ("priority", "steps", "code"),
    [
        (3, ("acknowledged", "enroute"), "divertible"),
        (1, ("acknowledged", "enroute"), "busy"),
        (3, ("acknowledged", "enroute", "onscene"), "busy"),
    ],
)
async def test_the_proposal_lists_who_is_on_the_way_to_something_less_urgent(
    town: Town, as_: As, priority: int, steps: tuple[str, ...], code: str
) -> None:
    unit, minor, grave = town.units["102-0"], await opened(town, as_, priority), await opened(town, as_, 1)
    await town.sql("UPDATE unit SET duty = 'off' WHERE id <> :id", id=unit)
    await step(as_, await sent(as_, minor, unit), *steps)
    found = (await as_("dispatcher").get(f"/api/incidents/{grave['id']}/proposals")).json()
    (passed,) = [one for one in found["passed_over"] if one["unit"]["id"] == unit]
    assert passed["code"] == code and (passed["eta_s"] is not None) is (code == "divertible")
    dragged = (await as_("dispatcher").get(f"/api/incidents/{grave['id']}/proposals/{unit}")).json()
    assert dragged["code"] == code
    if code == "divertible":
        assert minor["number"] in dragged["reasons"][0]["en"]
