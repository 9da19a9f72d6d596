"""Plans of cameras: asked for, reckoned as a job, read, compared, and given out as a tender list."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import placements as models
from geo_server.api.models.base import Id
from geo_server.api.placement_values import geojson_of, kind_of, priced_title, question_of, told_of, whole_of
from geo_server.errors import Refusal
from geo_server.planning.placement import asking, queries, tender
from geo_server.planning.placement.comparing import compared
from geo_server.planning.placement.drawing import drawn
from geo_server.planning.placement.kinds import offer
from geo_server.planning.placement.schema import Plan
from layers.areas import queries as areas
from layers.database import Session
from layers.viewer import Viewer

MOST_COMPARED = 4
router = APIRouter(tags=["placement"])
Ids = Annotated[
    list[Annotated[int, Query(ge=1, le=2**63 - 1)]],
    Query(min_length=1, max_length=MOST_COMPARED, description="Plans, in this order."),
]


@router.get("/placements/offer")
async def offered(visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Offer:
    """Return the kinds of cameras, what they hang on, and usual prices."""
    async with visiting.visit():
        found = offer()
    mounts = [models.Mount(name=name, **priced_title(one)) for name, one in found.mounts.items()]
    return models.Offer(currency=found.currency, kinds=[kind_of(one) for one in found.kinds], mounts=mounts)


@router.post("/placements", status_code=status.HTTP_202_ACCEPTED)
async def make(
    new: models.NewPlacement, visiting: Annotated[Visiting, permitted("placement.write")]
) -> models.Placement:
    """Have a plan reckoned: its job tells how far it is, and can be called off."""
    question, shape = question_of(new), None if new.shape is None else drawn(new.shape.coordinates)
    async with visiting.visit("placements") as session:
        area_id = new.area_id or visiting.viewer.area_id
        if not await areas.stands_below(session, area_id, visiting.viewer.area_id):
            raise Refusal("no_ground_there")
        plan_id = await asking.ask(
            session, visiting.viewer, name=new.name, area_id=area_id, question=question, drawn=shape
        )
        visiting.say(about=("placements", plan_id), details={"name": new.name, "purpose": new.purpose})
        plan = await plan_of(session, visiting.viewer, plan_id)
        return await told_of(session, visiting.viewer, plan)


@router.get("/placements")
async def latest(visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Placements:
    """Return the newest plans of the area entered and below."""
    async with visiting.visit() as session:
        found = await queries.seen(session, visiting.viewer)
        return models.Placements(placements=[await told_of(session, visiting.viewer, one) for one in found])


@router.get("/placements/comparison")
async def compare(id: Ids, visiting: Annotated[Visiting, permitted("placement.read")]) -> models.Comparison:
    """Return up to four plans side by side: their figures, what each sees, and what only it does."""
    async with visiting.visit() as session:
        plans = [await reckoned_of(session, visiting.viewer, one) for one in dict.fromkeys(id)]
        told = [await told_of(session, visiting.viewer, plan) for plan in plans]
        cameras = [await queries.cameras(session, plan.id) for plan in plans]
    pairs = [(plan.epsg, own) for plan, own in zip(plans, cameras, strict=True)]
    sides = await asyncio.to_thread(compared, pairs)
    return models.Comparison(
        plans=[
            models.Compared(placement=one, seen=geojson_of(side.seen), seen_m2=side.seen_m2, alone_m2=side.alone_m2)
            for one, side in zip(told, sides, strict=True)
        ]
    )


@router.get("/placements/{id}")
async def read(id: Id, visiting: Annotated[Visiting, permitted("placement.read")]) -> models.PlacementWhole:
    """Return a plan with its cameras: how each hangs, what it sees and adds, and which rules it meets."""
    async with visiting.visit("placements", id) as session:
        plan = await plan_of(session, visiting.viewer, id)
        told = await told_of(session, visiting.viewer, plan)
        cameras = await queries.cameras(session, id)
    return whole_of(told, plan, cameras)


@router.delete("/placements/{id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(id: Id, visiting: Annotated[Visiting, permitted("placement.write")]) -> None:
    """Delete a plan; where it is being reckoned, that is called off."""
    async with visiting.visit("placements", id) as session:
        await plan_of(session, visiting.viewer, id)
        await queries.remove(session, id)


@router.get("/placements/{id}/tender")
async def listed(
    id: Id,
    visiting: Annotated[Visiting, permitted("placement.export")],
    format: Annotated[tender.How, Query(description="Of the file.")] = "csv",
    language: Annotated[tender.Language, Query(description="Of its words.")] = "ru",
) -> Response:
    """Return a plan as a list for a tender: positions, heights, lenses, headings, tilts, prices, rules."""
    async with visiting.visit("placements", id) as session:
        plan = await reckoned_of(session, visiting.viewer, id)
        cameras = await queries.cameras(session, id)
        zones = {one.id: one.name for one in await queries.zones(session, visiting.viewer)}
        visiting.say(details={"format": format, "cameras": len(cameras)})
    body = await asyncio.to_thread(tender.written, format, plan, cameras, zones, language)
    headers = {"Content-Disposition": f'attachment; filename="plan-{id}.{format}"', "Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type=tender.MEDIA[format])


async def plan_of(session: Session, viewer: Viewer, id: int) -> Plan:
    """Return a plan of the area entered or below; raises Refusal `no_such_placement`."""
    found = await queries.find(session, viewer, id)
    if found is None:
        raise Refusal("no_such_placement", id=id)
    return found


async def reckoned_of(session: Session, viewer: Viewer, id: int) -> Plan:
    """Return a plan that has its figures; raises Refusal `no_such_placement`, `placement_not_reckoned`."""
    found = await plan_of(session, viewer, id)
    if found.figures is None:
        raise Refusal("placement_not_reckoned", id=id)
    return found
