"""The demo's own SQL: it alone invents a past, so its writing stands here and not in the rooms it fills."""

import json
import struct
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import shapely
from sqlalchemy import text

from ingest.demo.fleet import Tracked
from ingest.demo.past import Address, PastCall, PastEvent, PastIncident
from ingest.demo.past_drives import Crewed, PastDrive
from ingest.demo.streets import Street
from ingest.demo.units import Station, Unit
from layers.database import Session
from layers.values import LonLat

_STREETS = text("""
    SELECT id, class, coalesce(name, name_ru) AS name, from_node, to_node, forward, backward, speed_kmh, length_m,
           area_id, ST_AsBinary(geom) AS wkb
      FROM road ORDER BY id""")
_STATIONS = text("""
    SELECT id, kind, ST_X(geom) AS lon, ST_Y(geom) AS lat
      FROM place WHERE kind IN ('police', 'hospital', 'fire_station') ORDER BY id""")
_ADDRESSES = text("""
    SELECT street || ', ' || house AS words, ST_X(geom) AS lon, ST_Y(geom) AS lat
      FROM address ORDER BY hashint8(id), id LIMIT :limit""")
_CAMERAS = text("SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM camera ORDER BY id")
_REGISTER = text("SELECT EXISTS (SELECT FROM camera WHERE reader = '')")
EXCHANGE = "demo-exchange"
_CITY_AREA = text("""
    SELECT id FROM area WHERE closed_at IS NULL AND level <= 3 AND id = ANY ((
        SELECT path FROM area WHERE id = area_of((SELECT ST_SetSRID(ST_Centroid(ST_Extent(geom)), 4326) FROM road))
    )::bigint[]) ORDER BY level DESC LIMIT 1""")
_EXCHANGE = text("SELECT id, area_id FROM source WHERE name = :name")
_REPUBLIC = text("SELECT id FROM area WHERE level = 1 ORDER BY id LIMIT 1")
_UNIT = text("""
    INSERT INTO unit (call_sign, device, service, kind, crew, station_id, duty, home_area_id, skills, equipment,
                      vehicle, radio_name, area_id)
    VALUES (:call_sign, :device, :service, :kind, :crew, :station_id, :duty, :home_area_id, :skills,
            CAST(:equipment AS jsonb), :vehicle, :radio_name, area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))
    ON CONFLICT DO NOTHING RETURNING id""")
_POSITION = text("""
    INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
    VALUES (:unit_id, :batch, :at, :at, :lon, :lat, 0, :heading_deg,
            area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))
    ON CONFLICT DO NOTHING""")
# Units that an older demo made know nothing of their crews yet; those that people changed stay as they are.
_EQUIP = text("""
    UPDATE unit
       SET skills = :skills, equipment = CAST(:equipment AS jsonb), vehicle = :vehicle, radio_name = :radio_name
     WHERE device = :device AND skills = '{}' AND equipment = '{}' AND vehicle IS NULL AND radio_name IS NULL""")
_SHIFT = text("""
    INSERT INTO unit_shift (unit_id, begins_at, ends_at, crew, made_by)
    SELECT id, :begins_at, :ends_at, CAST(:crew AS jsonb), 'demo' FROM unit WHERE device = :device
    ON CONFLICT DO NOTHING""")
_SAME_AGAIN = text("""
    INSERT INTO unit_shift (unit_id, begins_at, ends_at, crew, made_by)
    SELECT DISTINCT ON (unit_id) unit_id, CAST(:begins_at AS timestamptz), CAST(:ends_at AS timestamptz), crew, made_by
      FROM unit_shift WHERE made_by = 'demo' ORDER BY unit_id, ends_at DESC
    ON CONFLICT DO NOTHING""")
_MANNED = text("SELECT EXISTS (SELECT FROM unit_shift WHERE made_by = 'demo')")
_TRACKED = text("""
    SELECT u.id, u.device, u.duty, p.lon, p.lat, ST_X(s.geom) AS station_lon, ST_Y(s.geom) AS station_lat
      FROM unit u JOIN unit_position p ON p.unit_id = u.id LEFT JOIN place s ON s.id = u.station_id
     WHERE u.device LIKE 'demo-%' ORDER BY u.device""")
_UNITS = text("SELECT count(*) FROM unit WHERE device LIKE 'demo-%'")
_CREWED = text("SELECT id, call_sign, service FROM unit WHERE device LIKE 'demo-%' ORDER BY id")
_HAS_PAST = text("""
    SELECT EXISTS (SELECT FROM event WHERE source = 'demo-past')
        OR EXISTS (SELECT FROM call WHERE exchange_id LIKE 'past-%')""")
_IDS = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
_NUMBERS = text("SELECT nextval('incident_number') FROM generate_series(1, :count)")
_COUNTS = text("""
    SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM incident),
           (SELECT count(*) FROM event WHERE source = 'demo-past')
           + (SELECT count(*) FROM call WHERE exchange_id LIKE 'past-%')""")


async def streets(session: Session) -> list[Street]:
    """Return every imported road with its line, by id."""
    rows = (await session.execute(_STREETS)).all()
    coordinates, index = shapely.get_coordinates(shapely.from_wkb([row.wkb for row in rows]), return_index=True)
    lines: list[list[tuple[float, float]]] = [[] for _ in rows]
    for i, (lon, lat) in zip(index.tolist(), coordinates.tolist(), strict=True):
        lines[i].append((lon, lat))
    return [
        Street(
            road_id=row.id,
            road_class=row[1],
            name=row.name,
            from_node=row.from_node,
            to_node=row.to_node,
            forward=row.forward,
            backward=row.backward,
            speed_kmh=row.speed_kmh,
            length_m=row.length_m,
            area_id=row.area_id,
            line=tuple(line),
        )
        for row, line in zip(rows, lines, strict=True)
    ]


async def stations(session: Session) -> list[Station]:
    """Return the places that units belong to."""
    rows = await session.execute(_STATIONS)
    return [Station(place_id=row.id, kind=row.kind, place=LonLat(lon=row.lon, lat=row.lat)) for row in rows]


async def addresses(session: Session, *, limit: int = 200_000) -> list[Address]:
    """Return the addresses that callers give, as street and house: a sample that is the same each time."""
    rows = await session.execute(_ADDRESSES, {"limit": limit})
    return [Address(words=row.words, place=LonLat(lon=row.lon, lat=row.lat)) for row in rows]


async def has_register(session: Session) -> bool:
    """Say whether any camera without a stream is there."""
    return bool((await session.execute(_REGISTER)).scalar_one())


async def camera_places(session: Session) -> dict[int, LonLat]:
    """Return where each camera stands, by its id."""
    return {row.id: LonLat(lon=row.lon, lat=row.lat) for row in await session.execute(_CAMERAS)}


async def republic(session: Session) -> int:
    """Return the id of the Republic; LookupError where the tree of areas is not there yet."""
    found = (await session.execute(_REPUBLIC)).scalar_one_or_none()
    if found is None:
        raise LookupError("the tree of areas is not there yet: run `python -m ingest areas` first")
    return int(found)


async def city_area(session: Session) -> int:
    """Return the area, a city or above, that answers for the middle of the imported roads; else the Republic."""
    return int((await session.execute(_CITY_AREA)).scalar_one())


async def tracked(session: Session) -> list[Tracked]:
    """Return the demo's units with their last place and their station, by device."""
    return [
        Tracked(
            unit_id=row.id,
            device=row.device,
            place=LonLat(lon=row.lon, lat=row.lat),
            station=None if row.station_lon is None else LonLat(lon=row.station_lon, lat=row.station_lat),
            on_duty=row.duty == "on",
        )
        for row in await session.execute(_TRACKED)
    ]


async def counts(session: Session) -> tuple[int, int, int]:
    """Return how many units, incidents, and past events and calls there are."""
    row = (await session.execute(_COUNTS)).one()
    return row[0], row[1], row[2]


async def add_units(session: Session, units: Iterable[Unit], *, batch: int, at: datetime) -> list[int]:
    """Write the units that are not there yet with their first position; return the new ids."""
    added = []
    for unit in units:
        place = {"lon": unit.place.lon, "lat": unit.place.lat}
        row = place | {name: getattr(unit, name) for name in _UNIT.compile().params if name not in place}
        row |= _equipped(unit)
        unit_id = (await session.execute(_UNIT, row)).scalar_one_or_none()
        if unit_id is None:
            continue
        fix = place | {"unit_id": unit_id, "batch": batch, "at": at, "heading_deg": unit.heading_deg}
        await session.execute(_POSITION, fix)
        added.append(int(unit_id))
    return added


async def man_units(session: Session, units: Iterable[Unit], *, at: datetime) -> None:
    """Give the demo's units what they carry, and those who ride in them: from six in the morning for a day, UTC+5."""
    for unit in units:
        await session.execute(_EQUIP, _equipped(unit) | {"device": unit.device})
        crew = json.dumps([{"name": name, "role": role} for name, role in unit.members], ensure_ascii=False)
        await session.execute(_SHIFT, _day(at) | {"crew": crew, "device": unit.device})


async def relieve_units(session: Session, *, at: datetime) -> None:
    """Let the same people ride today who rode last; where today's shift stands it stays."""
    await session.execute(_SAME_AGAIN, _day(at))


async def manned(session: Session) -> bool:
    """Say whether anybody was ever put into the demo's units."""
    return bool((await session.execute(_MANNED)).scalar_one())


def _day(at: datetime) -> dict[str, Any]:
    begins_at = at.replace(hour=1, minute=0, second=0, microsecond=0)
    begins_at -= timedelta(days=1) if begins_at > at else timedelta()
    return {"begins_at": begins_at, "ends_at": begins_at + timedelta(days=1)}


def _equipped(unit: Unit) -> dict[str, Any]:
    told = {"skills": list(unit.skills), "equipment": json.dumps(dict(unit.equipment))}
    return told | {"vehicle": unit.vehicle, "radio_name": unit.radio_name}


async def demo_units(session: Session) -> int:
    """Return how many of the demo's units are there."""
    return int((await session.execute(_UNITS)).scalar_one())


async def has_past(session: Session) -> bool:
    """Say whether the past was written already."""
    return bool((await session.execute(_HAS_PAST)).scalar_one())


async def crewed(session: Session) -> list[Crewed]:
    """Return the demo's units by id."""
    return [Crewed(**row) for row in (await session.execute(_CREWED)).mappings()]


async def add_past(
    session: Session, incidents: Sequence[PastIncident], events: Sequence[PastEvent], calls: Sequence[PastCall]
) -> list[int]:
    """Copy a past in: incidents with the opening and closing of their timeline, events and calls; oldest first.

    `incident` of an event and of a call is an index into `incidents`, whose ids are returned. The areas are filled by
    the tables' triggers.
    """
    exchange = tuple((await session.execute(_EXCHANGE, {"name": EXCHANGE})).one())
    ids = await _reserve(session, "incident", len(incidents))
    numbers = list((await session.execute(_NUMBERS, {"count": len(incidents)})).scalars())
    async with await _cursor(session) as cursor:
        async with cursor.copy(_COPY_INCIDENT) as copy:
            for id_, number, incident in zip(ids, numbers, incidents, strict=True):
                await copy.write_row(_incident_row(id_, number, incident))
        async with cursor.copy(_COPY_ENTRY) as copy:
            for id_, incident in zip(ids, incidents, strict=True):
                await copy.write_row((id_, incident.opened_at, "opened", incident.opened_by, "{}"))
                await copy.write_row((id_, incident.closed_at, "closed", incident.opened_by, incident.outcome_json))
        async with cursor.copy(_COPY_EVENT) as copy:
            for event in events:
                await copy.write_row(_event_row(event, None if event.incident is None else ids[event.incident]))
        async with cursor.copy(_COPY_CALL) as copy:
            for call in calls:
                incident_id = None if call.incident is None else ids[call.incident]
                await copy.write_row((*exchange, *_call_row(call), incident_id))
    return ids


async def add_drives(session: Session, drives: Sequence[PastDrive], incident_ids: Sequence[int]) -> None:
    """Copy in who drove to the incidents of a past, with every step of it."""
    ids = await _reserve(session, "dispatch", len(drives))
    async with await _cursor(session) as cursor:
        await cursor.execute(_AREAS, {"ids": sorted({incident_ids[one.incident] for one in drives})})
        areas = dict(await cursor.fetchall())
        async with cursor.copy(_COPY_DISPATCH) as copy:
            for id_, one in zip(ids, drives, strict=True):
                incident_id = incident_ids[one.incident]
                await copy.write_row((id_, *_drive_row(one, incident_id, areas[incident_id])))
        async with cursor.copy(_COPY_STEP) as copy:
            for id_, one in zip(ids, drives, strict=True):
                for status, at in (("dispatched", one.dispatched_at), *one.steps):
                    await copy.write_row((id_, status, at, at, one.unit.call_sign, "button"))
        async with cursor.copy(_COPY_ENTRY) as copy:
            for id_, one in zip(ids, drives, strict=True):
                told = json.dumps({"units": [one.unit.call_sign], "dispatches": [id_]}, ensure_ascii=False)
                await copy.write_row((incident_ids[one.incident], one.dispatched_at, "dispatched", "dispatcher", told))


_COPY_INCIDENT = """COPY incident (id, number, category, priority, state, opened_at, closed_at, opened_by, description,
    address, caller_name, caller_phone, geom) FROM STDIN"""
_COPY_ENTRY = "COPY incident_entry (incident_id, at, kind, who, details) FROM STDIN"
_COPY_EVENT = """COPY event (kind, source, source_event_id, camera_id, incident_id, at, received_at, certainty, state,
    decided_at, decided_by, reason, placed_by, details, geom) FROM STDIN"""
_AREAS = "SELECT id, area_id FROM incident WHERE id = ANY (%(ids)s)"
_COPY_DISPATCH = """COPY dispatch (id, incident_id, unit_id, status, dispatched_at, dispatched_by, status_at, route_s,
    route_m, straight, geom, area_id) FROM STDIN"""
_COPY_STEP = "COPY dispatch_entry (dispatch_id, status, at, received_at, who, means) FROM STDIN"

_COPY_CALL = """COPY call (source_id, home_area_id, exchange_id, line, state, outcome, decided_at, decided_by, reason,
    phone, caller_name, rang_at, answered_at, answered_by, ended_at, category, said, address, placed_by, placed_at,
    geom, incident_id) FROM STDIN"""


def _incident_row(id_: int, number: int, incident: PastIncident) -> tuple[Any, ...]:
    return (
        id_,
        f"{incident.opened_at:%y}-{number:06}",
        incident.category,
        incident.priority,
        incident.state,
        incident.opened_at,
        incident.closed_at,
        incident.opened_by,
        incident.description,
        incident.address,
        incident.caller_name,
        incident.caller_phone,
        _ewkb(incident.place),
    )


def _drive_row(one: PastDrive, incident_id: int, area_id: int) -> tuple[Any, ...]:
    times = (one.dispatched_at, "dispatcher", one.steps[-1][1])
    line = _line(one.from_place, one.to_place)
    return (incident_id, one.unit.id, one.steps[-1][0], *times, one.route_s, one.route_m, True, line, area_id)


def _event_row(event: PastEvent, incident_id: int | None) -> tuple[Any, ...]:
    return (
        event.kind,
        "demo-past",
        event.source_event_id,
        event.camera_id,
        incident_id,
        event.at,
        event.at,
        event.certainty,
        event.state,
        event.decided_at,
        event.decided_by,
        event.reason,
        "camera" if event.camera_id else "sender",
        event.details_json,
        _ewkb(event.place),
    )


def _call_row(call: PastCall) -> tuple[Any, ...]:
    outcome = "no_action" if call.incident is None else "new_incident"
    decided = (outcome, call.ended_at, call.answered_by, call.reason)
    times = (call.rang_at, call.answered_at, call.answered_by, call.ended_at)
    told = (call.category, call.said, call.address, "address", call.rang_at, _ewkb(call.place))
    return (call.exchange_id, "112", "ended", *decided, call.phone, call.name, *times, *told)


def _ewkb(place: LonLat) -> str:
    """Return a point as PostGIS writes it: little-endian, with its SRID 4326."""
    return struct.pack("<BIIdd", 1, 0x20000001, 4326, place.lon, place.lat).hex()


def _line(begin: LonLat, end: LonLat) -> str:
    """Return a straight line as PostGIS writes it."""
    return struct.pack("<BIIIdddd", 1, 0x20000002, 4326, 2, begin.lon, begin.lat, end.lon, end.lat).hex()


async def _reserve(session: Session, table: str, count: int) -> list[int]:
    return list((await session.execute(_IDS, {"table": table, "count": count})).scalars())


async def _cursor(session: Session) -> psycopg.AsyncCursor[Any]:
    connection = (await session.get_raw_connection()).driver_connection
    if not isinstance(connection, psycopg.AsyncConnection):
        raise TypeError("COPY needs psycopg's own connection")
    return connection.cursor()
