"""What a report is asked for and what it tells, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from layers.areas.schema import Area
from layers.coverage.schema import AreaShare
from layers.gaps.queries import RankedGap
from layers.values import BBox

REPORT = "report"  # the kind of its job
Format = Literal["html", "pdf", "gpkg", "parquet"]
Language = Literal["kk", "ru", "en"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEASURES = ("ground_m2", "streets_m", "incidents", "places", "schools", "addresses")
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary")  # of streets, the great ones first
KINDS: Mapping[Format, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "gpkg": "application/geopackage+sqlite3",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asked for; a file for other systems holds every purpose, a page the one that is named."""

    format: Format
    language: Language
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Something drawn: WKB in degrees WGS 84, and what is told of it."""

    wkb: bytes
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Shapes of one kind: `whole` is how many there are, and how coarsely their outlines were drawn, in metres."""

    shapes: Sequence[Shape]
    whole: int
    within_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTold:
    """An area of the tree with its shares by measure."""

    area: Area
    shares: Mapping[str, AreaShare]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseeing:
    """A camera of which nobody can tell what it sees, or why that is nothing."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a page says; `layers` are `coverage`, `gaps`, `cameras`, `areas` and what the ground is drawn from.

    `unseeing_whole` is how many such cameras there are, of which `unseeing` names the first. `hanging` is the lon and
    lat of each camera, `tiles` those of each tile's middle with the square metres that are seen of it.
    """

    wanted: Wanted
    area: Area
    made_by: str
    made_at: datetime
    oldest: datetime | None
    waiting: int
    areas: Sequence[AreaTold]
    gaps: Sequence[RankedGap]
    unseeing: Sequence[Unseeing]
    unseeing_whole: int
    layers: Mapping[str, Drawn]
    hanging: Sequence[tuple[float, float]]
    tiles: Sequence[tuple[float, float, float]]
    bbox: BBox


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished file."""

    path: Path
    bytes: int
    made_at: datetime
