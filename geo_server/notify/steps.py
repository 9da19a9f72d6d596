"""Which steps a chain takes: each person's channels in their order, then the person who stands in for them; pure."""

from collections.abc import Iterable, Mapping
from typing import Literal

from geo_server.notify.schema import Contact, Step

CREW_PAGE = "crew_page"
MOST = 24  # steps; a chain that long has failed in another way
_ADDRESSES: Mapping[str, Literal["email", "phone", "url", "topic"]] = {
    "mail": "email",
    "sms_http": "phone",
    "sms_smpp": "phone",
    "webhook": "url",
    "mqtt": "topic",
}


def address_of(contact: Contact, channel: str) -> str | None:
    """Return where a channel reaches a contact, None where it does not."""
    field = _ADDRESSES.get(channel)
    found: str | None = None if field is None else getattr(contact, field)
    return found


def persons(first: Iterable[Contact], known: Mapping[int, Contact]) -> list[Contact]:
    """Return who is told in which order: the first ones, then whom each escalates to; nobody twice."""
    told: dict[int, Contact] = {contact.id: contact for contact in first if contact.enabled}
    for contact in list(told.values()):
        above = contact.escalates_to_id
        seen = {contact.id}
        while above is not None and above in known and above not in seen:
            seen.add(above)
            if known[above].enabled:
                told.setdefault(above, known[above])
            above = known[above].escalates_to_id
    return list(told.values())


def steps_of(unit_id: int | None, told: Iterable[Contact]) -> tuple[Step, ...]:
    """Return the steps: the unit's own page first where a unit is told, then each person's channels."""
    own = [] if unit_id is None else [Step(to_kind="unit", to_id=unit_id, channel=CREW_PAGE)]
    theirs = [
        Step(to_kind="contact", to_id=contact.id, channel=channel)
        for contact in told
        for channel in contact.channels
        if address_of(contact, channel)
    ]
    return (*own, *theirs)[:MOST]
