"""A camera of a plan: how it would look if it hung otherwise, hung so, and taken down."""

from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.coverage import CurrentAside
from geo_server.api.models import placements as models
from geo_server.api.models.base import Id
from geo_server.api.placement_values import hanging_of, hangs_of, refused_of, told_of, whole_of
from geo_server.api.placements import plan_of, reckoned_of
from geo_server.errors import Refusal
from geo_server.planning.aside import Aside
from geo_server.planning.placement import hanging, queries
from geo_server.planning.placement.schema import Near, Plan, PlanCamera
from layers.database import Session
from layers.viewer import Viewer

router = APIRouter(tags=["placement"])


@router.post("/placements/{id}/cameras/{camera}/views")
async def view(
    id: Id,
    camera: Id,
    asked: models.AskedHanging,
    visiting: Annotated[Visiting, permitted("placement.view")],
    aside: CurrentAside,
) -> models.Hanging:
    """Return what a camera of the plan would see that hangs so, and what the plan then sees; nothing is kept."""
    async with visiting.visit() as session:
        plan, own, near = await _near(session, visiting.viewer, id, camera, asked)
        only = await hanging.only(aside, session, plan, own)
    found = await hanging.reckon(aside, near, hangs_of(own, asked))
    return hanging_of(plan, only, found)


@router.put("/placements/{id}/cameras/{camera}")
async def hang(
    id: Id,
    camera: Id,
    asked: models.AskedHanging,
    visiting: Annotated[Visiting, permitted("placement.write")],
    aside: CurrentAside,
) -> models.PlacementWhole:
    """Hang a camera of the plan otherwise; one in a building, or that looks where nobody may, is refused."""
    async with visiting.visit("placements", id) as session:
        plan, own, near = await _near(session, visiting.viewer, id, camera, asked)
        found = await hanging.reckon(aside, near, hangs_of(own, asked))
        why = refused_of(found)
        if why is not None:
            raise Refusal("camera_cannot_hang_there" if why == "inside" else "camera_sees_forbidden_zone")
        await queries.hang(session, camera, hangs_of(own, asked), found, visiting.viewer.name)
        return await _anew(aside, session, visiting.viewer, plan)


@router.delete("/placements/{id}/cameras/{camera}")
async def take_down(
    id: Id, camera: Id, visiting: Annotated[Visiting, permitted("placement.write")], aside: CurrentAside
) -> models.PlacementWhole:
    """Take a camera out of a plan."""
    async with visiting.visit("placements", id) as session:
        plan = await reckoned_of(session, visiting.viewer, id)
        await _camera(session, id, camera)
        await queries.take_down(session, camera)
        return await _anew(aside, session, visiting.viewer, plan)


async def _anew(aside: Aside, session: Session, viewer: Viewer, plan: Plan) -> models.PlacementWhole:
    """Return a plan whose cameras hang otherwise now, with its figures reckoned anew."""
    await queries.tell(session, plan.id, await hanging.figures_of(aside, session, plan))
    changed = await plan_of(session, viewer, plan.id)
    return whole_of(await told_of(session, viewer, changed), changed, await queries.cameras(session, plan.id))


async def _near(
    session: Session, viewer: Viewer, id: int, camera: int, asked: models.AskedHanging
) -> tuple[Plan, PlanCamera, Near]:
    plan = await reckoned_of(session, viewer, id)
    own = await _camera(session, id, camera)
    box = hanging.around(plan.region)
    if not (box.west <= asked.place.lon <= box.east and box.south <= asked.place.lat <= box.north):
        raise Refusal("camera_outside_plan", metres=round(hanging.AROUND_M))
    return plan, own, await hanging.near(session, plan, own, hangs_of(own, asked))


async def _camera(session: Session, id: int, camera: int) -> PlanCamera:
    found = next((one for one in await queries.cameras(session, id) if one.id == camera), None)
    if found is None:
        raise Refusal("no_such_placement_camera", id=camera)
    return found
