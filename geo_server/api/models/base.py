"""What all shapes are made of: ids, texts and times that are checked as they are read, titles and places."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

Value = TypeVar("Value")
_LAST_ID = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Return the text; ValueError where it cannot be stored. PostgreSQL keeps neither NUL nor half a character."""
    if _UNSTORABLE.search(text):
        raise ValueError("holds a character that cannot be stored")
    return text


def all_storable(value: Value) -> Value:
    """Return what was sent; ValueError where a text anywhere in it, however deep, cannot be stored."""
    waiting: list[Any] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            storable(one)
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one
    return value


def storable_part(text: str, length: int) -> str:
    """Return what of a text can be stored, up to that length: for what nobody typed, such as a program's name."""
    return _UNSTORABLE.sub("", text)[:length]


def _believable(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("is not a time between 2000 and 2100")
    return at.astimezone(UTC)


Id = Annotated[int, Path(ge=1, le=_LAST_ID, description="The row's id.")]
SomeId = Annotated[int, Field(ge=1, le=_LAST_ID)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(storable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(storable)]
Document = Annotated[dict[str, Any], AfterValidator(all_storable)]  # of others: its members are read elsewhere
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

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return all_storable(value)


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
