"""What on the ground it matters to see: streets, past incidents, crowded places, schools and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.weighing.lixels import Lixels
from geo_server.planning.weighing.spreading import spread

Floats = NDArray[np.float64]
Thing = Literal["incidents", "places", "schools", "addresses"]
THINGS: tuple[Thing, ...] = get_args(Thing)
NEAR_M: Mapping[Thing, float] = {"incidents": 10, "places": 20, "schools": 50, "addresses": 20}  # seen, if that is
WORTH: Mapping[Thing, float] = {"places": 3, "schools": 5}  # incidents that one counts as much as
PIECE_M = 5.0
OFF_STREET_M = 50.0  # what happened further from any street weighs nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Things:
    """Middles of short pieces of street, n x 2 metres, their lengths and weights; and the places of the rest.

    A street weighs as much as happened there, spread along the streets around.
    """

    street_m: Floats
    length_m: Floats
    weight: Floats
    places_m: Mapping[Thing, Floats]

    @classmethod
    def of(cls, streets: NDArray[np.object_], places_m: Mapping[Thing, Floats]) -> Self:
        """Take lines and places in metres."""
        lixels = Lixels.of(streets, PIECE_M)
        happened = np.zeros(len(lixels))
        found = lixels.nearest(places_m["incidents"], OFF_STREET_M)
        np.add.at(happened, found[found >= 0], 1.0)
        weight = spread(lixels, happened) * lixels.length_m
        return cls(street_m=lixels.middle_m, length_m=lixels.length_m, weight=weight, places_m=places_m)

    @classmethod
    def none(cls) -> Self:
        """Return a ground with nothing on it."""
        return cls.of(np.empty(0, object), dict.fromkeys(THINGS, np.empty((0, 2))))
