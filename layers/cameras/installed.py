"""A camera as its register and its calibration tell of it, for whoever judges how it is installed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from layers.values import LonLat, Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Posed:
    """A preset of a camera that turns, as it is told or calibrated: degrees; `pointed` as of a camera."""

    token: str
    name: Title
    heading_deg: float
    tilt_deg: float
    roll_deg: float
    hfov_deg: float
    pointed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """How one camera hangs, whose it is, what it is for: metres, degrees, pixels; None where nobody told.

    `facts` are numbers by the name of a rule's fact, `modules` and `watches` as in the register, `functions` the rules
    that run on it with their settings, `masked` whether a region of its picture is hidden from them; `pointed` whether
    points in its picture told how it hangs. `presets` are those of one that turns whose heading, tilt and lens are
    known; `at` is the one at which it is judged, None as it hangs.
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
    presets: Sequence[Posed] = ()
    at: Posed | None = None

    @property
    def looking(self) -> Sequence[Mapping[str, Any]]:
        """Return the functions that look in this view; as it hangs, all of them."""
        if self.at is None:
            return self.functions
        return [one for one in self.functions if one.get("preset") in (None, self.at.token)]

    def views(self) -> "Sequence[Installed]":
        """Return it at each of its presets that is known; as it hangs where there is none."""
        if not self.presets:
            return (self,)
        return [self._at(one) for one in self.presets]

    def _at(self, preset: Posed) -> "Installed":
        names = ("heading_deg", "tilt_deg", "roll_deg", "hfov_deg", "pointed")
        own: dict[str, Any] = {name: getattr(preset, name) for name in names}
        return replace(self, **own, calibration="none", turned=False, at=preset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What its events of the last weeks showed of a camera: pixels of its own picture, the swing in % of its sides.

    Sizes are those that nine of ten that were told of exceed; None where none was told of. `covered_at` is when it was
    last covered, also by what is dark by day; `dazzled_at` when light last shone into it; `dark_at` when its picture
    last went dark by night.
    """

    swing_percent: float | None
    covered_at: datetime | None
    dazzled_at: datetime | None
    dark_at: datetime | None
    moving_px2: float | None
    left_px2: float | None
    plate_width_px: float | None
