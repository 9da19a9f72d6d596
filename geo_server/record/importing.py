"""Opening an incident that another centre's system handed over: the same one once, however often it comes."""

import hashlib
from collections.abc import Mapping
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
from geo_server.record.eido_reading import Taken, read
from layers.areas import queries as areas
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.schema import Caller, NewIncident
from layers.viewer import Viewer


async def take(session: Session, viewer: Viewer, raw: Mapping[str, Any]) -> tuple[int, bool]:
    """Return the incident of a document, and whether it was opened now.

    Raises Refusal wrong_eido, eido_without_place, outside_your_area, imported_elsewhere.
    """
    try:
        document = kept(raw)
        taken = read(document)
    except WrongEido as error:
        raise Refusal("wrong_eido", problem=str(error)) from error
    known = await queries.imported(session, taken.uid)
    if known is not None:
        return known, False
    return await _opened(session, viewer, taken, document), True


async def _opened(session: Session, viewer: Viewer, taken: Taken, document: Mapping[str, Any]) -> int:
    if taken.place is None:
        raise Refusal("eido_without_place")
    if not await areas.reaches(session, viewer, taken.place):
        raise Refusal("outside_your_area", lon=taken.place.lon, lat=taken.place.lat)
    incident_id = await incidents.open_new(session, await _new(session, viewer, taken), viewer)
    await _keep(session, viewer, incident_id, taken, document)
    told = {"uid": taken.uid, "sender": taken.sender, "notes": len(taken.notes)}
    await incidents.add_entry(session, incident_id, "imported", viewer, told)
    for note in taken.notes:
        said = {"text": note.text, "sender": taken.sender}
        await incidents.add_entry(session, incident_id, "note", note.who, said, device_at=note.at)
    await concerning.opened(session, viewer, incident_id)
    await ring(session, {"incidents": [incident_id]})
    return incident_id


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
        "sha256": hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        "taken_by": viewer.name,
    }
    try:
        await queries.add_import(session, row)
    except IntegrityError as error:  # taken where this viewer does not see, or this very moment
        raise Refusal("imported_elsewhere") from error
