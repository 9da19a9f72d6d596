"""Legal holds: what of recordings nobody deletes until somebody releases it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.asked import only
from geo_server.api.models import Id
from geo_server.api.models.recordings import Hold, Holds, NewHold, Release
from geo_server.api.recordings import cameras_of, check_incident
from geo_server.errors import Refusal
from layers.database import Session
from layers.events import queries as events
from layers.recordings import hold_queries
from layers.viewer import Viewer

router = APIRouter(prefix="/recordings/holds", tags=["recordings"])
LONGEST = timedelta(days=90)  # what is held for longer is held again: nobody decides of years by a slip of the pen
AHEAD = timedelta(days=30)  # so far what is to come may be held


@router.get("", dependencies=[Depends(only("standing"))])
async def holds(
    visiting: Annotated[Visiting, permitted("recordings.holds")],
    standing: Annotated[bool, Query(description="Only those that stand now.")] = True,
) -> Holds:
    """Return the holds on recordings, newest first."""
    async with visiting.visit("holds") as session:
        found = await hold_queries.every(session, standing=standing)
    return Holds(holds=[Hold.model_validate(one) for one in found])


@router.post("", status_code=status.HTTP_201_CREATED)
async def hold(new: NewHold, visiting: Annotated[Visiting, permitted("recordings.hold")]) -> Holds:
    """Set a hold on each of the cameras: nothing of the interval is deleted until it is released."""
    _check(new, datetime.now(UTC))
    async with visiting.visit("holds") as session:
        cameras = await _held_cameras(session, visiting.viewer, new)
        ids = [await hold_queries.set_(session, _new_hold(new, one, visiting.account.name)) for one in cameras]
        made = [one for i in ids if (one := await hold_queries.find(session, i))]
        visiting.say(details={"holds": ids, "reason": new.reason, "legal_basis": new.legal_basis})
    return Holds(holds=[Hold.model_validate(one) for one in made])


@router.post("/{id}/release")
async def release(id: Id, why: Release, visiting: Annotated[Visiting, permitted("recordings.release")]) -> Hold:
    """Release a hold on a camera in or below the area entered; then its class decides. Released again: the same."""
    async with visiting.visit("holds", id) as session:
        if await hold_queries.find(session, id) is None:
            raise Refusal("no_such_hold", id=id)
        if not await hold_queries.release(session, id, who=visiting.account.name, reason=why.reason):
            raise Refusal("camera_not_yours", id=id)
        visiting.say(details={"released": True, "reason": why.reason})
        return Hold.model_validate(await hold_queries.find(session, id))


def _check(new: NewHold, now: datetime) -> None:
    """Raise Refusal `wrong_hold` where the interval ends before it begins, is too long, or ends too far ahead."""
    if not new.begins_at < new.ends_at <= min(new.begins_at + LONGEST, now + AHEAD):
        raise Refusal("wrong_hold", days=LONGEST.days, ahead=AHEAD.days)


async def _held_cameras(session: Session, viewer: Viewer, new: NewHold) -> list[int]:
    await check_incident(session, viewer, new.incident)
    ids = set(new.cameras)
    if new.event is not None:
        event = await events.find(session, viewer, new.event)
        if event is None:
            raise Refusal("no_such_event", id=new.event)
        ids |= set() if event.camera is None else {event.camera.id}
    if new.incident is not None and not ids:
        ids = set(await hold_queries.cameras_of_incident(session, new.incident))
    if not ids:
        raise Refusal("no_camera_to_hold")
    return [one.id for one in await cameras_of(session, viewer, sorted(ids))]


def _new_hold(new: NewHold, camera_id: int, who: str) -> hold_queries.NewHold:
    return hold_queries.NewHold(
        camera_id=camera_id,
        incident_id=new.incident,
        event_id=new.event,
        begins_at=new.begins_at,
        ends_at=new.ends_at,
        reason=new.reason,
        legal_basis=new.legal_basis,
        set_by=who,
    )
