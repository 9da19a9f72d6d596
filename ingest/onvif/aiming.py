"""From a place on the ground to pan, tilt and zoom: pure.

Where a camera looks at a pan is learnt from presets whose heading people told; with none, pan 0 is the heading of its
row, and the range of a generic space is the whole circle. Tilt is positive upwards in ONVIF, and downwards here.
"""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.onvif.values import Node, Position, Range
from layers.cameras.commands import Preset
from layers.cameras.sight import AIM_UP_M, USUAL_HEIGHT_M, metres_from
from layers.values import LonLat

WANTED_M = 20.0  # what the picture is to show across, around the place
USUAL_HFOV_DEG = 40.0
TURNS_DEG = (360.0, 355.0, 350.0, 340.0)  # what the whole pan of a generic space spans, as makers have it
TILTS_DEG = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where a place is, seen from a camera: degrees clockwise from north and below the horizon, the view to ask for."""

    heading_deg: float
    tilt_deg: float
    hfov_deg: float


def aim(camera: LonLat, height_m: float | None, place: LonLat) -> Aim:
    """Return where a camera must look to see a place; straight down the heading is north."""
    east, north = metres_from(camera, place)
    away = math.hypot(east, north)
    fall = (height_m or USUAL_HEIGHT_M) - AIM_UP_M
    return Aim(
        heading_deg=math.degrees(math.atan2(east, north)) % 360,
        tilt_deg=math.degrees(math.atan2(fall, away)),
        hfov_deg=math.degrees(2 * math.atan2(WANTED_M / 2, math.hypot(away, fall))),
    )


def position_for(to: Aim, node: Node, presets: Sequence[Preset], home_deg: float | None) -> Position | None:
    """Return the position to turn to; None where nobody told where the camera looks at any pan, or it cannot."""
    presets = [one for one in presets if not one.broken]
    pan = _pan(to, node, presets, home_deg)
    if pan is None:
        return None
    tilt = _tilt(to, node, presets)
    return Position(pan=pan, tilt=node.tilt.clip(tilt), zoom=_zoom(to, node.zoom, presets))


def nearest_preset(to: Aim, presets: Sequence[Preset]) -> Preset | None:
    """Return the preset that looks most nearly there and has the place in its picture's width; None where none does."""
    known = [
        (abs(turn(one.heading_deg, to.heading_deg)), one)
        for one in presets
        if one.heading_deg is not None and not one.broken
    ]
    good = [(off, one) for off, one in known if off <= (one.hfov_deg or USUAL_HFOV_DEG) / 2]
    return min(good, key=lambda pair: pair[0])[1] if good else None


def turn(of_deg: float, to_deg: float) -> float:
    """Return degrees from one heading to another, the short way round."""
    return (to_deg - of_deg + 180) % 360 - 180


def _pan(to: Aim, node: Node, presets: Sequence[Preset], home_deg: float | None) -> float | None:
    known = [(one.pan, one.heading_deg) for one in presets if one.pan is not None and one.heading_deg is not None]
    if not known and home_deg is not None:
        known = [(0.0, home_deg)]
    if not known:
        return None
    per_unit = min(_scales(node), key=lambda scale: _spread(known, scale))
    pan = turn(_zero(known, per_unit), to.heading_deg) / per_unit
    return _within(pan, node.pan, abs(360 / per_unit))


def _scales(node: Node) -> list[float]:
    """Return the degrees clockwise that a unit of pan may mean; hung upside down, it turns the other way."""
    if node.spaces == "degrees":
        return [1.0, -1.0]
    return [sign * span / (node.pan.high - node.pan.low) for sign in (1, -1) for span in TURNS_DEG]


def _zero(known: Sequence[tuple[float, float]], per_unit: float) -> float:
    """Return the heading at pan 0: the middle of what each preset says, on the circle."""
    return math.degrees(cmath.phase(_resultant(known, per_unit)))


def _spread(known: Sequence[tuple[float, float]], per_unit: float) -> float:
    return -round(abs(_resultant(known, per_unit)), 9)


def _resultant(known: Sequence[tuple[float, float]], per_unit: float) -> complex:
    return sum((cmath.rect(1, math.radians(heading - pan * per_unit)) for pan, heading in known), 0j)


def _within(pan: float, axis: Range, whole: float) -> float | None:
    """Return the pan, or the same a whole turn on; None where the camera does not turn so far."""
    around = (pan, pan - whole, pan + whole)
    slack = (axis.high - axis.low) * 1e-6
    found = next((one for one in around if axis.low - slack <= one <= axis.high + slack), None)
    return None if found is None else axis.clip(found)


def _tilt(to: Aim, node: Node, presets: Sequence[Preset]) -> float:
    """Return the tilt; a lone preset tells where it begins, two also how far a unit goes."""
    known = [(one.tilt, -one.tilt_deg) for one in presets if one.tilt is not None and one.tilt_deg is not None]
    usual = 1.0 if node.spaces == "degrees" else TILTS_DEG / (node.tilt.high - node.tilt.low)
    middle = 0.0 if node.spaces == "degrees" else (node.tilt.low + node.tilt.high) / 2
    if not known:
        return middle - to.tilt_deg / usual
    unit, up = sum(one for one, _ in known) / len(known), sum(one for _, one in known) / len(known)
    return unit + (-to.tilt_deg - up) / (_slope(known, unit, up) or usual)


def _slope(known: Sequence[tuple[float, float]], unit: float, up: float) -> float:
    wide = sum((x - unit) ** 2 for x, _ in known)
    return sum((x - unit) * (y - up) for x, y in known) / wide if wide > 1e-9 else 0.0


def _zoom(to: Aim, axis: Range | None, presets: Sequence[Preset]) -> float:
    """Return the zoom between two presets whose views are known; otherwise the widest, which shows the place surely."""
    known = sorted((one.hfov_deg, one.zoom) for one in presets if one.hfov_deg is not None and one.zoom is not None)
    if axis is None or len(known) < 2 or known[0][0] == known[-1][0]:
        return 0.0 if axis is None else axis.low
    (narrow, near), (wide, far) = known[0], known[-1]
    share = (min(max(to.hfov_deg, narrow), wide) - narrow) / (wide - narrow)
    return axis.clip(near + share * (far - near))
