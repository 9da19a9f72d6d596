"""An entry of the register of cameras, what somebody asks of the register, and what became of an entry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from layers.values import LonLat, Title

# What an entry should tell, and does not where it is incomplete.
Lacking = Literal[
    "owner", "contract", "class", "model", "height_m", "heading_deg", "hfov_deg", "modules", "installed_on"
]
LACKING: tuple[Lacking, ...] = get_args(Lacking)
POSE = ("height_m", "heading_deg", "tilt_deg", "roll_deg", "hfov_deg", "width_px", "height_px")
# The columns of camera that the register tells, in the order in which they are exported.
COLUMNS = (
    *("code", "name_kk", "name_ru", "name_en", "kind", "owner", "owner_kind", "contract", "contract_until"),
    *("installed_on", "class", "model", "pole", "node", "link", "modules", "watches", *POSE, "range_m", "facts"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A camera as the register tells it: metres, degrees, pixels. `streams`: something reads it, or could."""

    id: int
    code: str
    name: Title
    kind: str
    place: LonLat
    area_id: int
    owner: str | None
    owner_kind: str
    contract: str | None
    contract_until: date | None
    installed_on: date | None
    class_: str | None
    model: str | None
    pole: str | None
    node: str | None
    link: str | None
    modules: list[str]
    watches: list[str]
    facts: dict[str, Any]
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    range_m: float
    calibration: str
    streams: bool
    enabled: bool
    state: str
    lacks: list[str]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries: those that hold the text, of an owner, a class, an area and below, without one of these facts."""

    text: str | None = None
    owner: str | None = None
    class_: str | None = None
    area_id: int | None = None
    lacks: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """How many entries there are, lack something, have no stream, and by owner and class, the most first."""

    all: int
    incomplete: int
    streamless: int
    owners: list[tuple[str, int]]
    classes: list[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Who changed what of a camera: each column from what to what; of `address` that it did."""

    id: int
    at: datetime
    who: str
    act: str
    changed: dict[str, list[Any]]
