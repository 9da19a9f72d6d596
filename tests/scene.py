"""One row of every layer at each of many places, the people who look at them, a server on a real socket, its feed."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from websockets.asyncio.client import ClientConnection, connect

from geo_server.access.cli import write_demo
from geo_server.settings import Settings
from layers import changes
from layers.database import SERVER, as_role, engine_for, visit
from layers.tracks import queries as tracks
from layers.values import LonLat, Role
from layers.viewer import Viewer
from tests.answering import app_on

MEDEU = LonLat(lon=76.97, lat=43.23)
PATIENCE_S = 30  # of a server that shares two cores with browsers
_ROWS = {
    "landcover": "INSERT INTO landcover (osm_id, kind, geom) VALUES (1, 'green', ST_Multi({square}))",
    "roads": "INSERT INTO road (osm_id, class, from_node, to_node, speed_kmh, length_m, geom)"
    " VALUES (1, 'primary', 1, 2, 50, 30, {line})",
    "closures": "INSERT INTO closure (kind, reason, made_by, geom) VALUES ('line', 'x', 'x', {line})",
    "buildings": "INSERT INTO building (osm_id, kind, geom) VALUES (1, 'house', ST_Multi({square}))",
    "addresses": "INSERT INTO address (osm_id, street, house, geom) VALUES (1, 'Абай', '1', {point})",
    "places": "INSERT INTO place (osm_id, kind, geom) VALUES (1, 'hospital', {point})",
    "premises": "INSERT INTO premises_note (kind, text, made_by, geom) VALUES ('hazard', 'x', 'x', {point})",
    "cameras": "INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, geom)"
    " VALUES ('C' || nextval('incident_number'), 'а', 'б', 'c', 'x', 'rtsp', {point})",
    "incidents": "INSERT INTO incident (number, category, priority, state, opened_at, opened_by, geom)"
    " VALUES ('26-' || nextval('incident_number'), 'fire', 1, 'pending', now(), 'x', {point})",
    "events": "INSERT INTO event (kind, source, at, certainty, placed_by, geom)"
    " VALUES ('smoke', 'x', now(), 1, 'sender', {point})",
    "calls": "INSERT INTO call (home_area_id, state, rang_at, placed_by, radius_m, phone, geom)"
    " VALUES (area_of({point}), 'ringing', now(), 'aml', 30, '+77015550101', {point})",
    "coverage": "WITH tile AS (INSERT INTO coverage_tile (epsg, col, row, geom, stirred_at)"
    " VALUES (32643, 1, nextval('incident_number'), {square}, NULL) RETURNING id)"
    " INSERT INTO coverage (tile_id, area_id, purpose, cameras, geom)"
    " SELECT id, area_of({point}), 'situation', 1, ST_Multi({square}) FROM tile",
    "gaps": "INSERT INTO gap (tile_id, area_id, purpose, ground_m2, streets_m, incidents, places, schools, addresses,"
    " weight, geom)"
    " SELECT max(id), area_of({point}), 'situation', 100, 0, 0, 0, 0, 0, 1, {square} FROM coverage_tile",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place, the area it lies in, and the id of the row that each layer has there."""

    place: LonLat
    area_id: int
    ids: dict[str, int]


async def furnish(engine: AsyncEngine, *places: LonLat) -> list[Spot]:
    """Put one row of every layer (but areas) at each place."""
    async with visit(engine) as session:
        await tracks.ensure_partition(session, [datetime.now(UTC).date() + timedelta(days=d) for d in (-1, 0, 1)])
    return [await _furnish(engine, place) for place in places]


async def _furnish(engine: AsyncEngine, place: LonLat) -> Spot:
    at = {"lon": place.lon, "lat": place.lat}
    point = "ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)"
    line = "ST_SetSRID(ST_MakeLine(ST_MakePoint(:lon, :lat), ST_MakePoint(:lon + 0.001, :lat)), 4326)"
    shapes = {"point": point, "line": line, "square": f"ST_Expand({point}, 0.0001)"}
    async with visit(engine) as session:
        area_id = int((await session.execute(text(f"SELECT area_of({point})"), at)).scalar_one())
        ids = {}
        for layer, row in _ROWS.items():
            ids[layer] = (await session.execute(text(row.format(**shapes) + " RETURNING id"), at)).scalar_one()
        unit = "INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)"
        unit += " SELECT n, n, 'police', 'car', 'on', :area FROM (SELECT 'U' || nextval('incident_number') AS n) named"
        unit += " RETURNING id"
        ids["units"] = ids["tracks"] = (await session.execute(text(unit), {"area": area_id})).scalar_one()
        of = {**at, "unit": ids["units"], "area": area_id, "incident": ids["incidents"]}
        dispatch = "INSERT INTO dispatch (incident_id, unit_id, dispatched_by, area_id, geom)"
        dispatch += f" VALUES (:incident, :unit, 'x', :area, {line}) RETURNING id"
        ids["dispatches"] = (await session.execute(text(dispatch), of)).scalar_one()
        panic = f"INSERT INTO panic (unit_id, raised_at, raised_by, geom) VALUES (:unit, now(), 'x', {point})"
        ids["panics"] = (await session.execute(text(panic + " RETURNING id"), of)).scalar_one()
        track = "INSERT INTO track (unit_id, at, received_at, speed_kmh, heading_deg, geom, area_id)"
        track += " SELECT :unit, now() - make_interval(secs => s), now(), 10, 0,"
        track += " ST_SetSRID(ST_MakePoint(:lon + (s - 1) / 5000, :lat), 4326), :area"
        await session.execute(text(track + " FROM generate_series(1.0, 3.0) AS s"), of)
    await move(engine, ids["units"], place, area_id)
    return Spot(place=place, area_id=area_id, ids=ids)


async def move(engine: AsyncEngine, unit_id: int, place: LonLat, area_id: int) -> None:
    """Give a unit a new position, as ingest does: with a batch number, and the bell."""
    row = """INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
        VALUES (:unit, :batch, clock_timestamp(), now(), :lon, :lat, 36, 90, :area)
        ON CONFLICT (unit_id) DO UPDATE SET batch = excluded.batch, at = excluded.at, lon = excluded.lon,
            lat = excluded.lat, area_id = excluded.area_id"""
    async with visit(engine) as session:
        batch = await changes.ring_positions(session)
        of = {"unit": unit_id, "batch": batch, "lon": place.lon, "lat": place.lat, "area": area_id}
        await session.execute(text(row), of)
        there = "UPDATE unit SET area_id = :area WHERE id = :unit AND area_id <> :area"
        await session.execute(text(there), {"area": area_id, "unit": unit_id})


async def viewer_of(engine: AsyncEngine, code: str, role: Role = Role.DISPATCHER) -> Viewer:
    """Return somebody who answers for the area of that code."""
    async with visit(engine) as session:
        asked = text("SELECT id FROM area WHERE code = :code")
        area_id = (await session.execute(asked, {"code": code})).scalar_one()
    return Viewer(account_id=1, name="somebody", role=role, area_id=area_id, own_area_id=area_id)


@contextmanager
def served(database_url: str, home: Path) -> Iterator[str]:
    """Run the server with its demo accounts on a port of its own, in a thread with a loop of its own."""
    asyncio.run(_with_accounts(database_url))
    app = app_on(Settings(home=home, database_url=as_role(database_url, SERVER), demo=True))
    app.state.watching.every_s = 3600.0  # no position proposes anything between two lines of a test
    config = uvicorn.Config(app, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(256)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


async def _with_accounts(database_url: str) -> None:
    engine = engine_for(database_url, size=1)
    await write_demo(engine)
    await engine.dispose()


# ── the live feed, as a window opens it ──


async def cookie(url: str, name: str) -> str:
    """Sign a demo account in and return the token of its session."""
    async with httpx.AsyncClient(timeout=PATIENCE_S) as client:
        answer = await client.post(f"{url}/api/session", json={"user": name, "password": "demo"})
    assert answer.status_code == 200, answer.text
    return answer.cookies["qyran_session"]


async def ticket(url: str, token: str) -> str:
    """Return a ticket for the session of that token."""
    async with httpx.AsyncClient(cookies={"qyran_session": token}, timeout=PATIENCE_S) as client:
        answer = await client.post(f"{url}/api/live/ticket")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"])


@asynccontextmanager
async def open_socket(
    url: str, token: str, *, origin: str | None = None, with_ticket: str | None = None
) -> AsyncIterator[ClientConnection]:
    """Open the feed with a session's token, and with a new ticket of it unless one is given."""
    asked = await ticket(url, token) if with_ticket is None else with_ticket
    address = f"{url.replace('http', 'ws')}/api/live?ticket={asked}"
    headers = {"Cookie": f"qyran_session={token}", "Origin": origin or url}
    async with connect(address, additional_headers=headers, compression=None, proxy=None) as socket:
        yield socket


def changes_in(message: str | bytes) -> list[dict[str, Any]]:
    """Return what a message of the feed tells of rows; of a frame of positions, nothing."""
    told = json.loads(message) if isinstance(message, str) else {}
    return told["changes"] if told.get("type") == "changes" else []
