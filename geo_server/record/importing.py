"""Opening an incident that another centre's system handed over: the same one once, however often it comes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError

from geo_server.errors import Refusal
from geo_server.operations import concerning
from geo_server.operations.checking import OTHER
from geo_server.operations.planning_ahead import opening
from geo_server.plans import versions
from geo_server.record import queries
from geo_server.record.eido_keeping import WrongEido, kept
from geo_server.record.eido_reading import News, SaidThere, Taken, is_over, news, read
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, NewIncident
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a document: its incident, whether it was opened now, how many notes are new in its log.

    `left_out` is how many new ones are not: they were too many for one document.
    """

    incident_id: int
    opened: bool
    notes: int = 0
    left_out: int = 0


async def take(session: Session, viewer: Viewer, raw: Mapping[str, Any]) -> Came:
    """Open the incident of a document; where an earlier one did, add what is new to its log.

    Raises Refusal wrong_eido, eido_closed, eido_without_place, outside_your_area, imported_elsewhere.
    """
    try:
        document = kept(raw)
        taken = read(document)
    except WrongEido as error:
        raise Refusal("wrong_eido", problem=str(error)) from error
    known = await queries.imported(session, taken.uid)
    if known is not None:
        return await _told_again(session, viewer, known, taken, document)
    return await _opened(session, viewer, taken, document)


async def _told_again(
    session: Session, viewer: Viewer, incident_id: int, taken: Taken, document: Mapping[str, Any]
) -> Came:
    """Add what a later document tells to the log; how it stands there is told, and changes nothing here."""
    await incidents.hold(session, viewer, incident_id)  # two who hand over the same one are told apart
    before = await queries.documents(session, incident_id)
    if any(each.sha256 == _sha256(document) for each in before):
        return Came(incident_id=incident_id, opened=False)
    row = {"incident_id": incident_id, "document": document, "sha256": _sha256(document), "taken_by": viewer.name}
    await queries.add_later(session, row)
    told = [read(each.document) for each in before]
    new, changed = news(taken, told), told[-1].status != taken.status
    said = _told(taken, new)
    said |= {"text": " · ".join(taken.status)} if changed else {}
    await incidents.add_entry(session, incident_id, "imported_again", viewer, said)
    await _add_notes(session, incident_id, taken.sender, new.notes)
    await ring(session, {"incidents": [incident_id]})
    return Came(incident_id=incident_id, opened=False, notes=len(new.notes), left_out=new.left_out)


def _told(taken: Taken, new: News) -> dict[str, object]:
    left_out = {"left_out": new.left_out} if new.left_out else {}
    return {"uid": taken.uid, "sender": taken.sender, "notes": len(new.notes), **left_out}


async def _add_notes(session: Session, incident_id: int, sender: str, notes: Iterable[SaidThere]) -> None:
    for note in notes:
        said = {"text": note.text, "sender": sender}
        await incidents.add_entry(session, incident_id, "note", note.who, said, device_at=note.at)


def _sha256(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def _opened(session: Session, viewer: Viewer, taken: Taken, document: Mapping[str, Any]) -> Came:
    if is_over(taken):
        raise Refusal("eido_closed")
    if taken.place is None:
        raise Refusal("eido_without_place")
    if not await areas.reaches(session, viewer, taken.place):
        raise Refusal("outside_your_area", lon=taken.place.lon, lat=taken.place.lat)
    incident_id = await incidents.open_new(session, await _new(session, viewer, taken), viewer)
    await _keep(session, viewer, incident_id, taken, document)
    new = news(taken)
    await incidents.add_entry(session, incident_id, "imported", viewer, _told(taken, new))
    await _add_notes(session, incident_id, taken.sender, new.notes)
    await concerning.opened(session, viewer, incident_id)
    await ring(session, {"incidents": [incident_id]})
    return Came(incident_id=incident_id, opened=True, notes=len(new.notes), left_out=new.left_out)


async def _new(session: Session, viewer: Viewer, taken: Taken) -> NewIncident:
    known = (await versions.current(session)).categories
    category = taken.code if taken.code in known else OTHER
    assert taken.place is not None and category is not None
    opens = await opening(session, category, priority=taken.priority)
    return NewIncident(
        category=category,
        priority=opens.priority,
        priority_said=opens.priority_said,
        urgency=opens.urgency,
        plan_version_id=opens.plan_version_id,
        place=taken.place,
        opened_by=viewer.name,
        description=taken.description,
        address=taken.address,
        caller=Caller(name=None, phone=taken.phone) if taken.phone else None,
    )


async def _keep(session: Session, viewer: Viewer, incident_id: int, taken: Taken, document: Mapping[str, Any]) -> None:
    row = {
        "incident_id": incident_id,
        "uid": taken.uid,
        "sender": taken.sender,
        "document": document,
        "sha256": _sha256(document),
        "taken_by": viewer.name,
    }
    try:
        await queries.add_import(session, row)
    except IntegrityError as error:  # taken where this viewer does not see, or this very moment
        raise Refusal("imported_elsewhere") from error
