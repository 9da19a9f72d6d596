"""A call that is handed on comes to the one side as it goes from the other, live, and is gone there when it is over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from layers.database import visit
from tests.geo_server.live.test_granted import Heard
from tests.scene import cookie, open_socket, served

pytestmark = pytest.mark.anyio
CALL = """INSERT INTO call (home_area_id, state, rang_at, placed_by, geom)
    SELECT city.id, 'ringing', now(), 'aml', ST_PointOnSurface(oblast.geom)
      FROM area city, area oblast WHERE city.code = 'KZ-75' AND oblast.code = 'KZ-19' RETURNING id, home_area_id"""
OBLAST = "SELECT id FROM area WHERE code = 'KZ-19'"


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


async def act(url: str, name: str, path: str, body: dict[str, Any]) -> None:
    async with httpx.AsyncClient(base_url=url, auth=httpx.BasicAuth(name, "demo"), timeout=30) as client:
        answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text


async def test_both_sides_hear_of_the_hand_and_the_giver_of_the_end(url: str, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        call_id = (await session.execute(text(CALL))).one().id
        oblast = (await session.execute(text(OBLAST))).scalar_one()
    async with (
        open_socket(url, await cookie(url, "commander-city")) as giving,
        open_socket(url, await cookie(url, "commander-oblast")) as taking,
    ):
        giver, taker = Heard(giving), Heard(taking)
        told = {"area_id": oblast, "reason": "Звонит из Талгара"}
        await act(url, "commander-city", f"/api/calls/{call_id}/hand", told)
        for heard in (giver, taker):
            feature = await heard.until_told("calls", call_id)
            assert feature is not None and feature["properties"]["outside"] is False
            assert "read_by" not in feature["properties"]
            heard.forget()
        end = {"outcome": "no_action", "reason": "Ошибся номером"}
        await act(url, "commander-oblast", f"/api/calls/{call_id}/end", end)
        assert await giver.until_told("calls", call_id) is None, "it is gone from the giver's map"
        assert await taker.until_told("calls", call_id) is not None
