"""The shapes of the hotlist: entries, a list brought in, and where an entry was seen."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from geo_server.api.models.base import Asked, Moment, Place, Sent, SentMoment, SomeId, Word, storable
from geo_server.api.models.events import Camera, Ellipse
from geo_server.api.models.grants import AreaNode
from layers.events.rules import State as EventState
from layers.hotlist.rules import foreign_signs, is_plate, normal

MOST_ROWS, MOST_CSV = 2000, 500_000  # of a list that is brought in, rows and characters
MOST_REFUSED = 100  # rows that the report names
Kind = Literal["stolen", "wanted", "missing", "other"]
Standing = Literal["coming", "live", "over", "ended"]


def _plate(written: str) -> str:
    plate = normal(storable(written))
    if foreign_signs(written) or not is_plate(plate):
        raise ValueError("is no plate of three to fifteen Latin letters and digits")
    return plate


Plate = Annotated[str, Field(min_length=1, max_length=60, examples=["123 ABC 02"]), AfterValidator(_plate)]
Grounds = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500), AfterValidator(storable)
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(storable)]


class Entry(Sent):
    """A plate that is looked for by the cameras of an area and of all below it, on its grounds and until its end.

    `standing` is `coming` before it begins, `over` once its time is, `ended` where a person ended it before; `hits`
    counts the events of it that the viewer sees.
    """

    id: int
    plate: str
    kind: Kind
    legal_basis: str
    owner: str
    area: AreaNode
    begins_at: Moment
    ends_at: Moment
    note: str
    created_at: Moment
    created_by: str
    ended_at: Moment | None
    ended_by: str | None
    standing: Standing
    hits: int


class Entries(Sent):
    """A page of entries, newest first; `next` is the `after` of the following page."""

    entries: list[Entry]
    next: int | None


class NewEntry(Asked):
    """A plate to be looked for; spaces and Cyrillic look-alikes are put right. 366 days at most."""

    plate: Plate
    kind: Kind
    legal_basis: Grounds = Field(examples=["ERDR 247512031000123"])
    owner: Word = Field(description="Which service answers for it.", examples=["Medeu district police"])
    area_id: SomeId
    ends_at: SentMoment
    begins_at: SentMoment | None = None
    note: Note = ""


class Csv(Asked):
    """A list as a table with a heading: plate, kind, legal_basis, owner, area, ends_at, and begins_at, note if wanted.

    Parted by commas or semicolons; `area` is an area's code, without it the area entered. A time without a zone is
    that of Kazakhstan, and a date alone ends with its day.
    """

    csv: Annotated[str, Field(min_length=1, max_length=MOST_CSV), AfterValidator(storable)]


class RefusedRow(Sent):
    """A row that was not taken: its number in the table, the heading's being 1, the column and why."""

    line: int
    column: str | None
    why: Literal["bad_value", "missing", "outside_your_area", "hotlist_times", "listed_already"]


class Imported(Sent):
    """What came of a list: how many entries were made, how many rows refused, and the first of those."""

    added: int
    refused: int
    rows: list[RefusedRow]


class Hit(Sent):
    """Where and when an entry's plate was read; a lead for a person, not a ground by itself."""

    event_id: int
    at: Moment
    place: Place
    ellipse: Ellipse | None
    camera: Camera | None
    certainty: float = Field(ge=0, le=1)
    state: EventState
    incident_id: int | None
    merged: int = Field(description="Further reads at that camera that this one stands for.")


class Hits(Sent):
    """The last hits within the scope, newest first, 50 at most; `entry` where it is the viewer's to read."""

    entry: Entry | None
    hits: list[Hit]
