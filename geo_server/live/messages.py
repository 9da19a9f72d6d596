"""The words on the wire of the live feed: binary frames of positions, JSON for everything else. Pure."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import orjson
from numpy.typing import NDArray

from layers.values import BBox

MAGIC = 0x31525951  # "QYR1" as little-endian bytes
POSITIONS = 1
SNAPSHOT = 1  # flag: this frame holds the whole viewport
HEADER = struct.Struct("<IHHIId")  # magic, kind, flags, count, reserved, sent_at in unix seconds

# 20 bytes: degrees × 1e7, unix seconds, tenths of km/h, tenths of a degree clockwise from north.
RECORD = np.dtype(
    [("unit_id", "<u4"), ("lon_e7", "<i4"), ("lat_e7", "<i4"), ("at", "<u4"), ("speed", "<u2"), ("heading", "<u2")]
)
RECORD_BYTES = RECORD.itemsize

CHANGES_A_MESSAGE = 200  # each of which may be a kilobyte and more


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A client says what it looks at."""

    bbox: BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """A client that was away says the last change it knows."""

    seq: int


class WrongMessage(ValueError):
    """What a client sent is not a message of this feed."""


def records(moved: NDArray[np.void]) -> NDArray[np.void]:
    """Pack positions (`layers.units.positions.MOVED`) into records of the wire, in the same order."""
    packed = np.empty(len(moved), RECORD)
    packed["unit_id"] = moved["unit_id"]
    packed["lon_e7"] = np.rint(moved["lon"] * 1e7)
    packed["lat_e7"] = np.rint(moved["lat"] * 1e7)
    packed["at"] = np.clip(moved["at"], 0, 2**32 - 1)
    packed["speed"] = np.clip(np.rint(moved["speed_kmh"] * 10), 0, 65535)
    packed["heading"] = np.rint(moved["heading_deg"] % 360 * 10) % 3600
    return packed


def header(count: int, *, sent_at: float, snapshot: bool = False) -> bytes:
    """Return the 24 bytes before `count` records."""
    return HEADER.pack(MAGIC, POSITIONS, SNAPSHOT if snapshot else 0, count, 0, sent_at)


def hello(seq: int, at: float) -> str:
    """Greet: the last change that was before this connection, and the server's clock."""
    return _text({"type": "hello", "seq": seq, "at": _utc(at)})


def tick(seq: int, at: float, positions_at: float | None) -> str:
    """Say once a second that the feed lives, and how old the newest position is."""
    newest = None if positions_at is None else _utc(positions_at)
    return _text({"type": "tick", "seq": seq, "at": _utc(at), "positions_at": newest})


def change(layer: str, feature_id: int, seq: int, feature: dict[str, Any] | None) -> str:
    """Say what a row is now, for `changes`; null where it is gone, or stands where the viewer does not see."""
    return _text({"layer": layer, "id": feature_id, "seq": seq, "feature": feature})


def changes(told: Sequence[str]) -> list[str]:
    """Tell in as few messages as may be what rows are now, in that order; none where nothing is told."""
    parts = (told[first : first + CHANGES_A_MESSAGE] for first in range(0, len(told), CHANGES_A_MESSAGE))
    return [f'{{"type":"changes","changes":[{",".join(part)}]}}' for part in parts]


def missed(seq: int) -> str:
    """Tell a client that too much has changed since it left: it reads its layers anew."""
    return _text({"type": "missed", "seq": seq})


def read(text: str | bytes) -> View | Resume:
    """Read what a client sent; raises WrongMessage with a sentence."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise WrongMessage("A message is JSON.") from error
    kind: Literal["view", "resume"] | Any = told.get("type") if isinstance(told, dict) else None
    if kind == "view":
        return View(bbox=_bbox(told.get("bbox")))
    if kind == "resume" and type(told.get("seq")) is int and 0 <= told["seq"] < 2**63:
        return Resume(seq=told["seq"])
    raise WrongMessage('A message is {"type":"view","bbox":[w,s,e,n]} or {"type":"resume","seq":n}.')


def _bbox(told: Any) -> BBox:
    if not isinstance(told, list) or len(told) != 4:
        raise WrongMessage("A bbox is four numbers: west, south, east, north.")
    if not all(type(n) in (int, float) and math.isfinite(n) for n in told):
        raise WrongMessage("A bbox is four finite numbers.")
    west, south, east, north = (float(n) for n in told)
    if south > north:
        raise WrongMessage("A bbox has its south below its north.")
    # A window that shows the whole globe, or more of it, sends longitudes beyond 180.
    if east - west >= 360:
        west, east = -180.0, 180.0
    return BBox(west=_wrap(west), south=max(south, -90.0), east=_wrap(east), north=min(north, 90.0))


def _wrap(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(told: dict[str, Any]) -> str:
    return orjson.dumps(told, option=orjson.OPT_UTC_Z).decode()
