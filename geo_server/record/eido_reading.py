"""What an EIDO of another centre says of an incident, checked against the shapes of the standard; pure."""

import html
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from geo_server.record import eido, pidf
from geo_server.record.eido_keeping import WrongEido, storable
from layers.values import LonLat

TEXT, NAME, NOTES, STATUSES = 4000, 200, 500, 10  # letters of a description, of a name; lines, words
_OVER = frozenset({"closed", "cancelled", "canceled"})
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidThere:
    """A line that the sender had written: its name of it, when by its clock, by whom."""

    id: str
    at: datetime | None
    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An incident as the sender tells it; `code` is its own word for the category, `priority` 1 to 4 or not said.

    `status` are its words for how it stands, the common ones first.
    """

    uid: str
    sender: str
    code: str | None
    description: str
    priority: int | None
    status: tuple[str, ...]
    place: LonLat | None
    address: str | None
    phone: str | None
    notes: tuple[SaidThere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The notes of a document that are added to the log, and how many new ones are left in it: beyond the limit."""

    notes: tuple[SaidThere, ...]
    left_out: int


def read(raw: Any) -> Taken:
    """Return what a document that can be kept says; raises WrongEido."""
    try:
        document = msgspec.convert(raw, eido.Document)
    except msgspec.ValidationError as error:
        raise WrongEido(str(error)[:200]) from error
    if not 0 < len(document.id) <= NAME:
        raise WrongEido(f"$id: 1 to {NAME} letters")
    one = document.incident_component
    if one is None:
        raise WrongEido("no incidentComponent")
    try:
        place, address = _where(document, one)
    except ValueError as error:
        raise WrongEido(f"locationByValue: {error}") from error
    about = one.incident_type_internal_text or one.incident_type_common_registry_text
    return Taken(
        uid=document.id,
        sender=_plain(document.issuing_element_identification, NAME),
        code=one.incident_type_internal_code,
        description=_plain(about, TEXT),
        priority=_priority(one.incident_common_priority_number),
        status=tuple(_plain(word, NAME) for word in _statuses(one)[:STATUSES]),
        place=place,
        address=None if address is None else _plain(address, NAME),
        phone=_phone(document, one),
        notes=tuple(_note(document, note) for note in document.notes_component),
    )


def _where(document: eido.Document, one: eido.Incident) -> tuple[LonLat | None, str | None]:
    """Return the first place that the incident names and that is told with coordinates, with the first address."""
    known = {place.id: place for place in document.location_component}
    named = [known[ref.ref] for ref in one.location_reference if ref.ref in known] or list(known.values())
    told = [pidf.read(place.location_by_value) for place in named if place.location_by_value]
    address = next((each.address for each in told if each.address), None)
    described = next((place.location_description_text for place in named if place.location_description_text), None)
    return next((each.place for each in told if each.place), None), address or described


def is_over(taken: Taken) -> bool:
    """Say whether nothing is to be done any more where the document comes from."""
    return any(word.lower() in _OVER for word in taken.status)


def news(taken: Taken, before: Iterable[Taken] = ()) -> News:
    """Return the notes that were taken from no earlier document; one that was written anew is news too."""
    known: set[tuple[str, str]] = set()
    for each in before:
        known.update(map(_key, _new(each, known)[:NOTES]))
    new = _new(taken, known)
    return News(notes=new[:NOTES], left_out=len(new[NOTES:]))


def _new(taken: Taken, known: Container[tuple[str, str]]) -> tuple[SaidThere, ...]:
    return tuple(note for note in taken.notes if _key(note) not in known)


def _key(note: SaidThere) -> tuple[str, str]:
    return note.id, note.text


def _statuses(one: eido.Incident) -> list[str]:
    return [*one.incident_status_common_registry_text, *one.incident_status_internal_text]


def _priority(told: int | None) -> int | None:
    return None if told is None else min(max(told, 1), 4)


def _phone(document: eido.Document, one: eido.Incident) -> str | None:
    named = {ref.ref for ref in one.person_reference}
    callers = [each.call_back_reference for each in document.person_component if each.id in named]
    told_by = callers or [call.call_back_reference for call in document.call_component]
    backs = {reference.ref for reference in told_by if reference is not None}
    uris = (uri for back in document.callback_component if back.id in backs for uri in back.call_back_information_uri)
    told = next((uri for uri in uris if uri.startswith("tel:")), None)
    return None if told is None else _plain(told.removeprefix("tel:"), 40)


def _note(document: eido.Document, note: eido.Note) -> SaidThere:
    who = note.agent_reference.ref if note.agent_reference else note.updated_by_agency_reference.ref
    return SaidThere(
        id=note.id[:NAME],
        at=_moment(note.last_update_time_stamp),
        who=_plain(who, NAME),
        text=_plain(_text(note), TEXT),
    )


def _text(note: eido.Note) -> str:
    return html.unescape(_TAG.sub(" ", note.notes_action_comments)).strip()


def _moment(told: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) if 2000 <= at.year <= 2100 else None


def _plain(told: str, most: int) -> str:
    """Return what of a text the store can hold."""
    return storable(told)[:most]
