"""Positions as arrays: the one shape in which many of them are handed on, and the bytes the store reads them from."""

import struct
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

# One fix of one unit: times in microseconds since 1970 UTC, degrees WGS 84, km/h, degrees clockwise from north.
FIX = np.dtype(
    [
        ("unit_id", "i8"),
        ("at", "i8"),
        ("received_at", "i8"),
        ("lon", "f8"),
        ("lat", "f8"),
        ("speed_kmh", "f4"),
        ("heading_deg", "f4"),
        ("area_id", "i8"),
    ]
)
DAY_US = 86_400_000_000
STORE_EPOCH_US = 946_684_800_000_000  # PostgreSQL counts its microseconds from 2000-01-01 UTC

COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
COPY_END = struct.pack("!h", -1)
_POINT_HEAD = np.void(struct.pack("<BII", 1, 0x20000001, 4326))  # EWKB: little-endian point with its SRID
_TRACK_ROW = np.dtype(
    [
        ("columns", ">i2"),
        ("unit_id_size", ">i4"),
        ("unit_id", ">i8"),
        ("at_size", ">i4"),
        ("at", ">i8"),
        ("received_at_size", ">i4"),
        ("received_at", ">i8"),
        ("speed_kmh_size", ">i4"),
        ("speed_kmh", ">f4"),
        ("heading_deg_size", ">i4"),
        ("heading_deg", ">f4"),
        ("geom_size", ">i4"),
        ("geom_head", "V9"),
        ("lon", "<f8"),
        ("lat", "<f8"),
        ("area_id_size", ">i4"),
        ("area_id", ">i8"),
    ]
)


def packed(fixes: NDArray[np.void]) -> bytes:
    """Return the rows of `track`, column by column as in the table, as PostgreSQL's binary COPY reads them."""
    rows = np.empty(len(fixes), _TRACK_ROW)
    rows["columns"], rows["geom_size"], rows["geom_head"] = 7, 25, _POINT_HEAD
    for name in ("unit_id", "at", "received_at", "area_id"):
        rows[f"{name}_size"], rows[name] = 8, fixes[name]
    for name in ("speed_kmh", "heading_deg"):
        rows[f"{name}_size"], rows[name] = 4, fixes[name]
    for name in ("at", "received_at"):
        rows[name] -= STORE_EPOCH_US
    rows["lon"], rows["lat"] = fixes["lon"], fixes["lat"]
    return COPY_HEADER + rows.tobytes() + COPY_END


def in_order(fixes: NDArray[np.void]) -> NDArray[np.void]:
    """Return the fixes by unit and time with repeats (same unit, same time) dropped: the one that came first stays."""
    ordered = fixes[np.lexsort((fixes["at"], fixes["unit_id"]))]
    if len(ordered) < 2:
        return ordered
    repeat = (ordered["unit_id"][1:] == ordered["unit_id"][:-1]) & (ordered["at"][1:] == ordered["at"][:-1])
    return ordered[np.concatenate(([True], ~repeat))] if repeat.any() else ordered


def newest(ordered: NDArray[np.void]) -> NDArray[np.void]:
    """Return each unit's last fix out of fixes that stand `in_order`."""
    if len(ordered) < 2:
        return ordered
    return ordered[np.concatenate((ordered["unit_id"][1:] != ordered["unit_id"][:-1], [True]))]


def days_of(fixes: NDArray[np.void]) -> list[date]:
    """Return the UTC days the fixes lie on, in order."""
    return [date(1970, 1, 1) + timedelta(days=int(day)) for day in np.unique(fixes["at"] // DAY_US)]


def microseconds(at: datetime) -> int:
    """Return a moment with a zone as FIX counts it."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
