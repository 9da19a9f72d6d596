"""The shapes of the register of cameras: its entries, how one is changed, its history, and files that are taken in."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from geo_server.api.models.base import Area, Asked, AskedPlace, Moment, Place, Sent, SomeId, Title, Word
from geo_server.api.models.jobs import Job
from geo_server.register.schema import Duplicates, State

LARGEST_FILE_BYTES = 400_000_000
PIECE_BYTES = 900_000
MOST_DECIDED = 5000

Short = Annotated[Word, Field(max_length=100)]
Long = Annotated[Word, Field(max_length=500)]
Module = Literal["person", "plate", "situation"]
Watched = Literal["road", "barrier", "passage", "flow", "slow", "fast"]
Day = Annotated[date, Field(ge=date(1950, 1, 1), le=date(2200, 12, 31))]


class RegisterField(Sent):
    """Something that the register tells of a camera."""

    name: str
    kind: Literal["text", "number", "date", "choice", "choices", "yes"]
    title: Title
    unit: Literal["m", "deg", "px"] | None
    least: float | None
    most: float | None


class RegisterFields(Sent):
    """All of them, in the order in which they are shown."""

    fields: list[RegisterField]


class Entry(Sent):
    """A camera as the register tells it: metres, degrees, pixels; never where its stream is.

    `streams`: there is something to read it by; `lacks`: what its entry should tell and does not.
    """

    id: int
    code: str
    name: Title
    kind: Literal["fixed", "ptz", "drone", "body"]
    place: Place
    area: Area
    owner: str | None
    owner_kind: Literal["state", "private"]
    contract: str | None
    contract_until: date | None
    installed_on: date | None
    class_: str | None = Field(serialization_alias="class")
    model: str | None
    pole: str | None
    node: str | None
    link: str | None
    modules: list[str]
    watches: list[str]
    facts: dict[str, Any]
    height_m: float | None
    heading_deg: float | None
    tilt_deg: float | None
    roll_deg: float
    hfov_deg: float | None
    width_px: int | None
    height_px: int | None
    range_m: float
    calibration: str
    streams: bool
    enabled: bool
    state: str
    lacks: list[str]
    version: str = Field(description="Of this entry: sent back as `based_on` by whoever changes it.")


class Entries(Sent):
    """A page of the register, by code; `after` is what to ask for next, where there may be more."""

    entries: list[Entry]
    count: int = Field(description="How many there are in all.")
    after: str | None


class Named(Sent):
    """An owner or a class, and how many cameras have it."""

    name: str
    count: int


class Register(Sent):
    """What the register holds in the area entered and below."""

    all: int
    incomplete: int
    streamless: int
    owners: list[Named]
    classes: list[Named]
    lacking: list[str] = Field(description="What an entry may lack.")


class EntryChange(Asked):
    """What becomes of an entry: what is named is written, null empties it. `based_on`: the version it was read in."""

    based_on: Annotated[str, Field(min_length=32, max_length=32)]
    code: Short | None = None
    name_kk: Long | None = None
    name_ru: Long | None = None
    name_en: Long | None = None
    kind: Literal["fixed", "ptz"] | None = None
    place: AskedPlace | None = None
    owner: Long | None = None
    owner_kind: Literal["state", "private"] | None = None
    contract: Long | None = None
    contract_until: Day | None = None
    installed_on: Day | None = None
    class_: Annotated[Long | None, Field(alias="class")] = None
    model: Long | None = None
    pole: Long | None = None
    node: Long | None = None
    link: Long | None = None
    modules: Annotated[list[Module], Field(max_length=3)] | None = None
    watches: Annotated[list[Watched], Field(max_length=6)] | None = None
    height_m: Annotated[float, Field(ge=0.3, le=300)] | None = None
    heading_deg: Annotated[float, Field(ge=0, lt=359.9999)] | None = None
    tilt_deg: Annotated[float, Field(ge=-89.9, le=90)] | None = None
    roll_deg: Annotated[float, Field(ge=-180, le=180)] | None = None
    hfov_deg: Annotated[float, Field(ge=0.1, le=179.9)] | None = None
    width_px: Annotated[int, Field(ge=16, le=20_000)] | None = None
    height_px: Annotated[int, Field(ge=16, le=20_000)] | None = None
    range_m: Annotated[float, Field(ge=1, le=2000)] | None = None
    facts: dict[Annotated[str, Field(max_length=60)], Annotated[float, Field(ge=0, le=1_000_000)]] | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if len(self.model_fields_set - {"based_on"}) == 0:
            raise ValueError("names nothing to change")
        always = ("code", "name_kk", "name_ru", "name_en", "kind", "place", "owner_kind", "roll_deg", "range_m")
        if any(name in self.model_fields_set and getattr(self, name) is None for name in always):
            raise ValueError("empties what every camera has")
        return self


class EntryChanged(Sent):
    """Who changed what of a camera: each column from what to what; of `address` no more than that it changed."""

    id: int
    at: Moment
    who: str
    act: Literal["added", "changed", "removed"]
    changed: dict[str, list[Any]]


class EntryHistory(Sent):
    """What became of a camera's entry, newest first."""

    changes: list[EntryChanged]


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────


class NewImport(Asked):
    """A file that is to be sent, in pieces."""

    file: Annotated[Word, Field(max_length=200, description="Its name.")]
    bytes: Annotated[int, Field(ge=1, le=LARGEST_FILE_BYTES)]


class ImportChoices(Asked):
    """What somebody chooses of a file where not what is guessed; `mapping`: the field of each column that is taken."""

    mapping: dict[Annotated[str, Field(max_length=250)], Annotated[str, Field(max_length=60)]] | None = None
    crs: Annotated[str, Field(pattern=r"^EPSG:\d{4,6}$", description="The coordinate system.")] | None = None
    height_unit: Literal["auto", "m", "ft"] = "auto"
    axes: Literal["auto", "as_is", "swapped"] = "auto"
    near_m: Annotated[float, Field(ge=0, le=100, description="So near it may be the same camera, metres.")] = 5.0


class Decisions(Asked):
    """What becomes of rows that may be cameras already: `rows` by their numbers, `duplicates` of all the others."""

    duplicates: Duplicates = "skip"
    rows: Annotated[dict[SomeId, Duplicates], Field(max_length=MOST_DECIDED)] = Field(default_factory=dict)


class Remark(Sent):
    """Something that is said of a file or a row, by its code and in words."""

    code: str
    text: Title


class Import(Sent):
    """A file that is being taken in: what was found in it, what is chosen, and how far that is."""

    id: int
    file: str
    bytes: int
    sent_bytes: int
    asked_by: str
    asked_at: Moment
    state: State
    format: str | None
    columns: list[str]
    sample: list[list[str]] = Field(description="The first rows, as they stand in the file.")
    choices: dict[str, Any]
    findings: list[Remark]
    counts: dict[str, int]
    fault: Remark | None
    job: Job | None


class Imports(Sent):
    """The newest files of the area entered and below."""

    imports: list[Import]


class ImportRow(Sent):
    """A row; `twin`: what it may be already: a camera of that `code`, at that `place`, or a row of this `file`."""

    line: int
    code: str | None
    name: str | None
    place: Place | None
    heading_deg: float | None
    raw: list[str] | None
    refused: Remark | None
    notes: list[Remark]
    twin: Literal["code", "place", "file"] | None
    twin_id: int | None
    twin_code: str | None


class ImportRows(Sent):
    """Rows of a file, by their numbers; `after` is what to ask for next, where there may be more."""

    rows: list[ImportRow]
    after: int | None
