"""Places by what somebody types, and what stands at a place: the public ground, whole for every account."""

import math
from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models.geocoder import Around, FoundPlaces
from geo_server.errors import Refusal
from layers.geocoder import queries
from layers.geocoder.search import search
from layers.geocoder.spelling import LONGEST
from layers.values import LonLat

router = APIRouter(prefix="/geocode", tags=["geocoder"])

Typed = Annotated[
    str,
    Query(
        description="An address, a street, a crossing, a place, an area, a common name or coordinates, as typed so far,"
        f" {LONGEST} letters at most.",
        examples=["Абай – Достық"],
    ),
]
Near = Annotated[str | None, Query(description="`lon,lat`, degrees WGS 84: what is near stands first.", max_length=60)]
Limit = Annotated[int, Query(ge=1, le=50, description="Places at most")]
Longitude = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="Degrees WGS 84")]
Latitude = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="Degrees WGS 84")]


@router.get("")
async def find(
    visiting: Annotated[Visiting, permitted("geocoder.search")], q: Typed, near: Near = None, limit: Limit = 10
) -> FoundPlaces:
    """Return the places that a text may mean, the likeliest first; an empty list where nothing is like it.

    Any of the three languages, Latin letters, slips of the pen, abbreviations and the other keyboard layout are read.
    What lies in the viewer's area and what is near to `near` stand first; nothing is hidden.
    """
    if len(q) > LONGEST:
        raise Refusal("search_too_long", most=LONGEST)
    here = _near(near)
    async with visiting.visit() as session:
        found = await search(session, visiting.viewer, q, near=here, limit=limit)
    return FoundPlaces.model_validate({"found": found})


@router.get("/reverse")
async def look_around(
    visiting: Annotated[Visiting, permitted("geocoder.reverse")], lon: Longitude, lat: Latitude
) -> Around:
    """Return the address, the street and the crossing nearest to a place, with metres over the ground."""
    async with visiting.visit() as session:
        return Around.model_validate(await queries.around(session, LonLat(lon=lon, lat=lat)))


def _near(text: str | None) -> LonLat | None:
    if text is None:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Refusal("bad_near") from error
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refusal("bad_near")
    return LonLat(lon=lon, lat=lat)
