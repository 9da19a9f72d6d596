"""A commander sets the regime of an area; it holds for all below it, and open incidents there follow."""

from geo_server.errors import Refusal
from geo_server.operations import concerning
from geo_server.operations.content import Regime
from geo_server.operations.plans import strictest
from geo_server.plans import queries, regimes
from geo_server.plans.schema import RegimeNow
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.viewer import Viewer


async def put(session: Session, viewer: Viewer, area_id: int, name: Regime, reason: str) -> RegimeNow:
    """Set the regime of an area at or below the one entered, tell every open incident there; ring.

    Where it is stricter now, those newly concerned are told. Set again to what it is, nothing changes.
    Raises Refusal `no_such_area`.
    """
    area = await areas.find(session, area_id)
    if area is None or area.closed_at is not None or not await areas.stands_below(session, area_id, viewer.area_id):
        raise Refusal("no_such_area", id=area_id)
    own = next((one for one in await queries.regimes(session, of_area=area_id) if one.area.id == area_id), None)
    before = await regimes.now(session, area_id)
    if name is (Regime.EVERYDAY if own is None else own.name):
        return before
    await queries.set_regime(session, area_id, name, reason, viewer.name)
    answer = await regimes.now(session, area_id)
    named = {"id": area.id, "kk": area.name.kk, "ru": area.name.ru, "en": area.name.en}
    concerned = await queries.open_below(session, area_id)
    for incident_id in concerned:
        told = {"regime": name.value, "reason": reason, "of": named}
        await incidents.add_entry(session, incident_id, "regime", viewer, told)
        if answer.name is not before.name and strictest((before.name, answer.name)) is answer.name:
            await concerning.replanned(session, viewer, incident_id)
    await ring(session, {"incidents": concerned})
    return answer
