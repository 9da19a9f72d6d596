"""What is asked of and written about coverage, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """A tile by the numbers of its place in a UTM zone; `geom` is WKB, degrees WGS 84."""

    epsg: int
    col: int
    row: int
    geom: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stirred:
    """A tile that is to be reckoned: what it was stirred by is what stood there at `stirred_at`, or a job asked."""

    id: int
    epsg: int
    col: int
    row: int
    stirred_at: datetime | None
    job_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in and around a tile: rows as the store has them, shapes as WKB in degrees WGS 84.

    `cameras` may look into it from wherever they hang; `presets` are theirs. `grounds` are the parts of areas that
    count, by the area's id. `points` are rows of the thing's name, lon and lat.
    """

    cameras: Sequence[Any]
    presets: Sequence[Any]
    buildings: Sequence[Any]
    grounds: Sequence[tuple[int, bytes]]
    streets: Sequence[bytes]
    points: Sequence[tuple[str, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What was found of a tile: rows of `coverage`, `gap` and `coverage_share` less the tile's id, shapes as WKB.

    `unseeing` are reasons by the camera's id; `asked` the cameras that were looked at.
    """

    coverage: Sequence[Mapping[str, Any]]
    gaps: Sequence[Mapping[str, Any]]
    shares: Sequence[Mapping[str, Any]]
    unseeing: Mapping[int, str]
    asked: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShare:
    """How much of an area, with all below it, there is of a measure and is seen for a purpose."""

    area_id: int
    measure: str
    whole: float
    seen: float
    twice: float
    private: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How fresh the coverage of an area is: tiles there are, that wait, and the oldest reckoning."""

    tiles: int
    waiting: int
    oldest: datetime | None
