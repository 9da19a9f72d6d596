"""What the benches write into their own databases before they measure."""

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
       ST_SetSRID(ST_MakePoint(:west + random() * (:east - :west), :south + random() * (:north - :south)), 4326), :area
  FROM (SELECT n, now() - random() * interval '5 years' AS at FROM generate_series(1, :count) n) past
"""
_ALMATY_BOX = """
INSERT INTO area (level, code, name_kk, name_ru, name_en, geom)
VALUES (1, 'KZ', 'Қазақстан', 'Казахстан', 'Kazakhstan', ST_Multi(ST_MakeEnvelope(46, 40, 88, 56, 4326))) RETURNING id
"""


async def one_area(session: Session) -> int:
    """Write a Republic that is a box, and return its id."""
    return int((await session.execute(text(_ALMATY_BOX))).scalar_one())


async def past_incidents(session: Session, count: int, box: BBox, area_id: int) -> None:
    """Write `count` closed incidents of five years, spread evenly over the box; the same ones each time."""
    await session.execute(text("ALTER TABLE incident DISABLE TRIGGER set_area"))
    await session.execute(text("SELECT setseed(0.5)"))
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    await session.execute(text(_PAST), {"count": count, "area": area_id, **sides})
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
