"""A past interval as columns: JSON for what stood, a binary frame for where the units drove."""

import struct
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo_server.replay.schema import CallThen, Past, Span
from layers.tracks.fixes import microseconds

MAGIC = 0x31505951  # "QYP1"
HEADER = struct.Struct("<IHHIId")  # magic, kind, nothing, units, fixes, the first moment in s since 1970 UTC
STEPS = 120  # fixes of one unit in a frame at most: what a frame costs does not grow with how long it is


def step_of(seconds: float) -> timedelta:
    """Return how far apart fixes stand in a frame of so many seconds, whole seconds."""
    return timedelta(seconds=max(1, -(-int(seconds) // STEPS)))


def as_columns(past: Past, end: datetime) -> dict[str, Any]:
    """Return what stood as `geo_server.api.models.replay.Replay` tells it; moments in milliseconds since 1970 UTC.

    `end` is that of the interval that was opened, of which `past` may be the beginning alone.
    """
    stands = [stand for incident in past.incidents for stand in incident.stands]
    return {
        "from": past.span.since,
        "to": end,
        "until": past.span.until,
        "cut": list(past.cut),
        "units": orjson.Fragment(past.units.json),
        "unit_states": orjson.Fragment(past.unit_states.json),
        "events": orjson.Fragment(past.events.json),
        "calls": _columns(past.calls, ("id", "line", "incident_id")),
        "call_states": _call_states(past.calls),
        "incidents": _columns(past.incidents, ("id", "number", "address", "opened_at", "closed_at")),
        "incident_states": {
            "incident": [n for n, incident in enumerate(past.incidents) for _ in incident.stands],
            **_columns(stands, ("since", "state", "category", "priority", "alarm")),
            "lon": [round(stand.place.lon, 6) for stand in stands],
            "lat": [round(stand.place.lat, 6) for stand in stands],
        },
        "dispatches": _columns(past.dispatches, ("id", "incident_id", "unit_id")),
        "moves": _columns(past.moves, ("what", "id", "incident_id", "until")),
        "dispatch_states": {
            "dispatch": [n for n, dispatch in enumerate(past.dispatches) for _ in dispatch.at],
            "at": [at for dispatch in past.dispatches for at in dispatch.at],
            "status": [status for dispatch in past.dispatches for status in dispatch.status],
        },
    }


def _call_states(calls: Sequence[CallThen]) -> dict[str, Any]:
    stands = [stand for call in calls for stand in call.stands]
    return {
        "call": [n for n, call in enumerate(calls) for _ in call.stands],
        **_columns(stands, ("since", "state", "placed_by", "radius_m")),
        "lon": [stand.place and round(stand.place.lon, 6) for stand in stands],
        "lat": [stand.place and round(stand.place.lat, 6) for stand in stands],
    }


def as_frame(fixes: NDArray[np.void], span: Span) -> bytes:
    """Return fixes (`queries.FIXES`, by unit and time) as one frame, little-endian.

    After the header: each unit's id and how many fixes it has (u32); then of every fix the milliseconds from the first
    moment (i32; the fix before it is negative), longitude and latitude (i32, 1e-7 degrees), speed (u8, km/h) and
    heading (u8, 256 a turn).
    """
    ids, counts = np.unique(fixes["unit_id"], return_counts=True)
    first_us = microseconds(span.since)
    parts = (
        HEADER.pack(MAGIC, 1, 0, len(ids), len(fixes), first_us / 1e6),
        ids.astype("<u4"),
        counts.astype("<u4"),
        ((fixes["at"] - first_us) // 1000).astype("<i4"),
        np.rint(fixes["lon"] * 1e7).astype("<i4"),
        np.rint(fixes["lat"] * 1e7).astype("<i4"),
        np.clip(np.rint(fixes["speed_kmh"]), 0, 255).astype("u1"),
        (np.rint(fixes["heading_deg"] * (256 / 360)).astype("i8") % 256).astype("u1"),
    )
    return b"".join(part if isinstance(part, bytes) else part.tobytes() for part in parts)


def _columns(rows: Sequence[Any], names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: [getattr(row, name) for row in rows] for name in names}
