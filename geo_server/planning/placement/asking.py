"""Making a plan: the ground of an area or of a shape drawn in it, its zone, and a job that reckons it."""

import shapely

from geo_server.errors import Refusal
from geo_server.jobs import queries as jobs
from geo_server.jobs.schema import PLACEMENT
from geo_server.planning.ground import Ground
from geo_server.planning.placement import queries
from geo_server.planning.placement.question import Question
from layers.database import Session
from layers.viewer import Viewer

MOST_BOX_M2 = 200e6  # of a region's box: its cells stand in memory
MOST_WAITING = 20  # plans that are reckoned or wait for it


async def ask(
    session: Session, viewer: Viewer, *, name: str, area_id: int, question: Question, drawn: bytes | None
) -> int:
    """Write a plan and the job that reckons it; returns the plan's id.

    Raises Refusal: placement_asks_nothing, too_many_placements, no_ground_there, region_too_large.
    """
    if question.amount <= 0:
        raise Refusal("placement_asks_nothing")
    if len(await jobs.waiting(session, PLACEMENT)) >= MOST_WAITING:
        raise Refusal("too_many_placements", most=MOST_WAITING)
    found = await queries.region(session, area_id, drawn)
    if found is None:
        raise Refusal("no_ground_there")
    region, box_m2 = found
    if box_m2 > MOST_BOX_M2:
        raise Refusal("region_too_large", km2=round(box_m2 / 1e6), most=round(MOST_BOX_M2 / 1e6))
    middle = shapely.centroid(shapely.from_wkb(region))
    epsg = Ground.around(middle.x, middle.y).epsg
    plan = await queries.make(session, viewer, name=name, area_id=area_id, question=question, region=region, epsg=epsg)
    await queries.has_job(session, plan, await jobs.ask(session, viewer, PLACEMENT, {"placement": plan}))
    return plan
