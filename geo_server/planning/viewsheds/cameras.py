"""Cameras as views: fixed ones as they hang, turning ones at each preset, or as far as they could be turned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.ground import Ground
from geo_server.planning.rings import Rings
from geo_server.planning.viewsheds.views import Lenses, Views

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
USUAL_HEIGHT_M = 6.0  # of a mast that nobody measured, as for who sees a place
OWN_WALL_M, OFF_M = 1.0, 0.05  # a camera hangs on a wall, and the map draws that a little off


class Unseeing(StrEnum):
    """Why it is not known what a camera sees, or why that is nothing."""

    NO_HEADING = "no_heading"
    NO_LENS = "no_lens"
    INSIDE = "inside"  # deeper than a metre in a building, and below its roof


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hung:
    """n cameras or presets as the register knows them, NaN where it does not; degrees WGS 84 and from true north."""

    camera: Ints  # whose it is
    lon: Floats
    lat: Floats
    height_m: Floats
    range_m: Floats
    lenses: Lenses

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.camera)

    def only(self, which: NDArray[np.bool_]) -> "Hung":
        """Return some of them."""
        lenses = Lenses(**{field.name: getattr(self.lenses, field.name)[which] for field in fields(Lenses)})
        plain = (field.name for field in fields(Hung) if field.name != "lenses")
        return Hung(lenses=lenses, **{name: getattr(self, name)[which] for name in plain})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hanging:
    """The views of those who see, the camera of each, and why the others do not: a camera's number and the reason."""

    views: Views
    camera: Ints
    unseeing: tuple[tuple[int, Unseeing], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Houses:
    """The rings of buildings in metres, of valid outlines, and the height of their tops."""

    rings: Rings
    tops_m: Floats

    @classmethod
    def of(cls, outlines: NDArray[np.object_], tops_m: Floats) -> Self:
        """Take valid outlines."""
        return cls(rings=Rings.of(outlines), tops_m=tops_m)

    @cached_property
    def outlines(self) -> NDArray[np.object_]:
        """Return them as objects."""
        return self.rings.built()


def hanging(hung: Hung, houses: Houses, ground: Ground, above_m: float) -> Hanging:
    """Return what of the cameras can be reckoned; who stands within a metre inside of a wall hangs on its outside."""
    return hung_for(hung, houses, ground, [above_m])[above_m]


def hung_for(hung: Hung, houses: Houses, ground: Ground, heights_m: Iterable[float]) -> dict[float, Hanging]:
    """Return the same for each height above the ground of what is looked for."""
    lenses = hung.lenses
    reasons: Sequence[tuple[NDArray[np.bool_], Unseeing]] = (
        (~((lenses.hfov_deg > 0) & (lenses.hfov_deg <= 360)), Unseeing.NO_LENS),
        (np.isnan(lenses.heading_deg) & (lenses.hfov_deg < 360), Unseeing.NO_HEADING),
    )
    unknown = np.logical_or.reduce([which for which, _ in reasons])
    seeing = hung.only(~unknown)
    eye_m = np.where(np.isnan(seeing.height_m), USUAL_HEIGHT_M, seeing.height_m)
    places, inside, over = _outside(ground.metres(seeing.lon, seeing.lat), eye_m, houses)
    told = [(int(one), reason) for which, reason in reasons for one in hung.camera[which]]
    told += [(int(one), Unseeing.INSIDE) for one in seeing.camera[inside]]
    on_grid, unseeing = _on_grid(seeing, ground), tuple(dict.fromkeys(told))
    views = {above_m: Views.of(places, eye_m, seeing.range_m, on_grid, above_m, over) for above_m in heights_m}
    return {
        above_m: Hanging(views=one[~inside], camera=seeing.camera[~inside], unseeing=unseeing)
        for above_m, one in views.items()
    }


def _on_grid(hung: Hung, ground: Ground) -> Lenses:
    known = {field.name: getattr(hung.lenses, field.name) for field in fields(Lenses)}
    heading = np.nan_to_num(known.pop("heading_deg"))
    return Lenses(heading_deg=ground.from_grid_north(hung.lon, hung.lat, heading), **known)


def _outside(places: Floats, eye_m: Floats, houses: Houses) -> tuple[Floats, NDArray[np.bool_], Ints]:
    """Return where the eyes are, brought out of the walls they hang on, which are deeper inside of a building.

    And over how many roofs each of them is.
    """
    inside, over, places = np.zeros(len(places), np.bool_), np.zeros(len(places), np.int64), places.copy()
    for eye, house in houses.rings.holding(places).tolist():
        if houses.tops_m[house] < eye_m[eye]:
            over[eye] += 1
            continue  # it stands on the roof
        wall = shapely.boundary(houses.rings.only(house).built()[0])
        along_m = shapely.line_locate_point(wall, shapely.Point(places[eye]))
        foot = shapely.get_coordinates(shapely.line_interpolate_point(wall, along_m))[0]
        away = foot - places[eye]
        far_m = float(np.hypot(*away))
        if far_m > OWN_WALL_M or far_m == 0:
            inside[eye] = far_m > 0
            continue
        places[eye] = foot + away / far_m * OFF_M
    return places, inside, over


def roofs_below(places: Floats, eye_m: Floats, houses: Houses) -> Ints:
    """Return over how many roofs each eye is."""
    eye, house = houses.rings.holding(places).T
    return np.bincount(eye[houses.tops_m[house] < eye_m[eye]], minlength=len(places)).astype(np.int64)
