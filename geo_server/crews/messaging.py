"""What a crew and the desk write to each other: sent, read, and on the timeline of what the unit is bound to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from geo_server.crews.holding import bound_now, bound_then, seen
from geo_server.notify import notices
from geo_server.notify import queries as told
from layers.changes import ring
from layers.database import Session
from layers.incidents import queries as incidents
from layers.units import crew_queries, message_queries
from layers.units.schema import Message, NewMessage
from layers.viewer import Viewer

State = Literal["sent", "delivered", "read", "expired"]


async def tell(session: Session, viewer: Viewer, unit_id: int, text: str) -> None:
    """Send a message to a crew and have its phones woken; ring. Raises Refusal `no_such_unit`."""
    now = await crew_queries.now(session)
    new = NewMessage(unit_id=unit_id, at=now, who=viewer.name, from_crew=False, text=text)
    message_id = await _send(session, viewer, new)
    await notices.wrote(session, viewer, unit_id, message_id)


async def write(session: Session, viewer: Viewer, unit_id: int, text: str, at: datetime) -> None:
    """Send a crew's message to the desk; ring. Raises Refusal `no_such_unit`.

    However late it comes, it enters the log of the incident that the unit was bound to as it was written.
    """
    new = NewMessage(unit_id=unit_id, at=at, who=viewer.name, from_crew=True, text=text)
    await _send(session, viewer, new)


async def read(session: Session, viewer: Viewer, unit_id: int, up_to: int, *, at: datetime | None = None) -> int:
    """Write that the viewer's side has read the other's messages up to that one; ring where that is news.

    `at` is when by the clock of whoever says so, else now. Return how many were not read before; raises Refusal
    `no_such_unit`.
    """
    await seen(session, viewer, unit_id)
    moment = at or await crew_queries.now(session)
    theirs = viewer.unit_id is None
    new = await message_queries.read(session, unit_id, from_crew=theirs, up_to=up_to, at=moment, by=viewer.name)
    if new:
        await ring(session, {"units": [unit_id]})
    return len(new)


async def states(session: Session, messages: Sequence[Message]) -> dict[int, State]:
    """Return what became of each message, by id."""
    of_desk = await told.of_messages(session, [one.id for one in messages if not one.from_crew])
    return {one.id: state(one, of_desk.get(one.id, "delivered")) for one in messages}


def state(message: Message, told: State = "delivered") -> State:
    """Return what became of a message of which its notices tell that; what was read has arrived, however."""
    return told if message.read_at is None else "read"


async def _send(session: Session, viewer: Viewer, new: NewMessage) -> int:
    unit = await seen(session, viewer, new.unit_id)
    message_id = await message_queries.add(session, new)
    bound = await bound_then(session, unit, new.at) if new.from_crew else bound_now(unit)
    for incident_id in bound:
        kind = "crew_message" if new.from_crew else "desk_message"
        said = {"unit": unit.call_sign, "message_id": message_id, "text": new.text}
        await incidents.add_entry(session, incident_id, kind, viewer, said, device_at=new.at if new.from_crew else None)
    await ring(session, {"units": [unit.id], "incidents": bound})
    return message_id
