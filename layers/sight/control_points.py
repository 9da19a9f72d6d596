"""A camera's sight from control points: a guess in closed form, then the fit; and how well each point agrees.

The focal length is found where it is not known, k1 of the lens where there are eight points or more, the slope of the
ground where four or more know their elevation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from layers.sight.first_guess import guesses
from layers.sight.fitting import Fit, Noise, Unfit, fit
from layers.sight.ground import Floats, to_metres
from layers.sight.lens import STRAIGHT, Lens
from layers.sight.locator import RANGE_M, GeolocateError, Locator, check_lens, focal_of
from layers.sight.sight import BY, Sight
from layers.sight.slope import grade_of
from layers.values import LonLat

LEAST_POINTS, LEAST_POINTS_WITHOUT_FIELD, LEAST_FOR_LENS, MOST_POINTS = 4, 6, 8, 200
ON_ONE_LINE = 0.02  # the points' spread beside a line as a share of that along it
NARROWEST, WIDEST, FOCALS = 0.4, 4.0, 25  # focal lengths tried, in widths of the picture
BEST = 2  # of the guesses, so many are fitted
POSE = BY[:6]


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPoint:
    """A thing seen at pixel x, y whose place is known; elevation in metres above the ground at the camera's foot.

    Without an elevation it lies on the ground.
    """

    x: float
    y: float
    lon: float
    lat: float
    elevation_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a camera beforehand: its field of view across, lens and ground; None is found or taken as none.

    `size_px` is width, height of its frame, `range_m` how far it is of use.
    """

    size_px: tuple[int, int]
    hfov_deg: float | None = None
    lens: Lens | None = None
    grade: tuple[float, float] | None = None
    range_m: float = RANGE_M


def from_points(origin: LonLat, points: Sequence[ControlPoint], known: Known, noise: Noise | None = None) -> Locator:
    """Make a locator of control points.

    Four points or more; without a known field of view six or more, and the focal length is found too. Eight to twelve,
    spread over the picture, are what to ask for. GeolocateError for too few, a NaN, or points that fix no pose.
    """
    noise = noise or Noise()
    pixels, spots, known, slope = _prepared(origin, points, known, noise)
    try:
        found = _best(pixels, spots, known, noise)
    except Unfit as unfit:
        raise GeolocateError(unfit.code, str(unfit)) from None
    return _locator(origin, found, known, slope)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What the others say of one point: how many metres they put it from its place, and how well they fit without it.

    None where the others fix no pose. `squares` are weighted ones; of a wrong point those that remain are few.
    """

    apart_m: float | None
    squares: float | None


def left_out(
    origin: LonLat, points: Sequence[ControlPoint], known: Known, whole: Locator, noise: Noise | None = None
) -> list[LeftOut]:
    """Return, for each point, what the pose of all the others says of it; `whole` is the locator of all of them."""
    noise = noise or Noise()
    pixels, spots, known, _ = _prepared(origin, points, known, noise)
    free = _free(known, len(points) - 1)
    return [_left_out(index, pixels, spots, free, whole.sight, noise) for index in range(len(points))]


def _left_out(index: int, pixels: Floats, spots: Floats, free: tuple[str, ...], whole: Sight, noise: Noise) -> LeftOut:
    others = np.arange(len(pixels)) != index
    try:
        if _line_in(pixels[others]) or _line_in(spots[others, :2]) or 2 * others.sum() < len(free):
            return LeftOut(apart_m=None, squares=None)
        found = fit(whole, pixels[others], spots[others], free, noise)
    except Unfit:
        return LeftOut(apart_m=None, squares=None)
    level = replace(found.sight, grade=(0.0, 0.0)).ground_of(pixels[index : index + 1], spots[index, 2])
    apart = float(np.hypot(*(level[0] - spots[index, :2])))
    return LeftOut(apart_m=apart if math.isfinite(apart) else None, squares=found.squares)


def _prepared(
    origin: LonLat, points: Sequence[ControlPoint], known: Known, noise: Noise
) -> tuple[Floats, Floats, Known, Floats]:
    """Return pixels, spots in metres, what is known with the slope of the ground, and that slope's covariance."""
    rows = _checked(points, known)
    flat = np.array([to_metres(origin, LonLat(lon=p.lon, lat=p.lat)) for p in points])
    slope = grade_of(flat, rows[:, 4], noise.up_m) if known.grade is None else None
    grade, spread = slope or (np.array(known.grade or (0.0, 0.0)), np.zeros((2, 2)))
    known = replace(known, grade=(float(grade[0]), float(grade[1])))
    check_lens(known.lens or STRAIGHT, (float(grade[0]), float(grade[1])))
    up = np.where(np.isfinite(rows[:, 4]), rows[:, 4], flat @ grade)
    if _line_in(rows[:, :2]) or _line_in(flat):
        where = "in the picture" if _line_in(rows[:, :2]) else "on the map"
        code = "line_in_picture" if _line_in(rows[:, :2]) else "line_on_map"
        raise GeolocateError(code, f"The control points lie on one line {where}; add some well beside it.")
    return rows[:, :2].copy(), np.column_stack([flat, up]), known, spread


def _checked(points: Sequence[ControlPoint], known: Known) -> Floats:
    hfov_deg, size_px = known.hfov_deg, known.size_px
    least = LEAST_POINTS if hfov_deg else LEAST_POINTS_WITHOUT_FIELD
    of = "a known" if hfov_deg else "no known"
    if not least <= len(points) <= MOST_POINTS:
        bound = f"needs {least}" if len(points) < least else f"takes {MOST_POINTS}"
        sentence = f"There are {len(points)} control points; a camera of {of} field of view {bound}."
        code = "few_points" if len(points) < least else "many_points"
        raise GeolocateError(code, sentence, count=len(points), least=least, most=MOST_POINTS)
    rows = np.array([[p.x, p.y, p.lon, p.lat, math.nan if p.elevation_m is None else p.elevation_m] for p in points])
    odd = not np.isfinite(rows[:, :4]).all() or any(
        p.elevation_m is not None and not abs(p.elevation_m) < 10_000 for p in points
    )
    if odd or min(size_px) <= 0 or (hfov_deg is not None and not 0 < hfov_deg < 180):
        raise GeolocateError(
            "odd_number", "The control points, the frame or the field of view hold a number that cannot be."
        )
    apart = min(len(np.unique(rows[:, :2], axis=0)), len(np.unique(rows[:, 2:4], axis=0)))
    if apart < least:
        sentence = f"Only {apart} of the control points are different ones; {least} are needed."
        raise GeolocateError("same_points", sentence, count=apart, least=least)
    return rows


def _line_in(points: Floats) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[1] <= ON_ONE_LINE * spread[0])


def _best(pixels: Floats, spots: Floats, known: Known, noise: Noise) -> Fit:
    """Return the best fit, from the guesses for a straight lens and for bent ones where it is to be found."""
    free = _free(known, len(pixels))
    bent = (-0.3, 0.1) if "k1" in free else ()
    lenses = [known.lens or STRAIGHT, *((k1, *STRAIGHT[1:]) for k1 in bent)]
    starts = [start for lens in lenses for start in _starts(pixels, spots, known, lens)]
    if not starts:
        raise Unfit()
    return _hanging(_fitted(starts, pixels, spots, free, noise))


def _free(known: Known, count: int) -> tuple[str, ...]:
    focal = () if known.hfov_deg else ("log_focal",)
    return (*POSE, *focal, *(("k1",) if known.lens is None and count >= LEAST_FOR_LENS else ()))


def _starts(pixels: Floats, spots: Floats, known: Known, lens: Lens) -> list[Sight]:
    """Return the guesses that see the points best, best first."""
    width = known.size_px[0]
    focals = (
        [focal_of(known.hfov_deg, known.size_px)]
        if known.hfov_deg
        else list(width * np.geomspace(NARROWEST, WIDEST, FOCALS))
    )
    tried = [guess for focal in focals for guess in guesses(pixels, spots, known.size_px, float(focal), lens)]
    scored = [(float(np.square(guess.seen_at(spots) - pixels).sum()), guess) for guess in tried]
    scored = [one for one in scored if math.isfinite(one[0])]
    return [guess for _, guess in sorted(scored, key=lambda one: one[0])[:BEST]]


def _fitted(starts: Sequence[Sight], pixels: Floats, spots: Floats, free: tuple[str, ...], noise: Noise) -> Fit:
    """Return the best fit of those that the starts lead to; Unfit where none leads to any."""
    found: list[Fit] = []
    refused: Unfit | None = None
    for start in starts:
        try:
            found.append(fit(start, pixels, spots, free, noise))
        except Unfit as unfit:
            refused = unfit
    if not found:
        raise refused or Unfit()
    above = [one for one in found if _above(one.sight)]
    return min(above or found, key=lambda one: one.unlikely)


def _above(sight: Sight) -> bool:
    return bool(sight.eye[2] > np.array(sight.grade) @ sight.eye[:2])


def _hanging(found: Fit) -> Fit:
    """Refuse a camera that the points put under the ground."""
    if not _above(found.sight):
        raise Unfit(
            "below_ground", "The control points fit only a camera below the ground; are some of them exchanged?"
        )
    return found


def _locator(origin: LonLat, found: Fit, known: Known, slope: Floats) -> Locator:
    covariance = found.covariance.copy()
    covariance[8:, 8:] = slope
    sight = replace(found.sight, grade=known.grade or (0.0, 0.0))
    return Locator(origin=origin, sight=sight, covariance=covariance, placed_by="control_points", range_m=known.range_m)
