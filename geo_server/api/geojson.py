"""What OGC API – Features answers look like, for OpenAPI; the answers themselves are written straight from rows."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, Field
from starlette.responses import Response

from layers.features import Feature

Id = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


class Link(BaseModel):
    """A link as RFC 8288 means it."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Landing(BaseModel):
    """The way in."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """The conformance classes that are kept."""

    conformsTo: list[str]


class Spatial(BaseModel):
    """Boxes: west, south, east, north, degrees."""

    bbox: list[list[float]]
    crs: str


class Temporal(BaseModel):
    """Spans of time; null is open."""

    interval: list[list[str | None]]
    trs: str


class Extent(BaseModel):
    """How far a collection reaches."""

    spatial: Spatial
    temporal: Temporal


class Collection(BaseModel):
    """One layer as a collection."""

    id: str
    title: str
    description: str
    extent: Extent
    itemType: Literal["feature"]
    crs: list[str]
    storageCrs: str
    links: list[Link]


class Collections(BaseModel):
    """Every layer that the viewer sees."""

    links: list[Link]
    collections: list[Collection]


class GeoJSONFeature(BaseModel):
    """One feature (RFC 7946): lon, lat, WGS 84."""

    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] | None = None


class FeatureCollection(BaseModel):
    """One page of features."""

    type: Literal["FeatureCollection"]
    features: list[GeoJSONFeature]
    links: list[Link]
    timeStamp: str
    numberReturned: int
    numberMatched: int | None = None


class GeoJSONResponse(Response):
    """An answer of `application/geo+json`."""

    media_type = "application/geo+json"

    def render(self, content: Any) -> bytes:
        """Write the content; times as UTC with `Z`, NaN as null."""
        return to_json(content)


def to_json(content: Any) -> bytes:
    """Return compact JSON; times as UTC with `Z`, NaN as null."""
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def geojson(feature: Feature) -> dict[str, Any]:
    """Return the feature as `to_json` writes it; the geometry is the store's own text, not parsed again."""
    shape = None if feature.geometry is None else orjson.Fragment(feature.geometry)
    return {"type": "Feature", "id": feature.id, "geometry": shape, "properties": feature.properties}
