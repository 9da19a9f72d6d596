"""A day of a city's past, as the replay bench writes it."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from layers.database import Session
from layers.tracks import queries as tracks
from layers.tracks.fixes import DAY_US, FIX
from layers.values import BBox

_UNITS = """
INSERT INTO unit (call_sign, device, service, kind, duty, home_area_id, changed_at)
SELECT 'R' || n, 'r' || n, 'police', 'patrol_car', 'on', :area, CAST(:day AS timestamptz) + interval '1 d'
  FROM generate_series(1, :many) n RETURNING id
"""
# Written as the triggers would have: each unit changes its status every half hour.
_VERSIONS = """
INSERT INTO unit_version (unit_id, during, call_sign, service, kind, duty, task, area_id)
SELECT id, tstzrange(day + n * interval '30 min', day + (n + 1) * interval '30 min'), call_sign, service, kind, duty,
       (ARRAY[NULL, 'dispatched', 'enroute', 'onscene'])[1 + n % 4], area_id
  FROM unit, generate_series(0, 47) n, CAST(:day AS timestamptz) day
"""
_INCIDENTS = """
INSERT INTO incident (number, category, priority, state, opened_at, closed_at, changed_at, opened_by, geom, area_id)
SELECT 'replay-' || n, 'fire', 1 + n % 4, 'closed', at, at + interval '50 min', at + interval '50 min', 'bench',
       ST_SetSRID(ST_MakePoint(:west + random() * (:east - :west), :south + random() * (:north - :south)), 4326), :area
  FROM (SELECT n, CAST(:day AS timestamptz) + n * interval '1 d' / :many AS at FROM generate_series(0, :many - 1) n) o
"""
_STANDS = """
INSERT INTO incident_version (incident_id, during, state, category, priority, alarm, geom)
SELECT id, tstzrange(opened_at + n * interval '10 min', opened_at + (n + 1) * interval '10 min'),
       (ARRAY['pending', 'assigned', 'enroute', 'onscene', 'clearing'])[n + 1], category, priority, alarm, geom
  FROM incident, generate_series(0, 4) n
"""
_DISPATCHES = """
WITH made AS (
    INSERT INTO dispatch (incident_id, unit_id, status, dispatched_at, status_at, dispatched_by, geom, area_id)
    SELECT i.id, u.id, 'clear', i.opened_at + interval '2 min', i.opened_at + interval '38 min', 'bench',
           ST_MakeLine(i.geom, i.geom), i.area_id
      FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM incident) i
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS many FROM unit) u
        ON u.n = 1 + i.n % u.many RETURNING id, dispatched_at)
INSERT INTO dispatch_entry (dispatch_id, status, at, received_at, who, means)
SELECT id, (ARRAY['dispatched', 'acknowledged', 'enroute', 'onscene', 'clear'])[n + 1],
       dispatched_at + n * interval '9 min', dispatched_at + n * interval '9 min', 'bench', 'button'
  FROM made, generate_series(0, 4) n
"""
_EVENTS = """
INSERT INTO event (kind, source, at, received_at, certainty, state, decided_at, decided_by, placed_by, geom, area_id)
SELECT 'line_crossing', 'bench', at, at, 0.8, 'confirmed', at + interval '3 min', 'bench', 'camera',
       ST_SetSRID(ST_MakePoint(:west + random() * (:east - :west), :south + random() * (:north - :south)), 4326), :area
  FROM (SELECT CAST(:day AS timestamptz) + n * interval '1 d' / :many AS at FROM generate_series(0, :many - 1) n) o
"""
# A call of three minutes, placed twice while it rings: by the cell first, then by the handset.
_CALLS = """
WITH made AS (
    INSERT INTO call (home_area_id, line, state, outcome, rang_at, answered_at, ended_at, placed_by, radius_m, geom)
    SELECT :area, '112', 'ended', 'no_action', at, at + interval '9 s', at + interval '3 min', 'aml', 25,
           ST_SetSRID(ST_MakePoint(:west + random() * (:east - :west), :south + random() * (:north - :south)), 4326)
      FROM (SELECT CAST(:day AS timestamptz) + n * interval '1 d' / :many AS at FROM generate_series(0, :many - 1) n) o
    RETURNING id, rang_at, ST_X(geom) AS lon, ST_Y(geom) AS lat)
INSERT INTO call_entry (call_id, at, kind, who, details)
SELECT id, rang_at + make_interval(secs => after), 'located', 'bench',
       jsonb_build_object('by', by, 'lon', lon, 'lat', lat, 'radius_m', radius_m, 'taken', true)
  FROM made, (VALUES (1, 'exchange', 900), (6, 'aml', 25)) told(after, by, radius_m)
"""


async def past_day(
    session: Session, *, day: str, area_id: int, box: BBox, units: int, incidents: int, events: int, calls: int
) -> list[int]:
    """Write a day's units, their statuses, incidents, dispatches, events and calls; return the units' ids."""
    sides = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
    values = {"day": day, "area": area_id, **sides}
    ids = list((await session.execute(text(_UNITS), {**values, "many": units})).scalars())
    await session.execute(text(_VERSIONS), values)
    await session.execute(text(_INCIDENTS), {**values, "many": incidents})
    for asked in (_STANDS, _DISPATCHES):
        await session.execute(text(asked), values)
    await session.execute(text(_EVENTS), {**values, "many": events})
    await session.execute(text(_CALLS), {**values, "many": calls})
    return ids


def moments_of(day_us: int, *, busy_s: int, every_s: int) -> NDArray[np.int64]:
    """Return a day's moments, microseconds: each second at its beginning, then one every so many seconds."""
    busy_us = day_us + busy_s * 1_000_000
    parts = (day_us, busy_us, 1_000_000), (busy_us, day_us + DAY_US, every_s * 1_000_000)
    return np.concatenate([np.arange(*part, dtype=np.int64) for part in parts])


async def drive(session: Session, units: list[int], moments: NDArray[np.int64], area_id: int, box: BBox) -> int:
    """Write fixes of these units, each going round the middle of the box; return how many."""
    for part in np.array_split(moments, max(1, len(units) * len(moments) // 1_000_000)):
        await tracks.append(session, _fixes(np.array(units, dtype=np.int64), part, area_id, box))
    return len(units) * len(moments)


def _fixes(units: NDArray[np.int64], moments: NDArray[np.int64], area_id: int, box: BBox) -> NDArray[np.void]:
    # As they come in: all units of a moment, then those of the next, so that a unit's own lie far apart.
    found = np.empty(len(units) * len(moments), FIX)
    found["at"] = found["received_at"] = np.repeat(moments, len(units))
    found["unit_id"], found["area_id"] = np.tile(units, len(moments)), area_id
    turn = found["at"] / 6e8 + found["unit_id"]
    found["lon"] = (box.west + box.east) / 2 + np.cos(turn) * (box.east - box.west) / 2.1
    found["lat"] = (box.south + box.north) / 2 + np.sin(turn) * (box.north - box.south) / 2.1
    found["speed_kmh"], found["heading_deg"] = 30, np.degrees(turn) % 360
    return found
