"""The grid under the demo city: lines at the plan's avenues and between them, a little bent and a little irregular."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.city.made import plan
from ingest.city.made.plan import Avenue

_WIDE_M, _HIGH_M = 162.0, 122.0  # a usual block
BIG = ("motorway", "trunk", "primary", "secondary")

Use = Literal["core", "flats", "houses", "works", "shops", "park", "lake"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Lines i run north–south at `ns[i]`, lines j west–east at `we[j]`; `xy[i, j]` in metres is where two cross."""

    ns: list[list[Avenue]]
    we: list[list[Avenue]]
    xy: NDArray[np.float64]
    inside: NDArray[np.bool_]

    def lonlat(self, i: int, j: int) -> tuple[float, float]:
        """Return lon, lat of a crossing."""
        lon, lat = plan.to_degrees(self.xy[i, j])
        return float(lon), float(lat)

    def cell(self, i: int, j: int) -> NDArray[np.float64]:
        """Return the corners of a block in metres: south-west, south-east, north-east, north-west."""
        return self.xy[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]

    def cells(self) -> list[tuple[int, int]]:
        """Return the blocks that lie inside with all their corners."""
        whole = self.inside[:-1, :-1] & self.inside[1:, :-1] & self.inside[:-1, 1:] & self.inside[1:, 1:]
        return [(int(i), int(j)) for i, j in np.argwhere(whole)]


def build(seed: int, border: shapely.Polygon) -> Lattice:
    """Return the lattice of a seed; what lies outside the border (metres) is marked so."""
    rng = random.Random(f"{seed}/lattice")
    motorway = plan.MOTORWAY
    xs, ns = _lines(plan.NORTH_SOUTH, 76.800, 77.022, _WIDE_M, rng)
    ys, we = _lines((*plan.WEST_EAST, motorway), 43.178, 43.362, _HIGH_M, rng)
    xy = _bent(np.array(np.meshgrid(xs, ys, indexing="ij")).transpose(1, 2, 0), seed)
    shapely.prepare(border)
    return Lattice(ns=ns, we=we, xy=xy, inside=shapely.contains_xy(border, xy[..., 0], xy[..., 1]))


def _lines(
    avenues: Sequence[Avenue], first: float, last: float, usual_m: float, rng: random.Random
) -> tuple[list[float], list[list[Avenue]]]:
    """Return the places of the lines in metres: one at every avenue, and as many between as usual blocks fit."""
    axis = 0 if avenues[0].runs == "ns" else 1
    fixed = sorted({first, last, *(avenue.at for avenue in avenues)})
    metres = [plan.spot(at, plan.LAT0)[0] if axis == 0 else plan.spot(plan.LON0, at)[1] for at in fixed]
    places, named = list[float](), list[list[Avenue]]()
    for here, there, at in zip(metres, [*metres[1:], None], fixed, strict=True):
        places.append(here)
        named.append([avenue for avenue in avenues if avenue.at == at])
        if there is None:
            break
        between = max(1, round((there - here) / usual_m))
        for k in range(1, between):
            places.append(here + (there - here) * (k + rng.uniform(-0.14, 0.14)) / between)
            named.append([])
    return places, named


def _bent(xy: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Bend the grid in long waves, more towards the mountains in the south, and shake every crossing a little."""
    rng = np.random.Generator(np.random.PCG64(seed))
    x, y = xy[..., 0], xy[..., 1]
    hills = np.clip((-y - 4_500) / 4_000, 0, 1)
    outer = np.clip((np.hypot(x - 2_500, y + 1_200) - 3_500) / 6_000, 0, 1)
    wave = 18 + 70 * outer + 60 * hills
    dx = wave * (np.sin(y / 1_150 + x / 5_200) + 0.5 * np.sin(y / 520 + 1.7 + x / 2_300))
    dy = wave * (0.8 * np.sin(x / 1_450 + y / 4_800 + 0.6) + 0.5 * np.sin(x / 610 + y / 2_100 + 2.2))
    shake = rng.uniform(-1, 1, xy.shape) * (1.5 + 9 * outer + 9 * hills)[..., None]
    bent: NDArray[np.float64] = xy + np.stack([dx, dy], axis=-1) + shake
    return bent


def uses(lattice: Lattice, seed: int) -> dict[tuple[int, int], Use]:
    """Return what every block is for: blocks of about 600 m stay together, parks and lakes lie where the plan says."""
    quarters = dict[tuple[int, int], Use]()
    found = dict[tuple[int, int], Use]()
    for i, j in lattice.cells():
        quarter = ((i + j // 9) // 4, j // 5)
        if quarter not in quarters:
            rng = random.Random(f"{seed}/quarter/{quarter}")
            quarters[quarter] = _use_of(*lattice.lonlat(i, j), rng)
        x, y = lattice.cell(i, j).mean(axis=0)
        wet, green = (_in_circle(float(x), float(y), circles) for circles in (plan.LAKES, plan.PARKS))
        found[i, j] = "lake" if wet else "park" if green else quarters[quarter]
    return found


def _in_circle(x: float, y: float, circles: Iterable[tuple[object, float, float, float]]) -> bool:
    for _, lon, lat, radius_m in circles:
        cx, cy = plan.spot(lon, lat)
        if (x - cx) ** 2 + (y - cy) ** 2 < radius_m**2:
            return True
    return False


def _use_of(lon: float, lat: float, rng: random.Random) -> Use:
    roll = rng.random()
    if 76.895 < lon < 76.968 and 43.234 < lat < 43.268:
        return "core" if roll < 0.86 else "shops"
    if (76.885 < lon < 76.955 and 43.284 < lat < 43.316) or (lon < 76.845 and 43.3 < lat < 43.325):
        return "works" if roll < 0.45 else "houses" if roll < 0.8 else "flats"
    if 76.82 < lon < 76.9 and 43.208 < lat < 43.262:
        return "flats" if roll < 0.68 else "houses" if roll < 0.93 else "shops"
    if lat < 43.205:
        return "houses" if roll < 0.88 else "flats"
    return "houses" if roll < 0.64 else "flats" if roll < 0.86 else "shops" if roll < 0.93 else "works"
