"""Where the units are now: one row a unit, written by batches and read back by the number of the batch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import any_, literal, select

from layers.areas.table import area
from layers.database import Session
from layers.tracks.arrays import Float4s, Float8s, Int8s, Moments
from layers.tracks.fixes import COPY_END, COPY_HEADER, STORE_EPOCH_US
from layers.tracks.queries import by_driver, driver
from layers.units.table import unit

# `at` in seconds since 1970 UTC, degrees WGS 84, km/h, degrees clockwise from north.
MOVED = np.dtype(
    [
        ("unit_id", "i8"),
        ("batch", "u8"),
        ("at", "f8"),
        ("lon", "f8"),
        ("lat", "f8"),
        ("speed_kmh", "f4"),
        ("heading_deg", "f4"),
        ("area_id", "i8"),
    ]
)
_STORED = {"unit_id": ">i8", "batch": ">i8", "at": ">i8", "lon": ">f8", "lat": ">f8"} | {
    "speed_kmh": ">f4",
    "heading_deg": ">f4",
    "area_id": ">i8",
}
_MOVED_ROW = np.dtype(
    [("columns", ">i2")]
    + [(n, f) for name, form in _STORED.items() for n, f in ((f"{name}_size", ">i4"), (name, form))]
)
_SENT = (
    "unnest(%s, %s, %s, %s, %s, %s, %s, %s) AS s(unit_id, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)"
)
_UPDATE = f"""
UPDATE unit_position AS p
   SET batch = %s, at = s.at, received_at = s.received_at, lon = s.lon, lat = s.lat,
       speed_kmh = s.speed_kmh, heading_deg = s.heading_deg, area_id = s.area_id
  FROM {_SENT}
 WHERE p.unit_id = s.unit_id AND s.at > p.at
"""
# A first fix makes the row; the join passes over units that were retired between the request and its batch.
_INSERT = f"""
INSERT INTO unit_position (unit_id, batch, at, received_at, lon, lat, speed_kmh, heading_deg, area_id)
SELECT s.unit_id, %s, s.at, s.received_at, s.lon, s.lat, s.speed_kmh, s.heading_deg, s.area_id
  FROM {_SENT} JOIN unit ON unit.id = s.unit_id AND unit.retired_at IS NULL
ON CONFLICT (unit_id) DO NOTHING
"""
# Rows are held in the order of their ids, as dispatching holds them, so that nobody waits in a ring.
_CROSS = """
WITH crossed AS MATERIALIZED (
    SELECT unit.id, s.area_id FROM unnest(%s, %s) AS s(unit_id, area_id) JOIN unit ON unit.id = s.unit_id
     WHERE unit.area_id <> s.area_id ORDER BY unit.id FOR NO KEY UPDATE OF unit)
UPDATE unit SET area_id = crossed.area_id FROM crossed WHERE unit.id = crossed.id
"""
_MOVED_SINCE = f"COPY (SELECT {', '.join(_STORED)} FROM unit_position WHERE batch > %s) TO STDOUT (FORMAT binary)"
_STANDING = """
COPY (SELECT unit_id, batch, at, lon, lat, speed_kmh, heading_deg, unit.area_id
        FROM unit_position JOIN unit ON unit.id = unit_id) TO STDOUT (FORMAT binary)
"""


async def move(session: Session, newest: NDArray[np.void], batch: int) -> None:
    """Write the latest position of each unit, one fix (`layers.tracks.fixes.FIX`) a unit.

    A fix that is not newer than the stored one changes nothing. `batch` comes from `changes.ring_positions`.
    """
    if not len(newest):
        return
    sent = (
        Int8s(newest["unit_id"]),
        Moments(newest["at"]),
        Moments(newest["received_at"]),
        Float8s(newest["lon"]),
        Float8s(newest["lat"]),
        Float4s(newest["speed_kmh"]),
        Float4s(newest["heading_deg"]),
        Int8s(newest["area_id"]),
    )
    async with (await driver(session)).cursor() as cursor:
        await cursor.execute(_UPDATE, (batch, *sent))
        if cursor.rowcount < len(newest):
            await cursor.execute(_INSERT, (batch, *sent))


async def cross(session: Session, newest: NDArray[np.void]) -> None:
    """Write into which area these units (one `layers.tracks.fixes.FIX` a unit) have come: their own rows say it too.

    The policies of the store read it there. Call it in the transaction of `move`, for those that left their area.
    """
    if len(newest):
        async with (await driver(session)).cursor() as cursor:
            await cursor.execute(_CROSS, (Int8s(newest["unit_id"]), Int8s(newest["area_id"])))


async def moved_since(session: Session, batch: int) -> NDArray[np.void]:
    """Return the latest positions (`MOVED`) written by batches after that one."""
    return await _read(session, _MOVED_SINCE, (batch,))


async def standing(session: Session) -> NDArray[np.void]:
    """Return the latest position (`MOVED`) of every unit that has one, with the area that the unit's own row says."""
    return await _read(session, _STANDING, None)


async def snapshot(session: Session) -> NDArray[np.void]:
    """Return the latest position (`MOVED`) of every unit that has one."""
    return await moved_since(session, -1)


async def _read(session: Session, asked: str, values: tuple[int] | None) -> NDArray[np.void]:
    async with by_driver(session) as link, link.cursor() as cursor, cursor.copy(asked, values) as copy:
        sent = b"".join([bytes(part) async for part in copy])
    stored = np.frombuffer(sent[len(COPY_HEADER) : -len(COPY_END)], _MOVED_ROW)
    moved = np.empty(len(stored), MOVED)
    for name in _STORED:
        moved[name] = stored[name]
    moved["at"] = (stored["at"] + STORE_EPOCH_US) / 1e6
    return moved


async def devices_under(session: Session, area_id: int) -> dict[str, int]:
    """Return unit ids by the device they carry, of units whose home is that area or below it (MIA 897 §6.5)."""
    at_home: Any = literal(area_id) == any_(area.c.path)
    asked = select(unit.c.device, unit.c.id).join(area, area.c.id == unit.c.home_area_id)
    in_use = asked.where(at_home, unit.c.retired_at.is_(None))
    return {row.device: row.id for row in await session.execute(in_use)}
