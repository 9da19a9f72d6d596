"""Every question about what happened before: at a place, an address, by a phone, along a street, and who came.

Each is one question: what is found is counted whole, and read whole for the newest alone.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, TextClause, text

from layers.calls.queries import key_of, without_incident
from layers.database import Session
from layers.incidents.past_schema import Found, PastRow, Visit
from layers.incidents.rules import State
from layers.incidents.schema import PastIncident
from layers.near import EARTH_RADIUS_M, around, box_around, cells_around
from layers.values import LonLat, Service
from layers.viewer import Viewer

ON_THE_STREET_M = 60.0  # an incident further from every street lies on none
_M_PER_DEG = 111_195.08

_AWAY = f"""2 * {EARTH_RADIUS_M} * asin(sqrt(least(1.0, sin(radians({{lat}} - :lat) * 0.5) ^ 2
    + cos(radians({{lat}})) * cos(radians(:lat)) * sin(radians({{lon}} - :lon) * 0.5) ^ 2)))"""
_SEEN = """(i.area_id IN (SELECT id FROM area WHERE path && CAST(:roots AS bigint[]))
    OR i.id = ANY (CAST(:granted AS bigint[])))"""
_IN_BOX = "i.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
_IN_CELLS = """i.cell = ANY (CAST(:cells AS bigint[]))
    AND i.at_lon BETWEEN :west AND :east AND i.at_lat BETWEEN :south AND :north"""
# Each distance once, then compared, counted and sorted. The index on cells holds all that is named here.
_LOOKED_AT = f"""
looked_at AS MATERIALIZED (
    SELECT i.id, i.category, i.opened_at, i.at_lon, i.at_lat, i.state = 'merged' AS duplicate, i.is_false_alarm,
           {_AWAY.format(lon="i.at_lon", lat="i.at_lat")} AS distance_m
      FROM incident i WHERE {{where}} AND i.opened_at >= :since AND i.id <> :but AND {_SEEN})"""
_TOLD = """,
counted AS (SELECT category, count(*) AS n FROM found WHERE NOT duplicate GROUP BY category),
told AS (SELECT (SELECT json_object_agg(category, n) FROM counted)::text AS by_category,
                (SELECT count(*) FROM found WHERE duplicate) AS duplicates,
                (SELECT count(*) FROM found WHERE is_false_alarm AND NOT duplicate) AS false_alarms),
newest AS (SELECT id, distance_m, duplicate, is_false_alarm FROM found ORDER BY opened_at DESC, id DESC LIMIT :most)
SELECT told.*, {street} AS street, newest.distance_m, newest.duplicate, newest.is_false_alarm, i.id, i.number,
       i.category, i.priority, i.state, i.opened_at, i.closed_at, i.address, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat
  FROM told LEFT JOIN (newest JOIN incident i ON i.id = newest.id) ON true
 ORDER BY i.opened_at DESC, i.id DESC"""
# The nearest street, then all its parts around; metres are taken where a degree is as long in both directions.
_STREET = """
nearest AS MATERIALIZED (
    SELECT name, osm_id, geom FROM road
     WHERE geom && ST_MakeEnvelope(:near_west, :near_south, :near_east, :near_north, 4326)
     ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) LIMIT 1),
street AS MATERIALIZED (
    SELECT n.name, ST_Collect(ST_Scale(r.geom, :narrow, 1)) AS line FROM nearest n JOIN road r
        ON r.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
       AND (r.name = n.name OR (n.name IS NULL AND r.osm_id = n.osm_id))
     GROUP BY n.name)"""
_REACH = "found AS MATERIALIZED (SELECT * FROM looked_at WHERE distance_m <= :radius_m)"
_CAME = """
found AS MATERIALIZED (
    SELECT * FROM looked_at l WHERE distance_m <= :radius_m AND EXISTS (
        SELECT 1 FROM dispatch d WHERE d.incident_id = l.id AND d.onscene_at IS NOT NULL
           AND d.service = ANY (CAST(:services AS text[]))))"""
_ALONG = f"""
found AS MATERIALIZED (
    SELECT l.* FROM looked_at l, street WHERE l.distance_m <= :radius_m
       AND {_M_PER_DEG} * ST_Distance(
               ST_SetSRID(ST_MakePoint(l.at_lon * :narrow, l.at_lat), 4326), street.line) <= :beside_m)"""
_VISITS = """
SELECT d.incident_id, d.service, d.onscene_at, d.left_at,
       coalesce(u.call_sign, (SELECT call_sign FROM sent_unit(d.id))) AS call_sign
  FROM dispatch d LEFT JOIN unit u ON u.id = d.unit_id
 WHERE d.incident_id = ANY (CAST(:ids AS bigint[])) AND d.onscene_at IS NOT NULL
   AND d.service = ANY (CAST(:services AS text[])) ORDER BY d.onscene_at, d.id"""
_REJECTED = f"""
SELECT count(*) FROM (
    SELECT {_AWAY.format(lon="ST_X(i.geom)", lat="ST_Y(i.geom)")} AS distance_m FROM event i
     WHERE {_IN_BOX} AND i.at >= :since AND i.state = 'rejected' AND {_SEEN.replace("i.id", "i.incident_id")}) near
 WHERE distance_m <= :radius_m"""


def _asked(where: str, *steps: str, street: str = "NULL::text") -> TextClause:
    parts = ",".join((_LOOKED_AT.format(where=where), *steps))
    return text(f"WITH {parts}{_TOLD.format(street=street)}")


_SAME = "i.{key} = (SELECT own.{key} FROM incident own WHERE own.id = :but)"
_WITHIN = {True: _IN_CELLS, False: _IN_BOX}
_EVERY = "found AS MATERIALIZED (SELECT * FROM looked_at)"
_ADDRESS = _asked(_SAME.format(key="address_key"), _EVERY)
# By its incidents, and by its calls: one may have joined another's incident.
_PHONE = _asked(
    """i.id IN (SELECT id FROM incident WHERE caller_key = :key AND opened_at >= :since
       UNION SELECT incident_id FROM call WHERE caller_key = :key AND rang_at >= :since AND incident_id IS NOT NULL)""",
    _EVERY,
)
# By cells where they are few, else by geometry.
_NEAR, _CREWS = ({few: _asked(within, step) for few, within in _WITHIN.items()} for step in (_REACH, _CAME))
_ROAD = {
    few: _asked(
        f"{within} AND i.category = ANY (CAST(:categories AS text[]))",
        _STREET,
        _ALONG,
        street="(SELECT name FROM street)",
    )
    for few, within in _WITHIN.items()
}


async def near(
    session: Session, viewer: Viewer, but: int, place: LonLat, *, radius_m: float, days: float, limit: int = 100
) -> Found:
    """Return what happened within `radius_m` metres of an incident's place, itself left out."""
    return await _within(session, _NEAR, _of(viewer, but, place, days, limit), place, radius_m)


async def at_address(
    session: Session, viewer: Viewer, but: int, place: LonLat, *, days: float, limit: int = 100
) -> Found:
    """Return what happened at an incident's address, however it is punctuated; nothing where it has none."""
    return await _find(session, _ADDRESS, _of(viewer, but, place, days, limit))


async def by_phone(
    session: Session, viewer: Viewer, but: int, place: LonLat, *, phone: str, days: float, limit: int = 100
) -> Found:
    """Return what a phone reported or called about, an incident left out; digits alone count, the last ten of them.

    Its calls that came to no incident are counted beside, by what became of them.
    """
    found = await _find(session, _PHONE, _of(viewer, but, place, days, limit) | {"key": key_of(phone)})
    return replace(found, calls=await without_incident(session, viewer, phone, days=days))


async def along_road(
    session: Session,
    viewer: Viewer,
    but: int,
    place: LonLat,
    *,
    radius_m: float,
    beside_m: float,
    categories: Collection[str],
    days: float,
    limit: int = 100,
) -> Found:
    """Return what of these categories happened within `radius_m` along the street of an incident's place.

    It counts up to `beside_m` metres from the middle of the street; a place further than 60 m from any lies on none.
    """
    box = box_around(place, ON_THE_STREET_M)
    sides = {f"near_{side}": getattr(box, side) for side in ("west", "south", "east", "north")}
    street = {"narrow": _narrow(place), "beside_m": beside_m, "categories": sorted(categories)}
    return await _within(session, _ROAD, _of(viewer, but, place, days, limit) | sides | street, place, radius_m)


async def visits(
    session: Session,
    viewer: Viewer,
    but: int,
    place: LonLat,
    *,
    radius_m: float,
    services: Collection[Service],
    days: float,
    limit: int = 100,
) -> Found:
    """Return the incidents within `radius_m` metres that crews of these services came to, with who came."""
    of = {"services": sorted(service.value for service in services)}
    found = await _within(session, _CREWS, _of(viewer, but, place, days, limit) | of, place, radius_m)
    came = await _came(session, [row.incident.id for row in found.rows], of["services"])
    rows = tuple(_with(row, came.get(row.incident.id, ())) for row in found.rows)
    return Found(
        total=found.total,
        duplicates=found.duplicates,
        false_alarms=found.false_alarms,
        by_category=found.by_category,
        rows=rows,
    )


async def rejected_near(session: Session, viewer: Viewer, place: LonLat, *, radius_m: float, days: float) -> int:
    """Count the events within `radius_m` metres that people rejected: false alarms too."""
    asked = _of(viewer, 0, place, days, 0) | around(place, radius_m)
    return int((await session.execute(text(_REJECTED), asked)).scalar_one())


async def _within(
    session: Session, asked: Mapping[bool, TextClause], values: dict[str, Any], place: LonLat, radius_m: float
) -> Found:
    cells = cells_around(place, radius_m)
    return await _find(session, asked[cells is not None], values | around(place, radius_m) | {"cells": cells})


async def _find(session: Session, asked: TextClause, values: dict[str, Any]) -> Found:
    rows = (await session.execute(asked, values)).all()
    by_category: dict[str, int] = json.loads(rows[0].by_category or "{}")
    return Found(
        total=sum(by_category.values()),
        duplicates=rows[0].duplicates,
        false_alarms=rows[0].false_alarms,
        by_category=by_category,
        rows=tuple(_row(row) for row in rows if row.id is not None),
        street=rows[0].street,
    )


async def _came(session: Session, ids: Sequence[int], services: Sequence[str]) -> dict[int, tuple[Visit, ...]]:
    found: dict[int, tuple[Visit, ...]] = {}
    for row in await session.execute(text(_VISITS), {"ids": list(ids), "services": list(services)}):
        visit = Visit(
            service=Service(row.service), call_sign=row.call_sign, arrived_at=row.onscene_at, left_at=row.left_at
        )
        found[row.incident_id] = (*found.get(row.incident_id, ()), visit)
    return found


def _of(viewer: Viewer, but: int, place: LonLat, days: float, limit: int) -> dict[str, Any]:
    return {
        "but": but,
        "lon": place.lon,
        "lat": place.lat,
        "since": datetime.now(UTC) - timedelta(days=days),
        "most": limit,
        "roots": [viewer.area_id, *viewer.also_areas],
        "granted": list(viewer.also_incidents),
    }


def _narrow(place: LonLat) -> float:
    """Return how much shorter a degree of longitude is there than one of latitude."""
    return max(math.cos(math.radians(place.lat)), 1e-6)


def _row(row: Row[Any]) -> PastRow:
    incident = PastIncident(
        id=row.id,
        number=row.number,
        category=row.category,
        priority=row.priority,
        state=State(row.state),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        address=row.address,
        place=LonLat(lon=row.lon, lat=row.lat),
        distance_m=row.distance_m,
    )
    return PastRow(incident=incident, duplicate=row.duplicate, false_alarm=row.is_false_alarm)


def _with(row: PastRow, came: tuple[Visit, ...]) -> PastRow:
    return PastRow(incident=row.incident, duplicate=row.duplicate, false_alarm=row.false_alarm, visits=came)
