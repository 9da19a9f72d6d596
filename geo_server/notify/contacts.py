"""Who is told, kept by the administrators of each area; the caller's visit is the transaction."""

from collections.abc import Mapping
from typing import Any

from geo_server.access.administered import check_area
from geo_server.errors import Refusal
from geo_server.notify import addresses, chain_queries, contact_queries, queries
from geo_server.notify.schema import Administered, Contact, Recipient, Step, Told
from geo_server.notify.steps import address_of
from layers.database import Session
from layers.units import queries as units
from layers.viewer import Viewer

_CHECKS = {"phone": addresses.phone, "email": addresses.email, "url": addresses.url, "topic": addresses.topic}
TEST_PRIORITY = 3


async def add(session: Session, viewer: Viewer, values: Mapping[str, Any]) -> Administered:
    """Write a contact down, of an area at or below the one entered.

    Raises Refusal: outside_your_area, area_closed, bad_address, no_address_for, no_such_unit, no_such_contact.
    """
    await check_area(session, viewer, values["area_id"])
    checked = await _checked(session, viewer, values)
    made = await contact_queries.add(session, **checked, created_by=viewer.name)
    found = await of_id(session, made)
    _check_channels(found.contact)
    return found


async def change(session: Session, viewer: Viewer, contact_id: int, values: Mapping[str, Any]) -> Administered:
    """Write what changes of a contact.

    Raises Refusal: no_such_contact, bad_address, no_address_for, no_such_unit, escalates_in_a_ring.
    """
    await of_id(session, contact_id)
    above = values.get("escalates_to_id")
    if above is not None and contact_id in await contact_queries.with_those_above(session, [above]):
        raise Refusal("escalates_in_a_ring", id=contact_id)
    await contact_queries.change(session, contact_id, **await _checked(session, viewer, values))
    found = await of_id(session, contact_id)
    _check_channels(found.contact)
    return found


async def remove(session: Session, contact_id: int) -> None:
    """Take a contact out; raises Refusal `no_such_contact`."""
    await of_id(session, contact_id)
    await contact_queries.remove(session, contact_id)


async def test(session: Session, viewer: Viewer, contact_id: int, channel: str | None) -> Told:
    """Have a test message sent by one channel, the contact's first where none is named; nothing escalates.

    Raises Refusal: no_such_contact, no_address_for.
    """
    contact = (await of_id(session, contact_id)).contact
    chosen = channel or next(iter(contact.channels), "")
    if not address_of(contact, chosen):
        raise Refusal("no_address_for", channel=chosen or "—")
    step = Step(to_kind="contact", to_id=contact_id, channel=chosen)
    to = [Recipient(kind="contact", id=contact_id)]
    (chain_id,) = await chain_queries.queue(
        session, to, kind="test", incident_id=None, priority=TEST_PRIORITY, by=viewer.name, steps=[step]
    )
    made = await queries.told_one(session, chain_id)
    assert made is not None  # written just now
    return made


async def of_id(session: Session, contact_id: int) -> Administered:
    """Return a contact of the visit's scope; raises Refusal `no_such_contact`."""
    found = await contact_queries.find(session, contact_id)
    if found is None:
        raise Refusal("no_such_contact", id=contact_id)
    return found


async def _checked(session: Session, viewer: Viewer, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with addresses as their channels write them, and each id that is named seen."""
    checked = dict(values)
    for field in _CHECKS.keys() & {name for name, value in values.items() if value}:
        try:
            checked[field] = _CHECKS[field](values[field])
        except ValueError:
            raise Refusal("bad_address", field=field) from None
    unit_id, above = values.get("unit_id"), values.get("escalates_to_id")
    if unit_id is not None and not await units.by_ids(session, viewer, [unit_id]):
        raise Refusal("no_such_unit", ids=[unit_id])
    if above is not None:
        await of_id(session, above)
    return checked


def _check_channels(contact: Contact) -> None:
    for channel in contact.channels:
        if not address_of(contact, channel):
            raise Refusal("no_address_for", channel=channel)
