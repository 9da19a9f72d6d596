"""The live feed on a real server: who may listen, what reaches whom, and that nobody waits for a slow one."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import numpy as np
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from geo_server.live.messages import HEADER, RECORD
from layers import changes
from layers.database import visit
from layers.units import enrolment_queries as enrolment
from layers.values import LonLat
from tests.scene import MEDEU, changes_in, cookie, furnish, move, open_socket, served, ticket

pytestmark = pytest.mark.anyio
ELSEWHERE = LonLat(lon=71.45, lat=51.15)
WORLD = json.dumps({"type": "view", "bbox": [-180, -90, 180, 90]})
PATIENCE_S = 15


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


async def until(socket: ClientConnection, wanted: Any) -> Any:
    """Read until a message is wanted, and return what `wanted` made of it."""
    async with asyncio.timeout(PATIENCE_S):
        async for message in socket:
            found = wanted(message)
            if found:
                return found
    raise AssertionError("the socket closed")


def change(layer: str, feature_id: int) -> Any:
    def wanted(message: str | bytes) -> dict[str, Any] | None:
        told = [one for one in changes_in(message) if (one["layer"], one["id"]) == (layer, feature_id)]
        return told[-1] if told else None

    return wanted


def units(message: str | bytes) -> set[int]:
    if isinstance(message, str):
        return set()
    return set(np.frombuffer(message, RECORD, offset=HEADER.size)["unit_id"].tolist())


@pytest.fixture
async def dispatcher(url: str) -> AsyncIterator[ClientConnection]:
    async with open_socket(url, await cookie(url, "dispatcher")) as socket:
        yield socket


async def ring(engine: AsyncEngine, layer: str, *ids: int) -> None:
    async with visit(engine) as session:
        await changes.ring(session, {layer: ids})


async def test_nobody_listens_without_a_session_or_from_another_site(url: str) -> None:
    mine = await cookie(url, "dispatcher")
    for token, origin in (("", url), ("wrong", url), (mine, "http://evil.example"), (mine, "null")):
        assert await refused(url, token, await ticket(url, mine), origin=origin) == 403


async def test_the_cookie_alone_opens_nothing(url: str) -> None:
    mine = await cookie(url, "dispatcher")
    for forged in ("", "forged", "x" * 5000):
        assert await refused(url, mine, forged) == 403


async def test_a_ticket_is_good_once_and_for_its_own_session(url: str) -> None:
    mine, yours = await cookie(url, "dispatcher"), await cookie(url, "commander-republic")
    stolen, used = await ticket(url, yours), await ticket(url, mine)
    assert await refused(url, mine, stolen) == 403
    async with open_socket(url, mine, with_ticket=used) as socket:
        await socket.recv()
        assert await refused(url, mine, used) == 403
    assert await refused(url, yours, stolen) == 403  # whoever shows it uses it up


async def test_what_a_session_tried_with_a_wrong_ticket_or_from_another_site_stands_in_the_audit(
    url: str, engine: AsyncEngine
) -> None:
    mine = await cookie(url, "dispatcher")
    assert await refused(url, mine, "forged") == 403
    assert await refused(url, mine, await ticket(url, mine), origin="http://evil.example") == 403
    asked = "SELECT who, outcome, code FROM audit WHERE operation = 'live.listen' ORDER BY id"
    async with visit(engine) as session:
        told = [tuple(row) for row in await session.execute(text(asked))]
    assert told == [
        ("dispatcher", "refused", "bad_ticket"),
        ("dispatcher", "done", None),
        ("dispatcher", "refused", "foreign_origin"),
    ]


async def test_a_ticket_outlives_no_session(url: str) -> None:
    mine = await cookie(url, "dispatcher")
    late = await ticket(url, mine)
    async with httpx.AsyncClient(cookies={"qyran_session": mine}) as client:
        assert (await client.delete(f"{url}/api/session")).status_code == 204
    assert await refused(url, mine, late) == 403


async def test_a_program_without_a_session_gets_no_ticket(url: str) -> None:
    async with httpx.AsyncClient(auth=("dispatcher", "demo")) as client:
        answer = await client.post(f"{url}/api/live/ticket")
    assert answer.status_code == 403 and answer.json()["code"] == "session_needed"


async def refused(url: str, token: str, with_ticket: str, *, origin: str | None = None) -> int:
    """Return the status by which a handshake is refused."""
    with pytest.raises(InvalidStatus) as told:
        async with open_socket(url, token, origin=origin, with_ticket=with_ticket):
            pass
    return told.value.response.status_code


async def test_a_listener_is_greeted_and_told_each_second_that_the_feed_lives(dispatcher: ClientConnection) -> None:
    hello = json.loads(await dispatcher.recv())
    assert hello["type"] == "hello" and hello["seq"] == 0 and hello["at"].endswith("Z")
    tick = await until(dispatcher, lambda m: isinstance(m, str) and "tick" in m and json.loads(m))
    assert tick["type"] == "tick" and tick["positions_at"] is None


async def test_a_change_arrives_as_the_collections_item(
    dispatcher: ClientConnection, engine: AsyncEngine, url: str
) -> None:
    (spot,) = await furnish(engine, MEDEU)
    await ring(engine, "events", spot.ids["events"])
    told = await until(dispatcher, change("events", spot.ids["events"]))
    async with httpx.AsyncClient(auth=("dispatcher", "demo")) as client:
        item = (await client.get(f"{url}/api/collections/events/items/{spot.ids['events']}")).json()
    del item["links"]
    assert told["feature"] == item and told["seq"] == 1


async def test_a_view_is_answered_by_its_snapshot_and_then_by_what_moves_in_it(
    dispatcher: ClientConnection, engine: AsyncEngine
) -> None:
    near, far = await furnish(engine, MEDEU, LonLat(lon=MEDEU.lon - 0.08, lat=MEDEU.lat))
    await dispatcher.send(json.dumps({"type": "view", "bbox": [76.965, 43.225, 76.975, 43.235]}))
    frame = await until(dispatcher, lambda m: units(m) and m)
    assert struct.unpack_from("<IHHI", frame)[2:] == (1, 1) and units(frame) == {near.ids["units"]}
    await move(engine, far.ids["units"], far.place, far.area_id)
    await move(engine, near.ids["units"], MEDEU, near.area_id)
    frame = await until(dispatcher, lambda m: units(m) and m)
    assert units(frame) == {near.ids["units"]} and HEADER.unpack_from(frame)[2] == 0


async def test_a_district_never_hears_of_a_foreign_row(url: str, engine: AsyncEngine) -> None:
    own, foreign = await furnish(engine, MEDEU, ELSEWHERE)
    rows = ("cameras", "incidents", "events", "dispatches")
    async with open_socket(url, await cookie(url, "commander-district")) as socket:
        await socket.send(WORLD)
        heard: list[str | bytes] = []
        for layer in rows:
            await ring(engine, layer, foreign.ids[layer], own.ids[layer])
        for spot in (foreign, own):
            await move(engine, spot.ids["units"], spot.place, spot.area_id)
        waited_for = {(layer, own.ids[layer]) for layer in rows}
        moved: set[int] = set()
        while waited_for or not moved:
            heard.append(await asyncio.wait_for(socket.recv(), PATIENCE_S))
            waited_for -= {(told["layer"], told["id"]) for told in changes_in(heard[-1])}
            moved |= units(heard[-1])
    told_of = {(told["layer"], told["id"]) for message in heard for told in changes_in(message)}
    assert told_of == {(layer, own.ids[layer]) for layer in rows} and moved == {own.ids["units"]}


async def test_a_row_that_leaves_the_district_is_gone_for_it(url: str, engine: AsyncEngine) -> None:
    (spot,) = await furnish(engine, MEDEU)
    event_id = spot.ids["events"]
    async with open_socket(url, await cookie(url, "commander-district")) as socket:
        await ring(engine, "events", event_id)
        assert (await until(socket, change("events", event_id)))["feature"] is not None
        async with visit(engine) as session:
            moved = "UPDATE event SET geom = ST_SetSRID(ST_MakePoint(71.45, 51.15), 4326)"
            await session.execute(text(moved))
            await changes.ring(session, {"events": [event_id]})
        assert (await until(socket, change("events", event_id)))["feature"] is None


async def test_a_unit_that_drives_out_of_the_district_is_gone_for_it_at_once_and_once(
    url: str, engine: AsyncEngine
) -> None:
    leaving, staying, abroad = await furnish(engine, MEDEU, MEDEU, ELSEWHERE)
    token = await cookie(url, "commander-district")
    async with open_socket(url, token) as socket, open_socket(url, await cookie(url, "commander-republic")) as above:
        for listener in (socket, above):
            await listener.send(WORLD)
            await until(listener, lambda m: leaving.ids["units"] in units(m))
        await move(engine, leaving.ids["units"], ELSEWHERE, abroad.area_id)
        told = await until(socket, change("units", leaving.ids["units"]))
        assert told["feature"] is None
        await move(engine, leaving.ids["units"], ELSEWHERE, abroad.area_id)  # it goes on there: nobody here is told
        await move(engine, staying.ids["units"], MEDEU, staying.area_id)
        heard: list[str | bytes] = []
        for listener in (socket, above):
            while not heard or staying.ids["units"] not in units(heard[-1]):
                heard.append(await asyncio.wait_for(listener.recv(), PATIENCE_S))
            assert not any(change("units", leaving.ids["units"])(message) for message in heard)
            assert (leaving.ids["units"] in set().union(*map(units, heard))) is (listener is above)
            heard.clear()
        await move(engine, leaving.ids["units"], MEDEU, leaving.area_id)
        await until(socket, lambda m: leaving.ids["units"] in units(m))


async def test_a_unit_that_is_retired_is_gone_for_its_district_and_for_who_comes_later(
    url: str, engine: AsyncEngine
) -> None:
    (spot,) = await furnish(engine, MEDEU)
    unit_id, token = spot.ids["units"], await cookie(url, "commander-district")
    async with open_socket(url, token) as socket:
        await socket.send(WORLD)
        await until(socket, lambda m: unit_id in units(m))
        async with visit(engine) as session:
            await session.execute(text("UPDATE dispatch SET status = 'clear' WHERE unit_id = :id"), {"id": unit_id})
            await enrolment.take_off_map(session, unit_id)
            await enrolment.retire(session, unit_id)
            await changes.ring(session, {"units": [unit_id]})
        assert (await until(socket, change("units", unit_id)))["feature"] is None
    async with open_socket(url, token) as later:
        await later.send(WORLD)
        while isinstance(frame := await asyncio.wait_for(later.recv(), PATIENCE_S), str):
            pass
        assert unit_id not in units(frame)


async def test_the_public_ground_is_told_to_a_district_wherever_it_changes(url: str, engine: AsyncEngine) -> None:
    (foreign,) = await furnish(engine, ELSEWHERE)
    async with open_socket(url, await cookie(url, "commander-district")) as socket:
        await ring(engine, "roads", foreign.ids["roads"])
        assert (await until(socket, change("roads", foreign.ids["roads"])))["feature"] is not None


async def test_one_that_was_away_is_told_what_it_missed(dispatcher: ClientConnection, engine: AsyncEngine) -> None:
    (spot,) = await furnish(engine, MEDEU)
    await ring(engine, "events", spot.ids["events"])
    await until(dispatcher, change("events", spot.ids["events"]))
    await dispatcher.send('{"type":"resume","seq":0}')
    assert (await until(dispatcher, change("events", spot.ids["events"])))["seq"] == 1


async def test_a_message_that_is_none_closes_the_socket(dispatcher: ClientConnection) -> None:
    await dispatcher.send('{"type":"view","bbox":[NaN,0,1,1]}')
    with pytest.raises(ConnectionClosed) as closed:
        await until(dispatcher, lambda _: None)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008


async def test_who_asks_for_the_past_while_the_store_is_away_is_told_to_come_back(
    dispatcher: ClientConnection, database_url: str
) -> None:
    await dispatcher.recv()
    with store_away(database_url):
        await dispatcher.send('{"type":"resume","seq":0}')
        with pytest.raises(ConnectionClosed) as closed:
            await until(dispatcher, lambda _: None)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1013


async def test_the_feed_comes_back_by_itself_after_the_store_was_away(url: str, database_url: str) -> None:
    token = await cookie(url, "dispatcher")
    async with open_socket(url, token) as stayed:
        await until(stayed, lambda m: '"tick"' in m)
        early = await ticket(url, token)
        with store_away(database_url):
            assert await refused(url, token, early) == 503
        await until(stayed, lambda m: '"tick"' in m)
        async with open_socket(url, token) as newcomer:
            await until(newcomer, lambda m: '"hello"' in m)


@contextmanager
def store_away(database_url: str) -> Iterator[None]:
    """Cut every connection to this test's database and let nobody in, as when the store stands still."""
    name = urlsplit(database_url).path.lstrip("/")
    other = urlunsplit(urlsplit(database_url)._replace(path="/postgres"))
    with psycopg.connect(other, autocommit=True) as link:
        allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        link.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            link.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


async def test_signing_out_closes_the_open_socket(url: str) -> None:
    token = await cookie(url, "dispatcher")
    async with open_socket(url, token) as socket:
        await socket.recv()
        async with httpx.AsyncClient(cookies={"qyran_session": token}) as client:
            assert (await client.delete(f"{url}/api/session")).status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            await until(socket, lambda _: None)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401


async def test_a_listener_that_never_reads_delays_no_other(url: str, engine: AsyncEngine) -> None:
    (spot,) = await furnish(engine, MEDEU)
    many = """WITH new AS (INSERT INTO unit (call_sign, device, service, kind, home_area_id)
        SELECT 'M' || n, 'M' || n, 'police', 'car', :area FROM generate_series(1, 20000) AS n RETURNING id)
        INSERT INTO unit_position SELECT id, 1, now(), now(), 76.97, 43.23, 0, 0, :area FROM new"""
    async with visit(engine) as session:
        await session.execute(text(many), {"area": spot.area_id})
    async with open_socket(url, await cookie(url, "dispatcher")) as healthy:
        deaf_reader, deaf_writer = await asyncio.open_connection(*_address(url), limit=1024)
        deaf_writer.write(await _handshake(url))
        await deaf_reader.readuntil(b"\r\n\r\n")
        deaf_writer.transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(30):  # each view asks for a snapshot of 400 kB, which it never reads
            deaf_writer.write(_masked(WORLD))
            await move(engine, spot.ids["units"], MEDEU, spot.area_id)
        await ring(engine, "events", spot.ids["events"])
        assert await until(healthy, change("events", spot.ids["events"]))
        deaf_writer.transport.abort()


def _address(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition(":")
    return host, int(port)


async def _handshake(url: str) -> bytes:
    token = await cookie(url, "dispatcher")
    lines = [
        f"GET /api/live?ticket={await ticket(url, token)} HTTP/1.1",
        f"Host: {url.removeprefix('http://')}",
        "Upgrade: websocket",
    ]
    lines += ["Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"]
    return "\r\n".join([*lines, f"Cookie: qyran_session={token}", "", ""]).encode()


def _masked(message: str) -> bytes:
    body = message.encode()
    return struct.pack("!BB", 0x81, 0x80 | len(body)) + bytes(4) + body
