"""Whether a camera sees a place, and why not: pure, by its pose, its range, and what stands between.

Metres east, north and up; degrees clockwise from north, and below the horizon. Looked for is a person: what stands
1.5 m above the ground. Pixel density as in EN IEC 62676-4: pixels of the picture to a metre across at that distance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from layers.near import EARTH_RADIUS_M
from layers.values import LonLat, Title

AIM_UP_M = 1.5
USUAL_HEIGHT_M = (
    6.0  # of a mast that nobody measured; it decides over what a camera looks, never what is in its picture
)
USUAL_SIZE_PX = (1920, 1080)  # its shape alone decides; without a size no density is told


class Sight(StrEnum):
    """How a camera stands to a place, from the best down; the windows say each in words."""

    SEES = "sees"
    TURNS = "turns"  # a PTZ camera that would see it, once it is turned there
    UNKNOWN = "unknown"  # nobody told where it looks; nothing stands between
    TOO_NEAR = "too_near"  # below its picture, at its foot
    OUT_OF_VIEW = "out_of_view"
    TOO_FAR = "too_far"
    BLOCKED = "blocked"  # by a building


OPEN = (Sight.SEES, Sight.TURNS, Sight.UNKNOWN)  # unless something stands between


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where a camera looks: heading, tilt below the horizon, width of the view in degrees; a preset's token."""

    heading_deg: float | None
    tilt_deg: float | None
    hfov_deg: float | None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """A camera `distance_m` metres from the place asked about, where it looks now, and where it can be turned."""

    id: int
    code: str
    name: Title
    kind: str
    place: LonLat
    distance_m: float
    state: str
    enabled: bool
    moving: bool
    height_m: float | None
    roll_deg: float
    range_m: float
    size_px: tuple[int, int] | None
    view: View
    presets: tuple[View, ...] = ()
    turned: bool = False  # away from `view`: nobody knows where it looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What comes of it: `px_per_m` where it sees or would, `preset` the one to turn to, `blocked_m` from the camera."""

    watcher: Watcher
    sight: Sight
    px_per_m: float | None = None
    preset: str | None = None
    blocked_m: float | None = None


def metres_from(origin: LonLat, place: LonLat) -> tuple[float, float]:
    """Return metres east and north of an origin so near that the ground is flat."""
    up = math.radians(1) * EARTH_RADIUS_M
    return (place.lon - origin.lon) * up * math.cos(math.radians(origin.lat)), (place.lat - origin.lat) * up


def horizon_m(height_m: float | None) -> float:
    """Return metres to where what is looked for goes below the horizon of a camera so high, on a smooth earth."""
    return sum(math.sqrt(2 * EARTH_RADIUS_M * up) for up in (height_m or USUAL_HEIGHT_M, AIM_UP_M))


def past(free: Sighting, blocked_m: float | None) -> Sighting:
    """Return the sighting where a building stands between, `blocked_m` metres from the camera; None for none."""
    if blocked_m is None or free.sight not in OPEN:
        return free
    return Sighting(watcher=free.watcher, sight=Sight.BLOCKED, blocked_m=round(blocked_m, 1))


def best_first(found: Sequence[Sighting]) -> list[Sighting]:
    """Return who sees the place best first: seeing, delivering, with most pixels to the metre, near."""
    return sorted(found, key=_merit)


def _merit(one: Sighting) -> tuple[int, bool, float, float, int]:
    watcher = one.watcher
    delivers = watcher.enabled and watcher.state == "live"
    return list(Sight).index(one.sight), not delivers, -(one.px_per_m or 0.0), watcher.distance_m, watcher.id


def sighting(watcher: Watcher, place: LonLat) -> Sighting:
    """Say how a camera stands to a place, as if nothing stood between."""
    if watcher.distance_m > watcher.range_m:
        return Sighting(watcher=watcher, sight=Sight.TOO_FAR)
    now = Sighting(watcher=watcher, sight=Sight.UNKNOWN) if watcher.turned else _in_view(watcher, watcher.view, place)
    if now.sight is Sight.SEES and not watcher.moving:
        return now
    return _turned(watcher, place) or (
        Sighting(watcher=watcher, sight=Sight.UNKNOWN) if now.sight is Sight.SEES else now
    )


def _turned(watcher: Watcher, place: LonLat) -> Sighting | None:
    """Say how a PTZ camera sees it once turned: by the preset that sees it best, else straight at it."""
    if watcher.kind != "ptz":
        return None
    views = [(view.token, _in_view(watcher, view, place)) for view in watcher.presets]
    good = [(seen.px_per_m or 0.0, token) for token, seen in views if seen.sight is Sight.SEES]
    if good:
        density, token = max(good, key=lambda one: one[0])
        return Sighting(watcher=watcher, sight=Sight.TURNS, px_per_m=density or None, preset=token)
    return None if watcher.view.heading_deg is None else Sighting(watcher=watcher, sight=Sight.TURNS)


def _in_view(watcher: Watcher, view: View, place: LonLat) -> Sighting:
    """Project the place into the picture of this view."""
    if view.heading_deg is None or view.hfov_deg is None:
        return Sighting(watcher=watcher, sight=Sight.UNKNOWN)
    right, down, ahead = _in_camera(watcher, view, place)
    wide = math.tan(math.radians(view.hfov_deg) / 2)
    across, along = watcher.size_px or USUAL_SIZE_PX
    if ahead <= 0 or abs(right) > wide * ahead:
        return Sighting(watcher=watcher, sight=Sight.OUT_OF_VIEW)
    if view.tilt_deg is not None and abs(down) > wide * along / across * ahead:
        return Sighting(watcher=watcher, sight=Sight.TOO_NEAR if down > 0 else Sight.OUT_OF_VIEW)
    density = watcher.size_px and round(watcher.size_px[0] / (2 * wide * ahead), 1)
    return Sighting(watcher=watcher, sight=Sight.SEES, px_per_m=density)


def _in_camera(watcher: Watcher, view: View, place: LonLat) -> tuple[float, float, float]:
    """Return metres right, down and ahead in the camera's own axes; without a tilt it looks level with the place."""
    assert view.heading_deg is not None
    east, north = metres_from(watcher.place, place)
    heading, roll = math.radians(view.heading_deg), math.radians(watcher.roll_deg)
    right, out = (
        east * math.cos(heading) - north * math.sin(heading),
        east * math.sin(heading) + north * math.cos(heading),
    )
    if view.tilt_deg is None:
        return right, 0.0, out
    fall, tilt = (watcher.height_m or USUAL_HEIGHT_M) - AIM_UP_M, math.radians(view.tilt_deg)
    ahead, down = out * math.cos(tilt) + fall * math.sin(tilt), fall * math.cos(tilt) - out * math.sin(tilt)
    return right * math.cos(roll) + down * math.sin(roll), down * math.cos(roll) - right * math.sin(roll), ahead
