"""The JSON batches of `POST /positions` and `POST /events`: one bad entry is told by its index and costs no other."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from ingest.checks import UNKNOWN_UNIT, moment
from ingest.errors import ERRORS, Refusal

MOST_ENTRIES = 20_000


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """One position: ISO 8601 or seconds since 1970 UTC, degrees WGS 84, km/h, degrees clockwise from north."""

    device: str
    at: float | str
    lon: float
    lat: float
    speed_kmh: float = 0.0
    heading_deg: float = 0.0


class Positions(msgspec.Struct, frozen=True, kw_only=True):
    """What `POST /positions` takes."""

    positions: list[Position]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was not taken: its index in the batch from 0, and why."""

    index: int
    code: str
    description: str


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a batch, sent after the commit; a repeat of what is stored already counts as accepted."""

    accepted: int
    refused: list[Refused]


Entry = TypeVar("Entry", bound=msgspec.Struct)


def entries(body: bytes, name: str, entry: type[Entry]) -> list[Entry | None]:
    """Read `{name: [entry …]}`, None for each entry that is not one. Raises Refusal where the body is not that."""
    try:
        raw = msgspec.json.decode(body, type=dict[str, msgspec.Raw])[name]
        whole: list[Entry | None] = list(msgspec.json.decode(raw, type=list[entry]))  # type: ignore[valid-type]
    except (msgspec.DecodeError, KeyError, RecursionError):
        whole = _one_by_one(body, name, entry)
    if len(whole) > MOST_ENTRIES:
        raise Refusal("too_many", most=MOST_ENTRIES)
    return whole


def told(positions: Sequence[Position]) -> NDArray[np.float64]:
    """Return a row a position as `checks.checked` reads it."""
    rows = [(moment(one.at), one.lon, one.lat, one.speed_kmh, one.heading_deg) for one in positions]
    return np.array(rows, np.float64).reshape(-1, 5)


def unit_ids(positions: Sequence[Position], devices: dict[str, int]) -> list[int]:
    """Return the unit of each position's device, UNKNOWN_UNIT where there is none."""
    return [devices.get(one.device, UNKNOWN_UNIT) for one in positions]


def refused(index: int, code: str) -> Refused:
    """Return one line of the answer's list."""
    return Refused(index=index, code=code, description=ERRORS[code][1].en)


def _one_by_one(body: bytes, name: str, entry: type[Entry]) -> list[Entry | None]:
    """Read with json of the standard library, which takes NaN: many a sender's JSON writer makes it."""
    try:
        listed = json.loads(body)[name]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise Refusal("malformed") from None
    if not isinstance(listed, list):
        raise Refusal("malformed")
    return [_entry(one, entry) for one in listed]


def _entry(one: Any, entry: type[Entry]) -> Entry | None:
    try:
        return msgspec.convert(one, entry)
    except (msgspec.ValidationError, OverflowError, RecursionError):
        return None
