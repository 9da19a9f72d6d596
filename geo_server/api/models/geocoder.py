"""The shapes of a search for places and of a look around one."""

from typing import Literal

from pydantic import Field

from geo_server.api.models.base import Area, Metres, Place, Sent, Title

Kind = Literal["address", "street", "crossing", "place", "area", "common_name", "coordinates"]


class Extent(Sent):
    """The box of what is wider than a point, degrees WGS 84."""

    west: float
    south: float
    east: float
    north: float


class FoundPlace(Sent):
    """One place that the text may mean."""

    kind: Kind
    title: Title
    detail: Title = Field(description="The street of a common name, then the areas from the nearest upwards.")
    place: Place
    extent: Extent | None = Field(description="Of a street or an area; null where a point says it all.")
    score: float = Field(ge=0, le=1, description="How well it fits, 1 the best.")
    area: Area | None = Field(description="The area it lies in; null where no area is.")
    address_id: int | None = Field(description="The address, of an address, a common name or a place that has one.")


class FoundPlaces(Sent):
    """The places that the text may mean, the likeliest first."""

    found: list[FoundPlace]


class NearbyPlace(Sent):
    """Something near a place."""

    title: Title
    place: Place = Field(description="Where of it is nearest.")
    away_m: Metres
    address_id: int | None
    common_name: str | None


class Around(Sent):
    """What stands nearest to a place, each within a kilometre or null."""

    address: NearbyPlace | None
    street: NearbyPlace | None
    crossing: NearbyPlace | None
