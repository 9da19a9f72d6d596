"""The shapes of panics."""

from pydantic import Field

from geo_server.api.models.base import Asked, Moment, Place, Sent, Text
from geo_server.api.models.notices import Told
from layers.panics.rules import State
from layers.values import Service


class InDanger(Sent):
    """Whose panic it is."""

    id: int
    call_sign: str
    service: Service


class BoundTo(Sent):
    """The incident that the unit is bound to now."""

    id: int
    number: str


class Heard(Sent):
    """Who acknowledged an earlier press, and when."""

    at: Moment
    by: str


class Panic(Sent):
    """A crew's cry for help: `raised_at` by its device's clock; no place where nobody knows it."""

    id: int
    unit: InDanger
    state: State
    place: Place | None
    raised_at: Moment
    received_at: Moment
    raised_by: str
    late: bool
    repeats: int
    repeated_at: Moment | None
    acknowledged_at: Moment | None
    acknowledged_by: str | None
    heard_before: list[Heard] = Field(
        description="Acknowledgements of earlier presses; a press after one makes the panic loud anew."
    )
    ended_at: Moment | None
    ended_by: str | None
    reason: str | None
    incident: BoundTo | None
    notices: list[Told] = Field(
        description="Who is told where nobody acknowledges it, and what became of that; of the desk's people alone."
    )


class Panics(Sent):
    """Panics, newest first."""

    panics: list[Panic]


class Hear(Asked):
    """Which press was heard."""

    heard_before: int | None = Field(
        None,
        ge=0,
        description="How many acknowledgements of earlier presses the panic showed; a press after them stays loud.",
    )


class End(Asked):
    """Why a panic is over."""

    reason: Text
