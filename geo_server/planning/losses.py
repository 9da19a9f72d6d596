"""What nobody sees any more when a camera fails, or all of a pole, of a node, of a link: area by area."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.failing import By
from geo_server.planning.owners import NOBODY, SHARED, Owners
from geo_server.planning.shares import Measure, Told, measured, seen_ground
from geo_server.planning.sights import Sights
from geo_server.planning.tiles import Covered

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loss:
    """Of an area's part of a tile: the groups that alone see some of it for a purpose, and how much each does."""

    area: int
    purpose: str
    by: By
    names: tuple[str, ...]
    amounts: Mapping[Measure, Floats]  # as long as the names


def losses(found: Covered) -> Iterator[Loss]:
    """Yield them for every purpose and way of failing in which somebody alone sees anything."""
    told, areas, groups = list(measured(found)), list(found.tile.areas), found.tile.known.groups
    for purpose, sights in found.sights.items():
        if not sights.seen.size:
            continue
        everything = [_ground(found, sights), *told]
        for by, names in zip(groups.ways, groups.names, strict=True):
            owner = sights.owner(by)
            alone = {one.measure: _alone(one, owner, len(areas), len(names)) for one in everything}
            for place, area in enumerate(areas):
                who = np.flatnonzero(sum(amount[place] for amount in alone.values()))
                if len(who):
                    amounts = {measure: amount[place, who] for measure, amount in alone.items()}
                    own = tuple(names[one] for one in who)
                    yield Loss(area=area, purpose=purpose, by=by, names=own, amounts=amounts)


def _ground(found: Covered, sights: Sights) -> Told:
    """Return the open ground that somebody sees, cell by cell."""
    cells = seen_ground(found, sights)
    return Told(
        measure="ground_m2",
        area=found.area.ravel()[cells],
        amount=np.full(len(cells), found.cells.cell_m**2),
        seen_in=lambda mask: mask.ravel()[cells],
        owned_in=lambda owner: owner.ravel()[cells],
    )


def _alone(told: Told, owner: Owners, areas: int, groups: int) -> Floats:
    """Return how much of each area each group alone sees: areas x groups."""
    own = told.owned_in(owner).astype(np.int64)
    kept = np.flatnonzero((own != NOBODY) & (own != SHARED))
    key = told.area[kept].astype(np.int64) * groups + own[kept] - 1
    return np.bincount(key, told.amount[kept], minlength=areas * groups).reshape(areas, groups).astype(np.float64)
