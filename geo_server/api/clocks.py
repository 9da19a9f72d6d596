"""Clocks: how well they were kept, for those who command and plan."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models.base import SentMoment
from geo_server.api.models.clocks import ClockFigure, ClockFigures
from geo_server.clocks import queries
from geo_server.clocks.schema import By
from geo_server.errors import Refusal

router = APIRouter(prefix="/clocks", tags=["clocks"])
MOST_DAYS = 400.0


@router.get("/figures")
async def figures(
    visiting: Annotated[Visiting, permitted("clocks.figures")],
    since: Annotated[SentMoment | None, Query(alias="from", description="Opened from then on; a day back.")] = None,
    until: Annotated[SentMoment | None, Query(alias="to", description="Opened before then; now.")] = None,
    by: Annotated[By, Query(description="An area's row holds all that lies below it.")] = "area",
) -> ClockFigures:
    """Return P50 and P90 of every clock against its target, and the share that was in time."""
    ends = until or datetime.now(UTC)
    begins = since or ends - timedelta(days=1)
    if not timedelta() < ends - begins <= timedelta(days=MOST_DAYS):
        raise Refusal("bad_span", days=int(MOST_DAYS))
    async with visiting.visit() as session:
        found = await queries.figures(session, visiting.viewer, by, begins, ends)
    return ClockFigures(rows=[ClockFigure.model_validate(figure) for figure in found])
