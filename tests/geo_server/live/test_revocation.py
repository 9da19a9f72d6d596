"""Whoever loses a session, an account, a role, an area or a grant loses the open socket within two seconds."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from geo_server.live.messages import HEADER, RECORD
from geo_server.territory import changing
from layers.database import visit
from layers.values import LonLat
from tests.scene import MEDEU, cookie, furnish, open_socket, served

pytestmark = pytest.mark.anyio
WITHIN_S = 2.0
NAME = "commander-city"
OF_ACCOUNT = f"account_id = (SELECT id FROM account WHERE name = '{NAME}')"
GRANT = """INSERT INTO area_grant (kind, area_id, to_area_id, reason, given_by, ends_at)
    SELECT 'area', giver.id, taker.id, 'flood', 'x', now() + interval '1 hour'
      FROM area giver, area taker WHERE giver.code = 'KZ-19' AND taker.code = 'KZ-75'"""
CHANGES = {
    "the session is ended": f"UPDATE account_session SET ended_at = now(), ended_by = 'x' WHERE {OF_ACCOUNT}",
    "the shift is over": f"UPDATE account_session SET expires_at = now() WHERE {OF_ACCOUNT}",
    "the account is disabled": f"UPDATE account SET enabled = false WHERE name = '{NAME}'",
    "the role is another": f"UPDATE account SET role = 'planner' WHERE name = '{NAME}'",
    "the account's area is another": "UPDATE account SET area_id = (SELECT id FROM area WHERE code = 'KZ-19')"
    f" WHERE name = '{NAME}'",
    "another area is entered": "UPDATE account_session SET area_id = (SELECT id FROM area WHERE code = 'KZ-75-MED')"
    f" WHERE {OF_ACCOUNT}",
    "a grant is given": GRANT,
    "an area below it is closed": "UPDATE area SET closed_at = now() WHERE code = 'KZ-75-BOS'",
    "a second factor is owed": f"UPDATE account SET totp_secret = '\\x00' WHERE name = '{NAME}'",
}


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


@pytest.mark.parametrize("change", CHANGES)
async def test_the_open_socket_is_closed_within_two_seconds_when(url: str, engine: AsyncEngine, change: str) -> None:
    async with (
        open_socket(url, await cookie(url, NAME)) as socket,
        open_socket(url, await cookie(url, "admin")) as other,
    ):
        await socket.recv()
        async with visit(engine) as session:
            await session.execute(text(CHANGES[change]))
        began = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
        assert time.monotonic() - began < WITHIN_S
        while json.loads(await other.recv())["type"] != "tick":  # nobody else is troubled
            pass


async def test_a_merged_district_brings_its_units_though_they_stand_still(url: str, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        inside = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM area WHERE code = 'KZ-75-BOS') a"
        lon, lat = (await session.execute(text(inside))).one()
    own, theirs = await furnish(engine, MEDEU, LonLat(lon=lon, lat=lat))
    token = await cookie(url, "commander-district")
    async with open_socket(url, token) as socket:
        assert await snapshot(socket) == {own.ids["units"]}
        async with visit(engine) as session:
            await changing.close(session, "KZ-75-BOS", "KZ-75-MED")
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    async with open_socket(url, token) as socket:
        assert await snapshot(socket) == {own.ids["units"], theirs.ids["units"]}


async def snapshot(socket: ClientConnection) -> set[int]:
    """Look at everything and return which units are there."""
    await socket.send('{"type":"view","bbox":[-180,-90,180,90]}')
    while True:
        message = await socket.recv()
        if isinstance(message, bytes) and HEADER.unpack_from(message)[2]:
            return set(np.frombuffer(message, RECORD, offset=HEADER.size)["unit_id"].tolist())


async def test_a_grant_that_is_revoked_closes_the_socket_that_used_it(url: str, engine: AsyncEngine) -> None:
    async with visit(engine) as session:
        await session.execute(text(GRANT))
    async with open_socket(url, await cookie(url, NAME)) as socket:
        await socket.recv()
        async with visit(engine) as session:
            await session.execute(text("UPDATE area_grant SET revoked_at = now(), revoked_by = 'x'"))
        began = time.monotonic()
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await socket.recv()
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
        assert time.monotonic() - began < WITHIN_S


@pytest.mark.parametrize("message", ['{"type":"view","bbox":[-180,-90,180,90]}', '{"type":"resume","seq":0}'])
async def test_a_message_of_an_ended_session_is_not_answered(url: str, engine: AsyncEngine, message: str) -> None:
    """The beat comes once a second; a message that comes before it is asked about by itself."""
    async with open_socket(url, await cookie(url, NAME)) as socket:
        while json.loads(await socket.recv())["type"] != "tick":  # the next beat is a second away
            pass
        async with visit(engine) as session:
            await session.execute(text(CHANGES["the session is ended"]))
        await socket.send(message)
        heard = []
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                heard.append(await socket.recv())
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
        assert heard == []
