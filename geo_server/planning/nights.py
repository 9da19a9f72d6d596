"""What cameras see by night: as far as their infrared light reaches, or where the street is lit; unknown stays unknown.

What nobody knows is never counted as seen by night (Almaty 213, art. 12.9, 12.10, 13.6, 13.7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from geo_server.planning.purposes import Purpose

Floats = NDArray[np.float64]
FACTS = ("lit_at_night", "light_lux", "infrared", "infrared_m")  # of a camera, as data/camera_rules.json names them


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lights:
    """What is known of the light of n cameras, NaN where it is not: 1 for yes and 0 for no, lux, metres."""

    lit_at_night: Floats
    light_lux: Floats
    infrared: Floats
    infrared_m: Floats

    @classmethod
    def of(cls, facts: Sequence[Mapping[str, Any]]) -> Self:
        """Take the facts that the register holds of each camera; what is no number is not known."""
        known = {name: np.full(len(facts), np.nan) for name in FACTS}
        for camera, own in enumerate(facts):
            for name in own.keys() & known.keys():
                known[name][camera] = _number(own[name])
        return cls(**known)

    def only(self, rows: NDArray[np.int64]) -> "Lights":
        """Return those of some cameras."""
        return Lights(**{name: getattr(self, name)[rows] for name in FACTS})

    def reach_m(self, purpose: Purpose) -> tuple[Floats, Floats]:
        """Return how far along the ground each camera sees by night for sure, and how far it may."""
        lit = self._lit(purpose.night_lux)
        own = np.where(self.infrared == 0, 0.0, np.where(self.infrared == 1, self.infrared_m, np.nan))
        sure = np.where(lit == 1, np.inf, np.nan_to_num(own, nan=0.0))
        return sure, np.where((lit == 1) | (lit == 0) & ~np.isnan(own), sure, np.inf)

    def _lit(self, asked_lux: float | None) -> Floats:
        """Return whether there is light enough: a purpose that asks for no figure takes the register's word."""
        if asked_lux is None:
            return self.lit_at_night
        measured = np.where(self.light_lux >= asked_lux, 1.0, 0.0)
        return np.where(np.isnan(self.light_lux), np.where(self.lit_at_night == 0, 0.0, np.nan), measured)


def _number(told: Any) -> float:
    return float(told) if isinstance(told, (int, float)) else np.nan
