"""What is asked of and written about plans of cameras and forbidden zones, in plain values that travel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from geo_server.planning.placement.question import Question
from layers.coverage.schema import Buildings, House, Standing
from layers.terrain.schema import TerrainGrid

ZoneRule = Literal["refuse", "mask"]  # nobody may look into it; or what is seen of it is masked, and counts nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """What counts of some of a zone's cells and is not seen yet: their places in a square, and what each counts."""

    col: int
    row: int
    cells: bytes  # uint16, row by row
    weight: bytes  # float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A forbidden zone: windows of homes, a private yard; `wkb` is a polygon in degrees WGS 84."""

    id: int
    name: str
    rule: ZoneRule
    wkb: bytes
    area_id: int | None = None
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that a proposal is reckoned from; `region` is a MultiPolygon as WKB, poles are lon and lat, degrees."""

    question: Question
    epsg: int
    region: bytes
    standing: Standing
    zones: Sequence[Zone]
    poles: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangs:
    """How a camera of a plan hangs: degrees WGS 84 and from true north, metres above the ground."""

    kind: str
    lon: float
    lat: float
    height_m: float
    heading_deg: float
    tilt_deg: float
    hfov_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What comes of how it hangs.

    `cells` are names of cells it sees that count, int64; `geom` is what it sees well enough, a MultiPolygon as WKB,
    degrees. `meets`, `breaks` and `unsure` are rules by name; `masks` and `refused` ids of zones that it sees.
    """

    cells: bytes
    geom: bytes
    ground_m2: float
    meets: Sequence[str]
    breaks: Sequence[str]
    unsure: Sequence[str]
    masks: Sequence[int]
    refused: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A camera of a proposal; `adds` is what it adds to those before it, by weight."""

    hangs: Hangs
    looks: Looks
    source: str
    price: float
    adds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The cameras, those that add most first, figures by name, and what counts of the ground."""

    cameras: Sequence[Proposed]
    figures: dict[str, Any]
    cell_m: float
    squares: Sequence[Square]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """What one camera of a plan is reckoned anew from; `others` are cells of the plan's other cameras."""

    question: Question
    epsg: int
    cell_m: float
    houses: Sequence[House] | Buildings
    squares: Sequence[Square]
    zones: Sequence[Zone]
    others: Sequence[bytes]
    terrain: Sequence[TerrainGrid] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What comes of a camera that hangs otherwise; `adds` is what only it sees of the plan, by weight."""

    looks: Looks
    adds: float
    inside: bool  # in a building, below its roof
    forbidden: bool  # it hangs in a forbidden zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan of cameras as it is kept; no figures until it is reckoned."""

    id: int
    name: str
    area_id: int
    made_by: str
    made_at: datetime
    job_id: int | None
    question: Question
    region: bytes
    epsg: int
    cell_m: float | None
    figures: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCamera:
    """A camera of a plan as it is kept; `moved_by` is who hung it otherwise than was proposed."""

    id: int
    placement_id: int
    number: int
    hangs: Hangs
    looks: Looks
    source: str
    price: float
    adds: float
    moved_by: str | None
