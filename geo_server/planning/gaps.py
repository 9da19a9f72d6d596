"""What of a tile is seen and what is not, as polygons; of each gap what lies in it, and how much that weighs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.patches import labelled, patches
from geo_server.planning.things import NEAR_M, THINGS, WORTH, Thing
from geo_server.planning.tiles import Covered

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]
LEAST_GAP_M2 = 100.0
SMOOTHER = 0.75  # of a cell: stairs become slopes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patch:
    """What one camera sees of an area for a purpose, or two and more do; metres."""

    area: int
    purpose: str
    cameras: int
    shapes: Shapes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gap:
    """Open ground of an area that nobody sees for a purpose, metres; what lies in it or near by, and what it weighs.

    A weight is counted in incidents: those that its streets have to expect, and what its places are worth.
    """

    area: int
    purpose: str
    shape: shapely.Geometry
    ground_m2: float
    streets_m: float
    counts: Mapping[Thing, int]
    weight: float


def patched(found: Covered) -> Iterator[Patch]:
    """Yield what is seen of each area, for each purpose: by one camera, and by more."""
    for place, area in enumerate(found.tile.areas):
        ground = found.open & (found.area == place)
        for purpose, sights in found.sights.items():
            count = sights.all.count
            for cameras, mask in ((1, count == 1), (2, count > 1)):
                shapes = _smooth(patches(ground & mask, found.cells.origin, found.cells.cell_m), found.cells.cell_m)
                if len(shapes):
                    yield Patch(area=area, purpose=purpose, cameras=cameras, shapes=shapes)


def gaps(found: Covered, least_m2: float = LEAST_GAP_M2) -> Iterator[Gap]:
    """Yield the gaps of each area, for each purpose, of so many square metres or more."""
    for place, area in enumerate(found.tile.areas):
        ground = found.open & (found.area == place)
        for purpose, sights in found.sights.items():
            yield from _gaps(found, area, purpose, ground & (sights.all.count == 0), least_m2)


def _gaps(found: Covered, area: int, purpose: str, mask: Flags, least_m2: float) -> Iterator[Gap]:
    labels, count = labelled(mask)
    if not count:
        return
    cells, label = found.cells, labels.ravel()
    ground_m2 = np.bincount(label, minlength=count + 1) * cells.cell_m**2
    streets_m, weight = _streets(found, label, count)
    counts = {thing: _near(found, thing, label, count) for thing in THINGS}
    weight += sum(worth * counts[thing] for thing, worth in WORTH.items())
    shapes = _smooth(patches(mask, cells.origin, cells.cell_m), cells.cell_m)
    for number in np.flatnonzero(ground_m2[1:] >= least_m2).tolist():
        yield Gap(
            area=area,
            purpose=purpose,
            shape=shapes[number],
            ground_m2=float(ground_m2[number + 1]),
            streets_m=float(streets_m[number + 1]),
            counts={thing: int(each[number + 1]) for thing, each in counts.items()},
            weight=float(weight[number + 1]),
        )


def _streets(found: Covered, label: NDArray[np.int32], count: int) -> tuple[Floats, Floats]:
    """Return how many metres of street lie in each gap, and what they weigh."""
    things = found.tile.things
    cell = found.cells.at(things.street_m)
    of = np.where(cell >= 0, label[cell], 0) if len(cell) else cell
    metres = np.bincount(of, things.length_m, minlength=count + 1)
    return metres.astype(np.float64), np.bincount(of, things.weight, minlength=count + 1).astype(np.float64)


def _near(found: Covered, thing: Thing, label: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Return how many things each gap holds or has near by; one between two gaps counts in both."""
    near, whose = found.cells.around(found.tile.things.places_m[thing], NEAR_M[thing])
    pairs = np.unique(np.column_stack([label[near], whose]), axis=0)
    return np.bincount(pairs[:, 0], minlength=count + 1)


def _smooth(shapes: Shapes, cell_m: float) -> Shapes:
    smooth: Shapes = shapely.simplify(shapes, SMOOTHER * cell_m, preserve_topology=True)
    return smooth
