"""Where cameras could hang: at crossings, along streets, on poles that stand, at corners of buildings; in metres."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.placement.kinds import SOURCES, Source
from geo_server.planning.viewsheds.cameras import Houses

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]
GRAIN_M = 0.05  # ends of streets that are nearer are one
BESIDE_M = 4.0  # of the middle of a street, where its posts stand
CORNER_M = 8.0  # from the middle of a crossing to where its posts stand
OFF_WALL_M, SHARP_DEG, NEAR_STREET_M = 0.3, 120.0, 30.0
APART_M = 2.0
COMPASS = tuple(float(way) for way in range(0, 360, 45))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A way to look from a spot: degrees from the grid's north, and how that lies to the street.

    `aside_m` is how far to the right of the head the middle of the street is that runs along it; None: none does.
    """

    heading_deg: float
    aside_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where a camera could hang, no higher than `top_m`."""

    source: Source
    east_m: float
    north_m: float
    heads: tuple[Head, ...]
    top_m: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Land:
    """What spots are found in: where they have to be and must not be, lines, buildings, and poles, n x 2."""

    region: shapely.Geometry
    forbidden: Shapes
    streets: Shapes
    houses: Houses
    poles_m: Floats


def spots(land: Land, sources: Sequence[Source], step_m: float) -> list[Spot]:
    """Return the spots in the region, in no building and no forbidden zone, two metres apart or more."""
    ways: dict[Source, Callable[[], Iterable[Spot]]] = {
        "pole": lambda: _poles(land.poles_m),
        "crossing": lambda: _crossings(land.streets),
        "post": lambda: _posts(land.streets, step_m),
        "corner": lambda: _corners(land),
    }
    every = [spot for source in ways if source in sources for spot in ways[source]()]
    assert set(ways) == set(SOURCES)
    return _apart(_allowed(every, land))


def _allowed(every: Sequence[Spot], land: Land) -> list[Spot]:
    places = shapely.points([(one.east_m, one.north_m) for one in every]) if every else np.empty(0, object)
    shapely.prepare(land.region)
    fine = shapely.intersects(land.region, places)
    for shapes in (land.houses.outlines, land.forbidden):
        fine[np.unique(shapely.STRtree(shapes).query(places, predicate="intersects")[0])] = False
    return [spot for spot, good in zip(every, fine.tolist(), strict=True) if good]


def _apart(every: Sequence[Spot]) -> list[Spot]:
    kept: dict[tuple[int, int], Spot] = {}
    for spot in every:
        kept.setdefault((round(spot.east_m / APART_M), round(spot.north_m / APART_M)), spot)
    return list(kept.values())


def _poles(poles_m: Floats) -> Iterator[Spot]:
    heads = tuple(Head(heading_deg=way) for way in COMPASS)
    for east, north in poles_m.tolist():
        yield Spot(source="pole", east_m=east, north_m=north, heads=heads)


def _crossings(streets: Shapes) -> Iterator[Spot]:
    """Yield a spot between each two arms of a crossing: it looks along the arms, and across."""
    for (east, north), arms in _arms(streets):
        for first, last in zip(arms, [*arms[1:], arms[0] + 360], strict=True):
            if last - first < 30:
                continue
            middle = (first + last) / 2
            away = math.radians(middle)
            heads = [Head(heading_deg=(middle + 180) % 360)]
            for arm in (first, last):
                off = math.radians(arm - middle)  # of the spot to the middle of that arm, to its right
                heads.append(Head(heading_deg=arm % 360, aside_m=CORNER_M * math.sin(off)))
            yield Spot(
                source="crossing",
                east_m=east + CORNER_M * math.sin(away),
                north_m=north + CORNER_M * math.cos(away),
                heads=tuple(heads),
            )


def _arms(streets: Shapes) -> Iterator[tuple[tuple[float, float], list[float]]]:
    """Yield where three streets or more meet, and their headings from there, clockwise."""
    corners, of = shapely.get_coordinates(streets, return_index=True)
    begins = np.searchsorted(of, np.arange(len(streets) + 1))
    first, last = begins[:-1], begins[1:] - 1
    ends, nexts = np.concatenate([first, last]), np.concatenate([first + 1, last - 1])
    _, where, inverse = np.unique(
        np.round(corners[ends] / GRAIN_M).astype(np.int64), axis=0, return_index=True, return_inverse=True
    )
    order = np.argsort(inverse.ravel(), kind="stable")
    groups = np.split(order, np.cumsum(np.bincount(inverse.ravel(), minlength=len(where)))[:-1]) if len(where) else []
    for members in groups:
        if len(members) > 2:
            east, north = corners[ends[members[0]]].tolist()
            along = corners[nexts[members]] - corners[ends[members]]
            yield (east, north), sorted((np.degrees(np.arctan2(along[:, 0], along[:, 1])) % 360).tolist())


def _posts(streets: Shapes, step_m: float) -> Iterator[Spot]:
    """Yield spots beside each street, on its right and left in turn, that look along it both ways and across."""
    for line in streets:
        for number, at in enumerate(np.arange(step_m / 2, shapely.length(line), step_m).tolist()):
            here, there = (shapely.get_coordinates(shapely.line_interpolate_point(line, at + d))[0] for d in (0, 0.5))
            if not (there - here).any():
                continue
            along = math.degrees(math.atan2(there[0] - here[0], there[1] - here[1]))
            right = 1 if number % 2 == 0 else -1
            out = math.radians(along + 90 * right)
            heads = (
                Head(heading_deg=along % 360, aside_m=-BESIDE_M * right),
                Head(heading_deg=(along + 180) % 360, aside_m=BESIDE_M * right),
                Head(heading_deg=(along - 90 * right) % 360),
            )
            east, north = (here + BESIDE_M * np.array([math.sin(out), math.cos(out)])).tolist()
            yield Spot(source="post", east_m=east, north_m=north, heads=heads)


def _corners(land: Land) -> Iterator[Spot]:
    """Yield the corners that stick out of buildings near streets; they look away from the building."""
    near = shapely.STRtree(land.streets).query(land.houses.outlines, predicate="dwithin", distance=NEAR_STREET_M)[0]
    for house in np.unique(near).tolist():
        for part in shapely.get_parts(land.houses.outlines[house]):
            yield from _corners_of(part, float(land.houses.tops_m[house]))


def _corners_of(part: shapely.Geometry, top_m: float) -> Iterator[Spot]:
    ring = shapely.get_coordinates(shapely.get_exterior_ring(shapely.orient_polygons(part)))[:-1]
    came, goes = ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring
    headings = (np.degrees(np.arctan2(side[:, 0], side[:, 1])) for side in (came, goes))
    before, after = headings
    turn = (before - after) % 360  # to the left, where the ring runs counter-clockwise
    for corner in np.flatnonzero((turn > 180 - SHARP_DEG) & (turn < 180)).tolist():
        out_deg = float(before[corner] - turn[corner] / 2 + 90)
        out = math.radians(out_deg)
        east, north = (ring[corner] + OFF_WALL_M * np.array([math.sin(out), math.cos(out)])).tolist()
        heads = tuple(Head(heading_deg=(out_deg + off) % 360) for off in (-60.0, 0.0, 60.0))
        yield Spot(source="corner", east_m=east, north_m=north, heads=heads, top_m=top_m)
