"""The questions of a plan: asked for what stands around, before there is an incident and on its card."""

from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
GAS = "gas_equipment"  # beside a hazard site its substance is asked for


class Town(Protocol):
    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture
async def hazard(town: Town) -> dict[str, float]:
    spot = town.at(60, 10)
    point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
    await town.sql(f"INSERT INTO place (osm_id, name, kind, geom) VALUES (1, 'АЖС', 'fuel', {point})", **spot)
    return spot


async def asked(as_: As, method: str, path: str, body: Any = None, who: str = "dispatcher") -> Any:
    answer = await as_(who).request(method, f"/api{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def names(plan: Any) -> list[str]:
    return [question["name"] for question in plan["questions"]]


async def test_a_call_is_asked_what_its_place_makes_worth_asking(town: Town, as_: As, hazard: dict[str, float]) -> None:
    call = await asked(as_, "POST", "/calls", {"category": GAS})
    path = f"/calls/{call['id']}/plan"
    assert await asked(as_, "GET", path) == {"priority": None, "questions": [], "because": []}
    await asked(as_, "PATCH", f"/calls/{call['id']}", {"place": town.at(-400, -400), "placed_by": "click"})
    assert "hazard_substance" not in names(await asked(as_, "GET", path))
    await asked(as_, "PATCH", f"/calls/{call['id']}", {"place": hazard, "placed_by": "click"})
    found = await asked(as_, "GET", path)
    assert "hazard_substance" in names(found) and any("АЖС" in why["ru"] for why in found["because"])
    assert (await as_("stranger").get(f"/api{path}")).json()["code"] == "no_such_call"


async def test_the_card_asks_them_knows_what_the_call_answered_and_keeps_the_rest(
    town: Town, as_: As, hazard: dict[str, float]
) -> None:
    answers = {"where_exactly": "by the pump"}
    new = {"category": GAS, "place": hazard, "placed_by": "click", "answers": answers}
    call = await asked(as_, "POST", "/calls", new)
    incident = (await asked(as_, "POST", f"/calls/{call['id']}/incident", {}))["id"]
    plan = await asked(as_, "GET", f"/incidents/{incident}/plan")
    given = {one["name"]: one["given"] for one in plan["questions"]}
    assert given["where_exactly"] == "by the pump" and given["hazard_substance"] is None
    said = {"question": "hazard_substance", "given": "petrol"}
    for _ in range(2):
        plan = await asked(as_, "POST", f"/incidents/{incident}/answers", said)
    assert {one["name"]: one["given"] for one in plan["questions"]}["hazard_substance"] == "petrol"
    lines = await town.sql(
        "SELECT details FROM incident_entry WHERE incident_id = :id AND kind = 'answer'", id=incident
    )
    ((told,),) = lines
    assert told["text"] == "petrol" and told["of"]["ru"]


async def test_of_several_who_were_asked_the_one_who_answered_last_counts(
    town: Town, as_: As, hazard: dict[str, float]
) -> None:
    new = {"category": GAS, "place": hazard, "placed_by": "click"}
    first, second = [(await asked(as_, "POST", "/calls", new))["id"] for _ in range(2)]
    incident = (await asked(as_, "POST", f"/calls/{first}/incident", {}))["id"]
    await asked(as_, "POST", f"/calls/{second}/join", {"incident_id": incident})

    async def given(who: str = "dispatcher") -> str | None:
        plan = await asked(as_, "GET", f"/incidents/{incident}/plan", who=who)
        (found,) = [one["given"] for one in plan["questions"] if one["name"] == "hazard_substance"]
        return None if found is None else str(found)

    async def said(call: int, text: str | None) -> None:
        await asked(as_, "PATCH", f"/calls/{call}", {"answers": {"hazard_substance": text}})

    async def on_card(text: str) -> None:
        body = {"question": "hazard_substance", "given": text}
        await asked(as_, "POST", f"/incidents/{incident}/answers", body)

    await on_card("petrol")
    assert await given() == "petrol"
    await said(second, "diesel")
    assert await given() == "diesel", "a call that answers after the card"
    await said(first, "kerosene")
    assert await given() == "kerosene", "the call that rang first answered last"
    assert await given("planner") == "petrol", "who sees no calls is not told what they answered"
    await said(first, None)
    assert await given() == "diesel", "what was taken back stands no longer"
    await on_card("petrol")
    assert await given() == "petrol"
    before, after = ("now() - interval '1 hour'", "oil"), ("now() + interval '1 hour'", "gas")
    for at, answered, counts in ((*before, "petrol"), (*after, "gas")):
        await town.sql(
            f"""INSERT INTO call (home_area_id, state, rang_at, outcome, incident_id, answers)
            SELECT area_id, 'answered', {at}, 'duplicate', id,
                   jsonb_build_object('hazard_substance', CAST(:told AS text))
              FROM incident WHERE id = :id RETURNING id""",
            told=answered,
            id=incident,
        )
        assert await given() == counts, "of a call that says not when, its own time counts"


async def test_what_the_plan_does_not_ask_is_refused(town: Town, as_: As) -> None:
    incident = (await asked(as_, "POST", "/incidents", {"category": "noise", "place": town.at(10, 10)}))["id"]
    said = {"question": "hazard_substance", "given": "petrol"}
    refused = await as_("dispatcher").post(f"/api/incidents/{incident}/answers", json=said)
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_question")
    assert (await as_("stranger").post(f"/api/incidents/{incident}/answers", json=said)).status_code == 404
