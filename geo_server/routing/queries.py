"""What routing asks of the store in bulk: who stands where, houses, fixes to learn from, dispatches under way."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Row, func, select, text

from geo_server.routing.router import Reached
from geo_server.routing.schema import UnderWay
from geo_server.routing.standing import SERVICE_CODES, Standing
from layers.database import Session
from layers.dispatches.rules import ENDED, Status
from layers.dispatches.table import dispatch
from layers.incidents.table import incident
from layers.locks import AdvisoryLock
from layers.tracks.fixes import COPY_END, COPY_HEADER
from layers.tracks.queries import by_driver
from layers.units.rules import STALE_AFTER_S, Availability, Duty, availability
from layers.units.table import unit, unit_position
from layers.values import LonLat, Service
from layers.viewer import Viewer

DRIVES = (Status.DISPATCHED, Status.ACKNOWLEDGED, Status.ENROUTE)  # on the way, or about to set out
HEARD_OF = (*DRIVES, Status.STAGING, Status.TRANSPORT)  # whose place matters: its silence is told
_HOUSES = "COPY (SELECT ST_X(geom), ST_Y(geom) FROM address) TO STDOUT (FORMAT binary)"
# One fix in ten seconds of units that were bound to nothing: a crew under way drives as no other traffic does.
_FIXES = """
COPY (SELECT DISTINCT ON (t.unit_id, floor(extract(epoch FROM t.at) / 10)) t.unit_id,
             extract(epoch FROM t.at)::float8, ST_X(t.geom), ST_Y(t.geom)
        FROM track t
       WHERE t.at >= %s AND t.at < %s
         AND t.unit_id IN (SELECT id FROM unit ORDER BY md5(id::text || %s) LIMIT %s)
         AND NOT EXISTS (SELECT FROM dispatch d WHERE d.unit_id = t.unit_id AND t.at >= d.dispatched_at
             AND (d.status NOT IN ('clear', 'cancelled', 'diverted', 'refused') OR t.at <= d.status_at))
       ORDER BY t.unit_id, floor(extract(epoch FROM t.at) / 10), t.at) TO STDOUT (FORMAT binary)
"""
# Seen is who is in the viewer's areas, or bound to an incident that was granted: as `areas.seen_by` says it.
# A row holds all that stand alike, of which there are but a few kinds, their numbers packed.
_STANDING = b"""
SELECT service, kind, duty, crew, task, able, array_send(array_agg(id)), array_send(array_agg(area_id)),
       array_send(array_agg(lon)), array_send(array_agg(lat)), array_send(array_agg(age_s))
  FROM (SELECT u.id, u.service, u.kind, u.duty, u.crew, u.task,
               CASE WHEN %s THEN u.skills || ARRAY(SELECT key FROM jsonb_each(u.equipment) WHERE value > '0') END
                   AS able,
               coalesce(p.area_id, u.home_area_id) AS area_id,
               coalesce(p.lon, 'NaN') AS lon, coalesce(p.lat, 'NaN') AS lat,
               coalesce(date_part('epoch', clock_timestamp() - p.at), 'NaN') AS age_s
          FROM unit u LEFT JOIN unit_position p ON p.unit_id = u.id
         WHERE u.service = ANY (%s) AND u.retired_at IS NULL
           AND (u.area_id = ANY ((SELECT array_agg(id) FROM area WHERE path && %s::bigint[])::bigint[])
                OR u.id IN (SELECT unit_id FROM dispatch WHERE incident_id = ANY (%s::bigint[])
                               AND status NOT IN ('clear', 'cancelled', 'diverted', 'refused')))) AS seen
 GROUP BY service, kind, duty, crew, task, able
"""
_ARRAY_HEADER_BYTES = 20  # of an array as PostgreSQL sends it; eight bytes a number, before each its size
_HOLD = text("""
SELECT id FROM dispatch JOIN unnest(CAST(:ids AS bigint[]), CAST(:statuses AS text[])) found(id, status)
 USING (id, status) ORDER BY id FOR NO KEY UPDATE OF dispatch SKIP LOCKED
""")
_REROUTE = text("""
UPDATE dispatch SET eta_at = now() + make_interval(secs => way.seconds), route_s = way.seconds, route_m = way.metres,
       straight = way.straight, routed_at = now(), silent_since = NULL,
       geom = ST_SetSRID(ST_GeomFromWKB(way.route), 4326)
  FROM unnest(CAST(:ids AS bigint[]), CAST(:seconds AS float8[]), CAST(:metres AS float8[]),
              CAST(:straight AS boolean[]), CAST(:routes AS bytea[])) way(id, seconds, metres, straight, route)
 WHERE dispatch.id = way.id
""")
_SILENCE = text("""
UPDATE dispatch SET eta_at = NULL, silent_since = coalesce(heard.at, now())
  FROM unnest(CAST(:ids AS bigint[]), CAST(:since AS timestamptz[])) heard(id, at) WHERE dispatch.id = heard.id
""")
_HEAR = text("UPDATE dispatch SET silent_since = NULL WHERE id = ANY (:ids)")
_FIX = np.dtype([("unit_id", "i8"), ("at", "f8"), ("lon", "f8"), ("lat", "f8")])  # `at`: seconds since 1970 UTC


async def houses(session: Session) -> NDArray[np.float64]:
    """Return longitude and latitude of every address, one a row."""
    sent = await _copied(session, _HOUSES, ())
    rows = np.frombuffer(sent, _row({"lon": ">f8", "lat": ">f8"}))
    return np.stack([rows["lon"], rows["lat"]], axis=1).astype(np.float64)


async def fixes(session: Session, day: date, *, units: int) -> NDArray[np.void]:
    """Return fixes (`unit_id`, `at`, `lon`, `lat`) of one UTC day to learn from, by unit and time.

    They are of so many units at most, other ones each day, and thinned to one in ten seconds.
    """
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    asked = (begins, begins + timedelta(days=1), day.isoformat(), units)
    rows = np.frombuffer(
        await _copied(session, _FIXES, asked), _row({"unit_id": ">i8"} | dict.fromkeys(("at", "lon", "lat"), ">f8"))
    )
    found = np.empty(len(rows), _FIX)
    for name in _FIX.names or ():
        found[name] = rows[name]
    return found


async def standing(
    session: Session, viewer: Viewer, services: Collection[Service], *, skilled: bool = False
) -> Standing:
    """Return every unit of these services that the viewer sees, free or not: in arrays, for ranking thousands.

    What each can do and carries is read where it is asked for by `skilled`: it costs as much as all the rest. It is
    read by the driver alone: rows of SQLAlchemy would cost more than the rest of a proposal.
    """
    names = [service.value for service in services]
    asked = (skilled, names, [viewer.area_id, *viewer.also_areas], [*viewer.also_incidents])
    async with by_driver(session) as driver, driver.cursor(binary=True) as cursor:
        await cursor.execute(_STANDING, asked)
        rows = await cursor.fetchall()
    if not rows:
        return Standing.of([])
    service, kind, duty, crew, task, able, ids, areas, lon, lat, age_s = zip(*rows, strict=True)
    count = [len(_numbers([of], ">i8")) for of in ids]
    free = [_is_free(*one) for one in zip(duty, crew, task, strict=True)]
    return Standing(
        ids=_numbers(ids, ">i8").astype(np.int64),
        service=np.repeat(np.array([SERVICE_CODES[Service(name)] for name in service], dtype=np.int8), count),
        kind=np.repeat(np.array(kind, dtype=np.str_), count),
        skills=[of for of, times in zip(able, count, strict=True) for _ in range(times)],
        area_id=_numbers(areas, ">i8").astype(np.int64),
        lon=_numbers(lon, ">f8").astype(np.float64),
        lat=_numbers(lat, ">f8").astype(np.float64),
        free=np.repeat(np.array(free, dtype=np.bool_), count) & (_numbers(age_s, ">f8") <= STALE_AFTER_S),
    )


def _numbers(packed: Sequence[bytes], of: str) -> NDArray[Any]:
    """Return the numbers of all these arrays, one after another."""
    row = np.dtype([("size", ">i4"), ("number", of)])
    return np.concatenate([np.frombuffer(one, row, offset=_ARRAY_HEADER_BYTES)["number"] for one in packed])


def _is_free(duty: str, crew: int, task: str | None) -> bool:
    """Say whether a unit whose position is fresh would be free."""
    return availability(Duty(duty), crew, None if task is None else Status(task), 0.0) is Availability.FREE


async def may_route(session: Session) -> bool:
    """Say whether this server keeps the routes in this transaction; the others wait for another turn."""
    return bool(
        (
            await session.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": AdvisoryLock.ROUTES})
        ).scalar_one()
    )


async def under_way(session: Session) -> list[UnderWay]:
    """Return every dispatch of whose unit one has to hear, and what was silent and is bound still; oldest first."""
    joined = (
        dispatch.join(incident, incident.c.id == dispatch.c.incident_id)
        .join(unit, unit.c.id == dispatch.c.unit_id)
        .outerjoin(unit_position, unit_position.c.unit_id == unit.c.id)
    )
    age_s = func.extract("epoch", func.clock_timestamp() - unit_position.c.at).label("age_s")
    columns = (
        *(dispatch.c[name] for name in ("id", "incident_id", "unit_id", "status", "routed_at", "silent_since")),
        *(unit.c[name] for name in ("call_sign", "service")),
        *(unit_position.c[name] for name in ("lon", "lat", "at")),
        func.ST_X(incident.c.geom).label("goal_lon"),
        func.ST_Y(incident.c.geom).label("goal_lat"),
        incident.c.priority,
        age_s,
    )
    heard_of = dispatch.c.status.in_([status.value for status in HEARD_OF])
    was_silent = dispatch.c.status.not_in([status.value for status in ENDED]) & dispatch.c.silent_since.is_not(None)
    asked = select(*columns).select_from(joined).where(heard_of | was_silent).order_by(dispatch.c.id)
    return [_under_way(row) for row in await session.execute(asked)]


async def hold_under_way(session: Session, those: Sequence[UnderWay]) -> set[int]:
    """Hold those that stand as they were found, and return their ids; what others hold is passed over."""
    found = {"ids": [one.dispatch_id for one in those], "statuses": [one.status.value for one in those]}
    return set((await session.execute(_HOLD, found)).scalars())


async def reroute(session: Session, ways: Sequence[tuple[int, Reached]]) -> None:
    """Write the new ways of dispatches that are held, and when their units are to arrive."""
    if not ways:
        return
    routed = {
        "ids": [id for id, _ in ways],
        "seconds": [way.seconds for _, way in ways],
        "metres": [way.metres for _, way in ways],
        "straight": [way.straight for _, way in ways],
        "routes": [shapely.to_wkb(shapely.LineString(way.path)) for _, way in ways],
    }
    await session.execute(_REROUTE, routed)


async def silence(session: Session, those: Sequence[tuple[int, datetime | None]]) -> None:
    """Take away when held dispatches are to arrive: nobody knows where the unit is since it was heard last."""
    if those:
        await session.execute(_SILENCE, {"ids": [id for id, _ in those], "since": [at for _, at in those]})


async def hear(session: Session, dispatch_ids: Sequence[int]) -> None:
    """Write that the units of held dispatches are heard again, which drive nowhere: they need no new way."""
    if dispatch_ids:
        await session.execute(_HEAR, {"ids": list(dispatch_ids)})


def _under_way(row: Row[Any]) -> UnderWay:
    return UnderWay(
        dispatch_id=row.id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        call_sign=row.call_sign,
        service=Service(row.service),
        priority=row.priority,
        status=Status(row.status),
        goal=LonLat(lon=row.goal_lon, lat=row.goal_lat),
        place=None if row.at is None else LonLat(lon=row.lon, lat=row.lat),
        at=row.at,
        age_s=None if row.at is None else max(0.0, float(row.age_s)),
        routed_at=row.routed_at,
        silent_since=row.silent_since,
    )


def _row(columns: dict[str, str]) -> np.dtype[np.void]:
    """The row of a binary COPY: how many columns, then each with its size before it."""
    sized = [(n, f) for name, form in columns.items() for n, f in ((f"{name}_size", ">i4"), (name, form))]
    return np.dtype([("columns", ">i2"), *sized])


async def _copied(session: Session, asked: str, values: Sequence[Any]) -> bytes:
    async with by_driver(session) as driver, driver.cursor() as cursor, cursor.copy(asked, values) as copy:
        sent = b"".join([bytes(part) async for part in copy])
    return sent[len(COPY_HEADER) : -len(COPY_END)]
