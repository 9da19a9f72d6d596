"""What of a tile is seen and what is not, as polygons; of each gap what lies in it, and how much that weighs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo_server.planning.cutting import Squares
from geo_server.planning.patches import outlined, patches
from geo_server.planning.runs import Runs
from geo_server.planning.things import NEAR_M, THINGS, Class, Thing
from geo_server.planning.tiles import Covered
from geo_server.planning.weighing.worth import weights

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Labels = NDArray[np.int32]
Shapes = NDArray[np.object_]
LEAST_GAP_M2 = 100.0
LEAST_EXPECTED = 0.001  # of a class of incidents: less is nothing
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

    A weight is counted in incidents: those that its streets have to `expect`, class by class, and what its places are
    `worth`. `crowds` are the kinds of its crowded places.
    """

    area: int
    purpose: str
    shape: shapely.Geometry
    ground_m2: float
    streets_m: float
    counts: Mapping[Thing, int]
    crowds: tuple[str, ...]
    expected: Mapping[Class, float]
    worth: float

    @property
    def weight(self) -> float:
        """Return what it weighs, whatever happened there and whenever."""
        return self.worth + sum(self.expected.values())


def patched(found: Covered) -> Iterator[Patch]:
    """Yield what is seen of each area, for each purpose: by one camera, and by more."""
    for area, ground in zip(found.tile.areas, found.grounds, strict=True):
        for purpose, sights in found.sights.items():
            if not sights.seen.size:
                continue
            twice = sights.twice
            for cameras, mask in ((1, sights.day & ~twice), (2, twice)):
                shapes = smooth(patches(ground & mask, found.cells.origin, found.cells.cell_m), found.cells.cell_m)
                if len(shapes):
                    yield Patch(area=area, purpose=purpose, cameras=cameras, shapes=shapes)


def gaps(found: Covered, least_m2: float = LEAST_GAP_M2) -> Iterator[Gap]:
    """Yield the gaps of each area, for each purpose, of so many square metres or more."""
    squares = _squares(found)
    for area, ground in zip(found.tile.areas, found.grounds, strict=True):
        nobody: list[Gap] | None = None  # what nobody sees for several purposes is looked at once
        for purpose, sights in found.sights.items():
            if sights.seen.size:
                yield from _gaps(found, area, purpose, ground & ~sights.day, squares, least_m2)
                continue
            nobody = nobody if nobody is not None else list(_gaps(found, area, purpose, ground, squares, least_m2))
            yield from (replace(gap, purpose=purpose) for gap in nobody)


def _gaps(found: Covered, area: int, purpose: str, mask: Flags, squares: Squares, least_m2: float) -> Iterator[Gap]:
    """Yield the patches of a mask; houses in the midst of one stand in its shape and are not counted as ground."""
    cells, houses = found.cells, found.built.within(mask)
    whole = mask.copy()
    whole.ravel()[houses] = True
    kinds = squares.cut(whole)
    runs = Runs.of(kinds)
    labels, count = runs.labels(whole.shape[1]), runs.patches
    built = np.bincount(labels.ravel()[houses], minlength=count + 1)[1:]
    ground_m2 = (runs.cells() - built) * cells.cell_m**2
    large = np.flatnonzero(ground_m2 >= max(least_m2, cells.cell_m**2))
    if not len(large):
        return
    streets_m, expected = _streets(found, labels.ravel(), count)
    counts = {thing: _near(found, thing, labels, count) for thing in THINGS}
    crowds = _crowds(found, labels)
    shapes = smooth(outlined(kinds, runs, large, cells.origin, cells.cell_m), cells.cell_m)
    for number, shape in zip(large.tolist(), shapes, strict=True):
        own = {thing: int(each[number + 1]) for thing, each in counts.items()}
        yield Gap(
            area=area,
            purpose=purpose,
            shape=shape,
            ground_m2=float(ground_m2[number]),
            streets_m=float(streets_m[number + 1]),
            counts=own,
            crowds=tuple(sorted(crowds.get(number + 1, ()))),
            expected=_row(expected, number + 1, found.tile.things.classes),
            worth=float(sum(weights().worth.get(thing, 0.0) * own[thing] for thing in THINGS)),
        )


def _streets(found: Covered, label: Labels, count: int) -> tuple[Floats, csr_array]:
    """Return how many metres of street lie in each gap, and how much of each class of incident: gaps x classes."""
    things = found.tile.things
    cell = found.cells.at(things.street_m)
    of = np.where(cell >= 0, label[cell], 0) if len(cell) else cell
    metres = np.bincount(of, things.length_m, minlength=count + 1)
    inside = np.flatnonzero(of)
    whose = csr_array((np.ones(len(inside)), (of[inside], inside)), shape=(count + 1, len(of)))
    return metres.astype(np.float64), csr_array(whose @ things.expected)


def _squares(found: Covered) -> Squares:
    """Return the tile cut by what lies there: what its pieces of street expect, and what its places are worth."""
    things, worth = found.tile.things, weights().worth
    places_m = [things.street_m, *(things.places_m[one] for one in THINGS)]
    weight = [np.asarray(things.expected.sum(axis=1)).ravel()]
    weight += [np.full(len(things.places_m[one]), worth.get(one, 0.0)) for one in THINGS]
    return Squares.of(found.cells, np.concatenate(places_m), np.concatenate(weight))


def _row(expected: csr_array, number: int, classes: tuple[Class, ...]) -> dict[Class, float]:
    """Return what a gap has to expect, by class."""
    row = slice(expected.indptr[number], expected.indptr[number + 1])
    pairs = zip(expected.indices[row].tolist(), expected.data[row].tolist(), strict=True)
    return {classes[one]: amount for one, amount in sorted(pairs) if amount >= LEAST_EXPECTED}


def _near(found: Covered, thing: Thing, labels: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Return how many things each gap holds or has near by; one between two gaps counts in both."""
    return found.cells.near_each(found.tile.things.places_m[thing], NEAR_M[thing], labels, count)


def _crowds(found: Covered, labels: Labels) -> dict[int, set[str]]:
    """Return the kinds of crowded places that each gap holds or has near by."""
    things, kinds = found.tile.things, dict[int, set[str]]()
    for place, kind in zip(things.places_m["places"], things.crowds, strict=True):
        for number in found.cells.patches_near(place, NEAR_M["places"], labels):
            kinds.setdefault(number, set()).add(kind)
    return kinds


def smooth(shapes: Shapes, cell_m: float) -> Shapes:
    """Return shapes of cells with their stairs made slopes; where the quick way would cross itself, by the sure one."""
    sloped: Shapes = shapely.simplify(shapes, SMOOTHER * cell_m, preserve_topology=False)
    bad = ~shapely.is_valid(sloped) | shapely.is_empty(sloped)
    sloped[bad] = shapely.simplify(shapes[bad], SMOOTHER * cell_m, preserve_topology=True)
    return sloped
