"""The demo's own SQL: it alone invents a past, so its writing stands here and not in the rooms it fills."""

import struct
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg
import shapely
from sqlalchemy import text

from ingest.demo.fleet import Tracked
from ingest.demo.past import Address, PastEvent, PastIncident
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
_REPUBLIC = text("SELECT id FROM area WHERE level = 1 ORDER BY id LIMIT 1")
_UNIT = text("""
    INSERT INTO unit (call_sign, device, service, kind, crew, station_id, duty, home_area_id, area_id)
    VALUES (:call_sign, :device, :service, :kind, :crew, :station_id, :duty, :home_area_id,
            area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))
    ON CONFLICT DO NOTHING RETURNING id""")
_POSITION = text("""
    INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
    VALUES (:unit_id, :batch, :at, :at, :lon, :lat, 0, :heading_deg,
            area_of(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))
    ON CONFLICT DO NOTHING""")
_TRACKED = text("""
    SELECT u.id, u.device, u.duty, p.lon, p.lat, ST_X(s.geom) AS station_lon, ST_Y(s.geom) AS station_lat
      FROM unit u JOIN unit_position p ON p.unit_id = u.id LEFT JOIN place s ON s.id = u.station_id
     WHERE u.device LIKE 'demo-%' ORDER BY u.device""")
_UNITS = text("SELECT count(*) FROM unit WHERE device LIKE 'demo-%'")
_HAS_PAST = text("SELECT EXISTS (SELECT FROM event WHERE source = 'demo-past')")
_IDS = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
_NUMBERS = text("SELECT nextval('incident_number') FROM generate_series(1, :count)")
_COUNTS = text("""
    SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM incident),
           (SELECT count(*) FROM event WHERE source = 'demo-past')""")


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


async def camera_places(session: Session) -> dict[int, LonLat]:
    """Return where each camera stands, by its id."""
    return {row.id: LonLat(lon=row.lon, lat=row.lat) for row in await session.execute(_CAMERAS)}


async def republic(session: Session) -> int:
    """Return the id of the Republic; LookupError where the tree of areas is not there yet."""
    found = (await session.execute(_REPUBLIC)).scalar_one_or_none()
    if found is None:
        raise LookupError("the tree of areas is not there yet: run `python -m ingest areas` first")
    return int(found)


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
    """Return how many units, incidents and past events there are."""
    row = (await session.execute(_COUNTS)).one()
    return row[0], row[1], row[2]


async def add_units(session: Session, units: Iterable[Unit], *, batch: int, at: datetime) -> list[int]:
    """Write the units that are not there yet with their first position; return the new ids."""
    added = []
    for unit in units:
        place = {"lon": unit.place.lon, "lat": unit.place.lat}
        row = place | {name: getattr(unit, name) for name in _UNIT.compile().params if name not in place}
        unit_id = (await session.execute(_UNIT, row)).scalar_one_or_none()
        if unit_id is None:
            continue
        fix = place | {"unit_id": unit_id, "batch": batch, "at": at, "heading_deg": unit.heading_deg}
        await session.execute(_POSITION, fix)
        added.append(int(unit_id))
    return added


async def demo_units(session: Session) -> int:
    """Return how many of the demo's units are there."""
    return int((await session.execute(_UNITS)).scalar_one())


async def has_past(session: Session) -> bool:
    """Say whether the past was written already."""
    return bool((await session.execute(_HAS_PAST)).scalar_one())


async def add_past(session: Session, incidents: Sequence[PastIncident], events: Sequence[PastEvent]) -> None:
    """Copy a past in: incidents with the opening and closing of their timeline, and events; oldest first.

    `PastEvent.incident` is an index into `incidents`. The areas are filled by the tables' triggers.
    """
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


_COPY_INCIDENT = """COPY incident (id, number, category, priority, state, opened_at, closed_at, opened_by, description,
    address, caller_name, caller_phone, geom) FROM STDIN"""
_COPY_ENTRY = "COPY incident_entry (incident_id, at, kind, who, details) FROM STDIN"
_COPY_EVENT = """COPY event (kind, source, source_event_id, camera_id, incident_id, at, received_at, certainty, state,
    decided_at, decided_by, reason, placed_by, details, geom) FROM STDIN"""


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


def _ewkb(place: LonLat) -> str:
    """Return a point as PostGIS writes it: little-endian, with its SRID 4326."""
    return struct.pack("<BIIdd", 1, 0x20000001, 4326, place.lon, place.lat).hex()


async def _reserve(session: Session, table: str, count: int) -> list[int]:
    return list((await session.execute(_IDS, {"table": table, "count": count})).scalars())


async def _cursor(session: Session) -> psycopg.AsyncCursor[Any]:
    connection = (await session.get_raw_connection()).driver_connection
    if not isinstance(connection, psycopg.AsyncConnection):
        raise TypeError("COPY needs psycopg's own connection")
    return connection.cursor()
