"""Giving a grant and taking it back; the caller's visit is the transaction."""

from datetime import timedelta

from geo_server.errors import Refusal
from geo_server.grants import queries
from geo_server.grants.schema import LONGEST, Grant, Kind, NewGrant
from layers.areas import queries as areas
from layers.database import Session
from layers.incidents import queries as incidents
from layers.viewer import Viewer


async def give(
    session: Session, viewer: Viewer, *, kind: Kind, about_id: int, to_area_id: int, reason: str, lasts: timedelta
) -> Grant:
    """Give another area an area of one's own (`about_id` is its id) or an incident in it, from now on.

    Only what stands at or below the viewer's own area can be given, never what was granted to it.
    Raises Refusal: no_such_area, no_such_incident, bad_value (a span of nothing or of more than 30 days, or a side
    that sees it anyway).
    """
    if not timedelta(0) < lasts <= LONGEST:
        raise Refusal("bad_value", field="hours")
    incident = await incidents.find(session, viewer, about_id) if kind == "incident" else None
    if kind == "incident" and incident is None:
        raise Refusal("no_such_incident", id=about_id)
    area_id = incident.area.id if incident else about_id
    if not await areas.stands_below(session, area_id, viewer.own_area_id):
        raise Refusal("no_such_incident" if incident else "no_such_area", id=about_id)
    taker = await areas.find(session, to_area_id)
    if taker is None or taker.closed_at is not None:
        raise Refusal("no_such_area", id=to_area_id)
    if await areas.stands_below(session, area_id, to_area_id):
        raise Refusal("bad_value", field="to_area_id")
    new = NewGrant(
        kind=kind,
        area_id=area_id,
        to_area_id=to_area_id,
        incident_id=incident.id if incident else None,
        reason=reason,
        given_by=viewer.name,
        lasts=lasts,
    )
    return await _found(session, await queries.give(session, new))


async def revoke(session: Session, viewer: Viewer, grant_id: int) -> Grant:
    """End a grant, by the side that gave it or a level above that side. Raises Refusal `no_such_grant`."""
    grant = await _found(session, grant_id)
    if not await areas.stands_below(session, grant.area.id, viewer.own_area_id):
        raise Refusal("no_such_grant", id=grant_id)
    await queries.revoke(session, grant_id, viewer.name)
    return await _found(session, grant_id)


async def _found(session: Session, grant_id: int) -> Grant:
    grant = await queries.find(session, grant_id)
    if grant is None:
        raise Refusal("no_such_grant", id=grant_id)
    return grant
