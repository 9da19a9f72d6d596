"""Jobs: how far long work is, and calling it off."""

from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import jobs as models
from geo_server.api.models.base import Id
from geo_server.errors import Refusal
from geo_server.jobs import queries as jobs

router = APIRouter(tags=["jobs"])


@router.get("/jobs")
async def latest(visiting: Annotated[Visiting, permitted("jobs.read")]) -> models.Jobs:
    """Return the newest jobs of the area entered and below, those that run first."""
    async with visiting.visit() as session:
        found = await jobs.latest(session, visiting.viewer)
    return models.Jobs(jobs=[models.Job.model_validate(one) for one in found])


@router.get("/jobs/{id}")
async def one(id: Id, visiting: Annotated[Visiting, permitted("jobs.read")]) -> models.Job:
    """Return one job."""
    async with visiting.visit() as session:
        found = await jobs.find(session, visiting.viewer, id)
    if found is None:
        raise Refusal("no_such_job", id=id)
    return models.Job.model_validate(found)


@router.delete("/jobs/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def cancel(id: Id, visiting: Annotated[Visiting, permitted("jobs.cancel")]) -> None:
    """Call a job off; what it has done by then stays."""
    async with visiting.visit("jobs", id) as session:
        if await jobs.find(session, visiting.viewer, id) is None:
            raise Refusal("no_such_job", id=id)
        await jobs.cancel(session, id)
