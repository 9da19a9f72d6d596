"""Which categories one and the same thing is reported as, and how far apart two reports of it may lie."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from geo_server.operations.catalogue import DATA, Catalogue
from geo_server.operations.checking import OTHER

_ANY = "any"  # the reach of a category that no group or line of the file knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far apart in metres and seconds two reports of one thing may lie."""

    radius_m: float
    seconds: float


class _Reach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    radius_m: float
    minutes: float

    def value(self) -> Reach:
        return Reach(radius_m=self.radius_m, seconds=self.minutes * 60)


class Kinship(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/likeness.json: reaches by group and by category, families across groups, and who stands alone in a group."""

    reach: dict[str, _Reach]
    reach_of_category: dict[str, _Reach]
    families: tuple[frozenset[str], ...]
    alone: frozenset[str]


@cache
def kinship(folder: Path = DATA) -> Kinship:
    """Read the file once; raises msgspec.ValidationError where it is wrong."""
    return msgspec.json.decode((folder / "likeness.json").read_bytes(), type=Kinship)


def alike(known: Catalogue, one: str, other: str) -> bool:
    """Say whether two categories may be the same thing seen twice: of one group, of one family, or `other`.

    A category that an administrator added fits its group; one that is no longer kept fits itself and `other`.
    """
    if one == other or OTHER in (one, other):
        return True
    kin = kinship()
    if any({one, other} <= family for family in kin.families):
        return True
    return not {one, other} & kin.alone and _group(known, one) == _group(known, other) is not None


def reach_of(known: Catalogue, category: str | None) -> Reach:
    """Return how far around an incident of the category another report may speak of it."""
    kin = kinship()
    named = kin.reach_of_category.get(category or OTHER)
    return (named or kin.reach.get(_group(known, category or OTHER) or _ANY, kin.reach[_ANY])).value()


def furthest_m(known: Catalogue, category: str) -> float:
    """Return how far off, metres, an open incident may be that a report of the category speaks of."""
    kin = [name for name in known.categories if alike(known, category, name)]
    return max(reach_of(known, name).radius_m for name in (category, OTHER, *kin))


def widest() -> Reach:
    """Return the reach that no category's goes beyond."""
    kin = kinship()
    every = [row.value() for row in (*kin.reach.values(), *kin.reach_of_category.values())]
    return Reach(radius_m=max(row.radius_m for row in every), seconds=max(row.seconds for row in every))


def _group(known: Catalogue, category: str) -> str | None:
    row = known.categories.get(category)
    return None if row is None else row.group
