"""A little town in Medeu for the operations: roads, units with fresh positions, and people of several areas."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.access.current import any_session
from geo_server.access.schema import Account, OpenSession
from geo_server.routing.roads import RoadsNow
from geo_server.settings import Settings
from layers.areas.queries import every
from layers.areas.schema import Area
from layers.database import SERVER, as_role, visit
from layers.values import LonLat, Role
from tests.answering import app_on

M_PER_DEG = 111_195.08
STEP_M = 500.0


@dataclass(frozen=True)
class Town:
    """The town's middle junction, a place in another district, and the ids of what stands in it."""

    engine: AsyncEngine
    app: FastAPI
    middle: LonLat
    elsewhere: LonLat
    units: dict[str, int]
    roads: dict[tuple[int, int], int]  # by the nodes it joins; node = 10 * row + column, rows north, columns east

    def at(self, east_m: float, north_m: float) -> dict[str, float]:
        """A place by metres east and north of the middle."""
        lon = self.middle.lon + east_m / (M_PER_DEG * math.cos(math.radians(self.middle.lat)))
        return {"lon": lon, "lat": self.middle.lat + north_m / M_PER_DEG}

    async def event(self, kind: str = "line_crossing", *, place: dict[str, float] | None = None, **more: Any) -> int:
        row = {"kind": kind, "details": "{}", "ago_s": 5.0, **(place or self.at(20, 20)), **more}
        asked = """INSERT INTO event (kind, source, at, certainty, placed_by, details, geom)
            VALUES (:kind, 'test', now() - make_interval(secs => :ago_s), 0.8, 'camera', CAST(:details AS jsonb),
                    ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"""
        async with visit(self.engine) as session:
            return int((await session.execute(text(asked), row)).scalar_one())

    async def sql(self, asked: str, **values: Any) -> list[Any]:
        async with visit(self.engine) as session:
            found = await session.execute(text(asked), values)
            return list(found.all()) if found.returns_rows else []


As = Callable[[str], httpx.AsyncClient]


@pytest.fixture
async def town(engine: AsyncEngine, database_url: str, tmp_path: Path) -> Town:
    async with visit(engine) as session:
        asked = "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM area WHERE code = :code) a"
        lon, lat = (await session.execute(text(asked), {"code": "KZ-75-MED"})).one()
        away = (await session.execute(text(asked), {"code": await _other(session)})).one()
    app = app_on(Settings(home=tmp_path, database_url=as_role(database_url, SERVER)))
    town = Town(engine, app, LonLat(lon=lon, lat=lat), LonLat(lon=away[0], lat=away[1]), {}, {})
    await _build(town)
    app.state.roads = RoadsNow()
    await app.state.roads.load(engine)
    return town


@pytest.fixture
async def as_(town: Town) -> AsyncIterator[As]:
    """A client of the whole server, signed in as one of the people of `_people`."""
    people = await _people(town)

    def who(request: Request) -> OpenSession:
        return people[request.headers["x-who"]]

    town.app.dependency_overrides[any_session] = who
    async with AsyncExitStack() as stack:
        clients: dict[str, httpx.AsyncClient] = {}
        transport = httpx.ASGITransport(town.app, raise_app_exceptions=False)
        for name in people:
            client = httpx.AsyncClient(transport=transport, base_url="http://qyran", headers={"x-who": name})
            clients[name] = await stack.enter_async_context(client)
        yield clients.__getitem__


async def _other(session: Any) -> str:
    asked = "SELECT min(code) FROM area WHERE code LIKE 'KZ-75-%' AND code <> 'KZ-75-MED'"
    return str((await session.execute(text(asked))).scalar_one())


async def _people(town: Town) -> dict[str, OpenSession]:
    async with visit(town.engine) as session:
        other = await _other(session)
    rows = {
        "dispatcher": (Role.DISPATCHER, "KZ-75-MED"),
        "second": (Role.DISPATCHER, "KZ-75-MED"),
        "stranger": (Role.DISPATCHER, other),
        "commander": (Role.COMMANDER, "KZ"),
        "planner": (Role.PLANNER, "KZ"),
        "administrator": (Role.ADMINISTRATOR, "KZ"),
        "local administrator": (Role.ADMINISTRATOR, "KZ-75-MED"),
        "local commander": (Role.COMMANDER, "KZ-75-MED"),
    }
    async with visit(town.engine) as session:
        areas = {area.code: area for area in await every(session)}
    people = {name: _session(n, name, role, areas[code]) for n, (name, (role, code)) in enumerate(rows.items(), 1)}
    for n, (name, sign) in enumerate({"crew": "102-0", "other crew": "102-1"}.items(), 101):
        # The store itself checks whose crew it is: these two have a row.
        written = """INSERT INTO account (id, name, password_hash, role, area_id, unit_id)
            VALUES (:n, :name, 'x', 'crew', :at, :unit)"""
        area = areas["KZ-75-MED"]
        await town.sql(written, n=n, name=name, at=area.id, unit=town.units[sign])
        people[name] = _session(n, name, Role.CREW, area, town.units[sign])
    return people


def _session(n: int, name: str, role: Role, area: Area, unit_id: int | None = None) -> OpenSession:
    now = datetime.now(UTC)
    return OpenSession(
        id=n,
        account=Account(id=n, name=name, role=role, demo=False, area=area, unit_id=unit_id),
        entered=area,
        means="password",
        second_factor=False,
        needs=None,
        stepped_up_at=now,
        started_at=now,
        ends_at=now + timedelta(hours=12),
        origin="127.0.0.1",
    )


async def _build(town: Town) -> None:
    """Nine junctions 500 m apart, the middle one in the middle; six patrols along the west and two ambulances."""
    points = {10 * r + c: town.at((c - 1) * STEP_M, (r - 1) * STEP_M) for r in range(3) for c in range(3)}
    joined = [(n, n + 1) for n in points if n % 10 < 2] + [(n, n + 10) for n in points if n < 20]
    ends = {"from": [a for a, _ in joined], "to": [b for _, b in joined]}
    lines = [f"LINESTRING({_spoken(points[a])}, {_spoken(points[b])})" for a, b in joined]
    asked = """INSERT INTO road (osm_id, class, name, from_node, to_node, speed_kmh, length_m, geom)
        SELECT 1, 'residential', 'Абай', a, b, 36, 500, ST_GeomFromText(line, 4326)
        FROM unnest(CAST(:from AS bigint[]), CAST(:to AS bigint[]), CAST(:lines AS text[])) AS road (a, b, line)
        RETURNING from_node, to_node, id"""
    town.roads.update({(a, b): road_id for a, b, road_id in await town.sql(asked, **ends, lines=lines)})
    police = {f"102-{i}": ("police", town.at(-500 + 60 * i, -500)) for i in range(6)}
    ambulances = {f"103-{i}": ("ambulance", town.at(500, 200 * i)) for i in range(2)}
    await _add_units(town, police | ambulances)


def _spoken(place: dict[str, float]) -> str:
    return f"{place['lon']} {place['lat']}"


async def add_unit(
    town: Town, sign: str, service: str, place: dict[str, float], *, duty: str = "on", age_s: float = 2
) -> int:
    await _add_units(town, {sign: (service, place)}, duty=duty, age_s=age_s)
    return town.units[sign]


async def _add_units(
    town: Town, units: dict[str, tuple[str, dict[str, float]]], *, duty: str = "on", age_s: float = 2
) -> None:
    """Add them all at once: each test has a town of its own. They are named by their call signs."""
    columns = {
        "signs": list(units),
        "services": [service for service, _ in units.values()],
        "lons": [place["lon"] for _, place in units.values()],
        "lats": [place["lat"] for _, place in units.values()],
    }
    asked = """INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
        SELECT sign, sign, service, 'car', :duty, area_of(ST_SetSRID(ST_MakePoint(lon, lat), 4326))
        FROM unnest(CAST(:signs AS text[]), CAST(:services AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[]))
            AS told (sign, service, lon, lat) RETURNING call_sign, id"""
    town.units.update(await town.sql(asked, duty=duty, **columns))
    placed = """INSERT INTO unit_position (unit_id, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
        SELECT unit.id, now() - make_interval(secs => :age_s), now(), lon, lat, 0, 0,
            area_of(ST_SetSRID(ST_MakePoint(lon, lat), 4326))
        FROM unnest(CAST(:signs AS text[]), CAST(:lons AS float8[]), CAST(:lats AS float8[])) AS told (sign, lon, lat)
        JOIN unit ON call_sign = sign AND retired_at IS NULL"""
    del columns["services"]
    await town.sql(placed, age_s=age_s, **columns)
