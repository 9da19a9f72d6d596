"""An incident granted sideways: its rows and the units bound to it come through the socket, nothing else from there."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from geo_server.live.messages import HEADER, RECORD
from layers import changes
from layers.database import visit
from layers.values import LonLat
from tests.scene import MEDEU, Spot, changes_in, cookie, furnish, move, open_socket, served

pytestmark = pytest.mark.anyio
ELSEWHERE, BESIDE = LonLat(lon=71.45, lat=51.15), LonLat(lon=71.46, lat=51.16)
WORLD = json.dumps({"type": "view", "bbox": [-180, -90, 180, 90]})
ROWS = ("incidents", "events", "dispatches", "units")
NAME = "commander-district"
PATIENCE_S, WITHIN_S = 15, 2.0
GRANT = """INSERT INTO area_grant (kind, area_id, to_area_id, incident_id, reason, given_by, ends_at)
    SELECT 'incident', i.area_id, taker.id, i.id, 'help', 'x', now() + interval '1 hour'
      FROM incident i, area taker WHERE i.id = :incident AND taker.code = 'KZ-75-MED'"""


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


async def sql(engine: AsyncEngine, asked: str, *ringing: str, **values: Any) -> None:
    """Write, and ring for rows as `layer id`."""
    async with visit(engine) as session:
        await session.execute(text(asked), values)
        for row in ringing:
            layer, id = row.split()
            await changes.ring(session, {layer: [int(id)]})


async def step(engine: AsyncEngine, spot: Spot, status: str) -> None:
    """Take the dispatch of a spot to a status, as the desk does: with the bell of all that it touches."""
    rung = [f"{layer} {spot.ids[layer]}" for layer in ("dispatches", "incidents", "units")]
    await sql(engine, "UPDATE dispatch SET status = :to WHERE id = :id", *rung, to=status, id=spot.ids["dispatches"])


async def granted(engine: AsyncEngine, *places: LonLat) -> list[Spot]:
    """Furnish places and grant the incident of the second, with its event, to the district of the first."""
    spots = await furnish(engine, *places)
    of = spots[1].ids
    await sql(engine, "UPDATE event SET incident_id = :of WHERE id = :id", of=of["incidents"], id=of["events"])
    await sql(engine, GRANT, incident=of["incidents"])
    return spots


class Heard:
    """One listener, and all that it heard."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.changes: list[dict[str, Any]] = []
        self.frames: list[tuple[bool, set[int]]] = []  # a snapshot or not, its units

    async def next(self) -> None:
        message = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
        if isinstance(message, str):
            self.changes += changes_in(message)
        else:
            units = np.frombuffer(message, RECORD, offset=HEADER.size)["unit_id"]
            self.frames.append((bool(HEADER.unpack_from(message)[2]), set(units.tolist())))

    async def snapshot(self) -> set[int]:
        """Look at everything and return which units are there."""
        self.frames.clear()
        await self.socket.send(WORLD)
        while not any(whole for whole, _ in self.frames):
            await self.next()
        return next(units for whole, units in self.frames if whole)

    async def until_moved(self, unit_id: int) -> None:
        """Listen until a frame that brings the unit."""
        while not any(unit_id in units for _, units in self.frames):
            await self.next()

    async def until_told(self, layer: str, id: int) -> dict[str, Any] | None:
        """Listen until a change of a row is told, and return what it is now."""
        while not (told := self.told(layer, id)):
            await self.next()
        return told[-1]

    def told(self, layer: str, id: int) -> list[dict[str, Any] | None]:
        """Return all that was told of a row."""
        return [told["feature"] for told in self.changes if (told["layer"], told["id"]) == (layer, id)]

    def forget(self) -> None:
        self.changes.clear()
        self.frames.clear()


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Heard]:
    async with open_socket(url, await cookie(url, NAME)) as socket:
        yield Heard(socket)


async def test_units_bound_to_it_come_with_its_rows_and_nothing_else_of_the_foreign_area(
    url: str, engine: AsyncEngine
) -> None:
    own, theirs, other = await granted(engine, MEDEU, ELSEWHERE, BESIDE)
    async with listening(url) as heard:
        assert await heard.snapshot() == {own.ids["units"], theirs.ids["units"]}
        heard.forget()
        for spot in (other, theirs, own):
            await move(engine, spot.ids["units"], spot.place, spot.area_id)
            await sql(engine, "SELECT 1", *(f"{layer} {spot.ids[layer]}" for layer in (*ROWS, "cameras")))
        await heard.until_told("cameras", own.ids["cameras"])
        await heard.until_moved(own.ids["units"])
        await heard.until_moved(theirs.ids["units"])
        told = {(one["layer"], one["id"]) for one in heard.changes}
        assert told == {(layer, spot.ids[layer]) for layer in ROWS for spot in (own, theirs)} | {
            ("cameras", own.ids["cameras"])
        }
        assert all(one["feature"] is not None for one in heard.changes)
        assert set().union(*(units for _, units in heard.frames)) == {own.ids["units"], theirs.ids["units"]}


async def test_a_unit_that_is_freed_is_gone_at_once_and_where_it_drives_then_is_not_told(
    url: str, engine: AsyncEngine
) -> None:
    own, theirs = await granted(engine, MEDEU, ELSEWHERE)
    unit_id = theirs.ids["units"]
    async with listening(url) as heard:
        assert unit_id in await heard.snapshot()
        await step(engine, theirs, "clear")
        assert await heard.until_told("units", unit_id) is None
        assert await heard.until_told("dispatches", theirs.ids["dispatches"]) is not None  # that it is over is told
        heard.forget()
        await move(engine, unit_id, BESIDE, theirs.area_id)
        await sql(engine, "SELECT 1", f"units {unit_id}")
        await move(engine, own.ids["units"], MEDEU, own.area_id)
        await heard.until_moved(own.ids["units"])
        assert heard.told("units", unit_id) == [] and not any(unit_id in units for _, units in heard.frames)
        assert await heard.snapshot() == {own.ids["units"]}


async def test_a_unit_that_is_bound_to_it_is_there_at_once_though_it_stands_still(
    url: str, engine: AsyncEngine
) -> None:
    own, theirs, other = await granted(engine, MEDEU, ELSEWHERE, BESIDE)
    unit_id = other.ids["units"]
    async with listening(url) as heard:
        assert unit_id not in await heard.snapshot()
        heard.forget()
        await sql(
            engine,
            "UPDATE dispatch SET incident_id = :to WHERE id = :id",
            f"dispatches {other.ids['dispatches']}",
            f"units {unit_id}",
            to=theirs.ids["incidents"],
            id=other.ids["dispatches"],
        )
        assert await heard.until_told("units", unit_id) is not None
        await heard.until_moved(unit_id)
        assert heard.frames[-1] == (True, {own.ids["units"], theirs.ids["units"], unit_id})


async def test_ones_own_unit_stays_in_sight_abroad_until_it_is_freed_there(url: str, engine: AsyncEngine) -> None:
    own, theirs = await granted(engine, MEDEU, ELSEWHERE)
    unit_id = own.ids["units"]
    to = {"to": theirs.ids["incidents"], "id": own.ids["dispatches"]}
    await sql(engine, "UPDATE dispatch SET incident_id = :to WHERE id = :id", **to)
    async with listening(url) as heard:
        await heard.snapshot()
        heard.forget()
        await move(engine, unit_id, ELSEWHERE, theirs.area_id)
        await heard.until_moved(unit_id)
        assert heard.told("units", unit_id) == []
        await step(engine, own, "clear")
        assert await heard.until_told("units", unit_id) is None
        assert await heard.snapshot() == {theirs.ids["units"]}
        # Once by who is bound no more and, where that was read before its change was, once more by the change.
        assert heard.told("units", unit_id) in ([None], [None, None])


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE area_grant SET revoked_at = now(), revoked_by = 'x'",
        "UPDATE area_grant SET begins_at = now() - interval '2 hours', ends_at = now()",
    ],
)
async def test_with_the_grant_ends_the_socket_and_all_that_came_by_it(
    url: str, engine: AsyncEngine, ending: str
) -> None:
    own, theirs = await granted(engine, MEDEU, ELSEWHERE)
    async with listening(url) as heard:
        await heard.snapshot()
        await sql(engine, ending)
        assert await closed_within(heard)
    async with listening(url) as heard:
        assert await heard.snapshot() == {own.ids["units"]}
        await move(engine, theirs.ids["units"], ELSEWHERE, theirs.area_id)
        await sql(engine, "SELECT 1", *(f"{layer} {spot.ids[layer]}" for layer in ROWS for spot in (theirs, own)))
        await heard.until_told("units", own.ids["units"])
        assert await heard.snapshot() == {own.ids["units"]}
        told = {(one["layer"], one["id"]) for one in heard.changes}
        assert told == {(layer, own.ids[layer]) for layer in ROWS}


async def test_a_grant_that_is_given_ends_the_socket_so_that_the_next_one_has_it(url: str, engine: AsyncEngine) -> None:
    own, theirs = await furnish(engine, MEDEU, ELSEWHERE)
    async with listening(url) as heard:
        assert await heard.snapshot() == {own.ids["units"]}
        await sql(engine, GRANT, incident=theirs.ids["incidents"])
        assert await closed_within(heard)
    async with listening(url) as heard:
        assert await heard.snapshot() == {own.ids["units"], theirs.ids["units"]}


async def test_who_was_away_is_told_of_the_bound_unit_and_of_no_other(url: str, engine: AsyncEngine) -> None:
    own, theirs, other = await granted(engine, MEDEU, ELSEWHERE, BESIDE)
    rows = [f"{layer} {spot.ids[layer]}" for spot in (theirs, other, own) for layer in ROWS]
    await sql(engine, "SELECT 1", *rows)
    async with listening(url) as heard:
        await heard.socket.send('{"type":"resume","seq":0}')
        await heard.until_told("units", own.ids["units"])
        told = {(one["layer"], one["id"]) for one in heard.changes}
        assert told == {(layer, spot.ids[layer]) for layer in ROWS for spot in (own, theirs)}


async def closed_within(heard: Heard) -> bool:
    """Say whether the socket is closed as one of an ended session, in time."""
    began = time.monotonic()
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await heard.next()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 4401
    return time.monotonic() - began < WITHIN_S
