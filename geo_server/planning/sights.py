"""Who sees a tile for a purpose, cell by cell: how many, which group alone, the state's own, and by night."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.failing import BY, By, Groups
from geo_server.planning.nights import Lights
from geo_server.planning.owners import SHARED, Owners
from geo_server.planning.purposes import Purpose
from geo_server.planning.rasters import Raster
from geo_server.planning.viewsheds.seen import Seen

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What is known of n cameras beside how they look: who owns them, with what they fail, what they have by night."""

    private: Flags
    groups: Groups
    lights: Lights

    @classmethod
    def by_id(cls, cameras: NDArray[np.int64]) -> Self:
        """Return what is known of the state's cameras of which nothing else is: each fails by itself."""
        names = [str(one) for one in cameras.tolist()]
        groups = Groups.of([names, *([None] * len(names) for _ in BY[1:])])
        return cls(private=np.zeros(len(names), np.bool_), groups=groups, lights=Lights.of([{}] * len(names)))

    def only(self, rows: NDArray[np.int64]) -> "Known":
        """Return it of some cameras, in that order."""
        return Known(private=self.private[rows], groups=self.groups.only(rows), lights=self.lights.only(rows))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sights:
    """All who see, how many of them are the state's, and which groups see alone, by `ways` of failing.

    `night` is what is seen by night for sure, `night_unknown` what may be: by a camera whose light nobody knows.
    """

    all: Raster
    day: Flags  # what anybody sees
    twice: Flags  # two cameras or more: two presets of one are one
    seen: NDArray[np.int64]  # the numbers of the cells that anybody sees
    public: NDArray[np.uint16]
    night: Flags
    night_unknown: Flags
    ways: tuple[By, ...]

    def owner(self, by: By) -> Owners:
        """Return the number of the group that alone sees a cell."""
        owners: Owners = self.all.owner[self.ways.index(by)]
        return owners


def sights(seen: Seen, purpose: Purpose, known: Known, bare: Callable[[int], Raster]) -> Sights:
    """Return who sees what of a purpose; `known` is a row a view, `bare` makes a raster for so many ways of failing."""
    fit = purpose.fit(seen)
    raster = bare(len(known.groups.ways))
    raster.add(fit, known.groups.number)
    day: Flags = raster.count > 0
    night, unknown = _by_night(fit, *known.lights.reach_m(purpose), day, bare)
    public = _counted(fit.only(np.flatnonzero(~known.private)), bare) if known.private.any() else raster.count
    cells = np.flatnonzero(day)
    return Sights(
        all=raster,
        day=day,
        twice=_shared(raster.owner[known.groups.ways.index("camera")], cells),
        seen=cells,
        public=public,
        night=night,
        night_unknown=unknown,
        ways=known.groups.ways,
    )


def _by_night(
    seen: Seen, sure_m: Floats, maybe_m: Floats, by_day: Flags, bare: Callable[[int], Raster]
) -> tuple[Flags, Flags]:
    """Return what is seen by night for sure, and what else may be; where no light is known nothing is reckoned anew."""
    none = np.zeros_like(by_day)
    sure, unsure = np.flatnonzero(sure_m > 0), np.flatnonzero(maybe_m > sure_m)
    night = _counted(seen.only(sure).nearer_than(sure_m[sure]), bare) > 0 if len(sure) else none
    if not len(unsure):
        return night, none
    maybe = by_day if len(unsure) == len(sure_m) else _counted(seen.only(unsure), bare) > 0
    return night, maybe & ~night


def _shared(owner: Owners, cells: NDArray[np.int64]) -> Flags:
    """Return the cells that more than one group sees; only those that anybody sees are looked at."""
    found = np.zeros(owner.shape, np.bool_)
    found.ravel()[cells] = owner.ravel()[cells] == SHARED
    return found


def _counted(seen: Seen, bare: Callable[[int], Raster]) -> NDArray[np.uint16]:
    raster = bare(0)
    raster.add(seen)
    return raster.count
