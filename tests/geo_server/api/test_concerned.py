"""What a plan sets going by itself: the priority that place and time ask for, and who is told when it changes."""

from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
MINOR = "road_accident_minor"  # of priority 4, and of 1 in a tunnel
As = Callable[[str], httpx.AsyncClient]


class Town(Protocol):
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


@pytest.fixture
async def tunnel(town: Town) -> dict[str, float]:
    spot = town.at(60, 10)
    point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
    asked = f"INSERT INTO place (osm_id, name, kind, geom) VALUES (1, 'Алатау', 'tunnel', {point})"
    await town.sql(asked, **spot)
    return spot


async def posted(as_: As, path: str, body: Any, who: str = "dispatcher") -> Any:
    answer = await as_(who).post(f"/api{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def opened(as_: As, place: dict[str, float], category: str = MINOR, **more: Any) -> Any:
    return await posted(as_, "/incidents", {"category": category, "place": place} | more)


async def entries(town: Town, incident_id: int, kind: str = "priority") -> list[Any]:
    asked = "SELECT who, details FROM incident_entry WHERE incident_id = :id AND kind = :kind ORDER BY id"
    return await town.sql(asked, id=incident_id, kind=kind)


async def told(town: Town, incident_id: int) -> list[str]:
    asked = "SELECT to_role FROM notice_chain WHERE incident_id = :id AND to_role IS NOT NULL"
    return sorted(row.to_role for row in await town.sql(asked, id=incident_id))


async def test_a_place_that_its_plan_reacts_to_raises_an_incident_opened_by_hand(
    town: Town, as_: As, tunnel: dict[str, float]
) -> None:
    incident = await opened(as_, tunnel)
    assert incident["priority"] == 1
    ((who, details),) = await entries(town, incident["id"])
    assert (who, details["from"], details["to"]) == ("qyran", 4, 1)
    assert [row["en"] for row in details["because"]] == ["In a tunnel or by it (Алатау, 0 m)"]
    chains = await town.sql("SELECT DISTINCT priority FROM notice_chain WHERE incident_id = :id", id=incident["id"])
    assert [row.priority for row in chains] == [1], "whoever is told is told as urgently"
    assert (await opened(as_, town.at(-400, -400)))["priority"] == 4


async def test_it_raises_an_incident_that_a_call_or_an_event_opens(
    town: Town, as_: As, tunnel: dict[str, float]
) -> None:
    call = await posted(as_, "/calls", {"category": MINOR, "place": tunnel, "placed_by": "click"})
    assert (await posted(as_, f"/calls/{call['id']}/incident", {}))["priority"] == 1
    event = await town.event(place=tunnel)
    confirmed = await posted(as_, f"/events/{event}/confirm", {"join": None, "category": MINOR})
    assert confirmed["incident"]["priority"] == 1


async def test_a_priority_that_a_person_said_stands(town: Town, as_: As, tunnel: dict[str, float]) -> None:
    said = await opened(as_, tunnel, priority=3)
    assert (said["priority"], await entries(town, said["id"])) == (3, [])
    raised = await opened(as_, tunnel)
    recast = {"category": MINOR, "reason": "A scratch", "priority": 4}
    await posted(as_, f"/incidents/{raised['id']}/category", recast)
    moved = {"place": town.at(61, 11), "reason": "Further in"}
    assert (await posted(as_, f"/incidents/{raised['id']}/place", moved))["priority"] == 4
    assert len(await entries(town, raised["id"])) == 1


async def test_an_incident_that_moves_there_is_raised_and_never_lowered(
    town: Town, as_: As, tunnel: dict[str, float]
) -> None:
    incident = await opened(as_, town.at(-400, -400))
    before = await told(town, incident["id"])
    moved = {"place": tunnel, "reason": "In the tunnel"}
    assert (await posted(as_, f"/incidents/{incident['id']}/place", moved))["priority"] == 1
    assert set(await told(town, incident["id"])) - set(before) == {"highway_operator"}
    back = {"place": town.at(-410, -400), "reason": "Out of it"}
    assert (await posted(as_, f"/incidents/{incident['id']}/place", back))["priority"] == 1
    assert len(await entries(town, incident["id"])) == 1


async def test_another_category_has_the_priority_of_its_place_and_says_why(
    town: Town, as_: As, tunnel: dict[str, float]
) -> None:
    incident = await opened(as_, tunnel, "noise")
    recast = {"category": MINOR, "reason": "A crash after all"}
    for _ in range(2):
        assert (await posted(as_, f"/incidents/{incident['id']}/category", recast))["priority"] == 1
    assert (await as_("dispatcher").get(f"/api/incidents/{incident['id']}")).json()["priority"] == 1
    ((_, details),) = await entries(town, incident["id"], "category")
    assert details["because"][0]["en"].startswith("In a tunnel")


async def test_whoever_another_category_concerns_is_told_once(town: Town, as_: As) -> None:
    incident = await opened(as_, town.at(10, 10), "noise")
    assert await told(town, incident["id"]) == []
    for category in ("hostage", "noise", "hostage"):
        recast = {"category": category, "reason": "A shot was heard"}
        await posted(as_, f"/incidents/{incident['id']}/category", recast)
    hostage = ["area_commander", "duty_officer", "police_chief", "security_committee"]
    assert await told(town, incident["id"]) == hostage
    await posted(as_, f"/incidents/{incident['id']}/alarm", {"level": 2, "reason": "More of them"})
    after = await told(town, incident["id"])
    await posted(as_, f"/incidents/{incident['id']}/place", {"place": town.at(30, 10), "reason": "Next door"})
    assert await told(town, incident["id"]) == after, "the alarm told them already"


async def test_whoever_a_stricter_regime_concerns_is_told_once(town: Town, as_: As) -> None:
    incident = await opened(as_, town.at(10, 10), "fire_rubbish")
    grave = await opened(as_, town.at(-400, 10), "fire")
    before, calm = await told(town, grave["id"]), await told(town, incident["id"])
    ((medeu,),) = await town.sql("SELECT id FROM area WHERE code = 'KZ-75-MED'")
    for name in ("emergency", "everyday", "emergency"):
        new = {"area_id": medeu, "name": name, "reason": "An earthquake"}
        assert (await as_("commander").put("/api/regime", json=new)).status_code == 200
    after = await told(town, grave["id"])
    assert "akimat_duty" in set(after) - set(before) and len(after) == len(set(after))
    assert await told(town, incident["id"]) == calm
