"""Where a camera's pixels lie, by what it is looking at now: a PTZ camera has one sight for each of its presets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.values import CameraNow, Placed, Point
from layers.sight.locator import GeolocateError, Locator, itself, nowhere
from layers.values import LonLat

__all__ = ["GeolocateError", "Locator", "Locators", "itself", "nowhere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Locators:
    """How one camera places pixels: as it hangs, or by the preset it stands at.

    While it moves, turned away from how it hung, at no preset that is calibrated, or once it was shifted, all that is
    known is where the camera is.
    """

    origin: LonLat
    fixed: Locator | None = None
    presets: Mapping[str, Locator | None] = field(default_factory=dict)

    def place(self, foot: Point, now: CameraNow) -> Placed:
        """Return where a foot pixel stands, seen by the camera as it is now."""
        if now.moving:
            return nowhere(self.origin, "moving")
        elsewhere = bool(self.presets) or now.turned
        locator = self.presets.get(now.preset or "") if elsewhere else self.fixed
        if locator is None:
            return nowhere(self.origin, "no_preset" if elsewhere else None)
        return nowhere(self.origin, "calibration_broken") if now.broken else locator.place(foot)
