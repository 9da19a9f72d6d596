"""Forbidden zones: ground that no camera may look into, or of which it has to mask what it sees."""

from typing import Annotated, Any

import orjson
import shapely
from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import placements as models
from geo_server.api.models.base import Id
from geo_server.errors import Refusal
from geo_server.planning.placement import queries
from geo_server.planning.placement.drawing import drawn
from geo_server.planning.placement.schema import Zone
from layers.areas import queries as areas
from layers.database import Session
from layers.values import LonLat
from layers.viewer import Viewer

router = APIRouter(tags=["placement"])


@router.get("/forbidden-zones")
async def listed(visiting: Annotated[Visiting, permitted("forbidden_zones.read")]) -> models.ForbiddenZones:
    """Return the forbidden zones of the area entered and below."""
    async with visiting.visit() as session:
        found = await queries.zones(session, visiting.viewer)
    return models.ForbiddenZones(zones=[_told(one) for one in found])


@router.post("/forbidden-zones", status_code=status.HTTP_201_CREATED)
async def draw(
    new: models.NewForbiddenZone, visiting: Annotated[Visiting, permitted("forbidden_zones.write")]
) -> models.ForbiddenZone:
    """Forbid a zone: plans that are reckoned from then on keep to it."""
    async with visiting.visit("forbidden_zones") as session:
        shape = await _shape(session, visiting.viewer, new)
        zone_id = await queries.draw_zone(session, visiting.viewer, new.name, new.rule, shape)
        visiting.say(about=("forbidden_zones", zone_id), details={"name": new.name, "rule": new.rule})
        return _told(await _zone(session, visiting.viewer, zone_id))


@router.put("/forbidden-zones/{id}")
async def change(
    id: Id, new: models.NewForbiddenZone, visiting: Annotated[Visiting, permitted("forbidden_zones.write")]
) -> models.ForbiddenZone:
    """Change a forbidden zone: its name, its rule, its shape."""
    async with visiting.visit("forbidden_zones", id) as session:
        await _zone(session, visiting.viewer, id)
        shape = await _shape(session, visiting.viewer, new)
        await queries.change_zone(session, id, new.name, new.rule, shape)
        return _told(await _zone(session, visiting.viewer, id))


@router.delete("/forbidden-zones/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(id: Id, visiting: Annotated[Visiting, permitted("forbidden_zones.write")]) -> None:
    """Take a forbidden zone away."""
    async with visiting.visit("forbidden_zones", id) as session:
        await _zone(session, visiting.viewer, id)
        await queries.remove_zone(session, id)


async def _shape(session: Session, viewer: Viewer, new: models.NewForbiddenZone) -> bytes:
    """Return the shape as WKB; raises Refusal where it is none, or lies elsewhere than in the viewer's area."""
    wkb = drawn(new.shape.coordinates)
    middle = shapely.centroid(shapely.from_wkb(wkb))
    if not await areas.reaches(session, viewer, LonLat(lon=middle.x, lat=middle.y)):
        raise Refusal("no_ground_there")
    return wkb


async def _zone(session: Session, viewer: Viewer, id: int) -> Zone:
    found = await queries.zone(session, viewer, id)
    if found is None:
        raise Refusal("no_such_forbidden_zone", id=id)
    return found


def _told(zone: Zone) -> models.ForbiddenZone:
    shape: dict[str, Any] = orjson.loads(shapely.to_geojson(shapely.from_wkb(zone.wkb)))
    plain = {name: getattr(zone, name) for name in ("id", "name", "rule", "area_id", "made_by", "made_at")}
    return models.ForbiddenZone(shape=shape, **plain)
