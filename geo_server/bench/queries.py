"""What the benches write into their own databases before they measure."""

from collections.abc import Sequence
from contextlib import suppress

import psycopg
from sqlalchemy import text

from layers.database import Session
from layers.values import BBox

# Every row belongs to one area, so the trigger that finds it is spared for the load.
_PAST = """
INSERT INTO incident (number, category, priority, state, opened_at, closed_at, opened_by, geom, area_id)
SELECT 'past-' || n, (ARRAY['theft', 'fire', 'medical', 'road_accident', 'public_order'])[1 + floor(random() * 5)::int],
       3, 'closed', at, at, 'bench',
       ST_SetSRID(ST_MakePoint(:west + across * (:east - :west), :south + random() * (:north - :south)), 4326),
       (CAST(:areas AS bigint[]))[1 + floor(across * cardinality(CAST(:areas AS bigint[])))::int]
  FROM (SELECT n, random() AS across, now() - random() * interval '5 years' AS at
          FROM generate_series(1, :count) n) past
"""
_DISTRICT = """
INSERT INTO area (parent_id, level, code, name_kk, name_ru, name_en, geom)
VALUES (:parent, 4, :code, :code, :code, :code, ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)))
RETURNING id
"""
_UNITS = """
WITH made AS (
    INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
    SELECT 'P' || n, 'p' || n, 'police', 'patrol', 'on',
           (CAST(:areas AS bigint[]))[1 + n % cardinality(CAST(:areas AS bigint[]))]
      FROM generate_series(1, :count) n RETURNING id, home_area_id)
INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
SELECT made.id, 1, now(), now(), ST_XMin(geom) + random() * (ST_XMax(geom) - ST_XMin(geom)),
       ST_YMin(geom) + random() * (ST_YMax(geom) - ST_YMin(geom)), 20, 90, home_area_id
  FROM made JOIN area ON area.id = home_area_id
"""
_ALMATY_BOX = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'Қазақстан', 'Казахстан', 'Kazakhstan', ST_Multi(ST_MakeEnvelope(46, 40, 88, 56, 4326))) RETURNING id
"""


async def one_area(session: Session) -> int:
    """Write a Republic that is a box, and return its id."""
    return int((await session.execute(text(_ALMATY_BOX))).scalar_one())


async def districts(session: Session, republic: int, box: BBox, count: int) -> list[int]:
    """Write so many districts side by side, from west to east over the box, and return their ids."""
    wide = (box.east - box.west) / count
    sides = [{"west": box.west + n * wide, "east": box.west + (n + 1) * wide} for n in range(count)]
    rest = {"parent": republic, "south": box.south, "north": box.north}
    rows = [rest | side | {"code": f"KZ-{n}"} for n, side in enumerate(sides)]
    return [int((await session.execute(text(_DISTRICT), row)).scalar_one()) for row in rows]


async def units_about(session: Session, count: int, areas: Sequence[int]) -> None:
    """Write so many units with a fresh position, spread over the areas."""
    await session.execute(text(_UNITS), {"count": count, "areas": list(areas)})


async def past_incidents(session: Session, count: int, box: BBox, areas: Sequence[int]) -> None:
    """Write `count` closed incidents of five years, spread evenly over the box; the same ones each time.

    `areas` stand side by side over the box, from west to east.
    """
    await session.execute(text("ALTER TABLE incident DISABLE TRIGGER set_area"))
    await session.execute(text("SELECT setseed(0.5)"))
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    await session.execute(text(_PAST), {"count": count, "areas": list(areas), **sides})
    await session.execute(text("ALTER TABLE incident ENABLE TRIGGER set_area"))


async def settle(database_url: str) -> None:
    """Leave the store as it is long after a load: planner informed, pages clean, nothing of it still being written."""
    link = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    async with link:
        await link.execute("VACUUM (ANALYZE) incident, area")
        with suppress(psycopg.errors.InsufficientPrivilege):  # in somebody else's store; then it comes when it comes
            await link.execute("CHECKPOINT")


async def places_and_times(session: Session) -> list[tuple[float, float, float, str]]:
    """Return longitude, latitude, unix seconds and category of every incident."""
    asked = "SELECT ST_X(geom), ST_Y(geom), extract(epoch FROM opened_at)::float8, category FROM incident ORDER BY id"
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(text(asked))]
