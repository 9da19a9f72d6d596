"""How much of each area in a tile is seen: ground, streets, and what is on it that matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.rasters import NOBODY, SHARED, Owners
from geo_server.planning.sights import Sights
from geo_server.planning.things import THINGS
from geo_server.planning.tiles import NOWHERE, Covered

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Measure = Literal["ground_m2", "streets_m", "incidents", "accidents", "places", "schools", "addresses"]


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
    names, told = list(found.tile.areas), list(measured(found))
    ground = np.bincount(found.area[found.open & (found.area != NOWHERE)], minlength=len(names))
    whole: dict[Measure, Floats] = {
        one.measure: np.bincount(one.area, one.amount, minlength=len(names)).astype(np.float64) for one in told
    }
    whole["ground_m2"] = ground.astype(np.float64) * found.cells.cell_m**2
    return [
        Share(area=names[area], purpose=purpose, measure=one.measure, whole=float(whole[one.measure][area]), **amounts)
        for purpose, sights in found.sights.items()
        for one in (seen_ground(found, sights), *told)
        for area, amounts in _by_area(sights, one, whole[one.measure])
    ]


def _by_area(sights: Sights, told: Told, whole: Floats) -> Iterator[tuple[int, dict[str, float]]]:
    seen, night = told.seen_in(sights.all.count > 0), told.seen_in(sights.night)
    flags = {
        "seen": seen,
        "twice": told.seen_in(sights.twice),
        "private": seen & ~told.seen_in(sights.public > 0),
        "night": night,
        "night_unknown": told.seen_in(sights.night_unknown) & ~night,
    }
    sums = {name: np.bincount(told.area[w], told.amount[w], minlength=len(whole)) for name, w in flags.items()}
    for area in np.flatnonzero(whole).tolist():
        yield area, {name: float(each[area]) for name, each in sums.items()}


def seen_ground(found: Covered, sights: Sights) -> Told:
    """Return the open ground of areas that anybody sees: of a tile's million cells the few that are."""
    cell, area = sights.seen, found.area.ravel()
    cell = cell[(area[cell] != NOWHERE) & found.open.ravel()[cell]]
    return _told("ground_m2", area[cell], np.full(len(cell), found.cells.cell_m**2), cell)


def measured(found: Covered) -> Iterator[Told]:
    """Yield what lies in some area beside its ground: streets by pieces, and places, seen where ground near by is."""
    things, cells, area = found.tile.things, found.cells, found.area.ravel()
    street = cells.at(things.street_m)
    on = np.flatnonzero((street >= 0) & (area[street] != NOWHERE))
    yield _told("streets_m", area[street[on]], things.length_m[on], street[on])
    for thing in THINGS:
        own = cells.at(things.places_m[thing])
        inside = (own >= 0) & (area[own] != NOWHERE)
        near, whose = found.near[thing]
        kept = inside[whose]
        number = np.cumsum(inside) - 1
        yield _told_near(thing, area[own[inside]], near[kept], number[whose[kept]])


def _told(measure: Measure, area: Ints, amount: Floats, cell: Ints) -> Told:
    """Return bits that lie in a cell each."""
    return Told(
        measure=measure,
        area=area,
        amount=amount,
        seen_in=lambda mask: mask.ravel()[cell],
        owned_in=lambda owner: owner.ravel()[cell],
    )


def _told_near(measure: Measure, area: Ints, near: Ints, whose: Ints) -> Told:
    """Return places that are seen where any of the cells around them is; those of each stand together."""
    return Told(
        measure=measure,
        area=area,
        amount=np.ones(len(area)),
        seen_in=lambda mask: np.bincount(whose[mask.ravel()[near]], minlength=len(area)) > 0,
        owned_in=lambda owner: _owned_near(owner.ravel()[near], whose, len(area)),
    )


def _owned_near(owner: Owners, whose: Ints, places: int) -> Owners:
    """Return who alone sees any of the cells around each place: shared, where one is or two groups see some."""
    seen = np.flatnonzero(owner != NOBODY)
    owner, whose = owner[seen], whose[seen]
    begins = np.flatnonzero(np.diff(whose, prepend=-1))
    found = np.full(places, NOBODY, np.uint16)
    if len(begins):
        low, high = np.minimum.reduceat(owner, begins), np.maximum.reduceat(owner, begins)
        found[whose[begins]] = np.where(low == high, low, SHARED)
    return found
