"""Changes of the tree; each is one transaction, keeps the shape that was, and takes the rows along (decision 10)."""

import json
from typing import Any

from geo_server.audit import record
from geo_server.audit.schema import Entry
from layers.areas import queries as areas
from layers.areas.schema import Area
from layers.database import Session
from layers.values import Title

BY = "./qyran areas"


class TreeTrouble(Exception):
    """A change that cannot be, said in one sentence."""


async def set_border(session: Session, code: str, geojson: str) -> Area:
    """Give an area the border of a GeoJSON Polygon or MultiPolygon, lon lat degrees, or of a Feature or collection.

    Raises TreeTrouble where the area or the shape is none, or where the shape reaches beyond the area above it.
    """
    area = await _open(session, code)
    shapes = _shapes(geojson)
    beyond_m2 = await areas.set_border(session, area.id, shapes)
    if beyond_m2 is None:
        raise TreeTrouble("The file holds no polygon on the globe.")
    if beyond_m2 > 1e6:  # a square kilometre: coarser sources than ours disagree by less
        raise TreeTrouble(f"The border would reach {beyond_m2 / 1e6:.0f} km² beyond the area above {code}.")
    return await _told(session, "areas.border", area)


async def rename(session: Session, code: str, name: Title) -> Area:
    """Give an area another name; the old one stays in its history. Raises TreeTrouble where there is no such area."""
    area = await _open(session, code)
    await areas.rename(session, area.id, name)
    return await _told(session, "areas.rename", area, {"kk": name.kk, "ru": name.ru, "en": name.en})


async def close(session: Session, code: str, into: str) -> Area:
    """Merge an area into another of its level: ground, rows and what stood below it go there; accounts do not.

    Who answered for the closed one is refused from now on, until an administrator gives them another area.
    Raises TreeTrouble where one of them is not there, they are the same, or not of one level.
    """
    area, heir = await _open(session, code), await _open(session, into)
    if area.id == heir.id or area.level != heir.level:
        raise TreeTrouble(f"An area merges into another one of its level, and {into} is not that.")
    await areas.merge(session, area.id, heir.id)
    return await _told(session, "areas.close", area, {"into": into})


async def _open(session: Session, code: str) -> Area:
    area = await areas.by_code(session, code)
    if area is None or area.closed_at is not None:
        raise TreeTrouble(f"There is no area {code}.")
    return area


async def _told(session: Session, operation: str, area: Area, details: dict[str, Any] | None = None) -> Area:
    told = {"code": area.code} | (details or {})
    entry = Entry(operation=operation, who=BY, layer="areas", object_id=area.id, area_id=area.id, details=told)
    await record.write(session, entry)
    return area


def _shapes(geojson: str) -> list[str]:
    """Return the geometries of a GeoJSON text as texts; empty where it holds none."""
    try:
        read = json.loads(geojson)
    except ValueError:
        raise TreeTrouble("The file is no GeoJSON.") from None
    members = read.get("features", [read]) if isinstance(read, dict) else []
    shapes = [one.get("geometry", one) if isinstance(one, dict) else None for one in members]
    return [json.dumps(shape) for shape in shapes if isinstance(shape, dict) and "Polygon" in str(shape.get("type"))]
