"""What the benches write into their own databases before they measure."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import LiteralString

import psycopg
from sqlalchemy import text

from layers.database import Session
from layers.values import BBox, LonLat

# Every row belongs to one area, so the trigger that finds it is spared for the load.
_PAST = """
INSERT INTO incident (number, category, priority, state, opened_at, closed_at, opened_by, address, caller_phone,
                      geom, area_id)
SELECT 'past-' || n, (ARRAY['theft', 'fire', 'medical', 'road_accident', 'public_order'])[1 + floor(random() * 5)::int],
       3, 'closed', at, at, 'bench', 'көше ' || floor(random() * 3000) || ', ' || floor(random() * 60),
       '+7 701 ' || lpad(floor(random() * 2000000)::text, 7, '0'),
       ST_SetSRID(ST_MakePoint(:west + across * (:east - :west), :south + random() * (:north - :south)), 4326),
       (CAST(:areas AS bigint[]))[1 + floor(across * cardinality(CAST(:areas AS bigint[])))::int]
  FROM (SELECT n, random() AS across, now() - random() * interval '5 years' AS at
          FROM generate_series(1, :count) n) past
"""
# Every other fire or illness had a crew that arrived.
_VISITS = """
WITH crew AS (INSERT INTO unit (call_sign, device, service, kind, home_area_id) SELECT 'V' || n, 'v' || n, s, s, :area
                FROM unnest(ARRAY['ambulance', 'fire']) WITH ORDINALITY sort(s, n) RETURNING id, service)
INSERT INTO dispatch (incident_id, unit_id, service, status, dispatched_by, enroute_at, onscene_at, left_at, geom,
                      area_id)
SELECT i.id, crew.id, crew.service, 'clear', 'bench', opened_at, opened_at, opened_at,
       ST_MakeLine(i.geom, i.geom), i.area_id
  FROM incident i JOIN crew ON crew.service = CASE category WHEN 'fire' THEN 'fire' WHEN 'medical' THEN 'ambulance' END
 WHERE i.id % 2 = 0
"""
# Streets 200 m apart both ways, in parts from one crossing to the next.
_STREETS = """
INSERT INTO road (osm_id, class, name, from_node, to_node, speed_kmh, length_m, geom, area_id)
SELECT street, 'residential', CASE WHEN upright THEN 'T' ELSE 'L' END || street, 0, 0, 40, 200,
       ST_SetSRID(CASE WHEN upright
           THEN ST_MakeLine(ST_MakePoint(x, :south + part * high), ST_MakePoint(x, :south + (part + 1) * high))
           ELSE ST_MakeLine(ST_MakePoint(:west + part * wide, y), ST_MakePoint(:west + (part + 1) * wide, y)) END,
           4326), :area
  FROM (SELECT street, part, upright, wide, high, :west + street * wide AS x, :south + street * high AS y
          FROM generate_series(0, 99) street, generate_series(0, 99) part, unnest(ARRAY[true, false]) upright,
               (SELECT (:east - :west) / 100 AS wide, (:north - :south) / 100 AS high) step) laid
"""
# A fifth of them still to be decided, two fifths rejected.
_EVENTS = """
INSERT INTO event (kind, source, at, received_at, certainty, placed_by, state, decided_at, reason, geom, area_id)
SELECT 'zone_motion', 'bench', at, at, 0.7, 'camera', state, CASE WHEN state <> 'new' THEN at END, 'x',
       ST_SetSRID(ST_MakePoint(:west + random() * (:east - :west), :south + random() * (:north - :south)), 4326), :area
  FROM (SELECT now() - random() * interval '5 years' AS at,
               (ARRAY['new', 'confirmed', 'confirmed', 'rejected', 'rejected'])[1 + n % 5] AS state
          FROM generate_series(1, :count) n) past
"""
# Of the phones that incidents are from: two of three joined one, the third came to nothing.
_CALLS = """
INSERT INTO call (home_area_id, state, rang_at, ended_at, outcome, incident_id, phone, area_id)
SELECT :area, 'ended', opened_at, opened_at, CASE WHEN n % 3 = 0 THEN 'no_action' ELSE 'duplicate' END,
       CASE WHEN n % 3 <> 0 THEN id END, '8701' || lpad(floor(random() * 2000000)::text, 7, '0'), :area
  FROM (SELECT row_number() OVER () AS n, id, opened_at FROM incident LIMIT :count) of
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
    await session.execute(text("SELECT setseed(0.5)"))
    async with _loading(session, "incident"):
        await session.execute(text(_PAST), {"count": count, "areas": list(areas), **_sides(box)})


async def visits(session: Session, area_id: int) -> None:
    """Write a crew's visit to every other fire or illness of the past."""
    async with _loading(session, "dispatch"):
        await session.execute(text(_VISITS), {"area": area_id})


async def streets(session: Session, box: BBox, area_id: int) -> None:
    """Write a hundred streets each way over the box."""
    async with _loading(session, "road"):
        await session.execute(text(_STREETS), {"area": area_id, **_sides(box)})


async def past_events(session: Session, count: int, box: BBox, area_id: int) -> None:
    """Write so many events of five years, spread evenly over the box."""
    async with _loading(session, "event"):
        await session.execute(text(_EVENTS), {"count": count, "area": area_id, **_sides(box)})


async def past_calls(session: Session, count: int, area_id: int) -> None:
    """Write so many calls that ended, of the phones that the incidents' callers have."""
    async with _loading(session, "call"):
        await session.execute(text(_CALLS), {"count": count, "area": area_id})


@asynccontextmanager
async def _loading(session: Session, table: str) -> AsyncIterator[None]:
    """Spare the triggers of a table, and build its indexes when its rows are there: a third of the time."""
    asked = """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = :table
                  AND indexdef NOT LIKE 'CREATE UNIQUE%'"""
    indexes = (await session.execute(text(asked), {"table": table})).all()
    await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for name, _ in indexes:
        await session.execute(text(f"DROP INDEX {name}"))
    yield
    for _, made in indexes:
        await session.execute(text(made))
    await session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def _sides(box: BBox) -> dict[str, float]:
    return {"west": box.west, "south": box.south, "east": box.east, "north": box.north}


async def settle(database_url: str, tables: LiteralString = "incident, area, dispatch, road, event, call") -> None:
    """Leave the store as it is long after a load: planner informed, pages clean, nothing of it still being written."""
    link = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    async with link:
        await link.execute("VACUUM (ANALYZE) " + tables)
        with suppress(psycopg.errors.InsufficientPrivilege):  # in somebody else's store; then it comes when it comes
            await link.execute("CHECKPOINT")


async def some_incidents(session: Session, count: int) -> list[tuple[int, LonLat]]:
    """Return so many incidents and their places, the same ones each time."""
    asked = """SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM incident TABLESAMPLE SYSTEM (1) REPEATABLE (7)
                ORDER BY md5(id::text) LIMIT :n"""
    found = await session.execute(text(asked), {"n": count})
    return [(row.id, LonLat(lon=row.lon, lat=row.lat)) for row in found]


async def places_and_times(session: Session, days: float) -> list[tuple[float, float, float, str]]:
    """Return longitude, latitude, unix seconds and category of the incidents of so many days."""
    asked = """SELECT ST_X(geom), ST_Y(geom), extract(epoch FROM opened_at)::float8, category FROM incident
                WHERE opened_at > now() - make_interval(secs => :days * 86400) ORDER BY id"""
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(text(asked), {"days": days})]


# Each at a point of a road and with a fresh position, of the kinds that plans ask for.
_FLEET = """
WITH kinds AS (SELECT row_number() OVER () AS k, * FROM (VALUES
        ('police', 'patrol_car'), ('police', 'patrol_car'), ('ambulance', 'ambulance'), ('fire', 'fire_engine'),
        ('police', 'patrol_car'), ('ambulance', 'ambulance'), ('fire', 'ladder'), ('rescue', 'rescue_truck'),
        ('fire', 'command_car'), ('gas', 'gas_van')) listed(service, kind)),
     spots AS (SELECT row_number() OVER (ORDER BY md5(id::text)) AS n, ST_StartPoint(geom) AS geom, area_id FROM road),
     made AS (
    INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id)
    SELECT 'F' || n, 'f' || n, service, kind, 'on', area_id FROM spots JOIN kinds ON k = 1 + n % 10 WHERE n <= :count
    RETURNING id, call_sign)
INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
SELECT made.id, 1, now() + interval '1 h', now(), ST_X(geom), ST_Y(geom), 20, 90, area_id
  FROM made JOIN spots ON call_sign = 'F' || n
"""
_LARGE_FIRES = """
INSERT INTO incident (number, category, priority, state, opened_at, opened_by, alarm, geom)
SELECT 'fire-' || id, 'fire_public', 1, 'pending', now(), 'bench', 3, ST_EndPoint(geom)
  FROM road ORDER BY md5(id::text) LIMIT :count RETURNING id
"""


async def fleet(session: Session, count: int) -> None:
    """Write so many units of every service at points of the imported roads."""
    await session.execute(text(_FLEET), {"count": count})


async def large_fires(session: Session, count: int) -> list[int]:
    """Write so many fires of the third alarm, whose plan asks for twenty units; return their ids."""
    return list((await session.execute(text(_LARGE_FIRES), {"count": count})).scalars())


async def republic(session: Session) -> int:
    """Return the id of the uppermost area."""
    return int((await session.execute(text("SELECT id FROM area WHERE level = 1"))).scalar_one())
