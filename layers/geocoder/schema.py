"""What a search and a look around hand on."""

from dataclasses import dataclass
from typing import Literal

from layers.values import BBox, LonLat, Title

Kind = Literal["address", "street", "crossing", "place", "area", "common_name", "coordinates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArea:
    """The area that something found lies in."""

    id: int
    name: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One place that a query may mean; `score` between 0 and 1, the best first.

    `extent` is what of it is wider than a point: a street, an area. `detail` says the street of a common name, then
    the areas from the nearest upwards. Without `area` it lies where no area is.
    """

    kind: Kind
    title: Title
    detail: Title
    place: LonLat
    score: float
    extent: BBox | None = None
    area: FoundArea | None = None
    address_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """Something near a place, and how many metres away over the ground."""

    kind: Kind
    title: Title
    place: LonLat
    away_m: float
    address_id: int | None = None
    common_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands nearest to a place: each None where there is none within reach."""

    address: Nearby | None
    street: Nearby | None
    crossing: Nearby | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question to the store: one of the readings of a query as tsqueries; `crossing` None where none can be meant."""

    names: str
    crossing: str | None
    letters: int
    house: str | None
    kind: str | None
    corner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A row that the store found, not yet titled: its source's ids, and how well it fits."""

    kind: Kind
    title: Title
    house: str | None
    common_name: str | None
    street: Title | None
    place: LonLat
    extent: BBox | None
    score: float
    area_id: int | None
    address_id: int | None
