"""OGC API – Features: one factory for every layer, so that QGIS and GDAL read what the map shows."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Table
from starlette.responses import Response

from geo_server.access.visiting import Visiting, named, permitted
from geo_server.api.asked import bbox_of, check_crs, only, span_of
from geo_server.api.geojson import (
    CRS84,
    Collection,
    Collections,
    Conformance,
    FeatureCollection,
    GeoJSONFeature,
    GeoJSONResponse,
    Landing,
    geojson,
    to_json,
)
from geo_server.errors import Refusal
from layers import features
from layers.database import Session
from layers.layer import Layer
from layers.viewer import Sight, Viewer, sight

JSON, GEOJSON, OPENAPI = "application/json", "application/geo+json", "application/vnd.oai.openapi+json;version=3.1"
CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
CONTENT_CRS = {"Content-Crs": f"<{CRS84}>"}  # OGC API – Features, part 2, 6.2.3
_EXTENT_KEPT_S = 60.0

LayerName = Annotated[str, Path(description="A layer of the map, such as `incidents`.", max_length=63)]
Crs = Annotated[str | None, Query(description="The coordinates of the answer: CRS84 alone.", max_length=200)]
BoxCrs = Annotated[
    str | None, Query(alias="bbox-crs", description="The coordinates of `bbox`: CRS84 alone.", max_length=200)
]
FeatureId = Annotated[int, Path(ge=-(2**63), le=2**63 - 1)]


def features_router(layers: Iterable[Layer]) -> APIRouter:
    """Return the routes under `/api` that serve all these layers."""
    by_name = {layer.name: layer for layer in layers}
    extents: dict[tuple[str, Sight], tuple[float, dict[str, Any]]] = {}
    router = APIRouter(tags=["features"])

    def seen(name: str, viewer: Viewer) -> Layer:
        layer = by_name.get(name)
        if layer is None or not features.may_see(layer, viewer):
            raise Refusal("no_such_layer", name=name)
        return layer

    async def told(session: Session, layer: Layer, viewer: Viewer, base: str) -> dict[str, Any]:
        key = (layer.name, sight(viewer))
        kept = extents.get(key)
        if kept is None or kept[0] < time.monotonic():
            extents[key] = kept = (time.monotonic() + _EXTENT_KEPT_S, await _extent(session, layer, viewer, by_name))
        return _collection(layer, kept[1], base)

    @router.get("", response_model=Landing, dependencies=[Depends(only("f")), named("api.describe")])
    async def landing(request: Request) -> Response:
        """Say what is here, with links to all of it."""
        base = _base(request)
        links = [
            _link(f"{base}", "self", JSON, "this document"),
            _link(f"{base}/openapi.json", "service-desc", OPENAPI, "the API's definition"),
            _link(f"{base}/conformance", "conformance", JSON, "conformance classes"),
            _link(f"{base}/collections", "data", JSON, "the layers"),
        ]
        about = "Cameras, events, incidents and units on one map: every layer as features."
        return _json({"title": "Qyran", "description": about, "links": links})

    @router.get("/conformance", response_model=Conformance, dependencies=[Depends(only("f")), named("api.describe")])
    async def conformance() -> Response:
        """List the conformance classes."""
        return _json({"conformsTo": CONFORMS_TO})

    @router.get("/collections", response_model=Collections, dependencies=[Depends(only("f"))])
    async def collections(request: Request, visiting: Annotated[Visiting, permitted("collections.read")]) -> Response:
        """List every layer the viewer's role sees."""
        base, viewer = _base(request), visiting.viewer
        async with visiting.visit() as session:
            shown = [layer for layer in by_name.values() if features.may_see(layer, viewer)]
            found = [await told(session, layer, viewer, base) for layer in shown]
        return _json({"links": [_link(f"{base}/collections", "self", JSON)], "collections": found})

    @router.get("/collections/{layer}", response_model=Collection, dependencies=[Depends(only("f"))])
    async def collection(
        layer: LayerName, request: Request, visiting: Annotated[Visiting, permitted("collections.read")]
    ) -> Response:
        """Describe one layer."""
        viewer = visiting.viewer
        async with visiting.visit() as session:
            return _json(await told(session, seen(layer, viewer), viewer, _base(request)))

    @router.get(
        "/collections/{layer}/items",
        response_model=FeatureCollection,
        response_class=GeoJSONResponse,
        dependencies=[Depends(only("bbox", "bbox-crs", "crs", "datetime", "limit", "after", "current", "f"))],
    )
    async def items(
        layer: LayerName,
        request: Request,
        visiting: Annotated[Visiting, permitted("features.read")],
        bbox: Annotated[str | None, Query(description="west,south,east,north in degrees", max_length=200)] = None,
        datetime: Annotated[str | None, Query(description="An RFC 3339 instant or interval", max_length=100)] = None,
        limit: Annotated[int, Query(ge=1, description="Features in a page; 10,000 at most")] = 100,
        after: Annotated[int | None, Query(ge=-(2**63), le=2**63 - 1, description="Only ids after this")] = None,
        current: Annotated[bool, Query(description="Only what the map draws now, without what has ended")] = False,
        crs: Crs = None,
        box_crs: BoxCrs = None,
    ) -> Response:
        """Return a page of features in the order of their ids; `next` links to the page after it."""
        check_crs(crs, box_crs)
        viewer = visiting.viewer
        of, (begins, ends) = seen(layer, viewer), span_of(datetime)
        wanted = {"bbox": bbox_of(bbox), "begins": begins, "ends": ends, "current": current}
        asked = features.Asked(after=after, limit=limit, **wanted)  # type: ignore[arg-type]
        async with visiting.of_layer(of).visit(layer) as session:
            page = await features.page(session, of, viewer, asked)
            matched = await features.count(session, of, viewer, features.Asked(**wanted))  # type: ignore[arg-type]
            visiting.say(details={"returned": len(page.features)} | ({"bbox": bbox} if bbox else {}))
        return _items(request, layer, page, matched)

    @router.get(
        "/collections/{layer}/items/{feature_id}",
        response_model=GeoJSONFeature,
        response_class=GeoJSONResponse,
        dependencies=[Depends(only("crs", "f"))],
    )
    async def item(
        layer: LayerName,
        feature_id: FeatureId,
        request: Request,
        visiting: Annotated[Visiting, permitted("features.read")],
        crs: Crs = None,
    ) -> Response:
        """Return one feature."""
        check_crs(crs)
        viewer = visiting.viewer
        of = seen(layer, viewer)
        async with visiting.of_layer(of).visit(layer, feature_id) as session:
            feature = await features.one(session, of, viewer, feature_id)
            if feature is None:
                raise Refusal("no_such_feature", layer=layer, id=feature_id)
        here = f"{_base(request)}/collections/{layer}"
        links = [_link(f"{here}/items/{feature_id}", "self", GEOJSON), _link(here, "collection", JSON)]
        return GeoJSONResponse(geojson(feature) | {"links": links}, headers=CONTENT_CRS)

    return router


def _items(request: Request, layer: str, page: features.Page, matched: int | None) -> Response:
    here = f"{_base(request)}/collections/{layer}"
    query = dict(request.query_params)
    links = [
        _link(f"{here}/items" + (f"?{urlencode(query)}" if query else ""), "self", GEOJSON),
        _link(here, "collection", JSON),
    ]
    if page.next is not None:
        links.append(_link(f"{here}/items?{urlencode(query | {'after': str(page.next)})}", "next", GEOJSON))
    told = {
        "type": "FeatureCollection",
        "features": [geojson(feature) for feature in page.features],
        "links": links,
        "timeStamp": _now(),
        "numberReturned": len(page.features),
    }
    return GeoJSONResponse(told if matched is None else told | {"numberMatched": matched}, headers=CONTENT_CRS)


async def _extent(session: Session, layer: Layer, viewer: Viewer, by_name: dict[str, Layer]) -> dict[str, Any]:
    """Tell how far the layer reaches. One that is a query, not a table, is too dear to measure: its area covers it."""
    measured = isinstance(layer.rows, Table)
    box = await features.extent(session, layer if measured else by_name["areas"], viewer)
    span = await features.span(session, layer, viewer) if measured else None
    corners = [-180.0, -90.0, 180.0, 90.0] if box is None else [box.west, box.south, box.east, box.north]
    return {
        "spatial": {"bbox": [corners], "crs": CRS84},
        "temporal": {
            "interval": [[None if span is None else _utc(span[0]), None]],  # what lives has no end
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        },
    }


def _collection(layer: Layer, extent: dict[str, Any], base: str) -> dict[str, Any]:
    here = f"{base}/collections/{layer.name}"
    return {
        "id": layer.name,
        "title": layer.title.en,
        "description": layer.about.en,
        "extent": extent,
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [_link(here, "self", JSON), _link(f"{here}/items", "items", GEOJSON, layer.title.en)],
    }


def _link(href: str, rel: str, kind: str, title: str | None = None) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind} | ({} if title is None else {"title": title})


def _json(content: Any) -> Response:
    return Response(to_json(content), media_type=JSON)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/api"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _now() -> str:
    return _utc(datetime.now(UTC))
