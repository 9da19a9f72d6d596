"""The OsmAnd protocol as Traccar Client speaks it: query or form fields, and since its version 9 a JSON body.

https://www.traccar.org/osmand/ — fields tell speed in knots, the JSON body in metres a second; a negative speed or
bearing means that the device does not know it.
"""

import math
from collections.abc import Mapping
from typing import Annotated

import msgspec

from ingest.checks import moment
from ingest.errors import Refusal

KMH_A_KNOT = 1.852
KMH_A_MS = 3.6
_SECONDS_END = 2**31  # as Traccar does: a larger number counts milliseconds


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One position as the device told it: seconds since 1970 UTC, degrees WGS 84, km/h, degrees; nothing checked."""

    device: str
    at_s: float
    lon: float
    lat: float
    speed_kmh: float = 0.0
    heading_deg: float = 0.0


class Coords(msgspec.Struct, frozen=True, kw_only=True):
    """Where, and how fast in metres a second; below 0 means unknown."""

    latitude: float
    longitude: float
    speed: float | None = None
    heading: float | None = None


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A moment and a place; what else Traccar Client tells (battery, activity, odometer) is passed over."""

    timestamp: float | str
    coords: Coords


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON body of Traccar Client 9 and later."""

    device_id: Annotated[str, msgspec.Meta(min_length=1)] | int
    location: Location


def from_fields(fields: Mapping[str, str], now_s: float) -> Told:
    """Read query or form fields; without `timestamp` the moment is now. Raises Refusal where one cannot be read."""
    device = fields.get("id") or fields.get("deviceid")
    lat, lon = _place(fields)
    if not device or not lat or not lon:
        raise Refusal("missing_field")
    if fields.get("valid", "true").lower() not in ("true", "1"):
        raise Refusal("no_fix")
    return Told(
        device=device,
        at_s=_moment(fields.get("timestamp"), now_s),
        lon=_number(lon),
        lat=_number(lat),
        speed_kmh=_known(_number(fields.get("speed") or "0")) * KMH_A_KNOT,
        heading_deg=_known(_number(fields.get("bearing") or fields.get("heading") or "0")),
    )


def from_body(body: bytes) -> Told:
    """Read Traccar Client's JSON. Raises Refusal where it is not that."""
    try:
        told = msgspec.json.decode(body, type=Body)
    except (msgspec.DecodeError, RecursionError):  # a ValidationError is a DecodeError
        raise Refusal("malformed") from None
    coords = told.location.coords
    return Told(
        device=str(told.device_id),
        at_s=_scaled(moment(told.location.timestamp)),
        lon=coords.longitude,
        lat=coords.latitude,
        speed_kmh=_known(coords.speed or 0.0) * KMH_A_MS,
        heading_deg=_known(coords.heading or 0.0),
    )


def _place(fields: Mapping[str, str]) -> tuple[str | None, str | None]:
    if "location" in fields:
        lat, _, lon = fields["location"].partition(",")
        return lat, lon
    return fields.get("lat"), fields.get("lon")


def _moment(text: str | None, now_s: float) -> float:
    if not text:
        return now_s
    try:
        return _scaled(float(text))
    except ValueError:
        # A zone such as +05:00 that was not escaped arrives with a space in place of its sign.
        return moment(text.replace(" ", "+", 1) if "T" in text else text)


def _scaled(at_s: float) -> float:
    return at_s / 1000 if abs(at_s) >= _SECONDS_END else at_s


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Refusal("bad_entry") from None


def _known(value: float) -> float:
    return 0.0 if value < 0 and math.isfinite(value) else value
