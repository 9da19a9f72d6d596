"""Cameras around an incident: how far its plan looks for them, and which ones stand there."""

from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models.cameras import CamerasNear, NearCamera
from geo_server.errors import Refusal
from geo_server.operations.planning_ahead import of_incident
from layers.cameras import queries as cameras
from layers.cameras.layer import LAYER
from layers.features import may_see
from layers.incidents import queries as incidents

router = APIRouter(tags=["incidents"])


@router.get("/incidents/{id}/cameras")
async def of_one(id: Id, visiting: Annotated[Visiting, permitted("incidents.cameras")]) -> CamerasNear:
    """Return the cameras within the radius of an incident's plan, nearest first; to some roles none is shown."""
    viewer = visiting.viewer
    async with visiting.visit("incidents", id) as session:
        incident = await incidents.find(session, viewer, id)
        if incident is None:
            raise Refusal("no_such_incident", id=id)
        radius_m = (await of_incident(session, viewer, incident)).cameras_radius_m
        seen = may_see(LAYER, viewer) and radius_m > 0
        found = await cameras.near(session, viewer, incident.place, radius_m=radius_m) if seen else []
    return CamerasNear(radius_m=radius_m, cameras=[NearCamera.model_validate(one) for one in found])
