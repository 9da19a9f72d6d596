"""A camera as its register and its calibration tell of it, for whoever judges how it is installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from layers.values import LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """How one camera hangs, whose it is, what it is for: metres, degrees, pixels; None where nobody told.

    `facts` are numbers by the name of a rule's fact, `modules` and `watches` as in the register, `functions` the rules
    that run on it with their settings, `masked` whether a region of its picture is hidden from them; `pointed` whether
    points in its picture told how it hangs.
    """

    id: int
    code: str
    name: Title
    place: LonLat
    area_id: int | None
    kind: str
    owner: str | None
    owner_kind: str
    contract: str | None
    installed_on: date | None
    model: str | None
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    range_m: float
    calibration: str
    pointed: bool
    turned: bool
    live: bool
    modules: Sequence[str]
    watches: Sequence[str]
    facts: Mapping[str, Any]
    functions: Sequence[Mapping[str, Any]]
    masked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What its events of the last weeks showed of a camera: pixels of its own picture, the swing in % of its sides.

    Sizes are those that nine of ten that were told of exceed; None where none was told of.
    """

    swing_percent: float | None
    covered_at: datetime | None
    dazzled_at: datetime | None
    moving_px2: float | None
    left_px2: float | None
    plate_width_px: float | None
