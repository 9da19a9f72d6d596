"""A past day of 2,000 units opened for replay, any later part of it, and all of it at once, against the bare rows.

Opened is what a window asks before it can show its first moment: how everything stood in the first minute, and where
the units drove in it, each once a second; read under the policies, packed and gzipped, one after the other. The floor
reads the same minute of the track by COPY as the store's owner and does nothing with it.
"""

import gzip
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.api.geojson import to_json
from geo_server.bench import Figure, Ground, queries
from geo_server.bench.replay_queries import drive, moments_of, past_day
from geo_server.replay import queries as replay
from geo_server.replay import track_queries as tracks
from geo_server.replay.packing import as_columns, as_frame, step_of
from geo_server.replay.schema import Span
from layers.areas.scope import visit_as
from layers.database import SERVER, as_role, engine_for, visit
from layers.tracks.fixes import microseconds
from layers.tracks.queries import ensure_partition
from layers.values import BBox, Role
from layers.viewer import Viewer

UNITS, INCIDENTS, EVENTS, CALLS = 2_000, 3_000, 10_000, 20_000
BUSY_S, EVERY_S = 600, 30  # a fix a second in the first ten minutes, then one in half a minute
FIRST_S, PART_S = 60, 240  # as the window asks: at the beginning, and at ten times the speed
DAY_S, FRAME_S = 86_400, 7_200  # a frame is two hours at most
_FRAMES = range(0, DAY_S, FRAME_S)
TIMES, ASKED_S = 7, 2.0
BOX = BBox(west=76.80, south=43.15, east=77.05, north=43.33)
_FLOORS = (
    "unit_version", "incident", "incident_version", "dispatch", "dispatch_entry", "event", "call", "call_entry",
)  # fmt: skip


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the day before yesterday, then open it; seconds by the clock of the asker."""
    day = (datetime.now(UTC) - timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    owner, server = engine_for(ground.database_url, size=1), engine_for(as_role(ground.database_url, SERVER), size=1)
    try:
        viewer = await _written(owner, ground.database_url, day)
        end = day + timedelta(days=1)
        opened = await _taken(lambda: _part(server, viewer, day, FIRST_S), 4 * TIMES)
        sent_kb = await _part(server, viewer, day, FIRST_S) / 1000
        part = await _taken(lambda: _part(server, viewer, _some_time(day), PART_S), 4 * TIMES)
        whole = await _taken(lambda: _stood(server, viewer, Span(since=day, until=end)), TIMES)
        loaded = await _taken(lambda: _loaded(server, viewer, day), 2)
        first = await _taken(lambda: _bare(ground.database_url, day, FIRST_S, ()), TIMES)
        later = await _taken(lambda: _bare(ground.database_url, _some_time(day), PART_S, ()), TIMES)
        rows = await _taken(lambda: _bare(ground.database_url, day, 0, _FLOORS), TIMES)
        all_of_it = await _taken(lambda: _bare(ground.database_url, day, DAY_S, _FLOORS), 2)
    finally:
        await owner.dispose()
        await server.dispose()
    return [
        _figure("replay.open", opened, first, ASKED_S),
        Figure(name="replay.open_sent", value=round(sent_kb), unit="kB"),
        _figure("replay.part", part, later, None),
        _figure("replay.whole_day_stood", whole, rows, None),
        _figure("replay.whole_day_loaded", loaded, all_of_it, None),
    ]


async def _written(owner: AsyncEngine, url: str, day: datetime) -> Viewer:
    async with visit(owner) as session:
        area = await queries.one_area(session)
        await ensure_partition(session, [day.date()])
        size = {"units": UNITS, "incidents": INCIDENTS, "events": EVENTS, "calls": CALLS}
        units = await past_day(session, day=day.isoformat(), area_id=area, box=BOX, **size)
        await drive(session, units, moments_of(microseconds(day), busy_s=BUSY_S, every_s=EVERY_S), area, BOX)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as link:
        await link.execute("VACUUM (ANALYZE)")
    return Viewer(account_id=1, name="bench", role=Role.COMMANDER, area_id=area, own_area_id=area)


async def _part(server: AsyncEngine, viewer: Viewer, at: datetime, seconds: int) -> int:
    """Return how many bytes are sent of a part."""
    span = Span(since=at, until=at + timedelta(seconds=seconds))
    return await _stood(server, viewer, span) + await _drove(server, viewer, span, seconds)


async def _loaded(server: AsyncEngine, viewer: Viewer, day: datetime) -> int:
    """Ask for all of a day: how everything stood, and every frame of where the units drove; return its bytes."""
    spans = [Span(since=day + timedelta(seconds=n), until=day + timedelta(seconds=n + FRAME_S)) for n in _FRAMES]
    drove = [await _drove(server, viewer, span, FRAME_S) for span in spans]
    return sum(drove) + await _stood(server, viewer, Span(since=day, until=day + timedelta(seconds=DAY_S)))


async def _stood(server: AsyncEngine, viewer: Viewer, span: Span) -> int:
    async with visit_as(server, viewer) as session:
        past = await replay.past(session, viewer, span)
    assert past.units.rows == UNITS and past.calls and past.incidents
    return len(gzip.compress(to_json(as_columns(past, span.until)), 1))


async def _drove(server: AsyncEngine, viewer: Viewer, span: Span, seconds: int) -> int:
    async with visit_as(server, viewer) as session:
        fixes = await tracks.fixes(session, span, step_of(seconds))
    assert len(np.unique(fixes["unit_id"])) == UNITS
    return len(gzip.compress(as_frame(fixes, span), 1))


async def _bare(url: str, at: datetime, seconds: int, tables: Sequence[str]) -> None:
    fixes = "unit_id, at, ST_X(geom), ST_Y(geom), speed_kmh, heading_deg FROM track"
    asked = [sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name)) for name in tables]
    asked.append(
        sql.SQL(f"COPY (SELECT {fixes} WHERE at >= {{}} AND at < {{}}) TO STDOUT (FORMAT binary)").format(
            sql.Literal(at), sql.Literal(at + timedelta(seconds=seconds))
        )
    )
    async with await psycopg.AsyncConnection.connect(url) as link, link.cursor() as cursor:
        for command in asked:
            async with cursor.copy(command) as copy:
                async for _ in copy:
                    pass


def _some_time(day: datetime) -> datetime:
    return day + timedelta(seconds=int(np.random.default_rng().integers(BUSY_S, 86_400 - PART_S)))


async def _taken(act: Callable[[], Awaitable[object]], times: int) -> list[float]:
    await act()  # the first one warms the connection's plans and the store's cache
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await act()
        took.append(time.perf_counter() - began)
    return took


def _figure(name: str, value_s: Sequence[float], floor_s: Sequence[float], asked_s: float | None) -> Figure:
    value, floor = float(np.median(value_s)), float(np.median(floor_s))
    return Figure(
        name=name,
        value=round(value, 3),
        unit="s",
        floor=round(floor, 3),
        ratio=round(value / floor, 2),
        asked=None if asked_s is None else f"<= {asked_s:g} s",
        holds=None if asked_s is None else value <= asked_s,
    )
