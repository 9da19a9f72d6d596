"""The shapes of what is known of premises."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from geo_server.api.models.base import Asked, AskedPlace, Metres, Moment, Place, Sent, SentMoment, Word, storable

Kind = Literal["hazard", "note", "key", "contact"]
NoteText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(storable)
]


class PremisesNote(Sent):
    """What is known of premises; of keys and contacts only those at the desk read the text, else it is `masked`."""

    id: int
    kind: Kind
    text: str | None
    masked: bool
    place: Place
    address: str | None
    made_by: str
    made_at: Moment
    until: Moment | None = Field(description="It stands until then; without it, until somebody ends it.")
    ended_at: Moment | None
    standing: bool


class NearPremisesNote(PremisesNote):
    """One as an incident's card shows it, metres away."""

    distance_m: Metres


class PremisesNotes(Sent):
    """What is known of the premises of an incident: what stands first, then what stood, newest first.

    Within `radius_m` metres or at its address; of what stands no more, what ended within `days`.
    """

    radius_m: Metres
    days: float
    notes: list[NearPremisesNote]


class NewPremisesNote(Asked):
    """What is to be known of premises."""

    kind: Kind
    text: NoteText
    place: AskedPlace
    address: Word | None = None
    until: SentMoment | None = None
