"""The roster across units: who is on when in the area entered."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import roster as models
from geo_server.api.models.base import SentMoment
from geo_server.api.units import shift_told
from geo_server.crews import rostering
from geo_server.errors import Refusal
from layers.units import roster_queries
from layers.units.schema import OnRoster
from layers.viewer import Viewer

router = APIRouter(prefix="/units", tags=["units"])
LONGEST = timedelta(days=31)


@router.get("/roster")
async def roster(
    since: SentMoment, until: SentMoment, visiting: Annotated[Visiting, permitted("units.roster")]
) -> models.Roster:
    """Return who is on when, 31 days at most, and from when until when nobody of a service is."""
    if not timedelta(0) < until - since <= LONGEST:
        raise Refusal("bad_value", field="until")
    async with visiting.visit("units") as session:
        found = await roster_queries.between(session, visiting.viewer, since, until)
    gaps = [models.RosterGap.model_validate(gap) for gap in rostering.gaps(found, since, until)]
    return models.Roster(units=[_told(one, visiting.viewer) for one in found], gaps=gaps)


def _told(one: OnRoster, viewer: Viewer) -> models.RosterUnit:
    plain = {name: getattr(one.unit, name) for name in ("id", "call_sign", "service", "kind", "duty")}
    return models.RosterUnit(**plain, shifts=[shift_told(shift, viewer) for shift in one.shifts])
