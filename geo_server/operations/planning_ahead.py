"""The plan of an incident as it stands: its version, its area's regime, what is around it, when it began."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from geo_server.errors import Refusal
from geo_server.operations.content import Urgency
from geo_server.operations.plans import Plan, names_areas, plan_for
from geo_server.operations.surroundings import asked_around
from geo_server.plans import queries, regimes, versions
from layers.areas import queries as areas
from layers.asking import together
from layers.database import Session
from layers.incidents.schema import Incident
from layers.values import LonLat
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an incident of a category opens with; the version is None before the store has any."""

    category: str
    priority: int
    priority_said: bool
    urgency: Urgency | None
    plan_version_id: int | None


async def opening(
    session: Session, category: str, *, priority: int | None = None, urgency: Urgency | None = None
) -> Opening:
    """Return what an incident of that category opens with now; a priority and an urgency that a person said stand.

    Raises Refusal `no_such_category` where the newest version has none of that name.
    """
    catalogue = await versions.current(session)
    known = catalogue.categories.get(category)
    if known is None:
        raise Refusal("no_such_category", name=category)
    return Opening(
        category=category,
        priority=priority or known.priority,
        priority_said=priority is not None,
        urgency=urgency or known.urgency,
        plan_version_id=catalogue.version or None,
    )


async def of_incident(session: Session, viewer: Viewer, incident: Incident) -> Plan:
    """Return the plan of an incident that the viewer was shown, by the version it was opened under.

    Time counts as it was when the incident opened: a plan does not change under the crews because night falls.
    """
    return await of_place(
        session,
        incident.category,
        version_id=incident.plan_version_id,
        alarm=incident.alarm,
        urgency=cast(Urgency | None, incident.urgency),
        area_id=incident.area.id,
        place=incident.place,
        at=incident.opened_at,
    )


async def of_place(
    session: Session,
    category: str,
    *,
    version_id: int | None,
    alarm: int,
    urgency: Urgency | None,
    area_id: int,
    place: LonLat,
    at: datetime,
) -> Plan:
    """Return the plan of a category at a place, for what opened at that time (UTC) under that version."""
    catalogue = await versions.of(session, version_id)
    around_m = catalogue.content.plans[catalogue.category(category).name].around_m
    async with together(session) as ask:
        set_there = ask(queries.asked_regimes(area_id))
        around = ask(asked_around(place, around_m, store=session.engine.url.database))
    codes = await _codes(session, area_id) if names_areas(catalogue.content) else ()
    return plan_for(
        catalogue,
        category,
        alarm=alarm,
        regime=regimes.strictest_of(set_there.value).name,
        surroundings=around.value,
        at=at,
        urgency=urgency,
        areas=codes,
    )


async def _codes(session: Session, area_id: int) -> list[str]:
    """Return the codes of an area and of those above it, the smallest first."""
    own = await areas.find(session, area_id)
    return [one.code for one in ([] if own is None else [own, *await areas.above(session, area_id)])]
