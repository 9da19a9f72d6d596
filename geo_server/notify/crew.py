"""What a crew's own page asks of notices: what stands on it, that it was read, and that the crew knows."""

from geo_server.errors import Refusal
from geo_server.notify import chain_queries, notice_queries, notices, queries
from geo_server.notify.escalating import State
from geo_server.notify.schema import Notice
from geo_server.notify.steps import CREW_PAGE
from layers.database import Session
from layers.dispatches.rules import Status
from layers.dispatches.schema import Dispatch
from layers.viewer import Viewer


async def on_page(session: Session, unit_id: int) -> list[Notice]:
    """Return a unit's notices, the newest first; the page shows them now, so they count as delivered."""
    found = await queries.of_unit(session, unit_id)
    unread = [one.id for one in found if one.state in ("queued", "sent") and one.channel == CREW_PAGE]
    if not unread:
        return found
    await notice_queries.set_delivered(session, unread)
    await chain_queries.end_read(session, unread)
    return await queries.of_unit(session, unit_id)


async def redirected(session: Session, dispatch: Dispatch) -> Notice | None:
    """Return what tells a crew that has answered already of another place or incident, until it says that it knows.

    Of a dispatch that it has not answered yet its first answer says so, and afterwards each step it takes.
    """
    if dispatch.status is Status.DISPATCHED:
        return None
    return await queries.unknown_since(session, dispatch.id, dispatch.status_at)


async def acknowledge(session: Session, viewer: Viewer, unit_id: int, notice_id: int) -> Notice:
    """Write down that a unit's crew knows; ring. Again is the same.

    Raises Refusal `no_such_notice` for another unit's.
    """
    found = await queries.find(session, notice_id)
    if found is None or (found.to_kind, found.to_id) != ("unit", unit_id):
        raise Refusal("no_such_notice", id=notice_id)
    due = await chain_queries.hold(session, found.chain_id)
    if due is not None and due.of.state is not State.ACKNOWLEDGED:
        await notices.end(session, due, notice_id, by=viewer.name, means="page", who=viewer)
    again = await queries.find(session, notice_id)
    assert again is not None  # it was found in this transaction
    return again
