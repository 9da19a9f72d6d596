"""What cameras are for, and how finely each asks to be seen: `data/purposes.json`, and IEC 62676-4's classes."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from layers.values import Title

if TYPE_CHECKING:
    from geo_server.planning.viewsheds.seen import Seen  # it brings numba

FILE = Path(__file__).parents[2] / "data" / "purposes.json"
AIM_UP_M = 1.5  # of what is looked for where a purpose does not tell: a person, as for who sees a place

# Pixels to a metre, from the coarsest: IEC 62676-4:2025, and the detect, observe, recognise, identify of 2014.
CLASSES_2025 = (20.0, 40.0, 80.0, 125.0, 250.0, 500.0, 1500.0)
CLASSES_2014 = (25.0, 62.5, 125.0, 250.0)
CLASSES: Mapping[str, Sequence[float]] = {"classes_2025": CLASSES_2025, "classes_2014": CLASSES_2014}


class Purpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object `object_m` wide has to be `object_px` wide in the picture, seen no steeper than `steepest_deg`.

    `above_m` is how high over the ground it is; `module` which cameras are hung for it (Almaty 213, art. 3). By night
    it asks for `night_lux`, or is seen wherever there is light.
    """

    title: Title
    about: Title
    article: str
    object_m: float
    object_px: float
    module: str
    steepest_deg: float = 90.0
    above_m: float = AIM_UP_M
    night_lux: float | None = None

    @property
    def density_px_m(self) -> float:
        """Return how many pixels to the metre that is."""
        return self.object_px / self.object_m

    def fit(self, seen: "Seen") -> "Seen":
        """Return what of the ground is seen well enough for it."""
        fine = seen.finer_than(self.density_px_m)
        if self.steepest_deg >= 90:
            return fine
        return fine.no_steeper(self.steepest_deg, self.above_m)


@cache
def purposes() -> dict[str, Purpose]:
    """Return all purposes by name, in the order of the file."""
    return msgspec.json.decode(FILE.read_bytes(), type=dict[str, Purpose])
