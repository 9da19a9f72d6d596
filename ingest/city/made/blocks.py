"""What stands in the blocks of the demo city: houses, flats, works and shops, each with its house number."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ingest.city.made.lattice import Lattice, Use
from ingest.city.made.streets import Edge, Streets
from layers.values import Title


@dataclass(slots=True, kw_only=True, eq=False)
class Building:
    """One building: its corners in metres, its tags, its block, and the stretch of street it faces."""

    corners: NDArray[np.float64]
    tags: dict[str, str]
    cell: tuple[int, int]
    faces: Edge | None = None
    along_m: float = 0.0
    even: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lot:
    """A place for a building in a block, in metres from its south-west corner along its sides."""

    x: float
    y: float
    wide: float
    deep: float
    tags: dict[str, str]


def build(
    lattice: Lattice, uses: dict[tuple[int, int], Use], streets: Streets, keep_off: shapely.Geometry, seed: int
) -> list[Building]:
    """Return the buildings of every block that touch neither water nor roundabout, numbered along their streets."""
    found = [building for cell, use in uses.items() for building in _block(lattice, cell, use, seed)]
    shapely.prepare(keep_off)
    outlines = shapely.polygons(np.array([b.corners for b in found]))
    free = np.atleast_1d(~shapely.intersects(keep_off, outlines))
    kept = [building for building, is_free in zip(found, free, strict=True) if is_free]
    for building in kept:
        _face(building, lattice, streets)
    _number(kept, streets)
    return kept


def _block(lattice: Lattice, cell: tuple[int, int], use: Use, seed: int) -> Iterator[Building]:
    corners = lattice.cell(*cell)
    wide = float(np.hypot(*(corners[1] - corners[0])) + np.hypot(*(corners[2] - corners[3]))) / 2
    high = float(np.hypot(*(corners[3] - corners[0])) + np.hypot(*(corners[2] - corners[1]))) / 2
    rng = random.Random(f"{seed}/block/{cell}")
    if wide < 70 or high < 60:
        return
    for lot in _LOTS[use](wide, high, rng) if use in _LOTS else ():
        yield Building(corners=_on_ground(corners, lot, wide, high), tags=lot.tags, cell=cell)


def _on_ground(corners: NDArray[np.float64], lot: _Lot, wide: float, high: float) -> NDArray[np.float64]:
    """Return the lot's four corners on the ground: its middle lies where the block has it, its angles stay right."""
    u, v = (lot.x + lot.wide / 2) / wide, (lot.y + lot.deep / 2) / high
    south, north = corners[0] * (1 - u) + corners[1] * u, corners[3] * (1 - u) + corners[2] * u
    middle = south * (1 - v) + north * v
    across = (corners[1] - corners[0]) * (1 - v) + (corners[2] - corners[3]) * v
    across = across / np.hypot(*across)
    up = np.array([-across[1], across[0]])
    half_w, half_d = across * lot.wide / 2, up * lot.deep / 2
    return np.array(
        [middle - half_w - half_d, middle + half_w - half_d, middle + half_w + half_d, middle - half_w + half_d]
    )


def _storeys(kind: str, levels: int, *, high: bool = False) -> dict[str, str]:
    tags = {"building": kind, "building:levels": str(levels)}
    return tags | {"height": f"{levels * 3.1 + 1.5:.1f}"} if high or levels >= 9 else tags


def _houses(wide: float, high: float, rng: random.Random) -> Iterator[_Lot]:
    """Two rows of houses, one along the street below and one along the street above."""
    lots = max(3, int((wide - 26) / rng.uniform(21, 27)))
    pitch = (wide - 26) / lots
    for row in (0, 1):
        for k in range(lots):
            if rng.random() < 0.08:
                continue
            w, d = rng.uniform(9, min(14, pitch - 5)), rng.uniform(8, 13)
            x = 13 + k * pitch + rng.uniform(0, pitch - w - 1)
            setback = rng.uniform(12, 17)
            kind = "house" if rng.random() < 0.8 else "detached"
            yield _Lot(
                x=x,
                y=setback if row == 0 else high - setback - d,
                wide=w,
                deep=d,
                tags=_storeys(kind, rng.choice([1, 1, 2, 2, 3])),
            )


def _flats(wide: float, high: float, rng: random.Random) -> Iterator[_Lot]:
    """Long houses along the streets, and higher ones in the yard beside the drive."""
    levels = rng.choice([4, 5, 5, 5, 9, 9, 12, 16])
    for y in (15.0, high - 28):
        for x in (16.0, wide / 2 + 12):
            long = wide / 2 - 30
            if long > 24 and rng.random() < 0.93:
                yield _Lot(x=x, y=y, wide=long, deep=13, tags=_storeys("apartments", levels))
    for x in (18.0, wide - 38):
        if high > 105 and rng.random() < 0.6:
            size = rng.uniform(17, 20)
            yield _Lot(
                x=x, y=high / 2 - size / 2, wide=20, deep=size, tags=_storeys("apartments", rng.choice([9, 9, 12, 16]))
            )


def _core(wide: float, high: float, rng: random.Random) -> Iterator[_Lot]:
    """Houses shoulder to shoulder along the streets, with offices among them."""
    for y in (14.0, high - 30):
        for x, long in _frontage(wide, rng):
            office = rng.random() < 0.25
            levels = rng.choice([3, 4, 5, 8, 12]) if office else rng.choice([3, 4, 4, 5, 5, 9])
            depth = rng.uniform(13, 16)
            yield _Lot(x=x, y=y, wide=long, deep=depth, tags=_storeys("office" if office else "apartments", levels))
    if high > 100:
        for x in (15.0, wide - 29):
            yield _Lot(
                x=x,
                y=high / 2 - 16,
                wide=14,
                deep=rng.uniform(24, 32),
                tags=_storeys("apartments", rng.choice([3, 4, 5])),
            )


def _frontage(wide: float, rng: random.Random) -> Iterator[tuple[float, float]]:
    """Cut a street front into houses, with a gap in the middle for the drive."""
    for start, end in ((15.0, wide / 2 - 8), (wide / 2 + 8, wide - 15)):
        x = start
        while x + 18 < end:
            long = min(rng.uniform(20, 38), end - x)
            yield x, long
            x += long + rng.uniform(4, 9)


def _works(wide: float, high: float, rng: random.Random) -> Iterator[_Lot]:
    for x in (16.0, wide / 2 + 12):
        for y in (16.0, high / 2 + 6):
            w, d = (wide / 2 - 30) * rng.uniform(0.6, 1), (high / 2 - 24) * rng.uniform(0.6, 1)
            if w > 15 and d > 12 and rng.random() < 0.85:
                kind = rng.choice(["industrial", "warehouse"])
                yield _Lot(x=x, y=y, wide=w, deep=d, tags={"building": kind, "height": f"{rng.uniform(6, 14):.1f}"})


def _shops(wide: float, high: float, rng: random.Random) -> Iterator[_Lot]:
    for x in (16.0, wide / 2 + 12):
        w, d = (wide / 2 - 30) * rng.uniform(0.7, 1), rng.uniform(0.35, 0.6) * (high - 36)
        kind = rng.choice(["retail", "commercial", "office"])
        levels = rng.choice([7, 12, 16, 22]) if kind == "office" else rng.choice([1, 2, 3])
        yield _Lot(
            x=x,
            y=18,
            wide=min(w, 26) if kind == "office" else w,
            deep=min(d, 24) if kind == "office" else d,
            tags=_storeys(kind, levels),
        )
        if rng.random() < 0.7:
            yield _Lot(x=x, y=high - 32, wide=w * 0.7, deep=15, tags=_storeys("retail", rng.choice([1, 2])))


_LOTS = {"houses": _houses, "flats": _flats, "core": _core, "works": _works, "shops": _shops}


def _face(building: Building, lattice: Lattice, streets: Streets) -> None:
    """Let the building face the nearer of the streets below and above, else one at its side, else none."""
    (i, j), (x, y) = building.cell, building.corners.mean(axis=0)
    middle = lattice.cell(i, j).mean(axis=0)
    rows: list[tuple[Edge, bool]] = [(("we", i, j), False), (("we", i, j + 1), True)]
    columns: list[tuple[Edge, bool]] = [(("ns", i, j), False), (("ns", i + 1, j), True)]
    order = [*(rows if y < middle[1] else rows[::-1]), *(columns if x < middle[0] else columns[::-1])]
    for edge, even in order:
        if edge in streets.edges:
            building.faces, building.even = edge, even
            building.along_m = float(x if edge[0] == "we" else y)
            return


def _number(buildings: list[Building], streets: Streets) -> None:
    """Number the houses of each street from west to east or south to north, odd on one side and even on the other."""
    sides: defaultdict[tuple[str, bool], list[tuple[float, int]]] = defaultdict(list)
    for k, building in enumerate(buildings):
        name = streets.edges[building.faces].name if building.faces else None
        if name:
            sides[name.kk, building.even].append((building.along_m, k))
    for (street, even), row in sides.items():
        for n, (_, k) in enumerate(sorted(row)):
            buildings[k].tags |= {"addr:street": street, "addr:housenumber": str(2 * n + (2 if even else 1))}


def common_name(building: Building, title: Title) -> None:
    """Give a building a name of its own in the three languages."""
    building.tags |= {"name": title.kk, "name:kk": title.kk, "name:ru": title.ru, "name:en": title.en}
