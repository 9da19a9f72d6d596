"""What is asked of and written about coverage, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self

import numpy as np

from layers.terrain.schema import Known, TerrainGrid
from layers.values import Title

REAL = np.dtype(">f4")  # as the store sends one


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
class Lens:
    """How a camera looks, or one of its presets: degrees, None where nobody knows."""

    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking(Lens):
    """A camera that may look into a tile: where it hangs, in degrees WGS 84 and metres, and its picture in pixels.

    `facts` are what its register tells by a rule's fact, its light among them.
    """

    id: int
    owner_kind: str
    lon: float
    lat: float
    height_m: float | None
    range_m: float
    width_px: int | None
    height_px: int | None
    pole: str | None = None
    node: str | None = None
    link: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset(Lens):
    """Where a camera that turns looks at times."""

    camera_id: int


class House(NamedTuple):
    """A building: its outline as WKB in degrees WGS 84, and what is known of its height."""

    wkb: bytes
    height_m: float | None
    levels: float | None


class Point(NamedTuple):
    """Something at a place, degrees WGS 84: of an incident its category and hour of day, of others what they are."""

    thing: str
    lon: float
    lat: float
    kind: str = ""
    hour: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Buildings:
    """Thousands of buildings, as columns: they travel to another process with each tile.

    `wkb` is one collection of their outlines in degrees WGS 84, None where there are none. What is told of each is
    packed as the store sends it, in REAL: metres and storeys, not a number where nobody told any.
    """

    wkb: bytes | None
    height_m: bytes
    levels: bytes

    @classmethod
    def of(cls, wkb: bytes | None, height_m: Sequence[float | None], levels: Sequence[float | None]) -> Self:
        """Pack what is told of each."""
        heights, storeys = (np.array(told, np.float64).astype(REAL).tobytes() for told in (height_m, levels))
        return cls(wkb=wkb, height_m=heights, levels=storeys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in and around a tile, in values that travel between processes; shapes as WKB in degrees WGS 84.

    `cameras` may look into it from wherever they hang; `presets` are theirs. `grounds` are the parts of areas that
    count, by the area's id; `terrain` is the height of the ground as far as anybody knows it.
    """

    cameras: Sequence[Looking]
    presets: Sequence[Preset]
    buildings: Buildings
    grounds: Sequence[tuple[int, bytes]]
    streets: Sequence[bytes]
    points: Sequence[Point]
    terrain: Sequence[TerrainGrid] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What was found of a tile: rows of `coverage`, `gap`, `coverage_share` and `coverage_lost` less the tile's id.

    Shapes are WKB.

    `unseeing` are reasons by the camera's id; `asked` the cameras that were looked at; `terrain` says whether the
    height of the ground was counted: the whole of it, in part, or nowhere.
    """

    coverage: Sequence[Mapping[str, Any]]
    gaps: Sequence[Mapping[str, Any]]
    shares: Sequence[Mapping[str, Any]]
    lost: Sequence[Mapping[str, Any]]
    unseeing: Mapping[int, str]
    asked: Sequence[int]
    terrain: Known = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShare:
    """How much of an area, with all below it, there is of a measure and is seen for a purpose."""

    area_id: int
    measure: str
    whole: float
    seen: float
    twice: float
    private: float
    night: float
    night_unknown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A group and what of an area it alone sees: square metres, metres of street, things; how many cameras it has.

    `name` is a pole's, a node's or a link's as the register tells, and of a camera its id; `title` what people call it.
    """

    name: str
    title: Title | None
    cameras: int
    ground_m2: float
    streets_m: float
    incidents: float
    accidents: float
    places: float
    schools: float
    addresses: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How fresh the coverage of an area is: tiles there are, that wait, and the oldest reckoning.

    And in how many of them the height of the ground was counted, in how many but in part.
    """

    tiles: int
    waiting: int
    oldest: datetime | None
    hilly: int = 0
    partly_hilly: int = 0

    @property
    def terrain(self) -> Known:
        """Say whether the height of the ground was counted; where it was not, it was taken for flat."""
        if self.tiles and self.hilly == self.tiles:
            return "whole"
        return "part" if self.hilly or self.partly_hilly else "none"
