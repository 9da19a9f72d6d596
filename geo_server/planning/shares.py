"""How much of each area in a tile is seen: ground, streets, and what is on it that matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.things import NEAR_M, THINGS
from geo_server.planning.tiles import NOWHERE, Covered, Sights

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Measure = Literal["ground_m2", "streets_m", "incidents", "places", "schools", "addresses"]
_PARTS = ("whole", "seen", "twice", "private")


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
    names, told = list(found.tile.areas), [one for one in _measured(found) if len(one.area)]
    whole = np.bincount(found.area[found.open & (found.area != NOWHERE)], minlength=len(names))
    return [
        Share(area=names[area], purpose=purpose, measure=measure, **amounts)
        for purpose, sights in found.sights.items()
        for measure, sums in (("ground_m2", _ground(found, sights, whole)), *_sums(sights, told, len(names)))
        for area, amounts in _by_area(sums)
    ]


def _sums(sights: Sights, told: list[_Told], areas: int) -> Iterator[tuple[Measure, Floats]]:
    """Yield each measure with its sums, areas x `_PARTS`."""
    any_, two, public = sights.all.count > 0, sights.all.count > 1, sights.public > 0
    for one in told:
        seen = one.seen_in(any_)
        flags = np.ones(len(seen), np.bool_), seen, one.seen_in(two), seen & ~one.seen_in(public)
        sums = [np.bincount(one.area[which], one.amount[which], minlength=areas) for which in flags]
        yield one.measure, np.column_stack(sums)


def _ground(found: Covered, sights: Sights, whole: Ints) -> Floats:
    """Return the sums of open ground: of its million cells those that somebody sees are looked at."""
    area = found.area.ravel()[sights.seen]
    cells = sights.seen[(area != NOWHERE) & found.open.ravel()[sights.seen]]
    area, twice = found.area.ravel()[cells], sights.all.count.ravel()[cells] > 1
    private = sights.public.ravel()[cells] == 0
    seen = (np.bincount(area[which], minlength=len(whole)) for which in (slice(None), twice, private))
    return np.column_stack([whole, *seen]) * found.cells.cell_m**2


def _by_area(sums: Floats) -> Iterator[tuple[int, dict[str, float]]]:
    for area in np.flatnonzero(sums[:, 0]).tolist():
        yield area, dict(zip(_PARTS, sums[area].tolist(), strict=True))


def _measured(found: Covered) -> Iterator[_Told]:
    """Yield what lies in some area: streets by pieces, and places, which are seen where ground near by is."""
    things, cells, area = found.tile.things, found.cells, found.area.ravel()
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
        yield _Told(
            measure=thing,
            area=area[cells.at(inside)],
            amount=np.ones(len(inside)),
            seen_in=partial(cells.any_near, inside, NEAR_M[thing]),
        )
