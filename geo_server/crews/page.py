"""A crew's own page: its unit, what it is sent to, what was said, and what it may press next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geo_server.crews import queries
from geo_server.crews.holding import own, seen
from geo_server.crews.labels import Label, labels
from geo_server.notify import crew as notices
from geo_server.notify.schema import Notice
from geo_server.operations import planning_ahead
from geo_server.operations.looking_back import reach
from geo_server.plans import versions
from layers.database import Session
from layers.dispatches import queries as dispatches
from layers.dispatches.rules import next_of_crew
from layers.dispatches.schema import Dispatch
from layers.geocoder import queries as geocoder
from layers.geocoder.schema import Nearby
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.panics import queries as panics
from layers.panics.schema import Panic
from layers.premises import queries as premises
from layers.premises.schema import Kind, Known
from layers.units import crew_queries, message_queries
from layers.units.rules import duties_after
from layers.units.schema import Message, Unit
from layers.values import LonLat, Title
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the unit is sent to, and until when it is to answer.

    `near` tells where it is when the incident has no address.

    `redirected` waits to be acknowledged; `diverted_from` is the incident that the unit was taken from.

    `hazards`: those of the premises, what the plan says of place and time, then what else is known of the premises.
    """

    dispatch: Dispatch
    incident: Incident
    near: Nearby | None
    title: Title
    hazards: tuple[Title, ...]
    acknowledge_by: datetime | None
    redirected: Notice | None
    diverted_from: str | None

    @property
    def next(self) -> tuple[str, ...]:
        """Return what the crew's buttons offer."""
        return tuple(status.value for status in next_of_crew(self.dispatch.status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The page as it is now."""

    unit: Unit
    job: Job | None
    messages: list[Message]
    panic: Panic | None
    words: list[Label]
    now: datetime

    @property
    def duties(self) -> tuple[str, ...]:
        """Return which duties may follow."""
        return tuple(duty.value for duty in duties_after(self.unit.duty, bound=self.unit.task is not None))


async def page(session: Session, viewer: Viewer) -> Page:
    """Return the page of the viewer's own unit; what was sent to it counts as delivered by being shown.

    Raises Refusal `no_such_unit` where the unit was struck off.
    """
    unit = await seen(session, viewer, own(viewer))
    await notices.on_page(session, unit.id)
    return Page(
        unit=unit,
        job=await _job(session, viewer, unit),
        messages=await message_queries.of_unit(session, unit.id),
        panic=None if unit.panic is None else await panics.find(session, viewer, unit.panic.id),
        words=[label for label in labels().values() if label.said_by(unit.service)],
        now=await crew_queries.now(session),
    )


async def _job(session: Session, viewer: Viewer, unit: Unit) -> Job | None:
    if unit.dispatch is None:
        return None
    dispatch = await dispatches.find(session, viewer, unit.dispatch.id)
    incident = await incidents.find(session, viewer, unit.dispatch.incident_id)
    if dispatch is None or incident is None:
        return None
    catalogue = await versions.of(session, incident.plan_version_id)
    plan = await planning_ahead.of_incident(session, viewer, incident)
    known = await premises.of_crew(session, incident.id, radius_m=reach().premises_m)
    return Job(
        dispatch=dispatch,
        incident=incident,
        near=None if incident.address else await _near(session, incident.place),
        title=catalogue.category(incident.category).title,
        # The first line of the plan says the level alone.
        hazards=(*_said("hazard", known), *plan.because[1:], *_said("note", known)),
        acknowledge_by=await queries.acknowledge_by(session, dispatch.id),
        redirected=await notices.redirected(session, dispatch),
        diverted_from=await dispatches.diverted_from(session, dispatch.id),
    )


async def _near(session: Session, place: LonLat) -> Nearby | None:
    """Return what tells best where a place without an address is: a house, else a crossing, else a street."""
    around = await geocoder.around(session, place)
    return around.address or around.crossing or around.street


def _said(kind: Kind, known: Sequence[Known]) -> list[Title]:
    """Return what people wrote down, as they wrote it in whatever language."""
    return [Title(kk=one.text, ru=one.text, en=one.text) for one in known if one.kind == kind]
