"""Grants between areas, and the tree of areas they are given in."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.models import Id
from geo_server.grants import giving, queries
from geo_server.grants.schema import Grant
from layers.areas import queries as areas

router = APIRouter(tags=["grants"])


@router.get("/areas")
async def tree(
    visiting: Annotated[Visiting, permitted("areas.list")],
    at: Annotated[datetime | None, Query(description="The tree as it stood then; now where none is named.")] = None,
) -> models.Areas:
    """Return the tree of areas, the Republic first."""
    async with visiting.visit() as session:
        moment = None if at is None else at if at.tzinfo else at.replace(tzinfo=UTC)
        found = await areas.every(session) if moment is None else await areas.every_then(session, moment)
    return models.Areas(areas=[models.AreaNode.model_validate(area) for area in found])


@router.get("/grants")
async def every(
    visiting: Annotated[Visiting, permitted("grants.list")],
    in_force: Annotated[bool, Query(description="Only those that hold now.")] = True,
) -> models.Grants:
    """Return the grants given and received, newest first; both sides see the same."""
    async with visiting.visit("grants") as session:
        found = await queries.every(session, in_force=in_force)
    return models.Grants(grants=[_answer(grant) for grant in found])


@router.post("/grants", status_code=status.HTTP_201_CREATED)
async def give(new: models.NewGrant, visiting: Annotated[Visiting, permitted("grants.write")]) -> models.Grant:
    """Give another area an area of one's own, or one incident in it, for so many hours."""
    async with visiting.visit("grants") as session:
        grant = await giving.give(
            session,
            visiting.viewer,
            kind=new.kind,
            about_id=new.area_id if new.kind == "area" else new.incident_id,
            to_area_id=new.to_area_id,
            reason=new.reason,
            lasts=timedelta(hours=new.hours),
        )
        told = {"kind": grant.kind, "area": grant.area.code, "to": grant.to.code, "reason": grant.reason}
        visiting.say(about=("grants", grant.id), details=told)
    return _answer(grant)


@router.delete("/grants/{id}")
async def revoke(id: Id, visiting: Annotated[Visiting, permitted("grants.write")]) -> models.Grant:
    """End a grant; open sockets that lived by it are closed within two seconds."""
    async with visiting.visit("grants", id) as session:
        grant = await giving.revoke(session, visiting.viewer, id)
        visiting.say(details={"revoked": True})
    return _answer(grant)


def _answer(grant: Grant) -> models.Grant:
    return models.Grant.model_validate(grant)
