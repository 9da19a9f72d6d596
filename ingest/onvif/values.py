"""What a camera tells of itself by ONVIF."""

from dataclasses import dataclass
from typing import Literal

Spaces = Literal["generic", "degrees"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A media profile: its token, the size of its picture, and whether it can turn."""

    token: str
    name: str
    width_px: int
    height_px: int
    turns: bool
    encoding: str = ""  # H264, H265, JPEG as the camera writes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a camera is turned, in the units of its space: pan and tilt from -1 to 1 or degrees, zoom from 0 to 1."""

    pan: float
    tilt: float
    zoom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetTold:
    """A preset as the camera tells it."""

    token: str
    name: str
    position: Position | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where it is turned now and whether it still moves; None where it does not tell."""

    position: Position | None
    moving: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From where to where an axis goes."""

    low: float
    high: float

    def clip(self, value: float) -> float:
        """Return the value, or the end that is nearer to it."""
        return min(self.high, max(self.low, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What a PTZ node can do by absolute moves; its pan space is degrees where it has that (ONVIF PTZ, 5.4)."""

    space: str
    spaces: Spaces
    pan: Range
    tilt: Range
    zoom: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Who made it, which model, and the addresses of its services."""

    maker: str
    model: str
    firmware: str
    serial: str


@dataclass(slots=True, kw_only=True)
class PullPoint:
    """Where a camera's own messages are fetched, the headers it asks for; whether it is to be renewed, and can be."""

    address: str
    headers: str = ""
    due: bool = False
    renews: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message of the camera's own analytics: its topic without prefixes, `tns1:` before it, and its items."""

    topic: str
    at: str | None
    items: dict[str, str]
    operation: str | None
