"""What is known of cameras, fact by fact, and where each comes from: measured, the register, geometry, or nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.compliance.judging import RUNS, Cameras, Flags, Floats
from geo_server.planning.compliance.optics import Optics
from geo_server.planning.compliance.words import words
from geo_server.planning.purposes import purposes
from layers.cameras.installed import Installed, Practice
from layers.cameras.steadiness import limit_for
from layers.near import EARTH_RADIUS_M
from layers.values import LonLat

PLATE_HIGH = 0.112 / 0.52  # of its width: the plates of the purpose `plate`
SHAKING = "camera_shaking"
ELSEWHERE = "elsewhere"  # stands for the functions of a camera that turns where none of them looks in this view
OF_ITSELF = ("camera_tampering", "camera_shifted", SHAKING)  # functions that look at the camera, not through it
WATCHES = ("road", "barrier", "passage", "flow", "slow", "fast")
EXTRA = ("watched_m", "focal_mm")  # what a register may tell beside the facts of rules: geometry takes them
Codes = NDArray[np.int8]


class Source(IntEnum):
    """Where a fact comes from."""

    UNKNOWN = 0
    MEASURED = 1
    REGISTER = 2
    DERIVED = 3


class Why(IntEnum):
    """Why a fact is not known."""

    NOT_IN_REGISTER = 0
    NO_HEIGHT_M = 1
    NO_TILT_DEG = 2
    NO_HFOV_DEG = 3
    NO_WIDTH_PX = 4
    NO_HEADING_DEG = 5
    MOVED = 6
    TURNED = 7
    NOTHING_IN_REACH = 8
    NO_STREET = 9
    NOT_CALIBRATED = 10
    NOT_WATCHED_FOR = 11
    NOT_LIVE = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fact:
    """One fact of n cameras: NaN where nobody knows it, and why not."""

    value: Floats
    source: Codes
    why: Codes

    def before(self, other: Self) -> "Fact":
        """Return this where it is known, else the other."""
        known = ~np.isnan(self.value)
        return Fact(
            value=np.where(known, self.value, other.value),
            source=np.where(known, self.source, other.source),
            why=other.why,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """All facts by name, and what judging takes of them."""

    facts: Mapping[str, Fact]
    cameras: Cameras
    optics: Optics
    focal_mm: Floats
    plate_ground_m: Floats  # how far over the ground a plate in the middle of what is watched is

    @classmethod
    def of(
        cls,
        cameras: Sequence[Installed],
        practice: Mapping[int, Practice],
        streets: Mapping[int, float] | None = None,
    ) -> Self:
        """Put together what rows, events and streets tell; `streets` by the number of the row, degrees from north."""
        told = _told(cameras)
        optics = Optics.of(cameras, told["watched_m"].value)
        seen = _Seen(cameras, practice)
        with np.errstate(all="ignore"):  # what has no size comes out as nothing that is known
            found = _found(cameras, told, optics, seen, streets or {})
            ground_m = optics.aimed(purposes()["plate"].above_m).ground_m
        facts = {name: told[name] for name in words().facts} | found
        return cls(
            facts=facts,
            cameras=Cameras(
                count=len(cameras),
                facts={name: fact.value for name, fact in facts.items()},
                flags=_flags(cameras),
                at_most={"shake_share": seen.at_most},
            ),
            optics=optics,
            focal_mm=told["focal_mm"].value,
            plate_ground_m=ground_m,
        )


def spots(cameras: Sequence[Installed]) -> dict[int, LonLat]:
    """Return where the cameras that read plates look, by the number of the row, as far as that is known."""
    optics = Optics.of(cameras, _told(cameras)["watched_m"].value)
    with np.errstate(all="ignore"):
        aim = optics.aimed(purposes()["plate"].above_m)
    ground, heading = aim.ground_m, np.radians(optics.heading_deg)
    plate = _flags(cameras)["plate"] & ~np.isnan(ground + heading)
    return {n: _away(cameras[n].place, float(ground[n]), float(heading[n])) for n in np.flatnonzero(plate).tolist()}


def _away(place: LonLat, way_m: float, heading: float) -> LonLat:
    up = np.degrees(way_m / EARTH_RADIUS_M)
    east = up * np.sin(heading) / np.cos(np.radians(place.lat))
    return LonLat(lon=place.lon + float(east), lat=place.lat + float(up * np.cos(heading)))


# ── what the register tells ─────────────────────────────────────────────────────────────────────────────────────


def _told(cameras: Sequence[Installed]) -> dict[str, Fact]:
    columns = {name: np.full(len(cameras), np.nan) for name in (*words().facts, *EXTRA)}
    for row, camera in enumerate(cameras):
        for name, value in camera.facts.items():
            if name in columns and isinstance(value, int | float):
                columns[name][row] = value
    return {name: _fact(column, Source.REGISTER, Why.NOT_IN_REGISTER) for name, column in columns.items()}


def _fact(value: Floats, source: Source | Codes, why: Why | Codes) -> Fact:
    known, shape = np.isfinite(value), value.shape
    return Fact(
        value=np.where(known, value, np.nan),
        source=np.where(known, source, Source.UNKNOWN).astype(np.int8),
        why=np.broadcast_to(np.asarray(why, np.int8), shape),
    )


def _flags(cameras: Sequence[Installed]) -> dict[str, Flags]:
    """Return modules, as told or as its functions say, what is watched, and the functions that look through it."""
    names: dict[str, list[int]] = {name: [] for name in ("person", "plate", "situation", *WATCHES)}
    for row, camera in enumerate(cameras):
        runs, here = _through(camera.functions), _through(camera.looking)
        told = here or ({ELSEWHERE} if runs else ())
        for name in (*(camera.modules or _modules(runs)), *camera.watches, *(RUNS + one for one in told)):
            names.setdefault(name, []).append(row)
    return {name: _at(rows, len(cameras)) for name, rows in names.items()}


def _through(functions: Sequence[Mapping[str, Any]]) -> set[str]:
    return {str(one.get("function")) for one in functions}.difference(OF_ITSELF)


def _modules(runs: set[str]) -> set[str]:
    return {"plate" if one == "plate_read" else "situation" for one in runs}


def _at(rows: Sequence[int], count: int) -> Flags:
    flags = np.zeros(count, np.bool_)
    flags[list(rows)] = True
    return flags


# ── what was measured ───────────────────────────────────────────────────────────────────────────────────────────


class _Seen:
    """What events showed of n cameras, and which of them somebody watches for shaking."""

    def __init__(self, cameras: Sequence[Installed], practice: Mapping[int, Practice]) -> None:
        """Line them up with the cameras."""
        self._found = [practice.get(one.id) for one in cameras]
        swing = self.number("swing_percent") / 100
        limit = np.array([_limit(one) for one in cameras], np.float64) / 100
        live = np.array([one.live for one in cameras], np.bool_)
        quiet = np.where(live, limit, np.nan)
        self.at_most: Flags = np.isnan(swing) & ~np.isnan(quiet)
        why = np.where(np.isnan(limit), Why.NOT_WATCHED_FOR, Why.NOT_LIVE).astype(np.int8)
        self.shake = _fact(np.where(np.isnan(swing), quiet, swing), Source.MEASURED, why)

    def number(self, name: str) -> Floats:
        """Return a figure of each; NaN where no event told it."""
        return np.array([None if one is None else getattr(one, name) for one in self._found], np.float64)

    def size(self, name: str) -> Fact:
        """Return the pixels that nine of ten exceed."""
        return _fact(self.number(name), Source.MEASURED, Why.NOT_IN_REGISTER)

    def happened(self, name: str, means: float = 1.0) -> Fact:
        """Return what it means where it was told of; that it was not told of does not say that it is not so."""
        told = [one is not None and getattr(one, name) is not None for one in self._found]
        return _fact(np.where(told, means, np.nan), Source.MEASURED, Why.NOT_IN_REGISTER)


def _limit(camera: Installed) -> float | None:
    """Return the percent from which on its shaking is told; None where nobody looks for that."""
    rules = {str(one.get("function")): one.get("settings", {}) for one in camera.functions}
    if SHAKING not in rules:
        return None
    return limit_for(rules[SHAKING].get("limit_percent"), rules.keys())


# ── what geometry says ──────────────────────────────────────────────────────────────────────────────────────────


def _found(
    cameras: Sequence[Installed],
    told: Mapping[str, Fact],
    optics: Optics,
    seen: _Seen,
    streets: Mapping[int, float],
) -> dict[str, Fact]:
    """Return the facts that something better than the register may tell, the surest first."""
    pose = _Posed(cameras, optics)
    plate_px, plate_seen = pose.size_px("plate"), seen.size("plate_width_px")
    measured = {
        "shake_share": seen.shake,
        "view_covered": seen.happened("covered_at"),
        "light_into_lens": seen.happened("dazzled_at"),
        "lit_at_night": seen.happened("dark_at", means=0.0),
        "moving_px": seen.size("moving_px2"),
        "left_px": seen.size("left_px2"),
        "plate_width_px": plate_seen,
        "height_m": pose.row("height_m", Why.NO_HEIGHT_M),
        "tilt_deg": pose.row("tilt_deg", pose.why_level),
    }
    derived = {
        "height_m": pose.row("height_m", Why.NOT_IN_REGISTER),
        "tilt_deg": _fact(np.full(len(cameras), np.nan), Source.UNKNOWN, pose.why_level),
        "shake_share": seen.shake,
        "moving_regions_masked": _masked(cameras),
        "fixed_lens": _turning(cameras),
        "face_px": pose.size_px("person"),
        "moving_px": _squared(pose.size_px("situation")),
        "left_px": _squared(pose.size_px("left_object")),
        "plate_width_px": plate_px,
        "plate_height_px": pose.plate_tall(_best(plate_seen, told["plate_width_px"], plate_px)),
        "plate_vertical_deg": pose.derived(np.abs(pose.down_deg("plate")), pose.why_aim("plate")),
        "plate_horizontal_deg": pose.crossing(cameras, streets),
        "plate_roll_deg": pose.roll(cameras),
        "zone_width_m": pose.derived(optics.zone_width_m(), pose.why_size("left_object")),
        "aside_deg": pose.derived(optics.line_aside_deg(), Why.NOT_IN_REGISTER),
    }
    names = measured.keys() | derived.keys()
    return {name: _best(measured.get(name), told[name], derived.get(name)) for name in names}


def _best(*found: Fact | None) -> Fact:
    first, *rest = (one for one in found if one is not None)
    for other in rest:
        first = first.before(other)
    return first


def _masked(cameras: Sequence[Installed]) -> Fact:
    """Regions that are masked tell that somebody looked for what moves; that there are none tells nothing."""
    return _fact(np.where([one.masked for one in cameras], 1.0, np.nan), Source.DERIVED, Why.NOT_IN_REGISTER)


def _turning(cameras: Sequence[Installed]) -> Fact:
    """The lens of a camera that turns zooms: it is not fixed."""
    return _fact(np.where([one.kind == "ptz" for one in cameras], 0.0, np.nan), Source.DERIVED, Why.NOT_IN_REGISTER)


def _squared(side: Fact) -> Fact:
    return Fact(value=side.value**2, source=side.source, why=side.why)


class _Posed:
    """What follows from how n cameras hang, and why it does not follow."""

    def __init__(self, cameras: Sequence[Installed], optics: Optics) -> None:
        """Find first what is missing."""
        self._optics = optics
        self._pointed = np.array([one.pointed for one in cameras], np.bool_)
        self._aims = {name: optics.aimed(purpose.above_m) for name, purpose in purposes().items()}
        self._aims["left_object"] = optics.aimed(0.0)
        moved = np.array([one.calibration == "broken" for one in cameras], np.bool_)
        turned = np.array([one.turned for one in cameras], np.bool_)
        self.why_level: Codes = _first((moved, Why.MOVED), (turned, Why.TURNED), last=Why.NO_TILT_DEG)
        self._lost = ((moved, Why.MOVED), (turned, Why.TURNED))

    def row(self, name: str, why: Why | Codes) -> Fact:
        """Return what the row says: measured where points in the picture told it."""
        source = np.where(self._pointed, Source.MEASURED, Source.REGISTER).astype(np.int8)
        return _fact(getattr(self._optics, name), source, why)

    def derived(self, value: Floats, why: Why | Codes) -> Fact:
        """Return what was reckoned."""
        return _fact(value, Source.DERIVED, why)

    def down_deg(self, purpose: str) -> Floats:
        """Return how steeply what is looked for is seen."""
        return self._aims[purpose].down_deg

    def why_aim(self, purpose: str) -> Codes:
        """Return why nobody knows where it looks."""
        o = self._optics
        return _first(
            (np.isnan(o.height_m), Why.NO_HEIGHT_M), *self._lost, (np.isnan(o.tilt_deg), Why.NO_TILT_DEG),
            last=Why.NOTHING_IN_REACH,
        )  # fmt: skip

    def why_size(self, purpose: str) -> Codes:
        """Return why nobody knows how large what it looks at is."""
        o = self._optics
        return _first(
            (np.isnan(o.width_px), Why.NO_WIDTH_PX),
            (np.isnan(o.focal_px), Why.NO_HFOV_DEG),
            last=self.why_aim(purpose),
        )

    def size_px(self, name: str) -> Fact:
        """Return how wide what a purpose looks for is in the picture."""
        width = purposes()[name].object_m * self._optics.focal_px / self._aims[name].depth_m
        return self.derived(width, self.why_size(name))

    def plate_tall(self, width: Fact) -> Fact:
        """Return how tall plates of a width, from wherever that is known, are in the picture."""
        tall = width.value * PLATE_HIGH * np.cos(np.radians(self.down_deg("plate")))
        return self.derived(tall, np.where(np.isnan(width.value), width.why, self.why_aim("plate")).astype(np.int8))

    def crossing(self, cameras: Sequence[Installed], streets: Mapping[int, float]) -> Fact:
        """Return the angle between where it looks and how the street there runs, either way."""
        bearing = np.array([streets.get(row) for row in range(len(cameras))], np.float64)
        apart = np.abs((self._optics.heading_deg - bearing + 90) % 180 - 90)
        why = _first(
            *self._lost, (np.isnan(self._optics.heading_deg), Why.NO_HEADING_DEG),
            (np.isnan(self.down_deg("plate")), -1), last=Why.NO_STREET,
        )  # fmt: skip
        return self.derived(apart, np.where(why < 0, self.why_aim("plate"), why).astype(np.int8))

    def roll(self, cameras: Sequence[Installed]) -> Fact:
        """Return how far the picture leans; nought in a row may only mean that nobody told."""
        roll = np.abs(np.array([one.roll_deg for one in cameras], np.float64))
        known = (roll > 0) | self._pointed
        lost = np.any([one for one, _ in self._lost], axis=0)
        why = _first(*self._lost, last=Why.NOT_CALIBRATED)
        source = np.where(self._pointed, Source.MEASURED, Source.REGISTER).astype(np.int8)
        return _fact(np.where(known & ~lost, roll, np.nan), source, why)


def _first(*told: tuple[Any, int], last: Why | Codes) -> Codes:
    """Return the first reason that holds of each."""
    which, reasons = [one for one, _ in told], [np.int8(reason) for _, reason in told]
    return np.select(which, reasons, default=np.asarray(last, np.int8)).astype(np.int8)
