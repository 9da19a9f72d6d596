"""What on the ground it matters to see: streets, past incidents, accidents, crowded places, schools and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo_server.planning.weighing.lixels import Lixels
from geo_server.planning.weighing.spreading import reached
from geo_server.planning.weighing.worth import accidents

Floats = NDArray[np.float64]
Thing = Literal["incidents", "accidents", "places", "schools", "addresses"]
Class = tuple[str, int]  # of an incident: its category, and the hour of day that it was opened at
THINGS: tuple[Thing, ...] = get_args(Thing)
NEAR_M: Mapping[Thing, float] = {  # seen, where ground so near is
    "incidents": 10, "accidents": 10, "places": 20, "schools": 50, "addresses": 20,
}  # fmt: skip
PIECE_M = 5.0
OFF_STREET_M = 50.0  # what happened further from any street weighs nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Things:
    """Middles of short pieces of street, n x 2 metres, and their lengths; and the places of the rest.

    `expected` tells how much of each of `classes` a piece has, n x classes: as much as happened, spread along the
    streets around. `crowds` are the kinds of the crowded places.
    """

    street_m: Floats
    length_m: Floats
    expected: csr_array
    classes: tuple[Class, ...]
    places_m: Mapping[Thing, Floats]
    crowds: tuple[str, ...]

    @classmethod
    def of(
        cls,
        streets: NDArray[np.object_],
        places_m: Mapping[Thing, Floats],
        happened: Sequence[Class] = (),
        crowds: Sequence[str] = (),
    ) -> Self:
        """Take lines and places in metres, with the class of each incident and the kind of each crowded place."""
        lixels = Lixels.of(streets, PIECE_M)
        told = happened or [("other", 0)] * len(places_m["incidents"])
        classes = tuple(sorted(set(told)))
        accident = np.array([category in accidents() for category, _ in told], np.bool_)
        return cls(
            street_m=lixels.middle_m,
            length_m=lixels.length_m,
            expected=_expected(lixels, places_m["incidents"], told, classes),
            classes=classes,
            places_m={**places_m, "accidents": places_m["incidents"][accident]},
            crowds=tuple(crowds) or ("other",) * len(places_m["places"]),
        )

    @classmethod
    def none(cls) -> Self:
        """Return a ground with nothing on it."""
        return cls.of(np.empty(0, object), dict.fromkeys(THINGS, np.empty((0, 2))))


def _expected(lixels: Lixels, places_m: Floats, told: Sequence[Class], classes: Sequence[Class]) -> csr_array:
    """Return how much of each class each piece of street has."""
    piece = lixels.nearest(places_m, OFF_STREET_M)
    on = np.flatnonzero(piece >= 0)
    sources, source = np.unique(piece[on], return_inverse=True)
    number = {one: at for at, one in enumerate(classes)}
    kind = np.array([number[told[at]] for at in on.tolist()], np.int64)
    counts = csr_array((np.ones(len(on)), (source, kind)), shape=(len(sources), len(classes)))
    return csr_array(reached(lixels, sources) @ counts)
