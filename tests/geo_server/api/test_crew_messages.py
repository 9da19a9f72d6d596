"""What crew and desk write to each other is told to a screen until it is read, and to nobody beside them."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
SECRET = "құпия: есік коды 4711"


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]
    app: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


def pressed(event: str, ago_s: float = 0, **more: Any) -> dict[str, Any]:
    return {"at": (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat(), "client_event_id": event, **more}


async def wrote(crew: httpx.AsyncClient, event: str, text: str = SECRET, ago_s: float = 0) -> None:
    answer = await crew.post("/api/crew/messages", json=pressed(event, ago_s, text=text))
    assert answer.status_code == 200, answer.text


async def row(client: httpx.AsyncClient, sign: str = "102-0") -> dict[str, Any]:
    """The unit as the list of units tells it."""
    units = (await client.get("/api/units")).json()["units"]
    return next(one for one in units if one["call_sign"] == sign)


async def test_what_a_crew_wrote_stands_on_its_units_row_until_a_desk_has_read_it(town: Town, as_: As) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]
    assert (await row(desk))["unread"] is None
    await wrote(crew, "m1")
    await wrote(crew, "m2", "тағы")
    newest, older = (await desk.get(f"/api/units/{unit}")).json()["messages"]
    assert (await row(desk))["unread"] == {"count": 2, "newest": newest["id"]}
    assert (await row(desk, "102-1"))["unread"] is None
    rung = len(await town.sql("SELECT FROM change WHERE layer = 'units' AND feature_id = :u", u=unit))
    await desk.post(f"/api/units/{unit}/messages/read", json={"up_to": older["id"]})
    assert (await row(desk))["unread"] == {"count": 1, "newest": newest["id"]}, "a newer one was not on that screen"
    answer = await desk.post(f"/api/units/{unit}/messages/read", json={"up_to": newest["id"]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["unread"] is None and (await row(as_("second")))["unread"] is None
    assert len(await town.sql("SELECT FROM change WHERE layer = 'units' AND feature_id = :u", u=unit)) == rung + 2
    seen = (await crew.get("/api/crew")).json()["messages"]
    assert [(one["state"], one["read_by"]) for one in seen] == [("read", "dispatcher")] * 2
    await as_("second").post(f"/api/units/{unit}/messages/read", json={"up_to": newest["id"]})
    assert (await crew.get("/api/crew")).json()["messages"][0]["read_by"] == "dispatcher", "the first stays named"


async def test_the_desk_sees_its_message_sent_then_delivered_then_read(town: Town, as_: As) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]

    async def state() -> str:
        return str((await desk.get(f"/api/units/{unit}")).json()["messages"][0]["state"])

    told = (await desk.post(f"/api/units/{unit}/messages", json={"text": "Қайтыңыз"})).json()["messages"]
    assert told[0]["state"] == "sent"
    await town.app.state.delivery.look()
    assert await state() == "sent", "queued for the page is not shown on it"
    await crew.get("/api/crew")
    assert await state() == "delivered"
    for taken in (True, False):
        body = pressed(f"r{taken}", up_to=told[0]["id"])
        assert (await crew.post("/api/crew/messages/read", json=body)).json()["taken"] is taken
    assert await state() == "read"
    first = (await desk.get(f"/api/units/{unit}")).json()["messages"][0]
    assert first["read_by"] == "crew" and first["read_at"]


async def test_a_message_that_reached_no_phone_in_time_is_told_as_expired(town: Town, as_: As) -> None:
    desk, unit = as_("dispatcher"), town.units["102-0"]
    await desk.post(f"/api/units/{unit}/messages", json={"text": "Қайтыңыз"})
    await town.sql(
        "UPDATE notice_chain SET state = 'expired', due_at = NULL, ended_at = now(), ended_how = 'unanswered'"
    )
    assert (await desk.get(f"/api/units/{unit}")).json()["messages"][0]["state"] == "expired"


async def test_a_crew_reads_no_other_crews_messages_and_marks_none(town: Town, as_: As) -> None:
    desk, unit = as_("dispatcher"), town.units["102-0"]
    told = (await desk.post(f"/api/units/{unit}/messages", json={"text": SECRET})).json()["messages"][0]
    answer = await as_("other crew").post("/api/crew/messages/read", json=pressed("r", up_to=told["id"]))
    assert not answer.json()["taken"] and SECRET not in str((await as_("other crew").get("/api/crew")).json())
    ((read,),) = await town.sql("SELECT read_at FROM crew_message WHERE id = :m", m=told["id"])
    assert read is None
    there = await as_("stranger").post(f"/api/units/{unit}/messages/read", json={"up_to": told["id"]})
    assert (there.status_code, there.json()["code"]) == (404, "no_such_unit")


@pytest.mark.parametrize("who", ["planner", "administrator"])
async def test_nobody_but_crew_and_desk_reads_what_they_wrote(town: Town, as_: As, who: str) -> None:
    crew, desk, other, unit = as_("crew"), as_("dispatcher"), as_(who), town.units["102-0"]
    incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
    await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
    await wrote(crew, "m1")
    await desk.post(f"/api/units/{unit}/messages", json={"text": SECRET})
    detail = await other.get(f"/api/units/{unit}")
    assert detail.status_code == 200 and (detail.json()["messages"], detail.json()["unread"]) == ([], None)
    assert (await row(other))["unread"] is None
    for path in (f"incidents/{incident}", f"incidents/{incident}/log", f"incidents/{incident}/record?format=html"):
        answer = await other.get(f"/api/{path}")
        assert answer.status_code == 200 and "4711" not in answer.text, path
    lines = (await other.get(f"/api/incidents/{incident}")).json()["timeline"]
    assert {"crew_message", "desk_message"} <= {line["kind"] for line in lines}, "that they wrote is no secret"
    assert (await other.post(f"/api/units/{unit}/messages/read", json={"up_to": 1})).status_code == 403


async def test_messages_of_a_bound_crew_enter_the_incidents_log(town: Town, as_: As) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]
    await wrote(crew, "m0", "бос")
    incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
    await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
    await wrote(crew, "m1", "жол жабық")
    await desk.post(f"/api/units/{unit}/messages", json={"text": "айналып өтіңіз"})
    lines = (await desk.get(f"/api/incidents/{incident}")).json()["timeline"][-2:]
    assert [(line["kind"], line["who"], line["details"]["unit"], line["details"]["text"]) for line in lines] == [
        ("crew_message", "crew", "102-0", "жол жабық"),
        ("desk_message", "dispatcher", "102-0", "айналып өтіңіз"),
    ]
    log = (await desk.get(f"/api/incidents/{incident}/log")).json()["entries"]
    assert {"жол жабық", "айналып өтіңіз"} <= {line["details"].get("text") for line in log}
    assert "бос" not in str(log)


async def test_what_a_crew_wrote_without_a_connection_enters_the_log_of_what_it_was_bound_to_then(
    town: Town, as_: As
) -> None:
    crew, desk, unit = as_("crew"), as_("dispatcher"), town.units["102-0"]

    async def bound(sent_ago_s: float) -> tuple[int, int]:
        """Open an incident to which the unit was sent so long ago; return its id and the dispatch's."""
        incident = (await desk.post("/api/incidents", json={"category": "fire", "place": town.at(0, 0)})).json()["id"]
        answer = await desk.post(f"/api/incidents/{incident}/dispatches", json={"units": [unit]})
        (dispatch,) = (one["id"] for one in answer.json()["dispatches"])
        moved = "UPDATE dispatch SET dispatched_at = now() - make_interval(secs => :ago) WHERE id = :id"
        await town.sql(moved, ago=sent_ago_s, id=dispatch)
        return incident, dispatch

    async def said(incident: int) -> list[str]:
        lines = (await desk.get(f"/api/incidents/{incident}")).json()["timeline"]
        return [line["details"]["text"] for line in lines if line["kind"] == "crew_message"]

    first, dispatch = await bound(3600)
    cleared = pressed("clear", 1200, status="clear")
    answer = await crew.post(f"/api/crew/dispatches/{dispatch}/status", json=cleared)
    assert answer.json()["taken"], answer.text
    second, dispatch = await bound(900)
    called_off = {"status": "cancelled", "reason": "қажет емес"}
    assert (await desk.post(f"/api/dispatches/{dispatch}/status", json=called_off)).status_code == 200
    third, _ = await bound(0)
    late = {4000: "before", 3615: "by a slow clock", 1800: "first", 1000: "between", 600: "second"}
    for ago_s, text in late.items():
        await wrote(crew, f"m{ago_s}", text, ago_s)
    assert [await said(one) for one in (first, second, third)] == [["by a slow clock", "first"], ["second"], []]
