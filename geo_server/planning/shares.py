"""How much of each area in a tile is seen: ground, streets, and what is on it that matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.things import NEAR_M, THINGS
from geo_server.planning.tiles import NOWHERE, Covered

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Measure = Literal["ground_m2", "streets_m", "incidents", "places", "schools", "addresses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of an area's part of a tile: how much there is, is seen at all, by two or more, and by private ones alone."""

    area: int
    purpose: str
    measure: Measure
    whole: float
    seen: float
    twice: float
    private: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Told:
    """What is measured: of each bit the area it is in, how much it is, and which cells tell whether it is seen."""

    measure: Measure
    area: Ints
    amount: Floats
    seen_in: Callable[[Flags], Flags]


def shares(found: Covered) -> list[Share]:
    """Return every area's shares, purpose by purpose."""
    names, told = list(found.tile.areas), list(_measured(found))
    return [
        Share(area=names[area], purpose=purpose, measure=one.measure, **amounts)
        for purpose in found.sights
        for one in told
        for area, amounts in _by_area(found, purpose, one, len(names))
    ]


def _by_area(found: Covered, purpose: str, told: _Told, areas: int) -> Iterator[tuple[int, dict[str, float]]]:
    sights = found.sights[purpose]
    count = sights.all.count
    flags = {
        "whole": np.ones(len(told.area), np.bool_),
        "seen": told.seen_in(count > 0),
        "twice": told.seen_in(count > 1),
        "private": told.seen_in(count > 0) & ~told.seen_in(sights.public > 0),
    }
    sums = {name: np.bincount(told.area[which], told.amount[which], minlength=areas) for name, which in flags.items()}
    for area in np.flatnonzero(sums["whole"]).tolist():
        yield area, {name: float(each[area]) for name, each in sums.items()}


def _measured(found: Covered) -> Iterator[_Told]:
    """Yield what lies in some area: its open ground, streets by pieces, and places, seen where ground near by is."""
    things, cells, area = found.tile.things, found.cells, found.area.ravel()
    ground = np.flatnonzero(found.open.ravel() & (area != NOWHERE))
    square = np.full(len(ground), cells.cell_m**2)
    yield _Told(measure="ground_m2", area=area[ground], amount=square, seen_in=lambda mask: mask.ravel()[ground])
    street = cells.at(things.street_m)
    on = np.flatnonzero((street >= 0) & (area[street] != NOWHERE))
    pieces = street[on]
    yield _Told(
        measure="streets_m",
        area=area[pieces],
        amount=things.length_m[on],
        seen_in=lambda mask: mask.ravel()[pieces],
    )
    for thing in THINGS:
        places = things.places_m[thing]
        own = cells.at(places)
        inside = places[(own >= 0) & (area[own] != NOWHERE)]
        near, whose = cells.around(inside, NEAR_M[thing])
        yield _Told(
            measure=thing,
            area=area[cells.at(inside)],
            amount=np.ones(len(inside)),
            seen_in=_any_near(near, whose, len(inside)),
        )


def _any_near(near: Ints, whose: Ints, places: int) -> Callable[[Flags], Flags]:
    def seen_in(mask: Flags) -> Flags:
        return np.bincount(whose[mask.ravel()[near]], minlength=places) > 0

    return seen_in
