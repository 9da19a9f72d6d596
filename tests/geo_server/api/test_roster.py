"""The roster across units, and the order in which one unit's shifts are told."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
NOW = datetime.now(UTC).replace(microsecond=0)


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    units: dict[str, int]


async def plan(town: Town, as_: As, sign: str, begins_h: float, ends_h: float, **member: str) -> httpx.Response:
    times = {name: (NOW + timedelta(hours=h)).isoformat() for name, h in (("begins_at", begins_h), ("ends_at", ends_h))}
    body: dict[str, Any] = {**times, "crew": [member] if member else []}
    return await as_("dispatcher").post(f"/api/units/{town.units[sign]}/shifts", json=body)


async def asked(as_: As, who: str, since_h: float, until_h: float) -> httpx.Response:
    times = {name: (NOW + timedelta(hours=h)).isoformat() for name, h in (("since", since_h), ("until", until_h))}
    return await as_(who).get("/api/units/roster", params=times)


async def test_the_roster_tells_who_is_on_when_and_when_nobody_is(town: Town, as_: As) -> None:
    await plan(town, as_, "102-0", 0, 8, name="Ахметов А.")
    await plan(town, as_, "102-1", 6, 12, name="Ким В.", role="driver")
    found = (await asked(as_, "dispatcher", 0, 24)).json()
    rows = {unit["call_sign"]: unit["shifts"] for unit in found["units"]}
    assert set(rows) == set(town.units) and [len(rows[sign]) for sign in ("102-0", "102-1", "102-2")] == [1, 1, 0]
    assert rows["102-0"][0]["crew"] == [{"name": "Ахметов А.", "role": ""}]
    gaps = {(gap["service"], datetime.fromisoformat(gap["since"]) - NOW) for gap in found["gaps"]}
    assert gaps == {("police", timedelta(hours=12)), ("ambulance", timedelta(0))}
    masked = (await asked(as_, "planner", 0, 24)).json()["units"]
    names = [one["name"] for unit in masked for shift in unit["shifts"] for one in shift["crew"]]
    assert len(names) == 2 and "Ахметов А." not in names
    assert (await asked(as_, "stranger", 0, 24)).json()["units"] == []


@pytest.mark.parametrize(("since", "until"), [(0, 0), (5, 1), (0, 32 * 24)])
async def test_a_time_that_is_none_or_too_long_is_refused(town: Town, as_: As, since: float, until: float) -> None:
    refused = await asked(as_, "dispatcher", since, until)
    assert refused.json()["code"] == "bad_value"


async def test_the_shift_that_runs_comes_first_then_the_next_then_what_is_over(town: Town, as_: As) -> None:
    for day in (3, 1, -2, 2, -1, 0):
        assert (await plan(town, as_, "102-0", 24 * day - 1, 24 * day + 1)).status_code == 201
    found = (await as_("dispatcher").get(f"/api/units/{town.units['102-0']}")).json()["shifts"]
    days = [round((datetime.fromisoformat(one["begins_at"]) - NOW) / timedelta(days=1)) for one in found]
    assert days == [0, 1, 2, 3, -1, -2]
