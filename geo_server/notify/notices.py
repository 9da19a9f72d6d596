"""Telling people and hearing that they know; the caller's visit is the transaction."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from geo_server.errors import Refusal
from geo_server.notify import chain_queries, notice_queries, queries
from geo_server.notify.escalating import Acknowledged, Chain, State, Withdrawn, after
from geo_server.notify.schema import Due, Kind, Means, Recipient, Step, Told
from geo_server.notify.steps import CREW_PAGE
from geo_server.notify.words import of_panic, timers
from geo_server.operations.plans import Plan
from layers.changes import ring
from layers.database import Session
from layers.dispatches.rules import is_open as dispatch_is_open
from layers.dispatches.schema import Dispatch
from layers.incidents import lineage_queries as lineage
from layers.incidents import queries as incidents
from layers.incidents.schema import Incident
from layers.viewer import Viewer

PANIC_PRIORITY, MESSAGE_PRIORITY = 1, 2  # by which notices wait for an answer, and phones are woken at once


def crews_of(dispatches: Iterable[Dispatch]) -> list[Recipient]:
    """Return the crews that were sent."""
    return [Recipient(kind="unit", id=sent.unit.id, dispatch_id=sent.id) for sent in dispatches]


def responsible_by(plan: Plan) -> list[Recipient]:
    """Return who is to be told by a plan: whoever holds each role in the incident's area or above it."""
    return [Recipient(kind="role", role=told.role) for told in plan.told]


async def queue(
    session: Session,
    viewer: Viewer,
    incident: Incident,
    recipients: Iterable[Recipient],
    kind: Kind,
    *,
    alarm: int = 0,
) -> list[int]:
    """Have each recipient told of an incident; return the ids of their chains, none for what is told already.

    Nothing is sent before the caller's transaction is committed. The caller rings for the incident.
    """
    told = list(recipients)
    return await chain_queries.queue(
        session, told, kind=kind, incident_id=incident.id, priority=incident.priority, by=viewer.name, alarm=alarm
    )


async def redirected(session: Session, viewer: Viewer, incident: Incident, sent: Iterable[Dispatch]) -> list[int]:
    """Have the crews told anew whose dispatch belongs to another incident now, or leads to another place.

    What told them of the former is withdrawn as the chains go on. Return the ids of the new ones.
    """
    crews = crews_of(one for one in sent if dispatch_is_open(one.status))
    # A number that only grows tells one telling of the same crew from the one before.
    nth = await lineage.tellings(session, incident.id)
    return await queue(session, viewer, incident, crews, "dispatch", alarm=nth)


async def cried(session: Session, viewer: Viewer, panic_id: int, *, unheard_s: float, alarm: int = 0) -> list[int]:
    """Have those who answer for a unit's area told of its panic, once nobody has acknowledged it for so many seconds.

    `alarm`: how often it was heard before and raised anew; each time is told of its own.
    Return the ids of the chains. They end as soon as the panic is acknowledged or ended.
    """
    told = [Recipient(kind="role", role=role) for role in of_panic()]
    return await chain_queries.queue(
        session,
        told,
        kind="panic",
        panic_id=panic_id,
        priority=PANIC_PRIORITY,
        by=viewer.name,
        alarm=alarm,
        after_s=unheard_s,
    )


async def wrote(session: Session, viewer: Viewer, unit_id: int, message_id: int) -> list[int]:
    """Have a crew's phones woken for a message of the desk; what it says stands on the crew's page alone."""
    page = Step(to_kind="unit", to_id=unit_id, channel=CREW_PAGE)
    crew = [Recipient(kind="unit", id=unit_id)]
    return await chain_queries.queue(
        session,
        crew,
        kind="message",
        message_id=message_id,
        priority=MESSAGE_PRIORITY,
        by=viewer.name,
        steps=[page],
    )


async def acknowledge_for(session: Session, viewer: Viewer, notice_id: int, means: Means, note: str | None) -> Told:
    """Write down that somebody said by radio, by phone or in person that they know; ring.

    Said again it answers the same. Raises Refusal `no_such_notice`.
    """
    found = await queries.find(session, notice_id)
    if found is None:
        raise Refusal("no_such_notice", id=notice_id)
    due = await _held(session, found.chain_id)
    if due.of.state is not State.ACKNOWLEDGED:
        await end(session, due, notice_id, by=viewer.name, means=means, who=viewer, note=note)
    told = await queries.told_one(session, found.chain_id)
    assert told is not None  # it is held
    return told


async def end(
    session: Session,
    due: Due,
    notice_id: int | None,
    *,
    by: str,
    means: Means,
    who: Viewer | str,
    note: str | None = None,
) -> None:
    """Write that a chain was acknowledged, by a notice where it was by one; ring."""
    await chain_queries.set_chain(session, due.id, _after(due, Acknowledged()), by=by, how=means)
    if notice_id is not None:
        await notice_queries.set_acknowledged(session, notice_id, by=by, means=means)
    await chain_queries.withdraw_rest(session, due.id)
    details = {"to": told_to(due), "means": means} | ({"note": note} if note else {})
    await tell(session, due, "notice_acknowledged", who, details)


async def withdraw(session: Session, due: Due, how: str, *, by: str | None = None) -> None:
    """Write that nobody needs to be told any more; ring where a panic's list shows it."""
    await chain_queries.set_chain(session, due.id, _after(due, Withdrawn()), by=by, how=how)
    await chain_queries.withdraw_rest(session, due.id)
    if due.panic_id is not None:
        await news(session, due)


async def tell(session: Session, due: Due, kind: str, who: Viewer | str, details: Mapping[str, object]) -> None:
    """Write a line of the incident's timeline, and ring; a message and a test have none."""
    if due.told_in is not None:
        about = {} if due.panic_id is None else {"panic_id": due.panic_id}
        await incidents.add_entry(session, due.told_in, kind, who, {**details, **about})
    await news(session, due)


async def news(session: Session, due: Due) -> None:
    """Ring for what a chain tells of; of a test and a message nobody looks on."""
    await ring(session, {"incidents": _known(due.told_in), "panics": _known(due.panic_id)})


def told_to(due: Due) -> str:
    """Return how the timeline names who is told."""
    return due.to_role or due.call_sign or str(due.to_id or "")


def _known(id: int | None) -> list[int]:
    return [] if id is None else [id]


async def _held(session: Session, chain_id: int) -> Due:
    due = await chain_queries.hold(session, chain_id)
    if due is None:
        raise Refusal("no_such_notice", id=chain_id)
    return due


def _after(due: Due, happened: Acknowledged | Withdrawn) -> Chain:
    waits = timers()[due.priority].acknowledge_s
    return after(due.of, happened, datetime.now(UTC), acknowledge_s=waits)
