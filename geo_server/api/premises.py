"""Premises: what is known of a place, for whoever is sent there; keys and contacts are read by those at the desk."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, status

from geo_server.access.visiting import Visiting, permitted
from geo_server.api.models import Id
from geo_server.api.models.premises import NearPremisesNote, NewPremisesNote, PremisesNote, PremisesNotes
from geo_server.errors import Refusal
from geo_server.operations.looking_back import days_of, reach
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.premises import queries as premises
from layers.premises.schema import NewNote, Note
from layers.values import LonLat, Role
from layers.viewer import Viewer

router = APIRouter(tags=["premises"])
READS_KEYS = frozenset({Role.DISPATCHER, Role.COMMANDER})
CLOSE_HELD = frozenset({"key", "contact"})  # where a key lies, and people's phones


@router.get("/incidents/{id}/premises")
async def of_incident(
    id: Id,
    visiting: Annotated[Visiting, permitted("incidents.premises")],
    days: Annotated[
        float | None, Query(gt=0, le=36_500, description="How far back for what stands no more, days.")
    ] = None,
) -> PremisesNotes:
    """Return hazards, notes, keys and contacts at an incident's place or address, and those that stood before."""
    viewer, far, back = visiting.viewer, reach().premises_m, days_of("premises", days)
    async with visiting.visit("incidents", id) as session:
        incident = await incidents.find(session, viewer, id)
        if incident is None:
            raise Refusal("no_such_incident", id=id)
        found = await premises.of_incident(session, viewer, id, incident.place, radius_m=far, days=back)
    return PremisesNotes(radius_m=far, days=back, notes=[_near(note, viewer) for note in found])


@router.post("/premises", status_code=status.HTTP_201_CREATED)
async def write(new: NewPremisesNote, visiting: Annotated[Visiting, permitted("premises.write")]) -> PremisesNote:
    """Write down what is to be known of premises at or below the area entered."""
    viewer, place = visiting.viewer, LonLat(lon=new.place.lon, lat=new.place.lat)
    if new.until is not None and new.until <= datetime.now(UTC):
        raise Refusal("note_over")
    async with visiting.visit("premises") as session:
        if not await areas.reaches(session, viewer, place):
            raise Refusal("outside_your_area", lon=place.lon, lat=place.lat)
        note_id = await premises.write(
            session,
            NewNote(
                kind=new.kind,
                text=new.text,
                place=place,
                address=new.address,
                made_by=viewer.name,
                until=new.until,
            ),
        )
        visiting.say(about=("premises", note_id), details={"kind": new.kind})
        answer = _note(await _found(session, viewer, note_id), viewer)
        await ring(session, {"premises": [note_id]})
        return answer


@router.delete("/premises/{id}")
async def end(id: Id, visiting: Annotated[Visiting, permitted("premises.write")]) -> PremisesNote:
    """End one: it stays in the history of its premises. Ended again, the answer is the same."""
    viewer = visiting.viewer
    async with visiting.visit("premises", id) as session:
        ended = await premises.end(session, id, viewer.name)
        note = await _found(session, viewer, id)
        if not ended and note.standing:  # seen by a grant, and not theirs to end
            raise Refusal("no_such_note", id=id)
        if ended:
            await ring(session, {"premises": [id]})
        return _note(note, viewer)


async def _found(session: Session, viewer: Viewer, note_id: int) -> Note:
    note = await premises.find(session, viewer, note_id)
    if note is None:
        raise Refusal("no_such_note", id=note_id)
    return note


def _note(note: Note, viewer: Viewer) -> PremisesNote:
    masked = note.kind in CLOSE_HELD and viewer.role not in READS_KEYS
    plain = ("id", "kind", "place", "address", "made_by", "made_at", "until", "ended_at", "standing")
    told = {name: getattr(note, name) for name in plain}
    return PremisesNote.model_validate({**told, "text": None if masked else note.text, "masked": masked})


def _near(note: Note, viewer: Viewer) -> NearPremisesNote:
    return NearPremisesNote(**dict(_note(note, viewer)), distance_m=note.distance_m)
