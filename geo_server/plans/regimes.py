"""The regime of an area: set by a commander, inherited downwards; the strictest of an area and all above it counts."""

from collections.abc import Sequence

from geo_server.errors import Refusal
from geo_server.operations.content import Regime
from geo_server.operations.plans import strictest
from geo_server.plans import queries
from geo_server.plans.schema import RegimeNow, SetRegime
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.viewer import Viewer


async def now(session: Session, area_id: int) -> RegimeNow:
    """Return the regime that an area works in, and where it was set."""
    return strictest_of(await queries.regimes(session, of_area=area_id))


def strictest_of(found: Sequence[SetRegime]) -> RegimeNow:
    """Return the regime that holds where these were set, the Republic first; of two as strict the lower."""
    name = strictest(one.name for one in found)
    return RegimeNow(name=name, by=next((one for one in reversed(found) if one.name is name), None))


async def put(session: Session, viewer: Viewer, area_id: int, name: Regime, reason: str) -> RegimeNow:
    """Set the regime of an area at or below the one entered, tell every open incident there; ring.

    Set again to what it is, nothing changes. Raises Refusal `no_such_area`.
    """
    area = await areas.find(session, area_id)
    if area is None or area.closed_at is not None or not await areas.stands_below(session, area_id, viewer.area_id):
        raise Refusal("no_such_area", id=area_id)
    own = next((one for one in await queries.regimes(session, of_area=area_id) if one.area.id == area_id), None)
    if name is (Regime.EVERYDAY if own is None else own.name):
        return await now(session, area_id)
    await queries.set_regime(session, area_id, name, reason, viewer.name)
    named = {"id": area.id, "kk": area.name.kk, "ru": area.name.ru, "en": area.name.en}
    concerned = await queries.open_below(session, area_id)
    for incident_id in concerned:
        told = {"regime": name.value, "reason": reason, "of": named}
        await incidents.add_entry(session, incident_id, "regime", viewer, told)
    answer = await now(session, area_id)
    await ring(session, {"incidents": concerned})
    return answer
