"""The regime that an area works in: the strictest of those set for it and for all above it."""

from collections.abc import Sequence

from geo_server.operations.plans import strictest
from geo_server.plans import queries
from geo_server.plans.schema import RegimeNow, SetRegime
from layers.database import Session


async def now(session: Session, area_id: int) -> RegimeNow:
    """Return the regime that an area works in, and where it was set."""
    return strictest_of(await queries.regimes(session, of_area=area_id))


def strictest_of(found: Sequence[SetRegime]) -> RegimeNow:
    """Return the regime that holds where these were set, the Republic first; of two as strict the lower."""
    name = strictest(one.name for one in found)
    return RegimeNow(name=name, by=next((one for one in reversed(found) if one.name is name), None))
