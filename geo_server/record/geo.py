"""The record on the map: GeoJSON (RFC 7946) and GeoParquet 1.1, lon lat degrees WGS 84 (OGC:CRS84)."""

import io
from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa
import shapely
from pyarrow import parquet

from geo_server.record import tables, words
from geo_server.record.schema import Language, Record
from layers.incidents.schema import Incident

_COLUMNS = {
    "id": pa.int64(), "number": pa.string(), "category": pa.string(), "priority": pa.int16(), "alarm": pa.int16(),
    "urgency": pa.string(), "state": pa.string(), "opened_at": pa.timestamp("us", "UTC"),
    "closed_at": pa.timestamp("us", "UTC"), "opened_by": pa.string(), "description": pa.string(),
    "address": pa.string(), "area_id": pa.int64(), "area": pa.string(),
}  # fmt: skip
_BOX = pa.struct([(side, pa.float64()) for side in ("xmin", "ymin", "xmax", "ymax")])


def record_geojson(record: Record, language: Language) -> bytes:
    """Return the incident, its events and the routes of its dispatches as one collection; `what` tells them apart."""
    one = record.incident
    found = [_feature("incident", one.id, _point(one.place.lon, one.place.lat), tables.row(one, language))]
    for event in record.events:
        told = {"kind": event.kind, "at": tables.stamp(event.at), "state": event.state.value, "source": event.source}
        found.append(_feature("event", event.id, _point(event.place.lon, event.place.lat), told))
    for sent in record.dispatches:
        line = {"type": "LineString", "coordinates": sent.route}
        told = {"unit": sent.unit.call_sign, "service": sent.unit.service.value, "status": sent.status.value}
        steps = [{"status": entry.status.value, "at": tables.stamp(entry.at)} for entry in sent.entries]
        found.append(_feature("dispatch", sent.id, line, {**told, "straight": sent.straight, "steps": steps}))
    return orjson.dumps({"type": "FeatureCollection", "features": found})


def incidents_geojson(incidents: Sequence[Incident], language: Language) -> bytes:
    """Return incidents as points."""
    found = [
        _feature("incident", one.id, _point(one.place.lon, one.place.lat), tables.row(one, language))
        for one in incidents
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": found})


def geoparquet(incidents: Sequence[Incident], language: Language) -> bytes:
    """Return incidents as GeoParquet 1.1: points as WKB, each with its box, by which readers skip what is far."""
    lon, lat = [one.place.lon for one in incidents], [one.place.lat for one in incidents]
    columns: dict[str, pa.Array] = {
        name: pa.array([_value(one, name, language) for one in incidents], kind) for name, kind in _COLUMNS.items()
    }
    points: list[bytes] = list(shapely.to_wkb(shapely.points(lon, lat))) if incidents else []
    columns["geometry"] = pa.array(points, pa.binary())
    sides = [pa.array(values, pa.float64()) for values in (lon, lat, lon, lat)]
    columns["bbox"] = pa.StructArray.from_arrays(sides, fields=list(_BOX))
    table = pa.table(columns).replace_schema_metadata({"geo": orjson.dumps(_about(lon, lat))})
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", row_group_size=50_000)
    return out.getvalue()


def _about(lon: Sequence[float], lat: Sequence[float]) -> dict[str, Any]:
    """Return the file's metadata (GeoParquet 1.1.0); without a `crs` it is OGC:CRS84."""
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}},
    }
    if lon:
        column["bbox"] = [min(lon), min(lat), max(lon), max(lat)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _value(one: Incident, name: str, language: Language) -> Any:
    match name:
        case "state":
            return one.state.value
        case "area_id":
            return one.area.id
        case "area":
            return words.title(one.area.name, language)
    return getattr(one, name)


def _feature(what: str, id: int, shape: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": f"{what}/{id}", "geometry": shape, "properties": {"what": what, **told}}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}
