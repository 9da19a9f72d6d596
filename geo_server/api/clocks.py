"""Clocks: how well they were kept, for those who command and plan."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models.base import SentMoment, Word
from geo_server.api.models.clocks import ClockFigure, ClockFigures
from geo_server.clocks import queries
from geo_server.clocks.schema import By, FiguresAsked
from geo_server.errors import Refusal
from geo_server.operations.content import Urgency
from geo_server.operations.plans import answer_target
from geo_server.plans import versions
from layers.values import Service

router = APIRouter(prefix="/clocks", tags=["clocks"])
MOST_DAYS = 400.0


@router.get("/figures")
async def figures(
    visiting: Annotated[Visiting, permitted("clocks.figures")],
    since: Annotated[SentMoment | None, Query(alias="from", description="Opened from then on; a day back.")] = None,
    until: Annotated[SentMoment | None, Query(alias="to", description="Opened before then; now.")] = None,
    by: Annotated[By, Query(description="An area's row holds all that lies below it.")] = "area",
    service: Annotated[Service | None, Query(description="Only its clocks.")] = None,
    category: Annotated[Word | None, Query(description="Only of incidents and calls of this category.")] = None,
    urgency: Annotated[Urgency | None, Query(description="Only of incidents of the ambulance's urgency.")] = None,
) -> ClockFigures:
    """Return P50 and P90 of every service's clocks against their targets, and the share that was in time."""
    ends = until or datetime.now(UTC)
    begins = since or ends - timedelta(days=1)
    if not timedelta() < ends - begins <= timedelta(days=MOST_DAYS):
        raise Refusal("bad_span", days=int(MOST_DAYS))
    async with visiting.visit() as session:
        answer = answer_target((await versions.current(session)).content)
        asked = FiguresAsked(
            by=by,
            since=begins,
            until=ends,
            answer_s=None if answer is None else answer.seconds,
            service=service,
            category=category,
            urgency=urgency,
        )
        found = await queries.figures(session, visiting.viewer, asked)
    return ClockFigures(rows=[ClockFigure.model_validate(figure) for figure in found])
