"""How fast a crew drives beside the traffic: the blue-light profile of data/profiles.json."""

from functools import cache
from pathlib import Path

import msgspec

from layers.roads.classes import CLASSES
from layers.values import Service

DATA = Path(__file__).parents[2] / "data"


class BlueLight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Factors on the speed of traffic by class of road, and a cap in km/h; no one-way is driven against.

    It is driven by these services alone, to incidents up to that priority (1 is the most urgent).
    """

    source: str
    services: frozenset[Service]
    up_to_priority: int
    cap_kmh: float
    factors: dict[str, float]

    def __post_init__(self) -> None:
        """Raise ValueError where a class of road has no factor, or one that would make it slower."""
        if set(self.factors) != set(CLASSES) or min(self.factors.values()) < 1:
            raise ValueError("profiles.json: a factor of 1 or more for each class of road, and for no other")

    def drives(self, service: Service, priority: int) -> bool:
        """Say whether a unit of the service drives with blue light to an incident of that priority."""
        return service in self.services and priority <= self.up_to_priority


class Profiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every profile beside that of plain traffic."""

    blue_light: BlueLight


@cache
def profiles(folder: Path = DATA) -> Profiles:
    """Read them once; msgspec.ValidationError where the file is not as it should be."""
    return msgspec.json.decode((folder / "profiles.json").read_bytes(), type=Profiles)
