"""What a planner asks: cameras for a purpose, for so much money, so many of them, or until so much is seen."""

from typing import Literal

import msgspec

from geo_server.planning.placement.kinds import SOURCES, Kind, Source

Aim = Literal["budget", "number", "cover"]


class Worth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What seeing counts, in incidents: one that happened and is to be expected again; the rest beside it."""

    incident: float = 1.0
    accident: float = 1.0  # beside that it is an incident
    street_km: float = 2.0
    place: float = 3.0
    school: float = 5.0
    address: float = 0.05


class Demand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place that somebody wants to be seen, degrees WGS 84, and what that counts."""

    lon: float
    lat: float
    weight: float


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`amount` is money, a number of cameras, or the share of what counts that is to be seen (0 to 1).

    `mounts` are prices of what cameras hang on; posts stand `step_m` apart.
    """

    purpose: str
    aim: Aim
    amount: float
    kinds: tuple[Kind, ...]
    mounts: dict[Source, float]
    currency: str
    sources: tuple[Source, ...] = SOURCES
    step_m: float = 40.0
    worth: Worth = Worth()
    demands: tuple[Demand, ...] = ()
