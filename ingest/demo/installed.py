"""The demo's register: six hundred cameras that hang at the city's crossings and have no stream here.

They are invented, as the demo's past is: owners, contracts, lenses as such a register tells them, most as the rules of
installation ask, some not, and some rows with gaps; so cover, gaps, rules and plans have something to tell.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ingest.demo.past import Address, crossings
from ingest.demo.streets import METRES_PER_DEGREE, Streets
from layers.cameras.queries import NewCamera
from layers.values import LonLat, Title

COUNT = 600
SEED = 213
FIRST, LAST = date(2015, 3, 1), date(2026, 6, 1)
OFF_M = 9.0  # of a pole from the middle of its crossing
POLES_A_NODE, NODES_A_LINK = 8, 6
# owner, kind of owner, share of the cameras
_OWNERS = (
    ("Қала әкімдігі", "state", 0.46),
    ("Полиция департаменті", "state", 0.22),
    ("ЖШС «Қала көлігі»", "state", 0.10),
    ("ЖШС «Сауда үйі»", "private", 0.14),
    ("Пәтер иелері кооперативі", "private", 0.08),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Make:
    """A kind of camera: its class and model, its picture, between what its lens and mast lie, and what it is for."""

    class_: str
    model: str
    size_px: tuple[int, int]
    hfov_deg: tuple[float, float]
    height_m: tuple[float, float]
    tilt_deg: tuple[float, float]
    modules: tuple[str, ...]
    watches: tuple[str, ...]
    share: float


_MAKES = (
    _Make(
        class_="overview", model="OV-8", size_px=(3840, 2160), hfov_deg=(70, 100), height_m=(6, 9), tilt_deg=(16, 26),
        modules=("situation",), watches=("flow",), share=0.5,
    ),
    _Make(
        class_="plates", model="PL-2", size_px=(1920, 1080), hfov_deg=(8, 12), height_m=(6, 7.5), tilt_deg=(14, 19),
        modules=("plate",), watches=("road", "fast"), share=0.25,
    ),
    _Make(
        class_="persons", model="PS-4", size_px=(3840, 2160), hfov_deg=(24, 34), height_m=(2.1, 3.6), tilt_deg=(4, 10),
        modules=("person",), watches=("passage",), share=0.25,
    ),
)  # fmt: skip


def installed(city: Streets, *, count: int = COUNT, seed: int = SEED) -> list[NewCamera]:
    """Return the register's cameras, at the crossings that weigh most; the same for the same city and seed."""
    rng = Random(seed)
    busiest = sorted(crossings(city), key=lambda one: (-one.weight, one.place.lon, one.place.lat))
    return [_camera(rng, number, pole) for number, pole in enumerate(_poles(busiest, count), start=1)]


def _poles(busiest: Sequence[Address], count: int) -> list[Address]:
    """Return the crossings again and again, the largest first, until there are enough; each has room for four poles."""
    return [one for _ in range(4) for one in busiest][:count]


def _camera(rng: Random, number: int, crossing: Address) -> NewCamera:
    owner, owner_kind, _ = rng.choices(_OWNERS, [share for *_, share in _OWNERS])[0]
    make = rng.choices(_MAKES, [one.share for one in _MAKES])[0]
    heading_deg = rng.uniform(0, 360)
    on = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    node = (number - 1) // POLES_A_NODE
    told: dict[str, Any] = {
        "owner": owner, "owner_kind": owner_kind, "class": make.class_, "model": make.model, "installed_on": on,
        "contract": f"{on.year}/{number % 40 + 1:03}", "contract_until": on + timedelta(days=365 * 5),
        "pole": f"T-{number:04}", "node": f"N-{node:03}", "link": f"L-{node // NODES_A_LINK:02}",
        "modules": list(make.modules), "watches": list(make.watches), **_hung(rng, make, heading_deg),
        "facts": _facts(rng, make), "enabled": False,
    }  # fmt: skip
    for name in rng.sample(("contract", "model", "installed_on", "owner", "class"), rng.choice((0, 0, 0, 1, 2))):
        told[name] = None  # no register is whole
    words = crossing.words or f"T-{number:04}"
    title = Title(kk=words, ru=words, en=words)
    place = _aside(crossing.place, heading_deg + 180)
    return NewCamera(code=f"REG-{number:04}", title=title, place=place, url="", reader="", settings=told)


def _hung(rng: Random, make: _Make, heading_deg: float) -> dict[str, Any]:
    """Return how it hangs; one in ten too high or looking at the horizon."""
    height_m, tilt_deg = rng.uniform(*make.height_m), rng.uniform(*make.tilt_deg)
    if rng.random() < 0.1:
        height_m, tilt_deg = rng.choice(((height_m * 2, tilt_deg), (height_m, rng.uniform(-2, 2))))
    return {
        "height_m": round(height_m, 1), "heading_deg": round(heading_deg, 1), "tilt_deg": round(tilt_deg, 1),
        "hfov_deg": round(rng.uniform(*make.hfov_deg), 1), "width_px": make.size_px[0], "height_px": make.size_px[1],
    }  # fmt: skip


def _facts(rng: Random, make: _Make) -> dict[str, Any]:
    """Return what the register knows beside the pose; of one camera in three somebody noted not all of it."""
    plate, person = "plate" in make.modules, "person" in make.modules
    told: dict[str, Any] = {
        "shake_share": 0.002 if rng.random() < 0.95 else 0.02,
        "even_light": rng.random() < 0.97,
        "light_into_lens": rng.random() < 0.02,
        "view_covered": rng.random() < 0.03,
        "moving_regions_masked": rng.random() < 0.97,
        "wide_dynamic_range": not plate or rng.random() < 0.95,
        "fixed_lens": not plate or rng.random() < 0.95,
        "infrared": rng.random() < (0.95 if plate else 0.5),
        "infrared_m": rng.choice((30, 50, 80)),
        "light_lux": rng.choice((220, 250, 300)) if plate and rng.random() < 0.9 else round(rng.uniform(5, 60), 1),
        "lit_at_night": rng.random() < 0.9,
        "shutter_s": 0.001 if plate else 0.01,
        "watched_m": round(rng.uniform(14, 24) if plate else rng.uniform(4, 9) if person else rng.uniform(10, 30), 1),
    }
    if person:
        told |= {"aside_deg": round(rng.uniform(0, 5.5), 1), "towards_camera": rng.random() < 0.95, "zone_width_m": 3.5}
    if plate:
        told |= {"plate_roll_deg": round(rng.uniform(0, 5.3), 1), "zone_width_m": 3.5}
    known = 1.0 if rng.random() < 0.65 else 0.8
    return {name: value for name, value in told.items() if rng.random() < known}


def _aside(place: LonLat, bearing_deg: float) -> LonLat:
    """Return the place of a pole beside a crossing: it looks over it."""
    north, east = math.cos(math.radians(bearing_deg)) * OFF_M, math.sin(math.radians(bearing_deg)) * OFF_M
    shrink = math.cos(math.radians(place.lat))
    return LonLat(
        lon=round(place.lon + east / METRES_PER_DEGREE / shrink, 7), lat=round(place.lat + north / METRES_PER_DEGREE, 7)
    )
