"""What of the ground it counts to see: streets by what happened along them, schools, crowded places, addresses."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo_server.planning.cells import Cells
from geo_server.planning.placement.question import Question
from geo_server.planning.placement.schema import Square
from geo_server.planning.placement.squaring import ROW, TILE
from geo_server.planning.things import NEAR_M, Thing, Things

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
STREET_M, DEMAND_M = 6.0, 15.0  # around a piece of street, and around a place that somebody named
FINE_M2, FINE_M, COARSE_M = 25e6, 2.0, 4.0  # up to so much ground in small cells, beyond that in larger ones


def cells_around(region: shapely.Geometry) -> Cells:
    """Return the cells of a region in metres; they begin where a square of the zone does."""
    west, south, east, north = shapely.bounds(region).tolist()
    cell_m = FINE_M if (east - west) * (north - south) <= FINE_M2 else COARSE_M
    side = cell_m * TILE
    x0, y0 = np.floor(west / side) * side, np.floor(south / side) * side
    columns, rows = int(np.ceil((east - x0) / side)) * TILE, int(np.ceil((north - y0) / side)) * TILE
    return Cells(origin=(float(x0), float(y0)), shape=(rows, columns), cell_m=cell_m)


def keys_of(cells: Cells, numbers: Ints) -> Ints:
    """Return the names of cells that hold in all of the zone, by their numbers here."""
    row, column = np.divmod(numbers, cells.shape[1])
    first = round(cells.origin[1] / cells.cell_m), round(cells.origin[0] / cells.cell_m)
    return np.asarray((row + first[0]) * ROW + column + first[1], np.int64)


def numbers_of(cells: Cells, keys: Ints) -> Ints:
    """Return the numbers of cells here, -1 for those that are elsewhere."""
    row, column = np.divmod(keys, ROW)
    row, column = row - round(cells.origin[1] / cells.cell_m), column - round(cells.origin[0] / cells.cell_m)
    here = (row >= 0) & (row < cells.shape[0]) & (column >= 0) & (column < cells.shape[1])
    return np.where(here, row * cells.shape[1] + column, -1).astype(np.int64)


def weights(question: Question, things: Things, demands_m: Floats, cells: Cells, counts: Flags) -> Floats:
    """Return what each cell counts, flat; ground that does not count has nothing. `demands_m` are the question's.

    Everything is spread evenly over the cells around it that count: who sees half of a school's surroundings has half.
    """
    found = np.zeros(cells.shape[0] * cells.shape[1])
    for places, radius_m, each in _layers(question, things, demands_m):
        near, whose = cells.around(places, radius_m)
        good = counts.ravel()[near]
        near, whose = near[good], whose[good]
        shared = np.bincount(whose, minlength=len(places))
        np.add.at(found, near, (each / np.maximum(shared, 1))[whose])
    return found


def _layers(question: Question, things: Things, demands_m: Floats) -> Iterator[tuple[Floats, float, Floats]]:
    """Yield places, how far around them what counts lies, and what each counts."""
    worth = question.worth
    streets = worth.incident * things.expected.sum(axis=1) + worth.street_km * things.length_m / 1000
    yield things.street_m, STREET_M, streets
    yield demands_m, DEMAND_M, np.array([one.weight for one in question.demands], np.float64)
    counted: dict[Thing, float] = {
        "accidents": worth.accident, "places": worth.place, "schools": worth.school, "addresses": worth.address,
    }  # fmt: skip
    for thing, each in counted.items():
        places = things.places_m[thing]
        yield places, NEAR_M[thing], np.full(len(places), each)


def squares(cells: Cells, weight: Floats) -> list[Square]:
    """Return the squares in which something counts."""
    numbers = np.flatnonzero(weight)
    row, column = np.divmod(numbers, cells.shape[1])
    first = round(cells.origin[1] / cells.cell_m / TILE), round(cells.origin[0] / cells.cell_m / TILE)
    name = (row // TILE) * (cells.shape[1] // TILE) + column // TILE
    order = np.argsort(name, kind="stable")
    found = []
    for which in np.split(order, np.flatnonzero(np.diff(name[order])) + 1) if len(order) else []:
        down, right = divmod(int(name[which[0]]), cells.shape[1] // TILE)
        inner = (row[which] % TILE) * TILE + column[which] % TILE
        packed = inner.astype(np.uint16).tobytes(), weight[numbers[which]].astype(np.float32).tobytes()
        found.append(Square(col=right + first[1], row=down + first[0], cells=packed[0], weight=packed[1]))
    return found


def laid_out(of: Sequence[Square], cell_m: float) -> tuple[Cells, Floats]:
    """Return the cells of some squares with what they count, those between them with nothing."""
    if not of:
        return Cells(origin=(0.0, 0.0), shape=(TILE, TILE), cell_m=cell_m), np.zeros(TILE * TILE)
    west, south = min(one.col for one in of), min(one.row for one in of)
    shape = (max(one.row for one in of) - south + 1) * TILE, (max(one.col for one in of) - west + 1) * TILE
    cells = Cells(origin=(west * TILE * cell_m, south * TILE * cell_m), shape=shape, cell_m=cell_m)
    found = np.zeros(shape)
    for one in of:
        down, right = np.divmod(np.frombuffer(one.cells, np.uint16).astype(np.int64), TILE)
        at = down + (one.row - south) * TILE, right + (one.col - west) * TILE
        found[at] = np.frombuffer(one.weight, np.float32)
    return cells, found.ravel()
