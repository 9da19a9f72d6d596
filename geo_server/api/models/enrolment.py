"""The shapes of which units there are: what each is called, carries and belongs to, and since when it is retired."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from geo_server.api.models.base import Asked, Moment, Sent, SomeId, Title, Word
from geo_server.api.models.units import Crew
from layers.values import Service

Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$"), Field(examples=["patrol_car"])]
Sign = Annotated[Word, StringConstraints(max_length=64)]


class EnrolledUnit(Sent):
    """A unit that is in use, or was: `retired_at` says since when it is not."""

    id: int
    call_sign: str
    device: str = Field(description="The id that its tracker sends.")
    service: Service
    kind: str
    crew: int
    bound: bool = Field(description="It is sent to an incident now.")
    home_area_id: int
    home: Title
    station_id: int | None
    station: Title | None
    retired_at: Moment | None


class EnrolledUnits(Sent):
    """The units at home in the area entered and below it."""

    units: list[EnrolledUnit]


class Station(Sent):
    """A place that a unit may belong to."""

    id: int
    kind: str
    name: Title


class Stations(Sent):
    """The police stations, fire stations and hospitals of the area entered and below it."""

    stations: list[Station]


class NewUnit(Asked):
    """A unit that comes into use: off duty, and nowhere before its device says where it is."""

    call_sign: Sign
    device: Sign
    service: Service
    kind: Kind
    crew: Crew = 2
    home_area_id: SomeId
    station_id: SomeId | None = None


class ChangedEnrolment(Asked):
    """What changes of a unit; what is left out stays, and null takes the station away."""

    call_sign: Sign | None = None
    device: Sign | None = None
    service: Service | None = None
    kind: Kind | None = None
    home_area_id: SomeId | None = None
    station_id: SomeId | None = None

    @property
    def given(self) -> dict[str, Any]:
        """Return what is to be written."""
        said = self.model_dump(exclude_unset=True)
        return {name: value for name, value in said.items() if value is not None or name == "station_id"}

    @model_validator(mode="after")
    def _something(self) -> "ChangedEnrolment":
        if not self.given:
            raise ValueError("give at least one of call_sign, device, service, kind, home_area_id, station_id")
        return self
