"""Cameras around an incident and around any place: which of them see it, and why the others do not."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import Id
from geo_server.api.models.cameras import CamerasNear, CamerasSeeing, NearCamera
from geo_server.errors import Refusal
from geo_server.operations.planning_ahead import of_incident
from layers.cameras import sight_queries
from layers.cameras.layer import LAYER
from layers.cameras.sight import Sighting
from layers.features import may_see
from layers.incidents import queries as incidents
from layers.values import LonLat

router = APIRouter(tags=["cameras"])
_Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, examples=[76.945], description="degrees WGS 84")]
_Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, examples=[43.238], description="degrees WGS 84")]


@router.get("/incidents/{id}/cameras", tags=["incidents"])
async def of_one(id: Id, visiting: Annotated[Visiting, permitted("incidents.cameras")]) -> CamerasNear:
    """Return the cameras within the radius of an incident's plan, who sees it best first; to some roles none."""
    viewer = visiting.viewer
    async with visiting.visit("incidents", id) as session:
        incident = await incidents.find(session, viewer, id)
        if incident is None:
            raise Refusal("no_such_incident", id=id)
        radius_m = (await of_incident(session, viewer, incident)).cameras_radius_m
        seen = may_see(LAYER, viewer) and radius_m > 0
        found = await sight_queries.near(session, viewer, incident.place, radius_m=radius_m) if seen else []
    return CamerasNear(radius_m=radius_m, cameras=[_near(one) for one in found])


@router.get("/cameras/seeing", dependencies=[Depends(only("lon", "lat"))])
async def seeing(lon: _Lon, lat: _Lat, visiting: Annotated[Visiting, permitted("cameras.seeing")]) -> CamerasSeeing:
    """Return the cameras that reach a place by their range, who sees it now best first."""
    async with visiting.visit("cameras") as session:
        found = await sight_queries.seeing(session, visiting.viewer, LonLat(lon=lon, lat=lat))
    return CamerasSeeing(cameras=[_near(one) for one in found])


def _near(one: Sighting) -> NearCamera:
    watcher = one.watcher
    plain = ("id", "code", "name", "kind", "place", "distance_m", "state", "enabled", "moving")
    told = {name: getattr(watcher, name) for name in plain}
    seen = {name: getattr(one, name) for name in ("sight", "px_per_m", "preset", "blocked_m")}
    return NearCamera.model_validate(
        {**told, "heading_deg": None if watcher.turned else watcher.view.heading_deg, **seen}, from_attributes=True
    )
