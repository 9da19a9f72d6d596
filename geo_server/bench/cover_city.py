"""A city of 6,000 cameras and 150,000 houses, out of the store and back into it, on all cores."""

import time
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.bench import Figure, Ground
from geo_server.planning.engine import on_this_machine
from geo_server.planning.laying import squares
from geo_server.planning.working import work_off
from layers.areas.scope import visit_whole
from layers.coverage import queries as coverage
from layers.database import SERVER, as_role, engine_for, visit

CAMERAS, HOUSES = 6_000, 150_000
_WEST, _SOUTH, _WIDE, _HIGH = 76.80, 43.18, 0.296, 0.162  # degrees: 24 by 18 km
_AREA = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'к', 'р', 'e', ST_Multi(ST_MakeEnvelope(70, 40, 80, 50, 4326)))"""
_CITY = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
SELECT id, 3, 'KZ-B', 'к', 'р', 'e', ST_Multi(ST_MakeEnvelope(:west, :south, :west + :wide, :south + :high, 4326))
  FROM area"""
_HOUSES = """
INSERT INTO building (osm_id, kind, height_m, geom, area_id)
SELECT n, 'apartments', 3 * (1 + n % 9), ST_SetSRID(ST_Multi(ST_MakeEnvelope(x, y, x + 0.0003, y + 0.0002)), 4326), 2
  FROM (SELECT n, :west + :wide * (n % 447) / 447 AS x, :south + :high * (n / 447) / 336 AS y
          FROM generate_series(0, :houses - 1) n) at"""
_CAMERAS = """
INSERT INTO camera (code, name_kk, name_ru, name_en, url, reader, kind, height_m, heading_deg, tilt_deg, hfov_deg,
                    width_px, height_px, range_m, geom, area_id)
SELECT 'B-' || n, 'к', 'р', 'e', 'rtsp://x', 'rtsp', 'fixed', 4 + n % 9, (n * 37) % 360, 8 + n % 15, 40 + n % 50, 1920,
       1080, 120, ST_SetSRID(ST_MakePoint(:west + random() * :wide, :south + random() * :high), 4326), 2
  FROM generate_series(1, :cameras) n"""


async def run(ground: Ground) -> Sequence[Figure]:
    """Write the city, lay its tiles, and reckon them from the first question to the last answer."""
    engine = engine_for(ground.database_url, size=8)
    server = engine_for(as_role(ground.database_url, SERVER), size=8)
    workers = on_this_machine()
    try:
        await _write(engine)
        tiles = await _lay(server)
        await work_off(server, workers)  # each process has compiled, or read what was
        async with visit_whole(server) as session:
            await session.execute(text("UPDATE coverage_tile SET stirred_at = clock_timestamp()"))
        begun = time.perf_counter()
        await work_off(server, workers)
        took = time.perf_counter() - begun
    finally:
        workers.shutdown()
        await engine.dispose()
        await server.dispose()
    return [
        Figure(
            name=f"cover: a city of {CAMERAS:,} cameras in {tiles} tiles, store to store",
            value=round(took, 1),
            unit="s",
        ),
    ]


async def _write(engine: AsyncEngine) -> None:
    size = {"west": _WEST, "south": _SOUTH, "wide": _WIDE, "high": _HIGH}
    async with visit(engine) as session:
        await session.execute(text("SELECT setseed(0.5)"))
        await session.execute(text(_AREA))
        await session.execute(text(_CITY), size)
        await session.execute(text(_HOUSES), {**size, "houses": HOUSES})
        await session.execute(text(_CAMERAS), {**size, "cameras": CAMERAS})
        for table in ("building", "camera"):
            await session.execute(text(f"ANALYZE {table}"))


async def _lay(server: AsyncEngine) -> int:
    async with visit_whole(server) as session:
        found = squares(await coverage.settled(session, [2]), [])
        await coverage.lay(session, found)
    return len(found)
