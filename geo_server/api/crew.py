"""A crew's own doors: its page, and what its device sends, also hours late; of the own unit alone."""

from typing import Annotated, cast

from fastapi import APIRouter, Request

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import crew as models
from geo_server.api.models.base import AskedPlace, Id, LineString
from geo_server.crews import messaging, pressing
from geo_server.crews.labels import Label, spoken
from geo_server.crews.page import Job, Page, page
from geo_server.crews.pressing import Press, Taken
from geo_server.settings import Settings
from layers.units.rules import Duty
from layers.units.schema import Message
from layers.values import LonLat

router = APIRouter(prefix="/crew", tags=["crew"])


@router.get("")
async def own_page(visiting: Annotated[Visiting, permitted("crew.read")]) -> models.CrewPage:
    """Return the crew's page: its unit, what it is sent to, messages, and what it may press next."""
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        found = await page(session, visiting.viewer)
    return _page(found)


@router.post("/duty")
async def duty(said: models.PressDuty, visiting: Annotated[Visiting, permitted("crew.duty")]) -> models.Taken:
    """Turn the unit's duty."""
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        taken = await pressing.press_duty(session, visiting.viewer, _press(said), said.duty, said.reason)
        visiting.say(details={"duty": said.duty.value, **_details(taken)})
    return models.Taken.model_validate(taken)


@router.post("/dispatches/{id}/status")
async def status(
    id: Id, said: models.PressStatus, visiting: Annotated[Visiting, permitted("crew.status")]
) -> models.Taken:
    """Take the unit's dispatch a step on; what came out of order, twice or too late is kept and breaks nothing."""
    async with visiting.visit("dispatches", id) as session:
        taken = await pressing.press_status(
            session, visiting.viewer, id, _press(said), said.status, reason=said.reason, place=_place(said.place)
        )
        visiting.say(details={"status": said.status.value, **_details(taken)})
    return models.Taken.model_validate(taken)


@router.post("/messages")
async def message(said: models.PressMessage, visiting: Annotated[Visiting, permitted("crew.message")]) -> models.Taken:
    """Send a message to the desk."""
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        taken = await pressing.press_message(session, visiting.viewer, _press(said), said.text)
    return models.Taken.model_validate(taken)


@router.post("/messages/read")
async def read(said: models.PressRead, visiting: Annotated[Visiting, permitted("crew.hear")]) -> models.Taken:
    """Say that what the desk wrote was read."""
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        taken = await pressing.press_read(session, visiting.viewer, _press(said), said.up_to)
        visiting.say(details={"up_to": said.up_to, **_details(taken)})
    return models.Taken.model_validate(taken)


@router.post("/notices/{id}/acknowledge")
async def notice(
    id: Id, said: models.PressNotice, visiting: Annotated[Visiting, permitted("crew.notice")]
) -> models.Taken:
    """Say that the crew knows that its dispatch leads elsewhere: nobody else is told in its stead."""
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        taken = await pressing.press_notice(session, visiting.viewer, id, _press(said))
        visiting.say(details={"notice_id": id, **_details(taken)})
    return models.Taken.model_validate(taken)


@router.post("/panic")
async def panic(
    said: models.PressPanic, request: Request, visiting: Annotated[Visiting, permitted("crew.panic")]
) -> models.Taken:
    """Cry for help; pressed again it is the same cry, and once it was acknowledged it rings anew.

    Where nobody acknowledges it, it is told on.
    """
    unheard_s = cast(Settings, request.app.state.settings).panic_unheard_s
    async with visiting.visit("units", visiting.viewer.unit_id) as session:
        taken, panic_id = await pressing.press_panic(
            session, visiting.viewer, _press(said), _place(said.place), unheard_s=unheard_s
        )
        visiting.say(details={"panic_id": panic_id, **_details(taken)})
    return models.Taken.model_validate(taken)


@router.post("/positions")
async def positions(
    told: models.TellPositions, visiting: Annotated[Visiting, permitted("crew.positions")]
) -> models.PositionsTaken:
    """Say where the crew's phone was and is; known ones change nothing."""
    fixes = [fix.model_dump(mode="json", exclude_none=True) for fix in told.positions]
    async with visiting.visit() as session:
        taken = await pressing.tell_positions(session, visiting.viewer, fixes)
    return models.PositionsTaken(taken=taken, ignored=len(fixes) - taken)


def _press(said: models.Press) -> Press:
    return Press(client_event_id=said.client_event_id, at=said.at, sent_at=said.sent_at)


def _place(place: AskedPlace | None) -> LonLat | None:
    return None if place is None else LonLat(lon=place.lon, lat=place.lat)


def _details(taken: Taken) -> dict[str, bool]:
    return {"taken": taken.taken, "late": taken.late, "repeated": taken.repeated}


def _page(found: Page) -> models.CrewPage:
    unit = found.unit
    own = {name: getattr(unit, name) for name in ("id", "call_sign", "service", "kind", "radio_name", "duty", "status")}
    return models.CrewPage.model_validate(
        {
            "unit": {
                **own,
                "label": spoken(unit.task, unit.service, unit.local_status),
                "place": unit.place,
                "position_age_s": unit.position_age_s,
                "duties": found.duties,
            },
            "shift": unit.shift,
            "dispatch": None if found.job is None else _job(found.job),
            "messages": [message_told(one, messaging.state(one), mine=one.from_crew) for one in found.messages],
            "panic": found.panic,
            "reasons": [_reason(one) for one in found.words],
            "server_time": found.now,
        },
        from_attributes=True,
    )


def message_told(one: Message, state: messaging.State, *, mine: bool) -> models.Message:
    """Return a message as one side reads it."""
    plain = {name: getattr(one, name) for name in ("id", "at", "received_at", "text", "read_at", "read_by")}
    return models.Message(**plain, sender=one.who, mine=mine, state=state)


def _job(job: Job) -> models.Job:
    names = ("id", "number", "category", "priority", "description", "address", "place")
    incident = {name: getattr(job.incident, name) for name in names}
    dispatch, told = job.dispatch, job.redirected
    return models.Job.model_validate(
        {
            "id": dispatch.id,
            "status": dispatch.status,
            "next": job.next,
            "since": dispatch.status_at,
            "eta_at": dispatch.eta_at,
            "incident": {**incident, "title": job.title, "near": job.near, "hazards": job.hazards},
            "route": LineString(coordinates=dispatch.route) if dispatch.route else None,
            "acknowledge_by": job.acknowledge_by,
            "redirected": None if told is None else {"notice_id": told.id, "at": told.queued_at},
            "diverted_from": job.diverted_from,
        },
        from_attributes=True,
    )


def _reason(one: Label) -> models.Reason:
    means = {"duty" if isinstance(one.means, Duty) else "status": one.means.value}
    return models.Reason.model_validate({"code": one.code, "title": one.title, "means": means}, from_attributes=True)
