"""An incident's history: what happened before at its place, address, street or phone, and which crews came."""

from typing import Annotated

from fastapi import APIRouter, Query

from geo_server.access.visiting import Visiting, permitted
from geo_server.api import models
from geo_server.api.answers import call_counts
from geo_server.api.models import Id
from geo_server.api.models.history import PastAnswer, PastRow, PastVisit
from geo_server.api.models.history import What as Answered
from geo_server.errors import Refusal
from geo_server.operations.looking_back import What, days_of, look_back, look_back_by_phone, radius_of
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.past_schema import Found
from layers.incidents.past_schema import PastRow as Row
from layers.incidents.schema import Incident
from layers.viewer import Viewer

router = APIRouter(prefix="/incidents/{id}/past", tags=["incidents"])
Days = Annotated[float | None, Query(gt=0, le=36_500, description="How far back, days; left out: as its kind has it.")]


@router.get("")
async def past(
    id: Id,
    visiting: Annotated[Visiting, permitted("incidents.past")],
    what: Annotated[What, Query(description="Where it is looked, or whose visits.")] = "place",
    radius_m: Annotated[float | None, Query(gt=0, le=20_000, description="How far around, metres.")] = None,
    days: Days = None,
) -> PastAnswer:
    """Return what happened before, newest first (MIA 897, §6.5: comparison with past incidents in the area)."""
    async with visiting.visit("incidents", id) as session:
        incident = await _found(session, visiting.viewer, id)
        far, back = radius_of(what, radius_m), days_of(what, days)
        found = await look_back(session, visiting.viewer, incident, what, radius_m=far, days=back)
    return _answer(found, what, far, back)


@router.get("/phone")
async def by_phone(
    id: Id, visiting: Annotated[Visiting, permitted("incidents.past_phone")], days: Days = None
) -> PastAnswer:
    """Return what the same phone reported before; it asks for a purpose (Almaty 213, art. 7)."""
    async with visiting.visit("incidents", id) as session:
        incident = await _found(session, visiting.viewer, id)
        back = days_of("phone", days)
        found = await look_back_by_phone(session, visiting.viewer, incident, days=back)
        visiting.say(details={"found": found.total})
    return _answer(found, "phone", None, back)


async def _found(session: Session, viewer: Viewer, incident_id: int) -> Incident:
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    return incident


def _answer(found: Found, what: Answered, radius_m: float | None, days: float) -> PastAnswer:
    counts = sorted(found.by_category.items(), key=lambda pair: (-pair[1], pair[0]))
    return PastAnswer(
        what=what,
        radius_m=radius_m,
        days=days,
        street=found.street,
        total=found.total,
        duplicates=found.duplicates,
        false_alarms=found.false_alarms,
        calls=call_counts(found.calls),
        by_category=[models.CategoryCount(category=category, count=count) for category, count in counts],
        rows=[_row(row) for row in found.rows],
    )


def _row(row: Row) -> PastRow:
    plain = models.PastIncident.model_validate(row.incident)
    return PastRow(
        **dict(plain),
        duplicate=row.duplicate,
        false_alarm=row.false_alarm,
        visits=[PastVisit.model_validate(visit) for visit in row.visits],
    )
