"""What all shapes are made of: ids, texts and times that are checked as they are read, titles and places."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_LAST_ID = 2**63 - 1


def storable(text: str) -> str:
    """Return the text; ValueError where it cannot be stored. PostgreSQL keeps neither NUL nor half a character."""
    if "\x00" in text or any(0xD800 <= ord(letter) < 0xE000 for letter in text):
        raise ValueError("holds a character that cannot be stored")
    return text


def storable_part(text: str, length: int) -> str:
    """Return what of a text can be stored, up to that length: for what nobody typed, such as a program's name."""
    return "".join(letter for letter in text if letter != "\x00" and not 0xD800 <= ord(letter) < 0xE000)[:length]


def _believable(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("is not a time between 2000 and 2100")
    return at.astimezone(UTC)


Id = Annotated[int, Path(ge=1, le=_LAST_ID, description="The row's id.")]
SomeId = Annotated[int, Field(ge=1, le=_LAST_ID)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(storable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(storable)]
Moment = Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))]
SentMoment = Annotated[AwareDatetime, AfterValidator(_believable)]
Priority = Annotated[int, Field(ge=1, le=4, description="1 is the most urgent.")]
Seconds = Annotated[float, Field(ge=0, description="seconds")]
Metres = Annotated[float, Field(ge=0, description="metres")]
LonLatPair = tuple[float, float]


class Sent(BaseModel):
    """What is answered; read from frozen values."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """What is asked; unknown members are refused, so that a slip of the pen is not silently passed over."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Title(Sent):
    """A name or a sentence in three languages."""

    kk: str
    ru: str
    en: str


class Place(Sent):
    """Degrees WGS 84."""

    lon: float = Field(examples=[76.945])
    lat: float = Field(examples=[43.238])


class AskedPlace(Asked):
    """Degrees WGS 84."""

    lon: float = Field(ge=-180, le=180, examples=[76.945])
    lat: float = Field(ge=-90, le=90, examples=[43.238])


class Area(Sent):
    """The area something is in."""

    id: int
    name: Title


class LineString(Sent):
    """A GeoJSON LineString, lon lat degrees WGS 84."""

    type: Literal["LineString"] = "LineString"
    coordinates: tuple[LonLatPair, ...]
