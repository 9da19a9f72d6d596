"""How much of each area in a tile is seen: ground, streets, and what is on it that matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.owners import Owners
from geo_server.planning.sights import Sights
from geo_server.planning.things import NEAR_M, THINGS
from geo_server.planning.tiles import NOWHERE, Covered

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Measure = Literal["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"]
_PARTS = ("whole", "seen", "twice", "private", "night", "night_unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of an area's part of a tile: how much there is, is seen at all, by two or more, and by private ones alone.

    `night` is how much is seen by night as well, `night_unknown` how much may be: by cameras whose light nobody knows.
    """

    area: int
    purpose: str
    measure: Measure
    whole: float
    seen: float
    twice: float
    private: float
    night: float
    night_unknown: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What is measured: of each bit the area it is in, how much it is, and which cells tell whether and by whom."""

    measure: Measure
    area: Ints
    amount: Floats
    seen_in: Callable[[Flags], Flags]
    owned_in: Callable[[Owners], Owners]  # the group that alone sees it, or nobody, or shared


def shares(found: Covered) -> list[Share]:
    """Return every area's shares, purpose by purpose."""
    names, told = list(found.tile.areas), [one for one in measured(found) if len(one.area)]
    whole = np.array([np.count_nonzero(ground) for ground in found.grounds], np.int64)
    return [
        Share(area=names[area], purpose=purpose, measure=measure, **amounts)
        for purpose, sights in found.sights.items()
        for measure, sums in (
            ("ground_m2", _ground(found, sights, whole)),
            *(_sums(sights, told, len(names)) if told else ()),
        )
        for area, amounts in _by_area(sums)
    ]


def _sums(sights: Sights, told: list[Told], areas: int) -> Iterator[tuple[Measure, Floats]]:
    """Yield each measure with its sums, areas x `_PARTS`."""
    if not told:
        return
    masks = sights.day, sights.twice, sights.public > 0, sights.night, sights.night_unknown
    for one in told:
        seen, two, public, night, unknown = (one.seen_in(mask) for mask in masks)
        flags = np.ones(len(seen), np.bool_), seen, two, seen & ~public, night, unknown & ~night
        sums = [np.bincount(one.area[which], one.amount[which], minlength=areas) for which in flags]
        yield one.measure, np.column_stack(sums)


def _ground(found: Covered, sights: Sights, whole: Ints) -> Floats:
    """Return the sums of open ground: of its million cells those that somebody sees are looked at."""
    cells = seen_ground(found, sights)
    area = found.area.ravel()[cells]
    twice, public, *nights = (
        of.ravel()[cells] for of in (sights.twice, sights.public, sights.night, sights.night_unknown)
    )
    flags = slice(None), twice, public == 0, *nights
    seen = (np.bincount(area[which], minlength=len(whole)) for which in flags)
    return np.column_stack([whole, *seen]) * found.cells.cell_m**2


def seen_ground(found: Covered, sights: Sights) -> Ints:
    """Return the cells of open ground in some area that somebody sees."""
    area = found.area.ravel()[sights.seen]
    cells: Ints = sights.seen[(area != NOWHERE) & found.open.ravel()[sights.seen]]
    return cells


def _by_area(sums: Floats) -> Iterator[tuple[int, dict[str, float]]]:
    for area in np.flatnonzero(sums[:, 0]).tolist():
        yield area, dict(zip(_PARTS, sums[area].tolist(), strict=True))


def measured(found: Covered) -> Iterator[Told]:
    """Yield what lies in some area: streets by pieces, and places, which are seen where ground near by is."""
    things, cells, area = found.tile.things, found.cells, found.area.ravel()
    street = cells.at(things.street_m)
    on = np.flatnonzero((street >= 0) & (area[street] != NOWHERE))
    pieces = street[on]
    yield Told(
        measure="streets_m",
        area=area[pieces],
        amount=things.length_m[on],
        seen_in=lambda mask: mask.ravel()[pieces],
        owned_in=lambda owner: owner.ravel()[pieces],
    )
    for thing in THINGS:
        places = things.places_m[thing]
        own = cells.at(places)
        inside = places[(own >= 0) & (area[own] != NOWHERE)]
        yield Told(
            measure=thing,
            area=area[cells.at(inside)],
            amount=np.ones(len(inside)),
            seen_in=partial(cells.any_near, inside, NEAR_M[thing]),
            owned_in=partial(cells.owner_near, inside, NEAR_M[thing]),
        )
