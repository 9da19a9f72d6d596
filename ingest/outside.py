"""Events of outside detectors: read and checked here, placed by their sender."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ingest.checks import moment, off_the_globe, out_of_time
from ingest.sources.jpegs import size_px
from layers.changes import ring
from layers.database import visit
from layers.events.record import NewEvent, NewPicture, record
from layers.hotlist.schema import HIT
from layers.sources.queries import inside
from layers.sources.schema import Source
from layers.values import Ellipse, LonLat

MOST_PICTURE_BYTES = 5 * 2**20
MOST_TEXT = 200
MOST_LEVELS = 20  # JSON within JSON: readers give up somewhere, and none of them earlier
SMALLEST_M = 0.001  # the store keeps single precision and refuses what would become nought in it


class EllipseTold(msgspec.Struct, frozen=True, kw_only=True):
    """A 95 % error ellipse: semi-axes in metres, bearing of the major one clockwise from north."""

    major_m: float
    minor_m: float
    bearing_deg: float = 0.0


class EventTold(msgspec.Struct, frozen=True, kw_only=True):
    """One event: `id` is the sender's own, and a repeat of it is the same event."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]
    kind: str
    at: float | str
    lon: float
    lat: float
    certainty: float
    ellipse: EllipseTold | None = None
    details: dict[str, Any] = {}
    picture_jpeg_base64: str | None = None


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /events` takes."""

    events: list[EventTold]


def wrong(event: EventTold, kinds: Mapping[str, Any], now_s: float) -> str | None:
    """Return the code of the first thing wrong with an event, None where it can be stored."""
    if event.kind not in kinds or event.kind == HIT:  # only what was held against the list here is a hit of it
        return "unknown_event_kind"
    if not (_storable(event.id) and _storable(event.details)):
        return "bad_text"
    if not 0 <= event.certainty <= 1:
        return "bad_certainty"
    if event.ellipse is not None and not _is_ellipse(event.ellipse):
        return "bad_ellipse"
    if event.picture_jpeg_base64 is not None and picture(event.picture_jpeg_base64) is None:
        return "bad_picture"
    return out_of_time(moment(event.at), now_s) or off_the_globe(event.lon, event.lat)


def picture(told: str) -> tuple[bytes, int, int] | None:
    """Return a JPEG's bytes, width and height in px; None where the text is no base64 of one, or too large."""
    if len(told) > MOST_PICTURE_BYTES * 4 // 3 + 4:
        return None
    try:
        jpeg = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        return None
    size = size_px(jpeg)
    return None if size is None else (jpeg, *size)


def _is_ellipse(told: EllipseTold) -> bool:
    axes = SMALLEST_M <= told.minor_m <= told.major_m <= 100_000
    return axes and 0 <= told.bearing_deg <= 360


def _storable(value: Any) -> bool:
    """Say whether the store takes it as text or jsonb: no NaN, no NUL, no half of a surrogate pair."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):  # a UnicodeEncodeError is a ValueError
        return False
    return "\\u0000" not in text and len(text) <= 100_000 and _readable(value, MOST_LEVELS)


def _readable(value: Any, levels: int) -> bool:
    """Say whether every reader of JSON takes it: whole numbers of 64 bits, and so many levels of it at most."""
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if not isinstance(value, dict | list):
        return True
    inside = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_readable(one, levels - 1) for one in inside)


async def report_outside(engine: AsyncEngine, source: Source, events: Sequence[EventTold]) -> list[bool]:
    """Store events and ring the bell in one transaction; what this source sent before under an id stays.

    Return for each whether it was taken: one that lies outside the source's area is not.
    """
    if not events:
        return []
    async with visit(engine) as session:
        taken = await inside(session, source.area_id, [LonLat(lon=one.lon, lat=one.lat) for one in events])
        good = [one for one, is_inside in zip(events, taken, strict=True) if is_inside]
        ids = [await record(session, _new(source, one)) for one in good]
        await ring(session, {"events": [i for i in ids if i is not None]})
    return taken


def _ellipse(told: EllipseTold) -> Ellipse:
    return Ellipse(major_m=told.major_m, minor_m=told.minor_m, bearing_deg=round(told.bearing_deg, 3))


def _new(source: Source, told: EventTold) -> NewEvent:
    seen = picture(told.picture_jpeg_base64) if told.picture_jpeg_base64 is not None else None
    drawn = None if told.ellipse is None else _ellipse(told.ellipse)
    return NewEvent(
        kind=told.kind,
        source=source.name,
        source_event_id=told.id,
        at=datetime.fromtimestamp(moment(told.at), UTC),
        certainty=round(told.certainty, 6),
        place=LonLat(lon=told.lon, lat=told.lat),
        placed_by="sender",
        ellipse=drawn,
        details=told.details,
        picture=seen and NewPicture(jpeg=seen[0], width_px=seen[1], height_px=seen[2]),
    )
