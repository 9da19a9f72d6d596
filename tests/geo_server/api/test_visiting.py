"""A visit: its scope, its policy and its entry in the audit stand or fall with it."""

import asyncio
from typing import Any, Protocol

import httpx
import pytest

from geo_server.access.visiting import ToldOnce

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def told(town: Town, operation: str) -> list[tuple[Any, ...]]:
    asked = "SELECT who, outcome, code, layer, object_id FROM audit WHERE operation = :operation ORDER BY id"
    return [tuple(row) for row in await town.sql(asked, operation=operation)]


async def test_an_act_that_cannot_be_told_does_not_happen_and_health_says_so(town: Town, as_: As) -> None:
    event_id = await town.event()
    await town.sql("REVOKE INSERT ON audit FROM qyran_server")
    for asked in (
        as_("dispatcher").post(f"/api/events/{event_id}/reject", json={"reason": "nothing"}),
        as_("dispatcher").get(f"/api/events/{event_id}"),
    ):
        refused = await asked
        assert (refused.status_code, refused.json()["code"]) == (503, "audit_unwritten")
    assert [tuple(row) for row in await town.sql("SELECT state FROM event")] == [("new",)]
    parts = {part["name"]: part for part in (await as_("dispatcher").get("/api/health")).json()["parts"]}
    assert parts["audit"]["state"] == "down"
    await town.sql("GRANT INSERT ON audit TO qyran_server")
    assert (await as_("dispatcher").get(f"/api/events/{event_id}")).status_code == 200


async def test_an_act_is_told_with_what_it_was_about(town: Town, as_: As) -> None:
    event_id = await town.event()
    await as_("dispatcher").post(f"/api/events/{event_id}/reject", json={"reason": "nothing"})
    assert await told(town, "events.decide") == [("dispatcher", "done", None, "events", event_id)]


async def test_a_refusal_is_told_too_and_what_was_tried_is_undone(town: Town, as_: As) -> None:
    event_id = await town.event()
    await as_("stranger").post(f"/api/events/{event_id}/reject", json={"reason": "nothing"})
    await as_("planner").post(f"/api/events/{event_id}/reject", json={"reason": "nothing"})
    assert await told(town, "events.decide") == [
        ("stranger", "refused", "no_such_event", "events", event_id),
        ("planner", "refused", "not_your_role", None, None),
    ]


async def test_what_windows_ask_again_and_again_is_told_once_a_session(town: Town, as_: As) -> None:
    for _ in range(3):
        await as_("dispatcher").get("/api/units")
        await as_("planner").get("/api/units")
    assert await told(town, "units.list") == [
        ("dispatcher", "done", None, "units", None),
        ("planner", "done", None, "units", None),
    ]


async def test_what_is_asked_again_and_again_of_one_incident_is_told_once_of_each(town: Town, as_: As) -> None:
    body = {"category": "theft", "place": town.at(0, 0)}
    first, second = [(await as_("dispatcher").post("/api/incidents", json=body)).json()["id"] for _ in range(2)]
    for incident in (first, second, first, second, second):
        assert (await as_("dispatcher").get(f"/api/incidents/{incident}/proposals")).status_code == 200
    await as_("stranger").get(f"/api/incidents/{first}/proposals")
    assert await told(town, "incidents.proposals") == [
        ("dispatcher", "done", None, "incidents", first),
        ("dispatcher", "done", None, "incidents", second),
        ("stranger", "refused", "no_such_incident", "incidents", first),
    ]


async def test_what_many_ask_at_once_is_told_once(town: Town, as_: As) -> None:
    answers = await asyncio.gather(*(as_("dispatcher").get("/api/units") for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert await told(town, "units.list") == [("dispatcher", "done", None, "units", None)]


@pytest.mark.parametrize("when", ["INITIALLY IMMEDIATE", "INITIALLY DEFERRED"])
async def test_where_the_one_that_tells_fails_another_tells(town: Town, as_: As, when: str) -> None:
    """Its write fails, or its commit: the first entry of all is refused by the store, whoever writes it."""
    await town.sql("CREATE SEQUENCE tried")
    await town.sql("""CREATE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        'BEGIN IF nextval(''tried'') = 1 THEN RAISE EXCEPTION ''not this one''; END IF; RETURN NULL; END'""")
    await town.sql(f"""CREATE CONSTRAINT TRIGGER refuse_first AFTER INSERT ON audit DEFERRABLE {when}
        FOR EACH ROW EXECUTE FUNCTION refuse_first()""")
    asked = (as_("dispatcher").get("/api/units") for _ in range(6))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    good = [answer for answer in answers if isinstance(answer, httpx.Response) and answer.status_code == 200]
    assert len(good) == 5
    assert await told(town, "units.list") == [("dispatcher", "done", None, "units", None)]


async def test_nobody_goes_on_untold_while_the_one_that_tells_may_still_fail() -> None:
    told_once, look = ToldOnce(), (1, 2, "units.list", None)
    turns: list[bool] = []
    came = [asyncio.Event() for _ in range(3)]

    async def another(here: asyncio.Event) -> None:
        here.set()
        async with told_once.turn(look) as mine:
            turns.append(mine)

    with pytest.raises(ConnectionError):
        async with told_once.turn(look) as mine:
            waiting = [asyncio.create_task(another(here)) for here in came]
            await asyncio.gather(*(here.wait() for here in came))
            assert mine and turns == []
            raise ConnectionError
    await asyncio.gather(*waiting)
    assert turns == [True, False, False]
    assert not told_once.turns and list(told_once.told) == [look]


async def test_of_the_public_ground_nobody_keeps_who_looked(town: Town, as_: As) -> None:
    await as_("dispatcher").get("/api/collections/roads/items")
    await as_("dispatcher").get("/api/collections/incidents/items")
    assert await told(town, "features.read") == [("dispatcher", "done", None, "incidents", None)]


async def test_a_purpose_that_names_a_foreign_incident_is_refused(town: Town, as_: As) -> None:
    made = await as_("dispatcher").post("/api/incidents", json={"category": "theft", "place": town.at(0, 0)})
    why = {"X-Qyran-Purpose": f"incident:{made.json()['id']}"}
    refused = await as_("stranger").post("/api/callers/history", json={"phone": "+77010000000"}, headers=why)
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_incident")


async def test_an_area_that_was_closed_refuses_who_is_in_it(town: Town, as_: As) -> None:
    await town.sql("UPDATE area SET closed_at = now() WHERE code = 'KZ-75-MED'")
    refused = await as_("dispatcher").get("/api/events")
    assert (refused.status_code, refused.json()["code"]) == (403, "area_closed")
