"""Closed roads: routes go round them from the moment they are closed."""

from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import closure_answer
from geo_server.api.models import Id
from geo_server.errors import Refusal
from layers.changes import ring
from layers.roads import queries as roads

router = APIRouter(tags=["closures"])


@router.get("/closures")
async def in_force(visiting: Annotated[Visiting, permitted("closures.list")]) -> models.Closures:
    """Return the closures in force now."""
    async with visiting.visit() as session:
        found = await roads.closures_seen(session, visiting.viewer)
    return models.Closures(closures=[closure_answer(closure) for closure in found])


@router.post("/roads/{id}/closures", status_code=status.HTTP_201_CREATED)
async def close(
    id: Id, new: models.NewClosure, visiting: Annotated[Visiting, permitted("closures.write")]
) -> models.Closure:
    """Close a road segment; one that is closed already answers with the closure in force."""
    viewer = visiting.viewer
    async with visiting.visit("roads", id) as session:
        if not await roads.seen(session, viewer, id):
            raise Refusal("no_such_road", id=id)
        present = [c for c in await roads.closures_seen(session, viewer) if c.road_id == id]
        if present:
            return closure_answer(present[0])
        made = await roads.close(session, id, reason=new.reason, closed_by=viewer.name, opens_at=new.opens_at)
        written = [c for c in await roads.closures_seen(session, viewer) if c.id == made]
        if not written:  # it was to open in the past
            raise Refusal("bad_value", field="opens_at")
        await ring(session, {"roads": [id]})
        return closure_answer(written[0])


@router.delete("/closures/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def open_again(id: Id, visiting: Annotated[Visiting, permitted("closures.write")]) -> None:
    """Open a closed road segment."""
    async with visiting.visit("closures", id) as session:
        mine = [c for c in await roads.closures_seen(session, visiting.viewer) if c.id == id]
        if not mine or not await roads.open_again(session, id):
            raise Refusal("no_such_closure", id=id)
        await ring(session, {"roads": [mine[0].road_id]})
