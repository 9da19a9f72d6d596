"""Grants: what one area gives another to see, of itself or of one incident, for a time, seen by both sides."""

from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def area(town: Town, code: str) -> int:
    return int((await town.sql("SELECT id FROM area WHERE code = :code", code=code))[0].id)


async def other_area(town: Town) -> int:
    asked = "SELECT id FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED' ORDER BY code LIMIT 1"
    return int((await town.sql(asked))[0].id)


async def test_the_tree_is_listed_as_it_stands_and_as_it_stood(town: Town, as_: As) -> None:
    now = (await as_("dispatcher").get("/api/areas")).json()["areas"]
    then = (await as_("dispatcher").get("/api/areas?at=2020-01-01T00:00:00Z")).json()["areas"]
    assert now[0]["code"] == "KZ" and then == now


async def test_only_commanders_and_administrators_give(town: Town, as_: As) -> None:
    grant = {"kind": "area", "area_id": 1, "to_area_id": 2, "reason": "help", "hours": 1}
    for who in ("dispatcher", "planner"):
        assert (await as_(who).post("/api/grants", json=grant)).json()["code"] == "not_your_role"


async def test_a_grant_is_seen_by_both_sides_and_ended_by_the_giver(town: Town, as_: As) -> None:
    medeu, other = await area(town, "KZ-75-MED"), await other_area(town)
    new = {"kind": "area", "area_id": medeu, "to_area_id": other, "reason": "A marathon", "hours": 8}
    made = await as_("commander").post("/api/grants", json=new)
    assert made.status_code == 201, made.text
    grant = made.json()
    assert (grant["area"]["code"], grant["to"]["id"], grant["given_by"]) == ("KZ-75-MED", other, "commander")
    listed = (await as_("commander").get("/api/grants")).json()["grants"]
    assert [one["id"] for one in listed] == [grant["id"]]
    ended = (await as_("commander").request("DELETE", f"/api/grants/{grant['id']}")).json()
    assert ended["revoked_by"] == "commander" and ended["revoked_at"] is not None
    assert (await as_("commander").get("/api/grants")).json()["grants"] == []
    assert len((await as_("commander").get("/api/grants?in_force=false")).json()["grants"]) == 1


@pytest.mark.parametrize(("hours", "status"), [(0, 400), (-1, 400), (721, 400), (720, 201)])
async def test_a_grant_has_an_end_within_thirty_days(town: Town, as_: As, hours: float, status: int) -> None:
    to = await other_area(town)
    new = {"kind": "area", "area_id": await area(town, "KZ-75-MED"), "to_area_id": to, "reason": "x", "hours": hours}
    assert (await as_("commander").post("/api/grants", json=new)).status_code == status


async def test_what_is_not_there_or_seen_anyway_is_not_given(town: Town, as_: As) -> None:
    medeu, almaty = await area(town, "KZ-75-MED"), await area(town, "KZ-75")
    span: dict[str, Any] = {"reason": "x", "hours": 1}
    for new, code in (
        ({"kind": "area", "area_id": 9_999_999, "to_area_id": medeu}, "no_such_area"),
        ({"kind": "area", "area_id": medeu, "to_area_id": 9_999_999}, "no_such_area"),
        ({"kind": "area", "area_id": medeu, "to_area_id": almaty}, "bad_value"),
        ({"kind": "incident", "incident_id": 9_999_999, "to_area_id": medeu}, "no_such_incident"),
    ):
        assert (await as_("commander").post("/api/grants", json=new | span)).json()["code"] == code
