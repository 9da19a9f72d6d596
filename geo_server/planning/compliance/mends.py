"""What would mend a broken rule, in words with figures: reckoned from how much a fact is off, and from the lens."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from geo_server.planning.compliance.optics import WIDEST_DEG
from geo_server.planning.compliance.rules import Rule, rules
from geo_server.planning.compliance.words import filled, shown, words
from layers.values import Title

MOST_TIMES = 1000.0  # longer or shorter than it is no lens is sold
NARROWEST_DEG = 0.5  # the angle of view of the longest lens that cameras are sold with


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One broken rule of one camera: the fact, how much it has to grow or shrink, and its lens; None where unknown.

    `ground_m` is how far over the ground what it watches is, `zone_m` how wide that is; `fixed` says whether that is as
    far as a register tells: then turning the camera brings it no nearer.
    """

    rule: Rule
    value: float
    off: float
    hfov_deg: float | None = None
    width_px: float | None = None
    focal_mm: float | None = None
    ground_m: float | None = None
    zone_m: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """What to do, in three languages, and by how much in the unit of `what`, rounded so that it is enough."""

    what: str
    by: float | None
    title: Title


def mend(broken: Broken) -> Mend:
    """Return what would mend it."""
    return _MENDS[broken.rule.mend](broken)


def lens_times(broken: Broken) -> float:
    """Return by how much the focal length has to grow: sizes grow with it, areas with its square, a zone shrinks."""
    wanted = (broken.value + broken.off) / broken.value
    if broken.rule.unit == "px2":
        return math.sqrt(wanted)
    return 1 / wanted if broken.rule.unit == "m" else wanted


def narrowed_deg(hfov_deg: float, times: float) -> float:
    """Return the field of view with `times` the focal length."""
    return math.degrees(2 * math.atan(math.tan(math.radians(hfov_deg) / 2) / times))


def _said(what: str, by: float | None = None, **figures: float | str | Title) -> Mend:
    told = figures if by is None else {"by": abs(by), **figures}
    return Mend(what=what, by=by, title=filled(words().mends[what], **told))


def _enough(off: float, digits: int = 1) -> float:
    """Round away from nought: what is told is never too little."""
    scale = 10.0**digits
    return math.copysign(math.ceil(abs(off) * scale - 1e-6) / scale, off)


def _height(broken: Broken) -> Mend:
    by = _enough(broken.off)
    return _said("raise" if by > 0 else "lower", by)


def _tilt(broken: Broken) -> Mend:
    if broken.fixed and broken.ground_m is not None:
        return _lowered(broken, broken.ground_m)
    by = _enough(broken.off)
    return _said("tilt_down" if by > 0 else "tilt_up", by)


def _lowered(broken: Broken, ground_m: float) -> Mend:
    """What lies at a known distance is seen less steeply from lower down alone."""
    was, wanted = (math.tan(math.radians(angle)) for angle in (broken.value, broken.value + broken.off))
    return _said("lower", _enough(ground_m * (wanted - was)))


def _lens(broken: Broken) -> Mend:
    if not broken.value > 0:  # a register may say anything; nothing of no size grows with a lens
        return _said("nearer" if broken.rule.unit != "m" else "further")
    times = lens_times(broken)
    if not 1 / MOST_TIMES <= times <= MOST_TIMES:
        return _said("nearer" if times > 1 else "further")
    told = _other_lens(broken, times)
    if broken.rule.of != "plate" or broken.width_px is None or broken.zone_m is None:
        return told
    if broken.zone_m / times >= _zone_least_m() or times < 1:
        return told
    pixels = _said("more_pixels", None, px=math.ceil(broken.width_px * times))
    both = {name: f"{getattr(told.title, name)}; {getattr(pixels.title, name)}" for name in ("kk", "ru", "en")}
    return Mend(what=told.what, by=told.by, title=Title(**both))


@cache
def _zone_least_m() -> float:
    """Return how wide the zone of a camera that reads plates has to stay: art. 12.8."""
    return next(rule.least or 0.0 for rule in rules() if rule.name == "plate_zone")


def _other_lens(broken: Broken, times: float) -> Mend:
    longer = times > 1
    named = "longer_lens" if longer else "shorter_lens"
    if broken.hfov_deg is None:
        return _said("focal", None, times=_times(times))
    new = narrowed_deg(broken.hfov_deg, times)
    if not NARROWEST_DEG <= new <= WIDEST_DEG:
        return _said("nearer" if longer else "further")
    told: dict[str, float] = {"old": round(broken.hfov_deg, 1), "new": _lens_deg(new, narrower=longer)}
    if broken.focal_mm:
        mm = broken.focal_mm * times
        rounded = math.ceil(mm * 10 - 1e-6) / 10 if longer else math.floor(mm * 10 + 1e-6) / 10
        return _said(f"{named}_mm", None, **told, mm=rounded, mm_old=round(broken.focal_mm, 1))
    return _said(named, None, **told, times=_times(times))


def _lens_deg(new: float, *, narrower: bool) -> float:
    """Round an angle of view so that the lens is long, or short, enough; a small one more finely."""
    scale = 10.0 if new >= 1 else 1000.0
    return (math.floor(new * scale + 1e-6) if narrower else math.ceil(new * scale - 1e-6)) / scale


def _times(times: float) -> float:
    return math.ceil(times * 10 - 1e-6) / 10 if times > 1 else math.floor(times * 100 + 1e-6) / 100


def _fasten(broken: Broken) -> Mend:
    most = broken.rule.most or 0.0
    return _said("fasten", None, value=shown(broken.value, "share"), limit=shown(most, "share"))


def _light(broken: Broken) -> Mend:
    if broken.rule.unit == "lux":
        return _said("light_lux", math.ceil(broken.off))
    return _said("light_even" if broken.rule.fact == "even_light" else "light_night")


def _shutter(broken: Broken) -> Mend:
    return _said("shutter", None, old=_part(broken.value), new=_part(broken.value + broken.off))


def _part(seconds: float) -> str:
    return f"{1 / seconds:.3g}"


def _turned(what: str) -> Callable[[Broken], Mend]:
    return lambda broken: _said(what, _enough(-broken.off))


def _plain(what: str) -> Callable[[Broken], Mend]:
    return lambda _: _said(what)


_MENDS: dict[str, Callable[[Broken], Mend]] = {
    "height": _height,
    "tilt": _tilt,
    "lens": _lens,
    "fasten": _fasten,
    "light": _light,
    "shutter": _shutter,
    "aside": _turned("nearer_line"),
    "roll": _turned("straighten"),
    **{
        what: _plain(what)
        for what in (
            "turn_from_light", "clear_view", "mask", "towards", "infrared", "fixed_lens", "wide_dynamic_range"
        )
    },
}  # fmt: skip
