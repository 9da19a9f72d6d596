"""Closed roads: routes go round them from the moment they are closed."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import closure_answer
from geo_server.api.models import Id
from geo_server.errors import Refusal
from geo_server.routing.closing import MOST_ROADS, check_hours, shape_of
from geo_server.routing.current import CurrentRoads
from layers.changes import ring
from layers.closures import queries as closures
from layers.closures.schema import Closure, NewClosure
from layers.database import Session
from layers.roads import queries as roads
from layers.viewer import Viewer

router = APIRouter(tags=["closures"])


@router.get("/closures")
async def standing(visiting: Annotated[Visiting, permitted("closures.list")]) -> models.Closures:
    """Return the closures in force now and those to come, of the roads that the account sees."""
    async with visiting.visit() as session:
        found = await closures.seen(session, visiting.viewer)
    return models.Closures(closures=[closure_answer(closure) for closure in found])


@router.post("/closures", status_code=status.HTTP_201_CREATED)
async def draw(
    new: models.NewDrawnClosure, visiting: Annotated[Visiting, permitted("closures.write")], now_roads: CurrentRoads
) -> models.Closure:
    """Close every road segment that a line or polygon crosses; routes go round them from that hour on."""
    check_hours(new.begins_at, new.ends_at, datetime.now(UTC))
    drawn = _drawn(new, visiting.viewer)
    async with visiting.visit("closures") as session:
        made = await _draw(session, visiting.viewer, drawn)
        visiting.say(about=("closures", made.id), details={"reason": made.reason, "roads": made.roads})
        await ring(session, {"closures": [made.id]})
    now_roads.stirred.set()
    return closure_answer(made)


@router.post("/roads/{id}/closures", status_code=status.HTTP_201_CREATED)
async def close(
    id: Id,
    new: models.NewClosure,
    visiting: Annotated[Visiting, permitted("closures.write")],
    now_roads: CurrentRoads,
) -> models.Closure:
    """Close a road segment; one that is closed already answers with the closure in force."""
    viewer = visiting.viewer
    async with visiting.visit("roads", id) as session:
        line = await roads.line_seen(session, viewer, id)
        if line is None:
            raise Refusal("no_such_road", id=id)
        check_hours(None, new.opens_at, datetime.now(UTC))
        present = await closures.of_segment(session, id)
        if present is None:
            drawn = NewClosure(
                kind="road", shape=line, reason=new.reason, made_by=viewer.name, ends_at=new.opens_at, road_id=id
            )
            present = await _draw(session, viewer, drawn)
            await ring(session, {"closures": [present.id], "roads": [id]})
    now_roads.stirred.set()
    return closure_answer(present)


@router.delete("/closures/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def open_again(
    id: Id, visiting: Annotated[Visiting, permitted("closures.write")], now_roads: CurrentRoads
) -> None:
    """Open what a closure closed, or call off one that is to come."""
    async with visiting.visit("closures", id) as session:
        mine = [closure for closure in await closures.seen(session, visiting.viewer) if closure.id == id]
        if not mine or not await closures.end(session, id, visiting.viewer.name):
            raise Refusal("no_such_closure", id=id)
        rung = {"closures": [id]} | ({"roads": [mine[0].road_id]} if mine[0].road_id else {})
        await ring(session, rung)
    now_roads.stirred.set()


def _drawn(new: models.NewDrawnClosure, viewer: Viewer) -> NewClosure:
    shape = new.shape
    rings = [shape.coordinates] if isinstance(shape, models.DrawnLine) else shape.coordinates
    return NewClosure(
        kind="line" if shape.type == "LineString" else "polygon",
        shape=shape_of(shape.type, rings),
        reason=new.reason,
        made_by=viewer.name,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
    )


async def _draw(session: Session, viewer: Viewer, new: NewClosure) -> Closure:
    closure_id, crossed = await closures.draw(session, new)
    if not crossed:
        raise Refusal("closes_nothing")
    if crossed > MOST_ROADS:
        raise Refusal("closure_too_wide", roads=crossed, most=MOST_ROADS)
    beyond = await closures.beyond(session, viewer, closure_id)
    if beyond:
        raise Refusal("closes_beyond", roads=beyond)
    made = await closures.find(session, closure_id)
    assert made is not None
    return made
